// The course of the coin's balance as a line; in words for whoever can't see it.
import type { Movement } from '../../../../app/ports/walletChain.ts'
import { balanceSeries } from '../../../../app/wallet/balanceSeries.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { StepPlot } from '../../../components/StepPlot.tsx'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'

export function BalancePlot({ movements, balance }: { movements: readonly Movement[]; balance: Amount }) {
  const { accounts: words } = useWalletMessages()
  const formats = useFormats()
  const now = useNow()
  const points = balanceSeries(movements, balance.token, balance.value)
  const [first] = points
  if (first === undefined || points.length < 3) return null
  const sorted = points.map(point => point.balance).toSorted((a, b) => (a < b ? -1 : 1))
  const text = words.plotText(
    formats.date(first.at),
    formats.date(now),
    shortAmount({ ...balance, value: sorted[0] ?? 0n }, formats.language),
    shortAmount({ ...balance, value: sorted.at(-1) ?? 0n }, formats.language),
  )
  return (
    <StepPlot
      points={points.map(({ at, balance: value }) => ({ at, value }))}
      now={now}
      caption={`${words.plot}. ${text}`}
    />
  )
}
