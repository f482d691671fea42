// The course of a lock’s income, by money: what stays have brought so far, at each time that one was booked.
import type { StayView } from '../../../../app/market/letting.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import type { PlotPoint } from '../../../components/StepPlot.tsx'

export interface IncomeSeries {
  readonly money: Amount
  /** Oldest first, from nothing on. */
  readonly points: readonly PlotPoint[]
}

/** Only what is earned counts: the shares of a stay are credited once its key is signed. */
export function incomeOf(stays: readonly StayView[]): readonly IncomeSeries[] {
  const byToken = new Map<string, { money: Amount; points: PlotPoint[]; sum: bigint }>()
  const earned = stays
    .filter(({ state }) => state.kind === 'signed')
    // Where it is not known when it was booked, it was by the time that it began.
    .map(({ paid, orderedAt, from }) => ({ paid, orderedAt: orderedAt === 0 ? from : orderedAt }))
    .toSorted((a, b) => a.orderedAt - b.orderedAt)
  for (const { paid, orderedAt } of earned) {
    const key = paid.token ?? 'coin'
    const series = byToken.get(key) ?? {
      money: paid,
      points: [{ at: orderedAt - 1, value: 0n }],
      sum: 0n,
    }
    series.sum += paid.value
    series.points.push({ at: orderedAt, value: series.sum })
    byToken.set(key, series)
  }
  return [...byToken.values()].map(({ money, points }) => ({ money, points }))
}
