// Offers: who makes them, which terms the Market takes, what ends them, and the hours that are opened for them.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isFree, openingOf } from '../../src/core/registry/deviceHours.ts'
import {
  type OfferTerms,
  type Order,
  offerIdOf,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { termsFault } from '../../src/core/registry/offerRules.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { account, done, type Person } from './deviceRegistry.ts'
import { anotherKey, day, type Market, startMarket } from './market.ts'
import type { TestDevice } from './testDevice.ts'

let market: Market
let owner: Person
let buyer: Person
beforeAll(async () => {
  market = await startMarket()
  const [first, second] = market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
})
afterAll(() => market?.stop())

const bytes32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as const)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as const)
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const wide = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })

test('the ids of offers and orders are those that core computes, whatever is in them', async () => {
  const anyTerms: fc.Arbitrary<OfferTerms> = fc.record({
    deviceId: bytes32,
    owner: address,
    token: fc.option(address),
    price: wide(96n),
    unit: fc.constantFrom('hour', 'night', 'stay', 'product'),
    isInstant: fc.boolean(),
    slot: uint(16),
    maxQuantity: uint(16),
    slotHours: uint(16),
    startHour: uint(8),
    utcOffset: fc.integer({ min: -32_768, max: 32_767 }),
    fulfilWithin: uint(32),
    weeklyHours: fc.uint8Array({ minLength: 21, maxLength: 21 }),
    maxUses: uint(16),
    actions: uint(8),
    legalHash: bytes32,
    shares: fc.array(fc.record({ payee: address, amount: wide(96n) }), { maxLength: 20 }),
  })
  const anyOrder: fc.Arbitrary<Order> = fc.record({
    offerId: bytes32,
    payer: address,
    userKeyHash: bytes32,
    start: uint(40),
    quantity: uint(16),
    nonce: wide(64n),
    validUntil: uint(40),
  })
  await fc.assert(
    fc.asyncProperty(anyTerms, anyOrder, async (terms, order) => {
      expect(await market.read.offerIdOf([termsArgument(terms)])).toBe(offerIdOf(terms))
      expect(await market.read.orderIdOf([order.offerId, order])).toBe(orderIdOf(order))
    }),
    { numRuns: 30 },
  )
})

test('the Market takes just the terms in which core finds no fault', async () => {
  const device = await market.newDevice(owner)
  const seen = new Set<string | null>()
  const few = fc.constantFrom(0, 0, 1, 2, 3)
  const shares = fc.constantFrom(
    ...[
      [1000n],
      [900n, 100n],
      [900n, 99n],
      [1001n],
      [0n, 1000n],
      [],
      Array.from({ length: 16 }, () => 62n),
    ].map(amounts => amounts.map((amount, i) => ({ payee: account(i + 1), amount }))),
    [{ payee: NOBODY, amount: 1000n }],
    Array.from({ length: 17 }, (_, i) => ({ payee: account(i + 1), amount: i === 0 ? 984n : 1n })),
  )
  const changes = fc.record(
    {
      price: fc.constantFrom(0n, 992n, 999n, 1000n),
      isInstant: fc.boolean(),
      slot: few,
      maxQuantity: fc.constantFrom(0, 1, 1, 14, 366, 367, 65_535),
      slotHours: fc.constantFrom(0, 1, 2, 24, 25, 366 * 24, 366 * 24 + 1),
      startHour: fc.constantFrom(0, 0, 15, 23, 24, 255),
      utcOffset: fc.constantFrom(0, 60, 120, -720, -735, 840, 855, 345, -210, 7, -1),
      fulfilWithin: fc.constantFrom(0, 1, 3600, 30 * day, 30 * day + 1),
      weeklyHours: fc.constantFrom(new Uint8Array(21), new Uint8Array(21).fill(1)),
      maxUses: few,
      actions: fc.constantFrom(0, 1, 1, 2, 3, 4, 5, 8, 9, 0x10, 0x80, 0x81, 0x83, 0x89, 0xff),
      shares,
    },
    { requiredKeys: [] },
  )
  const unit = fc.constantFrom('hour', 'night', 'stay', 'product')
  await fc.assert(
    fc.asyncProperty(unit, fc.boolean(), changes, async (unit, isSensible, changes) => {
      const product = unit === 'product'
      const sensible: OfferTerms = {
        ...(product ? market.productOf(owner, device) : market.hoursOf(owner, device)),
        unit,
        maxQuantity: unit === 'stay' ? 1 : 3,
      }
      // One change to sensible terms as often as many, which hide each other.
      const [one] = Object.entries(changes)
      const terms = { ...sensible, ...(isSensible && one ? Object.fromEntries([one]) : changes) }
      const fault = termsFault(terms)
      seen.add(fault)
      const outcome = await market.attempt(owner.address, 'makeOffer', [termsArgument(terms), 0, []])
      expect(outcome).toBe(fault === null ? 'done' : 'InvalidTerms')
    }),
    { numRuns: 250 },
  )
  expect(seen).toContain(null)
  expect(seen.size).toBeGreaterThanOrEqual(9)
})

