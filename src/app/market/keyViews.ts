// What the ui sees of a key: its state from what is stored, what the wallet's payments say, and the time.

import type { DeviceId } from '../../core/identity.ts'
import { isGrantedHour } from '../../core/lock/grantRules.ts'
import type { NetworkConfig } from '../../core/network.ts'
import { orderIdOf, timesOf } from '../../core/registry/marketStatements.ts'
import { hasSlot } from '../../core/vending/vendTerms.ts'
import { encodeOrderCode } from '../../core/wallet/keyCodes.ts'
import type { KeyRecord, Purchase, TakenRecord } from '../ports/marketStore.ts'
import { paymentOutcome } from '../wallet/paymentOutcome.ts'
import type { PaymentView } from '../wallet/wallet.ts'
import type { FreeVendView } from './freeVending.ts'
import type { KeyState, KeyView } from './market.ts'

export interface KeyFacts {
  readonly config: NetworkConfig
  readonly payments: readonly PaymentView[]
  /** Unix seconds. */
  readonly now: number
  /** Record of the device list with that identity, the person's own name for it, if there is one. */
  readonly deviceOf: (deviceId: DeviceId) => { readonly key: string; readonly name: string } | null
}

/** null for what was never paid: the person has looked at it, and gone. */
export function keyView(record: KeyRecord, facts: KeyFacts): KeyView | null {
  const { purchase, grant, kind } = record
  const state = purchase ? purchaseState(record, purchase, facts) : grantState(record, facts.now)
  if (state === null) return null
  const times = purchase ? timesOf(purchase.terms, purchase.order) : grant?.grant
  const maxUses = grant?.grant.maxUses ?? purchase?.terms.maxUses ?? 0
  const device = facts.deviceOf(record.deviceId)
  const isOwn = kind === 'own'
  return {
    id: record.id,
    kind,
    vends: freeVendsOf(record),
    deviceId: record.deviceId,
    deviceKey: device?.key ?? null,
    deviceName: device?.name ?? record.deviceName,
    state,
    from: isOwn ? null : (times?.notBefore ?? null),
    until: isOwn ? null : (times?.notAfter ?? null),
    weeklyHours: Uint8Array.from(
      grant?.grant.weeklyHours ?? purchase?.terms.weeklyHours ?? new Uint8Array(21),
    ),
    uses: isOwn || maxUses === 0 ? null : { of: maxUses, left: Math.max(0, maxUses - record.uses) },
    utcOffset: record.utcOffset,
    offer: purchase && {
      offerId: purchase.order.offerId,
      orderId: orderIdOf(purchase.order),
      terms: purchase.terms,
    },
    paid: purchase?.paid ?? null,
    paymentId: purchase?.paymentId ?? null,
    authorisedBy: grant?.by ?? null,
    isOffline: grant !== null,
    lastFailure: record.lastFailure,
    addedAt: record.addedAt,
  }
}

function freeVendsOf({ vends }: KeyRecord): KeyView['vends'] {
  if (!vends) return null
  const { terms, asked, taken } = vends
  return {
    slots: Array.from({ length: 256 }, (_, slot) => slot).filter(slot => hasSlot(terms.slots, slot)),
    perDay: terms.perDay,
    taken: taken.map(freeVendView),
    unanswered: asked && { slot: asked.slot },
  }
}

function purchaseState(record: KeyRecord, purchase: Purchase, facts: KeyFacts): KeyState | null {
  const { state, paymentId, movesTo, movePaymentId, refundPaymentId } = purchase
  const { payments, now } = facts
  const bound = state?.reboundKey ?? purchase.order.userKeyHash
  if (movesTo !== null && state?.reboundKey === movesTo)
    return { kind: 'moved', code: codeOf(purchase, facts) }
  if (movePaymentId !== null && isUnderWay(payments, movePaymentId))
    return { kind: 'moving', paymentId: movePaymentId }
  if (state?.status === 'refunded') return { kind: 'refunded' }
  if (refundPaymentId !== null && isUnderWay(payments, refundPaymentId))
    return { kind: 'refunding', paymentId: refundPaymentId }
  // Somebody else's phone has it now: its payer has bound it to another key.
  if (state?.status === 'fulfilled' && bound !== record.userKeyHash && record.grant)
    return { kind: 'moved', code: codeOf(purchase, facts) }
  if (record.grant) return grantState(record, now)
  if (state && state.status !== 'unknown') {
    if (state.status === 'open' && now > state.deadline) {
      const hasFailed = paymentOutcome(payments, refundPaymentId) === 'failed'
      return { kind: 'refundDue', failedPaymentId: hasFailed ? refundPaymentId : null }
    }
    return { kind: 'waitingForSigner', deadline: state.deadline }
  }
  if (paymentId === null) return { kind: 'confirming' }
  switch (paymentOutcome(payments, paymentId)) {
    case 'underWay':
      return { kind: 'paying', paymentId }
    case 'failed':
      return { kind: 'notPaid', paymentId }
    case 'mined':
    case 'final':
      return { kind: 'confirming' }
    case 'unknown':
      return purchase.isSent ? { kind: 'confirming' } : null
  }
}

function isUnderWay(payments: readonly PaymentView[], id: string): boolean {
  const outcome = paymentOutcome(payments, id)
  return outcome === 'underWay' || outcome === 'mined' || outcome === 'final'
}

function grantState({ grant, refused, uses, kind }: KeyRecord, now: number): KeyState {
  // The owner signs a new one whenever the old one is void.
  if (kind === 'own') return { kind: 'ready' }
  if (!grant) return { kind: 'waitingForSigner', deadline: 0 }
  const { notBefore, notAfter, weeklyHours, maxUses } = grant.grant
  if (refused === 'epochStale') return { kind: 'revoked' }
  if (now >= notAfter) return { kind: 'ended' }
  if (refused === 'usesSpent' || (maxUses > 0 && uses >= maxUses)) return { kind: 'spent' }
  if (now < notBefore) return { kind: 'notYet', from: notBefore }
  return isGrantedHour(weeklyHours, now) ? { kind: 'ready' } : { kind: 'closedHours' }
}

function codeOf({ order, offerBlock }: Purchase, { config }: KeyFacts): string {
  const market = config.chain.contracts?.market
  if (!market) throw new Error('a purchase without a Market')
  return encodeOrderCode({ domain: { chainId: config.chain.id, market }, order, offerBlock })
}

const rank = (state: KeyState): number => {
  switch (state.kind) {
    case 'ready':
      return 0
    case 'refundDue':
    case 'closedHours':
      return 1
    case 'paying':
    case 'confirming':
    case 'waitingForSigner':
      return 2
    case 'notYet':
      return 3
    default:
      return 4
  }
}

/** Those that open now first; of the same kind the newest. */
export const sortedKeys = (views: readonly KeyView[]): readonly KeyView[] =>
  [...views].sort((a, b) => rank(a.state) - rank(b.state) || b.addedAt - a.addedAt)

export const freeVendView = ({
  at,
  slot,
  outcome,
  cause,
  counter,
  signature,
  digest,
}: TakenRecord): FreeVendView => ({ at, slot, outcome, cause, counter, signature, digest })
