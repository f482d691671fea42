// What an account has: the coin first, then tokens that it holds; how it was proven one tap away.
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { exactAmount, shortAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

/** The coin, and every token of which there is some. */
export function shownBalances({ balances }: AccountView) {
  return balances?.filter(({ token, value }) => token === null || value > 0n) ?? null
}

export function Balances({ account }: { account: AccountView }) {
  const { accounts: words } = useWalletMessages()
  const { language } = useFormats()
  const shown = shownBalances(account)
  if (shown === null) return <p className="balance soft">{words.unread}</p>
  return (
    <div className="amounts">
      {shown.map(amount => (
        <p key={amount.token ?? 'coin'} className={amount.token === null ? 'balance' : 'row-title'}>
          <span title={exactAmount(amount, language)}>{shortAmount(amount, language)}</span>
        </p>
      ))}
    </div>
  )
}

/** The proof is of the coin's balance; that tokens are not proven is said beside it. */
export function BalanceProof({ account }: { account: AccountView }) {
  const { accounts: words } = useWalletMessages()
  if (account.evidence === null) return null
  const hasTokens = (shownBalances(account)?.length ?? 0) > 1
  return (
    <div className="stack tight">
      <ProofLink evidence={account.evidence} manifest={null} />
      {hasTokens && <p className="row-note">{words.tokensNote}</p>}
    </div>
  )
}
