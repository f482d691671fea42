// What became of a purchase: from what is stored, what the wallet knows of its payment, and what the chain was seen to say.
import { amountOf } from '../../../core/registry/marketStatements.ts'
import { amountIn } from '../../market/parts.ts'
import type { MarketReading } from '../../ports/marketChain.ts'
import { paymentOutcome } from '../../wallet/paymentOutcome.ts'
import type { BoughtRecord, BuyerParts } from './buyerParts.ts'
import type { BoughtView } from './saleBuyer.ts'

/** Of one order: at the newest block, and at the newest final one. */
export interface OrderReadings {
  readonly newest: MarketReading | null
  readonly final: MarketReading | null
}

type ViewParts = Pick<BuyerParts, 'wallet' | 'config' | 'platform'>

/** Seconds after a signed order's end in which it may still be on its way into a block. */
const SETTLING = 60

/** Nothing of a sale that was proposed, and that the wallet has never sent. */
export function boughtView(
  { wallet, config, platform }: ViewParts,
  record: BoughtRecord,
  readings: OrderReadings | undefined,
): BoughtView | null {
  const { id, terms, order, orderId, at, paymentId, signed } = record
  const outcome = paymentOutcome(wallet.payments.get(), paymentId)
  if (paymentId !== null && outcome === 'unknown') return null
  const newest = readings?.newest?.orders.get(orderId)
  const final = readings?.final?.orders.get(orderId)
  const now = platform.unixNow()
  const total = amountIn(config(), terms.token, amountOf(terms, order))
  const { product = null } = record
  const view = { id, deviceId: terms.deviceId, orderId, terms, order, product, total, at }
  const evidence = (final?.status === newest?.status ? readings?.final : readings?.newest)?.evidence
  if (evidence && newest?.status === 'fulfilled') {
    return { ...view, state: { kind: 'dropped', dropped: order.quantity, evidence } }
  }
  if (evidence && newest?.status === 'refunded') return { ...view, state: { kind: 'refunded', evidence } }
  if (newest?.status === 'open') {
    if (now > newest.deadline) return { ...view, state: { kind: 'refundable' } }
    const isFinal = final?.status === 'open'
    return { ...view, state: { kind: 'paid', isFinal, deadline: newest.deadline } }
  }
  if (signed !== null) {
    const { validUntil } = order
    const isOver = now > validUntil + SETTLING && final?.status === 'unknown'
    if (isOver) return { ...view, state: { kind: 'notCharged' } }
    if (record.refused) return { ...view, state: { kind: 'refused', why: record.refused } }
    const { holder } = record
    if (!holder) return { ...view, state: { kind: 'toShow', code: signed, validUntil } }
    return { ...view, state: { kind: 'signed', at: holder, code: signed, validUntil } }
  }
  return { ...view, state: { kind: outcome === 'failed' ? 'notCharged' : 'paying' } }
}

export const isEnded = (view: BoughtView | null): boolean =>
  view !== null && ['dropped', 'refunded', 'notCharged'].includes(view.state.kind)
