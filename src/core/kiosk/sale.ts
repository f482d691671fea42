// A kiosk's sale as a reducer: step(sale, event) -> sale, and what is due next. One payment, one product, whatever dies.
import { amountOf, type OfferTerms, type Order, type OrderId } from '../registry/marketStatements.ts'
import { LONGEST_ORDER_S } from '../vending/vendOrder.ts'
import type { VendReceipt } from '../vending/vendRecord.ts'

/** How deep a payment must lie before the machine moves: blocks on top of its own, or finality. */
export type Depth = number | 'final'

export type PaidBy = 'till' | 'order' | 'instant'

/** An order at the Market, or one that its payer has signed against his prepaid balance. */
export interface Payment {
  readonly by: PaidBy
  readonly orderId: OrderId
  readonly order: Order
  /** Unix seconds: of an order in escrow its deadline on chain (0: not read yet), of a signed one its `validUntil`. */
  readonly deadline: number
  /** Block in which it was opened; null of a signed one. */
  readonly block: number | null
  /** The payer's signature, 65 bytes; null of an order in escrow. */
  readonly consent: Uint8Array | null
  /** Unix seconds: when the kiosk saw it first. */
  readonly seenAt: number
}

/** Why the money goes back, or is never taken. */
export type RefundReason =
  | 'nothingDropped'
  | 'soldOut'
  | 'machineRefused'
  | 'tooLate'
  | 'paidTwice'
  | 'notOurs'
  | 'machineUnreachable'

type SaleEnd =
  /** Nobody has paid. */
  | 'unpaid'
  /** Proven: the payees have it. */
  | 'sold'
  /** Proven: the payer has it. */
  | 'refunded'
  /** A signed order that nothing dropped for: nothing was ever charged. */
  | 'uncharged'
  /** Something dropped, and the money can't be had: the payment vanished from the chain, or the deadline passed. */
  | 'lost'

type Stage =
  | { readonly kind: 'waiting' }
  /** On the chain, and not deep enough. */
  | { readonly kind: 'seen'; readonly payment: Payment }
  /** Safe. From here on the machine may have been told, and only its word ends it. */
  | {
      readonly kind: 'vending'
      readonly payment: Payment
      /** Of what is metered: the machine has begun, and gives until it is used up or stopped. */
      readonly isRunning?: true
    }
  /** No vend any more: the machine is asked to sign that nothing dropped, or to say what did. */
  | { readonly kind: 'cancelling'; readonly payment: Payment; readonly why: RefundReason }
  /** The machine has spoken: to be handed in. `why` is null where something dropped. */
  | {
      readonly kind: 'receipted'
      readonly payment: Payment
      readonly receipt: VendReceipt
      readonly why: RefundReason | null
    }
  /** The deadline is over, and the machine has not spoken: anybody may refund. */
  | { readonly kind: 'refundDue'; readonly payment: Payment; readonly why: RefundReason }
  | {
      readonly kind: 'closed'
      readonly end: SaleEnd
      readonly payment: Payment | null
      readonly receipt: VendReceipt | null
      readonly why: RefundReason | null
      /** The machine was told that its receipt is no longer needed; true where there is none. */
      readonly isAcknowledged: boolean
    }

export interface Sale {
  readonly id: string
  /** Unix seconds. */
  readonly at: number
  readonly terms: OfferTerms
  /** Its place in the catalogue and the Till. */
  readonly product: number
  /** Energy or time: it takes as long as it takes, and can be stopped. */
  readonly isMetered?: boolean
  readonly quantity: number
  /** Of the order that pays it, at a Till and in the app alike: minute * 10^4 + number. */
  readonly nonce: bigint
  /** Unix seconds: who pays later is refunded. */
  readonly until: number
  readonly depth: Depth
  /** Seconds that a payment is expected to need until it lies so deep. */
  readonly depthSeconds: number
  readonly stage: Stage
}

/** What the chain says of the sale's order at three heights; null where it could not be read there, or not proven. */
export interface OrderLook {
  /** At the newest block that enough endpoints have. */
  readonly newest: OrderFacts | null
  /** At the sale's depth. */
  readonly deep: OrderFacts | null
  readonly final: OrderFacts | null
}

export interface OrderFacts {
  readonly status: 'unknown' | 'open' | 'fulfilled' | 'refunded'
  /** Unix seconds; 0 of an unknown one. */
  readonly deadline: number
}

