// Amounts that a Till takes: what is put into one comes out again, for as long as it is taken, and no longer.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OfferTerms, offerIdOf } from '../../../src/core/registry/marketStatements.ts'
import {
  MAX_MINUTES_AHEAD,
  productOf,
  readTillAmount,
  TILL_PRICE_UNIT,
  type TillSale,
  tillAmountOf,
  tillOrderOf,
} from '../../../src/core/registry/tillAmount.ts'

const terms = (price: bigint, maxQuantity = 9): OfferTerms => ({
  deviceId: `0x${'d1'.repeat(32)}`,
  owner: `0x${'0a'.repeat(20)}`,
  token: null,
  price,
  unit: 'product',
  isInstant: false,
  slot: 3,
  maxQuantity,
  slotHours: 0,
  startHour: 0,
  utcOffset: 0,
  fulfilWithin: 600,
  weeklyHours: new Uint8Array(21),
  maxUses: 0,
  actions: 0,
  legalHash: `0x${'00'.repeat(32)}`,
  shares: [{ payee: `0x${'0b'.repeat(20)}`, amount: price }],
})
const price = fc.bigInt({ min: 1n, max: 10n ** 9n }).map(millionths => millionths * TILL_PRICE_UNIT)
const sale: fc.Arbitrary<TillSale> = fc.record({
  product: fc.nat({ max: 99 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  lastMinute: fc.oneof(fc.integer({ min: 0, max: 2 ** 33 }), fc.constantFrom(999_999, 1_000_000, 29_999_999)),
  number: fc.nat({ max: 9999 }),
})

test('what was put into an amount is read from it, in every minute in which it is taken', () => {
  fc.assert(
    fc.property(
      price,
      sale,
      fc.integer({ min: 0, max: 60 * (MAX_MINUTES_AHEAD + 1) - 1 }),
      (price, sale, early) => {
        const amount = tillAmountOf(price, sale)
        const now = Math.max(sale.lastMinute * 60 + 59 - early, 0)
        expect(readTillAmount(terms(price), amount, now)).toEqual({ ok: true, value: sale })
        expect(productOf(amount)).toBe(sale.product)
        // A payment to a Till costs the price, and less than a millionth of a coin until that is sent back.
        expect(amount / TILL_PRICE_UNIT).toBe((price * BigInt(sale.quantity)) / TILL_PRICE_UNIT)
      },
    ),
  )
})

test('an amount is stale the second after its last minute, and for as long as it is too far ahead', () => {
  fc.assert(
    fc.property(price, sale, fc.integer({ min: 0, max: 600_000 }), (price, sale, minutes) => {
      const amount = tillAmountOf(price, sale)
      for (const now of [
        (sale.lastMinute + 1 + minutes) * 60,
        Math.max((sale.lastMinute - MAX_MINUTES_AHEAD) * 60 - 1 - (minutes % 1000), 0),
      ]) {
        fc.pre(sale.lastMinute > MAX_MINUTES_AHEAD)
        expect(readTillAmount(terms(price), amount, now)).toEqual({
          ok: false,
          error: { kind: 'staleAmount' },
        })
      }
    }),
  )
})

test('no other amount is one of the product, and none is of more than it sells in one order', () => {
  fc.assert(
    fc.property(price, sale, fc.bigInt({ min: 0n, max: 10n ** 24n }), (price, sale, more) => {
      const now = sale.lastMinute * 60
      const amount = tillAmountOf(price, { ...sale, quantity: 1 }) + more * TILL_PRICE_UNIT
      const read = readTillAmount(terms(price), amount, now)
      const paid = amount - (amount % TILL_PRICE_UNIT)
      if (paid % price === 0n && paid / price <= 9n) {
        expect(read).toMatchObject({ ok: true, value: { quantity: Number(paid / price) } })
      } else {
        expect(read).toEqual({ ok: false, error: { kind: 'unknownAmount' } })
      }
    }),
  )
  expect(readTillAmount(terms(TILL_PRICE_UNIT), 0n, 0)).toEqual({
    ok: false,
    error: { kind: 'unknownAmount' },
  })
})

const saleOfOneDay = fc.record({
  product: fc.nat({ max: 2 }),
  quantity: fc.integer({ min: 1, max: 2 }),
  lastMinute: fc.integer({ min: 29_000_000, max: 29_000_003 }),
  number: fc.nat({ max: 3 }),
})

test('two sales have two amounts', () => {
  fc.assert(
    fc.property(price, saleOfOneDay, saleOfOneDay, (price, one, other) => {
      const isSame = JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other))
      expect(tillAmountOf(price, one) === tillAmountOf(price, other)).toBe(isSame)
    }),
  )
})

test('an order is told by the payer and the sale, so the kiosk knows it from the chain alone', () => {
  const own = terms(TILL_PRICE_UNIT)
  const sale = { product: 4, quantity: 2, lastMinute: 29_123_456, number: 78 }
  const payer = `0x${'0c'.repeat(20)}` as const
  expect(tillOrderOf(own, sale, payer)).toMatchObject({
    offerId: offerIdOf(own),
    payer,
    quantity: 2,
    nonce: 291_234_560_078n,
    validUntil: 0,
  })
})

test('what does not fit is no amount', () => {
  const sale = { product: 4, quantity: 2, lastMinute: 29_123_456, number: 78 }
  for (const changes of [
    ...[{ product: 100 }, { product: -1 }, { quantity: 0 }, { quantity: 65_536 }],
    ...[{ lastMinute: 1.5 }, { lastMinute: -1 }, { number: 10_000 }, { number: Number.NaN }],
  ]) {
    expect(() => tillAmountOf(TILL_PRICE_UNIT, { ...sale, ...changes })).toThrow(RangeError)
  }
  for (const price of [0n, -TILL_PRICE_UNIT, TILL_PRICE_UNIT + 1n]) {
    expect(() => tillAmountOf(price, sale)).toThrow(RangeError)
  }
})
