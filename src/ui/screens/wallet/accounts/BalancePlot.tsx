// The course of the coin's balance as a line; in words for whoever can't see it.
import type { Movement } from '../../../../app/ports/walletChain.ts'
import { balanceSeries } from '../../../../app/wallet/balanceSeries.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'

const width = 320
const height = 64

export function BalancePlot({ movements, balance }: { movements: readonly Movement[]; balance: Amount }) {
  const { accounts: words } = useWalletMessages()
  const formats = useFormats()
  const now = useNow()
  const points = balanceSeries(movements, balance.token, balance.value)
  const [first] = points
  if (first === undefined || points.length < 3) return null
  const sorted = points.map(point => point.balance).toSorted((a, b) => (a < b ? -1 : 1))
  const least = sorted[0] ?? 0n
  const most = sorted.at(-1) ?? 0n
  const span = Math.max(1, now - first.at)
  // As a fraction of the range, in thousandths: a plot needs no more, and amounts are too large for floating point.
  const heightOf = (value: bigint) =>
    height - (most === least ? 0.5 : Number(((value - least) * 1000n) / (most - least)) / 1000) * height
  const x = (at: number) => (((at - first.at) / span) * width).toFixed(1)
  // A balance stays until something moves: steps, not slopes.
  const line = points
    .map(({ at, balance: value }, index) =>
      index === 0 ? `M${x(at)} ${heightOf(value).toFixed(1)}` : `H${x(at)}V${heightOf(value).toFixed(1)}`,
    )
    .join('')
  const text = words.plotText(
    formats.date(first.at),
    formats.date(now),
    shortAmount({ ...balance, value: least }, formats.language),
    shortAmount({ ...balance, value: most }, formats.language),
  )
  return (
    <figure className="stack tight">
      <svg
        className="plot"
        viewBox={`0 -2 ${String(width)} ${String(height + 4)}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={`${line}H${String(width)}`} />
      </svg>
      <figcaption className="row-note">
        {words.plot}. {text}
      </figcaption>
    </figure>
  )
}
