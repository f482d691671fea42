// The accounts of the wallet, locked or not: the owner's, the devices', and what is under way.
import { ArrowDownLeft, ArrowUpRight, ChevronRight, Settings2 } from 'lucide-react'
import { useEffect } from 'react'
import { Link } from 'wouter'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { LinkButton } from '../../../components/Button.tsx'
import { TechnicalDetail } from '../../../components/FailureNotice.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { OwnedDevices } from '../devices/OwnedDevices.tsx'
import { VaultNotices } from '../lock/VaultNotices.tsx'
import { PaymentList } from '../payments/PaymentList.tsx'
import { accountTitle } from '../signing/useNames.ts'
import { BalanceProof, Balances } from './Balances.tsx'
import { Faucet } from './Faucet.tsx'

export function AccountsScreen() {
  const words = useWalletMessages()
  const wallet = useWallet()
  const accounts = useReadable(wallet.accounts)
  const failure = useReadable(wallet.lastFailure)
  const owner = accounts.find(({ name }) => name.kind === 'owner' || name.kind === 'external')
  const others = accounts.filter(account => account !== owner)
  useEffect(() => void wallet.refresh(), [wallet])
  return (
    <Screen
      title={words.wallet.title}
      side={
        <Link href={paths.walletVault} className="icon-button" aria-label={words.wallet.settings}>
          <Settings2 size={22} aria-hidden />
        </Link>
      }
    >
      <VaultNotices />
      <OwnerNotice />
      {failure !== null && (
        <Notice tone="attention" title={words.accounts.readFailed} live>
          <TechnicalDetail kind={failure.kind} detail={null} />
        </Notice>
      )}
      {owner !== undefined && <OwnerCard account={owner} />}
      <PaymentList />
      <OwnedDevices accounts={others} />
      {owner !== undefined && <ChannelsLink />}
    </Screen>
  )
}

/** Money put aside for sellers of files, and what buyers have paid. */
function ChannelsLink() {
  const { accounts: words } = useWalletMessages()
  return (
    <div className="card flush rows">
      <Link href={paths.channels} className="row">
        <span className="grow">
          <span className="row-title">{words.channels}</span>
          <br />
          <span className="row-note">{words.channelsHint}</span>
        </span>
        <ChevronRight size={20} className="chevron" aria-hidden />
      </Link>
    </div>
  )
}

/** The account of an injected wallet that is not there just now. */
function OwnerNotice() {
  const { accounts: words } = useWalletMessages()
  const owner = useReadable(useWallet().owner)
  if (owner === null || owner.isThere) return null
  return (
    <Notice tone="attention" title={words.externalGone(owner.walletName ?? '')}>
      {words.externalGoneBody}
    </Notice>
  )
}

function OwnerCard({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  return (
    <section className="card stack" aria-label={words.accounts.listOwner}>
      <Link href={paths.account(account.id)} className="plain-link">
        <span className="row-note">{accountTitle(account, words)}</span>
        <Balances account={account} />
      </Link>
      <BalanceProof account={account} />
      <div className="button-row">
        <LinkButton look="primary" icon={ArrowUpRight} href={paths.send(account.id)}>
          {words.accounts.send}
        </LinkButton>
        <LinkButton icon={ArrowDownLeft} href={paths.receive(account.id)}>
          {words.accounts.receive}
        </LinkButton>
      </div>
      <Faucet account={account} />
    </section>
  )
}
