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
  for (const { paid, orderedAt } of stays
    .filter(({ state }) => state.kind === 'signed')
    .toSorted((a, b) => a.orderedAt - b.orderedAt)) {
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
