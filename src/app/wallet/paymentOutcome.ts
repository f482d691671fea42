// What became of a payment of the wallet, through whatever took its place.
import type { PaymentView } from './wallet.ts'

export type PaymentOutcome =
  /** The wallet has none of that name: it was never sent, or long ago. */
  | 'unknown'
  | 'underWay'
  | 'mined'
  | 'final'
  /** It failed, was cancelled, or its place was taken by something else. */
  | 'failed'

export function paymentOutcome(payments: readonly PaymentView[], id: string | null): PaymentOutcome {
  const seen = new Set<string>()
  let payment = find(payments, id)
  while (payment?.state.kind === 'replaced' && !seen.has(payment.id)) {
    seen.add(payment.id)
    const { by } = payment.state
    const next = find(payments, by)
    // The one that cancels pays nothing to oneself.
    if (next && next.sentence.kind !== payment.sentence.kind) return 'failed'
    payment = next
  }
  switch (payment?.state.kind) {
    case undefined:
      return 'unknown'
    case 'stored':
    case 'waiting':
    case 'replaced':
      return 'underWay'
    case 'mined':
      return 'mined'
    case 'final':
      return 'final'
    default:
      return 'failed'
  }
}

const find = (payments: readonly PaymentView[], id: string | null): PaymentView | undefined =>
  id === null ? undefined : payments.find(payment => payment.id === id)
