// Amounts that a kiosk's Till takes from any wallet: what is bought, and until when, is in the amount itself.
import type { Address } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { type OfferTerms, type Order, offerIdOf } from './marketStatements.ts'

/** Prices of what a Till sells are multiples of it, in the coin's smallest unit: below it is the amount's tag. */
export const TILL_PRICE_UNIT = 10n ** 12n
const PRODUCT_UNIT = 10n ** 10n
const NUMBERS = 10_000
const MINUTES = 1_000_000
const MAX_PRODUCT = 99
/** An amount is shown, and taken, for at most so long. */
export const MAX_MINUTES_AHEAD = 30

export interface TillSale {
  /** The product's place in the Till, from 0 to 99. */
  readonly product: number
  readonly quantity: number
  /** The last minute in which the amount is taken, counted from the Unix epoch. */
  readonly lastMinute: number
  /** From 0 to 9999: tells the customers of a minute apart. */
  readonly number: number
}

export type TillAmountFault =
  /** Not a whole number of times the price of what is sold under the number that it names. */
  | { readonly kind: 'unknownAmount' }
  /** Its minute is over, or too far ahead. */
  | { readonly kind: 'staleAmount' }

/**
 * The price, and below a millionth of a coin a tag of twelve digits: product (2), minute modulo a million (6), number (4).
 * Throws RangeError where one of them does not fit, or the price is no multiple of `TILL_PRICE_UNIT`.
 */
export function tillAmountOf(price: bigint, { product, quantity, lastMinute, number }: TillSale): bigint {
  const isUint = (value: number, end: number) => Number.isInteger(value) && value >= 0 && value < end
  if (price <= 0n || price % TILL_PRICE_UNIT !== 0n) throw new RangeError(`no price at a Till: ${price}`)
  if (!isUint(product, MAX_PRODUCT + 1) || !isUint(number, NUMBERS)) {
    throw new RangeError(`no tag has product ${product} and number ${number}`)
  }
  if (!isUint(quantity, 65_536) || quantity === 0 || !isUint(lastMinute, 2 ** 40)) {
    throw new RangeError(`no sale of ${quantity} until minute ${lastMinute}`)
  }
  const tag = BigInt(product) * PRODUCT_UNIT + BigInt((lastMinute % MINUTES) * NUMBERS + number)
  return price * BigInt(quantity) + tag
}

/** The product that an amount names, whether or not there is one. */
export const productOf = (amount: bigint): number => Number((amount % TILL_PRICE_UNIT) / PRODUCT_UNIT)

/** What the Till sells for `amount` at `now` (Unix seconds), where these are the terms of the product that it names. */
export function readTillAmount(
  terms: OfferTerms,
  amount: bigint,
  now: number,
): Result<TillSale, TillAmountFault> {
  const minute = Math.floor(now / 60)
  const tag = amount % TILL_PRICE_UNIT
  const digits = Number((tag % PRODUCT_UNIT) / BigInt(NUMBERS))
  const ahead = (digits + MINUTES - (minute % MINUTES)) % MINUTES
  if (ahead > MAX_MINUTES_AHEAD) return fail({ kind: 'staleAmount' })
  const [cost, { price, maxQuantity }] = [amount - tag, terms]
  if (price <= 0n || cost % price !== 0n || cost === 0n || cost / price > BigInt(maxQuantity)) {
    return fail({ kind: 'unknownAmount' })
  }
  return ok({
    product: productOf(amount),
    quantity: Number(cost / price),
    lastMinute: minute + ahead,
    number: Number(tag % BigInt(NUMBERS)),
  })
}

/** The order that the Till opens at the Market for whoever paid a sale's amount. */
export const tillOrderOf = (
  terms: OfferTerms,
  { quantity, lastMinute, number }: TillSale,
  payer: Address,
): Order => ({
  offerId: offerIdOf(terms),
  payer,
  userKeyHash: `0x${'00'.repeat(32)}`,
  start: 0,
  quantity,
  nonce: BigInt(lastMinute) * BigInt(NUMBERS) + BigInt(number),
  validUntil: 0,
})