export type SaleEvent =
  /** An order with this sale's nonce and product, of the right quantity. */
  | { readonly kind: 'paid'; readonly payment: Payment }
  /** The chain was read, orders looked for up to the newest block. */
  | { readonly kind: 'looked'; readonly look: OrderLook }
  /** The machine has spoken. */
  | { readonly kind: 'receipted'; readonly receipt: VendReceipt }
  /** The machine does not do it, and the order is untouched. */
  | { readonly kind: 'refused'; readonly why: RefundReason }
  /** The machine is giving what is metered. */
  | { readonly kind: 'running' }
  /** The customer has had enough of what is metered: the rest goes back. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'tick' }

export type SaleCommand =
  | { readonly kind: 'vend' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'handIn'; readonly receipt: VendReceipt }
  | { readonly kind: 'settle'; readonly receipt: VendReceipt; readonly consent: Uint8Array }
  | { readonly kind: 'refund' }
  | { readonly kind: 'acknowledge'; readonly receipt: VendReceipt }

/** Seconds before an order's deadline from which nothing is given out for it: the receipt has to be mined in time. */
export const VEND_MARGIN = 120
/** Seconds after the time that was shown for which a customer is still believed to be there. */
export const PATIENCE = 120
/** Seconds after which a block is certain to be later: clocks of chain and kiosk differ. */
const CLOCK_SLACK = 30

/** `now`: Unix seconds. The same sale where nothing changes. */
export function step(sale: Sale, event: SaleEvent, now: number): Sale {
  const stage = next(sale, event, now)
  return stage === sale.stage ? sale : { ...sale, stage }
}

function next(sale: Sale, event: SaleEvent, now: number): Stage {
  const { stage } = sale
  switch (event.kind) {
    case 'paid':
      return stage.kind === 'waiting' ? paid(sale, event.payment) : stage
    case 'looked':
      return looked(sale, event.look, now)
    case 'receipted':
      return receipted(stage, event.receipt)
    case 'refused':
      return stage.kind === 'vending' ? { kind: 'cancelling', payment: stage.payment, why: event.why } : stage
    case 'running':
      return stage.kind === 'vending' && sale.isMetered && !stage.isRunning
        ? { ...stage, isRunning: true }
        : stage
    case 'stop':
      return stage.kind === 'vending' && stage.isRunning
        ? { kind: 'cancelling', payment: stage.payment, why: 'nothingDropped' }
        : stage
    case 'acknowledged':
      return stage.kind === 'closed' ? { ...stage, isAcknowledged: true } : stage
    case 'tick':
      return late(sale, now)
  }
}

/** A signed order was judged before it came here: there is no block to wait for. */
const paid = (sale: Sale, payment: Payment): Stage =>
  payment.seenAt > sale.until + PATIENCE
    ? { kind: 'cancelling', payment, why: 'tooLate' }
    : { kind: payment.by === 'instant' ? 'vending' : 'seen', payment }

function receipted(stage: Stage, receipt: VendReceipt): Stage {
  switch (stage.kind) {
    case 'vending':
    case 'cancelling':
    case 'refundDue': {
      const { payment } = stage
      const given = stage.kind === 'vending' ? 'nothingDropped' : stage.why
      return { kind: 'receipted', payment, receipt, why: receipt.state === 'dropped' ? null : given }
    }
    default:
      return stage
  }
}

function looked(sale: Sale, look: OrderLook, now: number): Stage {
  const { stage } = sale
  if (stage.kind === 'waiting') {
    // Blocks up to now were searched: whatever comes later is a stray order, and goes back.
    return now > sale.until + CLOCK_SLACK && look.newest !== null ? closed('unpaid', stage) : stage
  }
  if (stage.kind === 'closed') return stage
  const payment = withDeadline(stage.payment, look)
  const known = payment === stage.payment ? stage : { ...stage, payment }
  if (payment.by === 'instant') return instantLooked(known, look, now)
  const { final } = look
  const record = known.kind === 'receipted' ? known.receipt : null
  if (final?.status === 'fulfilled') return closed('sold', known)
  if (final?.status === 'refunded') {
    return closed(record?.state === 'dropped' ? 'lost' : 'refunded', known)
  }
  if (known.kind === 'seen') return seenLooked({ ...sale, stage: known }, known, look, now)
  const isGone = final?.status === 'unknown' && look.newest?.status === 'unknown'
  // Its payment was taken back with its block, and can't be mined any more.
  if (isGone && now > lastMinable(sale, payment)) {
    return closed(record?.state === 'dropped' ? 'lost' : 'unpaid', known)
  }
  return late({ ...sale, stage: known }, now)
}

function seenLooked(
  sale: Sale,
  stage: Extract<Stage, { kind: 'seen' }>,
  look: OrderLook,
  now: number,
): Stage {
  const { newest, deep } = look
  // Taken back: the next one that pays is as good.
  if (newest?.status === 'unknown' && deep?.status !== 'open') return { kind: 'waiting' }
  if (deep?.status === 'open' && newest?.status !== 'fulfilled' && newest?.status !== 'refunded') {
    const { payment } = stage
    return now <= vendUntil(sale, payment)
      ? { kind: 'vending', payment }
      : { kind: 'cancelling', payment, why: 'tooLate' }
  }
  return late({ ...sale, stage }, now)
}

type Paid = Exclude<Stage, { readonly kind: 'waiting' | 'closed' }>