test('no offer lets anybody manage a device, or do what only its owner does', async () => {
  const device = await market.newDevice(owner)
  for (const actions of [0x04, 0x08, 0x05, 0x09, 0x0b, 0x89]) {
    const terms = market.hoursOf(owner, device, { actions, maxUses: 1 })
    expect(await market.makeOffer(owner, terms)).toMatchObject({ error: 'InvalidTerms' })
  }
})

test('an offer is made by the device’s owner alone, in his own name', async () => {
  const device = await market.newDevice(owner)
  for (const [from, inNameOf] of [
    [buyer, buyer],
    [buyer, owner],
    [owner, buyer],
  ] as const) {
    const terms = market.hoursOf(inNameOf, device)
    expect(await market.makeOffer(from, terms)).toMatchObject({
      error: 'NotOwner',
      args: [device.deviceId, expect.stringMatching(new RegExp(from.address, 'i'))],
    })
  }
  const terms = market.hoursOf(owner, device)
  const made = done(await market.makeOffer(owner, terms))
  expect(made.events).toMatchObject([
    {
      name: 'OfferMade',
      args: {
        offerId: offerIdOf(terms),
        deviceId: device.deviceId,
        terms: { price: 1000n, legalHash: terms.legalHash },
      },
    },
  ])
  expect(await market.read.offerOf([offerIdOf(terms)])).toEqual({
    counter: 1,
    status: 1,
    sold: 0n,
    shared: 0n,
  })
})

test('an offer that was paused takes no orders until it is resumed, and its maker alone does both', async () => {
  const { terms } = await market.offeredHours(owner)
  const pause = (from: Person, isPaused: boolean) =>
    market.send(from.address, 'setPaused', [termsArgument(terms), isPaused])
  expect(await pause(buyer, true)).toMatchObject({ error: 'NotOwner' })
  const order = await market.orderOf(terms, buyer)
  expect(done(await pause(owner, true)).events).toMatchObject([
    { name: 'OfferPaused', args: { offerId: offerIdOf(terms), isPaused: true } },
  ])
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'OfferIsPaused' })
  done(await pause(owner, false))
  done(await market.order(buyer, terms, order))
})

test('a pause stops no order that was paid: it is fulfilled, or refunded', async () => {
  const offered = await market.offeredHours(owner)
  const { terms } = offered
  const order = await market.ordered(offered, buyer)
  done(await market.send(owner.address, 'setPaused', [termsArgument(terms), true]))
  done(await market.fulfil(buyer, terms, order))
  expect(await market.statusOf(order)).toBe('fulfilled')
})

