// Whether the Market would take an offer's terms and an order under them: its own rules, to be told before paying.
import type { Hex } from '../bytes.ts'
import { GrantAction } from '../lock/grant.ts'
import { NOBODY } from '../wallet/contracts.ts'
import { type OfferTerms, type Order, timesOf } from './marketStatements.ts'

const NO_HASH: Hex = `0x${'00'.repeat(32)}`
const MAX_SHARES = 16
/** A year: the most that one order books. */
const MAX_HOURS = 366 * 24
const MAX_FULFIL_WITHIN = 30 * 86_400
const MAX_TIME = 2 ** 40 - 1
const OPEN_OR_VEND = GrantAction.open | GrantAction.vend

/** The first field, of those that the person fills in, that the Market would refuse; null where it takes the terms. */
export function termsFault(terms: OfferTerms): keyof OfferTerms | null {
  const { unit, price, maxQuantity, isInstant, fulfilWithin, shares } = terms
  if (price <= 0n || price >= 1n << 96n) return 'price'
  if (!isUint(maxQuantity, 16) || maxQuantity === 0) return 'maxQuantity'
  if (!/^0x[0-9a-f]{64}$/.test(terms.legalHash)) return 'legalHash'
  const fault = unit === 'product' ? productFault(terms) : timeFault(terms)
  if (fault !== null) return fault
  if (isInstant ? fulfilWithin !== 0 : !isUint(fulfilWithin, 32) || fulfilWithin === 0) return 'fulfilWithin'
  if (fulfilWithin > MAX_FULFIL_WITHIN) return 'fulfilWithin'
  if (shares.length > MAX_SHARES) return 'shares'
  if (shares.some(({ payee, amount }) => payee === NOBODY || amount <= 0n)) return 'shares'
  return shares.reduce((sum, { amount }) => sum + amount, 0n) === price ? null : 'shares'
}

function timeFault(terms: OfferTerms): keyof OfferTerms | null {
  const { unit, slotHours, startHour, utcOffset, actions, maxUses, maxQuantity, weeklyHours } = terms
  if (unit === 'stay' && maxQuantity !== 1) return 'maxQuantity'
  const mostHours = unit === 'hour' ? 1 : unit === 'night' ? 24 : MAX_HOURS
  if (!isUint(slotHours, 16) || slotHours === 0 || slotHours > mostHours) return 'slotHours'
  const hours = unit === 'night' ? (maxQuantity - 1) * 24 + slotHours : maxQuantity * slotHours
  if (hours > MAX_HOURS) return 'maxQuantity'
  if (!isUint(startHour, 8) || startHour >= (unit === 'night' ? 24 : 1)) return 'startHour'
  if (!Number.isInteger(utcOffset / 15) || utcOffset < -720 || utcOffset > 840) return 'utcOffset'
  if (terms.slot !== 0) return 'slot'
  if (weeklyHours.length !== 21) return 'weeklyHours'
  const others = actions & ~(OPEN_OR_VEND | GrantAction.withoutTime)
  if (!isUint(actions, 8) || (actions & OPEN_OR_VEND) === 0 || others !== 0) return 'actions'
  if (!isUint(maxUses, 16)) return 'maxUses'
  return (actions & GrantAction.withoutTime) !== 0 && maxUses === 0 ? 'maxUses' : null
}

function productFault(terms: OfferTerms): keyof OfferTerms | null {
  if (terms.isInstant) return 'isInstant'
  if (!isUint(terms.slot, 16)) return 'slot'
  if (terms.weeklyHours.length !== 21 || terms.weeklyHours.some(byte => byte !== 0)) return 'weeklyHours'
  const unused = ['slotHours', 'startHour', 'utcOffset', 'maxUses', 'actions'] as const
  return unused.find(field => terms[field] !== 0) ?? null
}

export type OrderFault =
  /** None, or more than the offer sells in one order. */
  | 'quantity'
  /** Times are sold to a key, products are not. */
  | 'userKeyHash'
  /** No hour, night or stay of this offer begins then. */
  | 'start'

/** What the Market would refuse of an order, whatever the time is; null where it fits the terms. */
export function orderFault(terms: OfferTerms, order: Order): OrderFault | null {
  const { quantity, userKeyHash, start } = order
  if (!isUint(quantity, 16) || quantity === 0 || quantity > terms.maxQuantity) return 'quantity'
  const isTime = terms.unit !== 'product'
  if ((userKeyHash !== NO_HASH) !== isTime) return 'userKeyHash'
  if (!isTime) return start === 0 ? null : 'start'
  const local = start + terms.utcOffset * 60
  const isBeginning = terms.unit === 'night' ? local % 86_400 === terms.startHour * 3600 : local % 3600 === 0
  if (!isBeginning || !isUint(start, 40)) return 'start'
  return timesOf(terms, order).notAfter > MAX_TIME ? 'start' : null
}

const isUint = (value: number, bits: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < 2 ** bits
