// One account: what it has, earned and spent, its address, and the newest of what came and went.
import { ArrowDownLeft, ArrowUpRight, ChevronRight } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { Link } from 'wouter'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { LinkButton } from '../../../components/Button.tsx'
import { Fact, Facts, Section } from '../../../components/Facts.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { MovementRow } from '../activity/MovementRow.tsx'
import { VaultNotices } from '../lock/VaultNotices.tsx'
import { accountTitle } from '../signing/useNames.ts'
import { BalancePlot } from './BalancePlot.tsx'
import { BalanceProof, Balances } from './Balances.tsx'
import { useAccount } from './useAccount.ts'

const newest = 3

/** Channels are code of their own. */
const PaidElsewhere = lazy(async () => ({
  default: (await import('../../channels/PaidElsewhere.tsx')).PaidElsewhere,
}))

export function AccountScreen({ id }: { id: string }) {
  const { accounts: words } = useWalletMessages()
  const account = useAccount(id)
  return account === undefined ? (
    <NotFoundScreen title={words.notFound} />
  ) : (
    <KnownAccount account={account} />
  )
}

function KnownAccount({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  const wallet = useWallet()
  const { movements } = useReadable(wallet.activity(account.id))
  const [coin] = account.balances ?? []
  useEffect(() => void wallet.readActivity(account.id), [wallet, account.id])
  return (
    <Screen
      title={accountTitle(account, words)}
      back={paths.wallet}
      actionsBeside
      actions={
        <>
          <LinkButton look="primary" icon={ArrowUpRight} href={paths.send(account.id)}>
            {words.accounts.send}
          </LinkButton>
          <LinkButton icon={ArrowDownLeft} href={paths.receive(account.id)}>
            {words.accounts.receive}
          </LinkButton>
        </>
      }
    >
      <VaultNotices />
      <section className="card stack" aria-label={words.accounts.balance}>
        <Balances account={account} />
        <BalanceProof account={account} />
        {coin !== undefined && <BalancePlot movements={movements} balance={coin} />}
      </section>
      <section className="card flush">
        <Facts>
          <Fact name={words.accounts.earned}>
            <Sums amounts={account.earned} />
          </Fact>
          <Fact name={words.accounts.spent}>
            <Sums amounts={account.spent} />
          </Fact>
        </Facts>
      </section>
      <Section title={words.activity.title}>
        {movements.length === 0 ? (
          <p className="card soft">{words.activity.empty}</p>
        ) : (
          <ul className="card flush rows">
            {movements.slice(0, newest).map(movement => (
              <li key={movement.id}>
                <MovementRow movement={movement} />
              </li>
            ))}
            <li>
              <Link href={paths.accountActivity(account.id)} className="row">
                <span className="grow row-title">{words.accounts.activity}</span>
                <ChevronRight size={18} className="chevron" aria-hidden />
              </Link>
            </li>
          </ul>
        )}
      </Section>
      <Suspense fallback={null}>
        <PaidElsewhere account={account.address} />
      </Suspense>
    </Screen>
  )
}

function Sums({ amounts }: { amounts: readonly Amount[] | null }) {
  const { accounts: words } = useWalletMessages()
  const { language } = useFormats()
  if (amounts === null) return <span className="soft">{words.unread}</span>
  const shown = amounts.filter(({ token, value }) => token === null || value > 0n)
  return shown.map(amount => <div key={amount.token ?? 'coin'}>{shortAmount(amount, language)}</div>)
}
