// Ids, digests and grants of the Market: what viem computes for the same data, and each bound to every one of its fields.
import fc from 'fast-check'
import { hashStruct, hashTypedData as viemHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import { Eip712Error, type TypedData } from '../../../src/core/eip712.ts'
import { GrantAction } from '../../../src/core/lock/grant.ts'
import {
  amountOf,
  grantOfOrder,
  keyRebindingDigest,
  keyRebindingTypedData,
  marketMessages,
  type OfferTerms,
  type Order,
  offerIdOf,
  orderIdOf,
  prepaidOrderDigest,
  prepaidOrderTypedData,
  termsArgument,
  timesOf,
} from '../../../src/core/registry/marketStatements.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const hex = (length: number): fc.Arbitrary<Hex> => bytes(length).map(toHex)
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const wide = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })

const terms: fc.Arbitrary<OfferTerms> = fc.record({
  deviceId: hex(32),
  owner: hex(20),
  token: fc.option(hex(20)),
  price: wide(96n),
  unit: fc.constantFrom('hour', 'night', 'stay', 'product'),
  isInstant: fc.boolean(),
  slot: uint(16),
  maxQuantity: uint(16),
  slotHours: uint(16),
  startHour: uint(8),
  utcOffset: fc.integer({ min: -32_768, max: 32_767 }),
  fulfilWithin: uint(32),
  weeklyHours: bytes(21),
  maxUses: uint(16),
  actions: uint(8),
  legalHash: hex(32),
  shares: fc.array(fc.record({ payee: hex(20), amount: wide(96n) }), { maxLength: 16 }),
})
const order: fc.Arbitrary<Order> = fc.record({
  offerId: hex(32),
  payer: hex(20),
  userKeyHash: hex(32),
  start: uint(40),
  quantity: uint(16),
  nonce: wide(64n),
  validUntil: uint(40),
})
const domain = fc.record({ chainId: fc.integer({ min: 1, max: 2 ** 53 - 1 }), market: hex(20) })

/** The types once more, from the contract: a field that is renamed or moved on one side alone shows. */
const types = {
  Terms: fieldsOf(
    'bytes32 deviceId,address owner,address token,uint96 price,uint8 unit,bool isInstant,uint16 slot,uint16 maxQuantity,uint16 slotHours,uint8 startHour,int16 utcOffset,uint32 fulfilWithin,bytes21 weeklyHours,uint16 maxUses,uint8 actions,bytes32 legalHash,Share[] shares',
  ),
  Share: fieldsOf('address payee,uint96 amount'),
  Order: fieldsOf(
    'bytes32 offerId,address payer,bytes32 userKeyHash,uint40 start,uint16 quantity,uint64 nonce,uint40 validUntil',
  ),
}

function fieldsOf(text: string) {
  return text.split(',').map(field => {
    const [type = '', name = ''] = field.split(' ')
    return { type, name }
  })
}

const byViem = (data: TypedData): Hex => viemHash(data as unknown as Parameters<typeof viemHash>[0])

const one: OfferTerms = {
  deviceId: `0x${'d1'.repeat(32)}`,
  owner: `0x${'0a'.repeat(20)}`,
  token: null,
  price: 1000n,
  unit: 'night',
  isInstant: false,
  slot: 0,
  maxQuantity: 14,
  slotHours: 20,
  startHour: 15,
  utcOffset: 120,
  fulfilWithin: 86_400,
  weeklyHours: new Uint8Array(21).fill(3),
  maxUses: 5,
  actions: GrantAction.open | GrantAction.withoutTime,
  legalHash: `0x${'1e'.repeat(32)}`,
  shares: [{ payee: `0x${'0b'.repeat(20)}`, amount: 1000n }],
}
const night: Order = {
  offerId: offerIdOf(one),
  payer: `0x${'0c'.repeat(20)}`,
  userKeyHash: `0x${'a1'.repeat(32)}`,
  start: 1_800_003_600,
  quantity: 3,
  nonce: 7n,
  validUntil: 0,
}