/** Anybody may have opened a signed order on the chain meanwhile: then it is one in escrow. */
function instantLooked(stage: Paid, { newest, final }: OrderLook, now: number): Stage {
  const record = stage.kind === 'receipted' ? stage.receipt : null
  if (final?.status === 'fulfilled') return closed('sold', stage)
  if (final?.status === 'refunded') return closed(record?.state === 'dropped' ? 'lost' : 'refunded', stage)
  if (newest?.status !== 'unknown') return stage
  if (record?.state === 'failed') return closed('uncharged', stage)
  const isPast = now > stage.payment.deadline + CLOCK_SLACK && final?.status === 'unknown'
  // Nobody can settle it any more, and nobody has.
  return isPast ? closed(record ? 'lost' : 'uncharged', stage) : stage
}

/** What time alone changes. */
function late(sale: Sale, now: number): Stage {
  const { stage } = sale
  switch (stage.kind) {
    case 'seen':
    case 'vending': {
      const { payment } = stage
      const isRunning = stage.kind === 'vending' && stage.isRunning === true
      if (now <= (isRunning ? payment.deadline - VEND_MARGIN : vendUntil(sale, payment))) return stage
      const why = isRunning ? 'nothingDropped' : stage.kind === 'seen' ? 'tooLate' : 'machineUnreachable'
      return { kind: 'cancelling', payment, why }
    }
    case 'cancelling': {
      const { payment, why } = stage
      const isOver = payment.by !== 'instant' && payment.deadline > 0 && now > payment.deadline
      return isOver ? { kind: 'refundDue', payment, why } : stage
    }
    default:
      return stage
  }
}

/** Unix seconds: the last at which the machine is told to give something out. */
function vendUntil({ until, depthSeconds }: Sale, { by, seenAt, deadline }: Payment): number {
  const there = Math.max(until, seenAt) + PATIENCE + (by === 'instant' ? 0 : depthSeconds)
  return deadline === 0 ? there : Math.min(there, deadline - VEND_MARGIN)
}

/** Unix seconds after which no block takes this payment any more: a Till's amount has a last minute, an order its deadline's. */
const lastMinable = ({ until }: Sale, { deadline }: Payment): number =>
  Math.max(until, deadline) + CLOCK_SLACK

function withDeadline(payment: Payment, { newest, deep, final }: OrderLook): Payment {
  if (payment.by === 'instant') return payment
  const deadline = newest?.deadline || deep?.deadline || final?.deadline || payment.deadline
  return deadline === payment.deadline ? payment : { ...payment, deadline }
}

function closed(end: SaleEnd, stage: Stage): Stage {
  const payment = 'payment' in stage ? stage.payment : null
  const receipt = stage.kind === 'receipted' ? stage.receipt : null
  const why = 'why' in stage ? stage.why : null
  return { kind: 'closed', end, payment, receipt, why, isAcknowledged: receipt === null }
}

/**
 * What to do next, as often as it is asked until an event changes the sale: each command may be carried out again after a
 * crash. `newest`: of the sale's order as it was read last; null where it could not be.
 */
export function due({ stage }: Sale, newest: OrderFacts | null, now: number): SaleCommand | null {
  switch (stage.kind) {
    case 'vending':
      return { kind: 'vend' }
    case 'cancelling':
      // Whoever pays with a signed order chooses its end: until that is near, no machine takes or cancels it.
      return stage.payment.deadline > now + LONGEST_ORDER_S ? null : { kind: 'cancel' }
    case 'refundDue':
      return newest?.status === 'open' && now > stage.payment.deadline ? { kind: 'refund' } : null
    case 'receipted': {
      const { payment, receipt } = stage
      const isInTime = receipt.state === 'failed' || now <= payment.deadline
      const { consent } = payment
      if (consent && newest?.status === 'unknown') {
        return receipt.state === 'dropped' && isInTime ? { kind: 'settle', receipt, consent } : null
      }
      if (newest?.status !== 'open') return null
      // A receipt of a drop that came too late is worth nothing: then the money is the payer's.
      return isInTime ? { kind: 'handIn', receipt } : { kind: 'refund' }
    }
    case 'closed':
      return stage.receipt && !stage.isAcknowledged ? { kind: 'acknowledge', receipt: stage.receipt } : null
    default:
      return null
  }
}

/** Units of a slot that somebody has paid for and that the machine has not given out: nobody else may have them. */
export const holdsUnits = ({ stage, quantity }: Sale): number =>
  stage.kind === 'seen' || stage.kind === 'vending' ? quantity : 0

/**
 * Unix seconds: the `validUntil` of an order that is signed for this sale. It is about the deadline that one in escrow would
 * have: a machine that has forgotten orders takes none with earlier deadlines.
 */
export const signedUntil = ({ until, terms }: Pick<Sale, 'until' | 'terms'>): number =>
  until + terms.fulfilWithin

/** Whether it has an end that nothing changes any more. */
export const isOver = ({ stage }: Sale): boolean => stage.kind === 'closed' && stage.isAcknowledged

/** What a signed order could cost its seller, until it is settled or over: in the token's smallest unit. */
export const instantRisk = ({ stage, terms }: Sale): bigint =>
  stage.kind !== 'waiting' && stage.kind !== 'closed' && stage.payment.by === 'instant'
    ? amountOf(terms, stage.payment.order)
    : 0n