test('an offer that nobody made is unknown, as is one of which a single term is another', async () => {
  const { terms } = await market.offeredHours(owner)
  const order = await market.orderOf(terms, buyer)
  for (const change of [
    { price: 999n },
    { price: 1001n, shares: [{ payee: owner.address, amount: 1001n }] },
    { shares: [{ payee: owner.address, amount: 1000n }] },
    { maxQuantity: 49 },
    { utcOffset: 60 },
    { isInstant: true, fulfilWithin: 0 },
    { legalHash: anotherKey },
    { owner: buyer.address },
  ]) {
    const changed = { ...terms, ...change }
    expect(await market.order(buyer, changed, order)).toMatchObject({
      error: 'UnknownOffer',
      args: [offerIdOf(changed)],
    })
  }
  const pause = market.send(owner.address, 'setPaused', [termsArgument({ ...terms, price: 1n }), true])
  expect(await pause).toMatchObject({ error: 'UnknownOffer' })
})

test('a hand-over ends every offer, also for who gets the device back, until he makes it again', async () => {
  const { terms, device } = await market.offeredHours(owner)
  done(await market.registry.handOver(device, owner, buyer))
  const order = await market.orderOf(terms, buyer)
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'OfferEnded' })
  expect(await market.makeOffer(owner, terms)).toMatchObject({ error: 'NotOwner' })

  const back = { counter: 3, newAccount: account(3) }
  done(await market.registry.handOver(device, buyer, owner, back))
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'OfferEnded' })
  done(await market.send(owner.address, 'setPaused', [termsArgument(terms), false]))
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'OfferEnded' })
  done(await market.makeOffer(owner, terms))
  done(await market.order(buyer, terms, order))
})

test('all hours of a device begin at the same minute, that of its first offer of times', async () => {
  const device = await market.newDevice(owner)
  const at = (utcOffset: number) => market.makeOffer(owner, market.hoursOf(owner, device, { utcOffset }))
  done(await market.makeOffer(owner, market.productOf(owner, device)))
  expect(await market.read.phaseOf([device.deviceId])).toEqual({ minute: 0, isFixed: false })
  // Nepal is 5 h 45 min ahead: its hours begin at a quarter past those of UTC.
  done(await at(345))
  expect(await market.read.phaseOf([device.deviceId])).toEqual({ minute: 15, isFixed: true })
  done(await at(-75))
  for (const utcOffset of [0, 330, 60, -105]) {
    expect(await at(utcOffset)).toMatchObject({ error: 'InvalidPhase', args: [15, expect.any(Number)] })
  }
})

test('the owner alone opens a device’s hours, and just those of the words that he names change', async () => {
  const device: TestDevice = await market.newDevice(owner)
  const words = async (first: number, count: number) =>
    Promise.all(
      Array.from(
        { length: count },
        async (_, i) => (await market.read.hoursOf([device.deviceId, first + i])).open,
      ),
    )
  const ranges = [
    { first: 1000, end: 1003 },
    { first: 1020, end: 1300 },
  ]
  const { firstWord, open } = openingOf(ranges)
  const write = (from: Person, firstWord: number, open: bigint[]) =>
    market.send(from.address, 'openHours', [device.deviceId, firstWord, open])
  expect(await write(buyer, firstWord, open)).toMatchObject({ error: 'NotOwner' })
  expect(done(await write(owner, firstWord, open)).events).toEqual([
    { name: 'HoursOpened', args: { deviceId: device.deviceId, firstWord, open } },
  ])
  expect(await words(firstWord, 5)).toEqual([...open, 0n])
  const all = new Map(open.map((word, i) => [firstWord + i, { open: word, booked: 0n }]))
  const wordAt = (word: number) => all.get(word) ?? { open: 0n, booked: 0n }
  for (const [first, end, free] of [
    [1000, 1003, true],
    [999, 1001, false],
    [1002, 1004, false],
    [1020, 1300, true],
    [1300, 1301, false],
  ] as const) {
    expect(isFree({ first, end }, wordAt)).toBe(free)
  }
  done(await write(owner, firstWord + 1, [5n]))
  expect(await words(firstWord, 5)).toEqual([open[0], 5n, open[2], open[3], 0n])
})