describe('ids', () => {
  test('of offers and orders are EIP-712’s hashStruct, as any other implementation has it', () => {
    fc.assert(
      fc.property(terms, order, (terms, order) => {
        const data = { ...termsArgument(terms) }
        expect(offerIdOf(terms)).toBe(hashStruct({ data, primaryType: 'Terms', types }))
        expect(orderIdOf(order)).toBe(hashStruct({ data: { ...order }, primaryType: 'Order', types }))
      }),
      { numRuns: 60 },
    )
  })

  test('differ where any single field does', () => {
    const fields = fc.constantFrom(...(Object.keys(one) as (keyof OfferTerms)[]))
    fc.assert(
      fc.property(terms, terms, fields, (first, second, field) => {
        const changed = { ...first, [field]: second[field] }
        const isSame = JSON.stringify(plain(first)) === JSON.stringify(plain(changed))
        expect(offerIdOf(first) === offerIdOf(changed)).toBe(isSame)
      }),
    )
    const orderFields = fc.constantFrom(...(Object.keys(night) as (keyof Order)[]))
    fc.assert(
      fc.property(order, order, orderFields, (first, second, field) => {
        const changed = { ...first, [field]: second[field] }
        expect(orderIdOf(first) === orderIdOf(changed)).toBe(first[field] === second[field])
      }),
    )
  })

  test('are not made of what does not fit its type', () => {
    for (const changes of [
      { price: 2n ** 96n },
      { price: -1n },
      { maxQuantity: 65_536 },
      { utcOffset: 40_000 },
      { startHour: 0.5 },
      { weeklyHours: new Uint8Array(20) },
      { legalHash: '0x12' as const },
      { shares: [{ payee: one.owner, amount: 2n ** 96n }] },
    ]) {
      expect(() => offerIdOf({ ...one, ...changes })).toThrow(Eip712Error)
    }
    for (const changes of [{ start: 2 ** 40 }, { quantity: -1 }, { nonce: 2n ** 64n }]) {
      expect(() => orderIdOf({ ...night, ...changes })).toThrow(Eip712Error)
    }
  })
})

describe('what the payer signs', () => {
  test('has the digest that wallets compute, and is of a type that the app’s wallet knows', () => {
    fc.assert(
      fc.property(domain, terms, order, uint(32), (domain, terms, order, seq) => {
        const rebinding = { orderId: orderIdOf(order), userKeyHash: order.userKeyHash, seq }
        const prepaid = prepaidOrderTypedData(domain, terms, order)
        const rebound = keyRebindingTypedData(domain, rebinding)
        expect(toHex(prepaidOrderDigest(domain, terms, order))).toBe(byViem(prepaid))
        expect(toHex(keyRebindingDigest(domain, rebinding))).toBe(byViem(rebound))
        expect(prepaid.message).toMatchObject({ amount: terms.price * BigInt(order.quantity) })
        for (const { types, primaryType, domain: signed } of [prepaid, rebound]) {
          const fields = (types[primaryType] ?? []).map(({ type, name }) => `${type} ${name}`)
          expect(marketMessages.map(({ type }) => type)).toContain(`${primaryType}(${fields})`)
          expect(signed).toEqual({
            name: 'Fob',
            version: '1',
            chainId: domain.chainId,
            verifyingContract: domain.market,
          })
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the grant of an order', () => {
  test('has every field from the order and its offer', () => {
    expect(grantOfOrder(one, night, { epoch: 4 })).toEqual({
      deviceId: one.deviceId,
      orderId: BigInt(orderIdOf(night)),
      userKeyHash: fromHex(night.userKeyHash),
      notBefore: 1_800_003_600,
      // Of three nights, with the days between.
      notAfter: 1_800_003_600 + (24 + 24 + 20) * 3600,
      weeklyHours: one.weeklyHours,
      maxUses: 5,
      actions: 0x81,
      epoch: 4,
      seq: 0,
    })
    expect(amountOf(one, night)).toBe(3000n)
  })

  test('is for the key to which the order was bound last', () => {
    const userKeyHash: Hex = `0x${'b2'.repeat(32)}`
    const before = grantOfOrder(one, night, { epoch: 4 })
    expect(grantOfOrder(one, night, { epoch: 5, seq: 2, userKeyHash })).toEqual({
      ...before,
      userKeyHash: fromHex(userKeyHash),
      epoch: 5,
      seq: 2,
    })
    expect(() => grantOfOrder(one, night, { epoch: 4, userKeyHash: '0x12' })).toThrow(TypeError)
  })

  test.each([
    ['hour', 1, 5, 5],
    ['night', 24, 2, 48],
    ['night', 12, 1, 12],
    ['stay', 60, 1, 60],
  ] as const)('of %s, %i hours each, %i of them, lasts %i hours', (unit, slotHours, quantity, hours) => {
    const { notBefore, notAfter } = timesOf({ ...one, unit, slotHours }, { ...night, quantity })
    expect((notAfter - notBefore) / 3600).toBe(hours)
  })
})

const plain = (terms: OfferTerms) => ({
  ...terms,
  price: String(terms.price),
  weeklyHours: toHex(terms.weeklyHours),
  shares: terms.shares.map(({ payee, amount }) => [payee, String(amount)]),
})
