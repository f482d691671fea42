// Orders of times: what is paid and kept, which hours are booked, and the way back once the deadline has passed.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hoursOfOrder, isFree, wordsOf } from '../../src/core/registry/deviceHours.ts'
import {
  amountOf,
  type OfferTerms,
  offerIdOf,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { orderFault } from '../../src/core/registry/offerRules.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { done, type Person } from './deviceRegistry.ts'
import { aKey, anotherKey, day, hour, type Market, noHash, startMarket } from './market.ts'

let market: Market
let owner: Person
let buyer: Person
let friend: Person
beforeAll(async () => {
  market = await startMarket()
  const [first, second, third] = market.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
  friend = third
})
afterAll(() => market?.stop())

test('an order is paid into escrow, and can be fulfilled until it begins, but no longer than the offer says', async () => {
  for (const [inHours, fulfilWithin] of [
    [5, day],
    [100, day],
    [100, 60],
  ] as const) {
    const { terms } = await market.offeredHours(owner, { fulfilWithin })
    const start = await market.soon(inHours)
    const order = await market.orderOf(terms, buyer, { start, quantity: 3 })
    const before = await market.coinsOf(market)
    const { events, block } = done(await market.order(buyer, terms, order))
    expect((await market.coinsOf(market)) - before).toBe(3000n)
    const deadline = Math.min(start, block.timestamp + fulfilWithin)
    expect(await market.read.orderOf([orderIdOf(order)])).toEqual({
      status: 1,
      deadline,
      seq: 0,
      logBlock: block.number,
      epoch: 0,
    })
    expect(events).toHaveLength(1)
    expect(events).toMatchObject([
      {
        name: 'Ordered',
        args: {
          orderId: orderIdOf(order),
          offerId: offerIdOf(terms),
          userKeyHash: aKey,
          start,
          quantity: 3,
          nonce: order.nonce,
          validUntil: 0,
          deadline,
        },
      },
    ])
  }
})

test('just the price is taken: neither less nor more, and of nobody’s balance', async () => {
  const { terms } = await market.offeredHours(owner)
  const order = await market.orderOf(terms, buyer, { quantity: 2 })
  for (const value of [0n, 1000n, 1999n, 2001n]) {
    expect(await market.order(buyer, terms, order, { value })).toEqual({
      ok: false,
      error: 'WrongValue',
      args: [2000n, value],
    })
  }
  expect(await market.statusOf(order)).toBe('unknown')
})

test('anybody may pay for somebody, who then gets the refund; for nobody, no one can', async () => {
  const { terms } = await market.offeredHours(owner)
  const order = await market.orderOf(terms, buyer)
  done(await market.order(friend, terms, order))
  const before = await market.coinsOf(buyer)
  done(await market.refund(friend, terms, order, order.start + 1))
  expect((await market.coinsOf(buyer)) - before).toBe(1000n)

  const forNobody = await market.orderOf(terms, { address: NOBODY })
  expect(await market.order(buyer, terms, forNobody)).toMatchObject({ error: 'InvalidPayment' })
})

test('what is signed for a prepaid balance is not paid in another way', async () => {
  const { terms } = await market.offeredHours(owner)
  const order = await market.orderOf(terms, buyer, { validUntil: (await market.now()) + hour })
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'InvalidPayment' })
})

test('nothing is ordered twice, not even after a refund', async () => {
  const offered = await market.offeredHours(owner)
  const { terms } = offered
  const order = await market.ordered(offered, buyer)
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'AlreadyOrdered' })
  const again = await market.orderOf(terms, buyer, { start: order.start })
  expect(await market.order(buyer, terms, again)).toMatchObject({ error: 'NotFree' })
  done(await market.refund(friend, terms, order, order.start + 1))
  expect(await market.order(buyer, terms, order)).toMatchObject({ error: 'AlreadyOrdered' })
})

test('an order begins after the block that it is in: in the very second it is late', async () => {
  const { terms } = await market.offeredHours(owner)
  const order = await market.orderOf(terms, buyer)
  const late = await market.order(buyer, terms, order, { at: order.start })
  expect(late).toEqual({ ok: false, error: 'Expired', args: [BigInt(order.start)] })
  const next = await market.orderOf(terms, buyer)
  done(await market.order(buyer, terms, next, { at: next.start - 1 }))
})

test('the money comes back only after the deadline, once, and frees the hours for others', async () => {
  const offered = await market.offeredHours(owner)
  const { terms } = offered
  const order = await market.ordered(offered, buyer, { quantity: 2 })
  const other = await market.orderOf(terms, friend, { start: order.start + hour })
  expect(await market.order(friend, terms, other)).toMatchObject({ error: 'NotFree' })
  for (const at of [(await market.now()) + 1, order.start]) {
    expect(await market.refund(friend, terms, order, at)).toEqual({
      ok: false,
      error: 'NotExpired',
      args: [BigInt(order.start)],
    })
  }
  const before = await market.coinsOf(buyer)
  const { events } = done(await market.refund(friend, terms, order, order.start + 1))
  expect(events).toMatchObject([
    { name: 'Refunded', args: { orderId: orderIdOf(order), amount: 2000n, isSent: true } },
  ])
  expect((await market.coinsOf(buyer)) - before).toBe(2000n)
  for (const attempt of [market.refund(buyer, terms, order), market.fulfil(owner, terms, order)]) {
    expect(await attempt).toEqual({ ok: false, error: 'NotOpen', args: [orderIdOf(order), 3] })
  }
  done(await market.order(friend, terms, other))
})

test('who changes a single field of a paid order names another one, which nobody paid', async () => {
  const offered = await market.offeredHours(owner)
  const { terms } = offered
  const order = await market.ordered(offered, buyer)
  const at = order.start + 1
  await market.client.setNextBlockTimestamp({ timestamp: BigInt(at) })
  for (const change of [
    { payer: friend.address },
    { userKeyHash: anotherKey },
    { start: order.start + hour },
    { quantity: 2 },
    { nonce: order.nonce + 1n },
    { validUntil: 1 },
  ]) {
    expect(await market.refund(friend, terms, { ...order, ...change })).toMatchObject({ error: 'NotOpen' })
  }
  expect(await market.refund(friend, { ...terms, price: 2000n }, order)).toMatchObject({ error: 'NotOpen' })
})

test('the Market takes just the orders in which core finds no fault', async () => {
  const device = await market.newDevice(owner)
  const kinds: OfferTerms[] = [
    market.hoursOf(owner, device, { maxQuantity: 5 }),
    market.hoursOf(owner, device, {
      unit: 'night',
      slotHours: 20,
      startHour: 15,
      utcOffset: 60,
      maxQuantity: 7,
    }),
    market.hoursOf(owner, device, { unit: 'night', slotHours: 24, startHour: 0, utcOffset: -180 }),
    market.hoursOf(owner, device, { unit: 'stay', slotHours: 30, utcOffset: 840, maxQuantity: 1 }),
    market.productOf(owner, device),
  ]
  for (const terms of kinds) await market.offer(owner, device, terms)
  const soon = await market.soon()
  const start = fc.oneof(
    fc.integer({ min: 0, max: 100 }).map(hours => soon + hours * hour),
    fc.constantFrom(0, soon + 60, soon + 900, 2 ** 40 - 1, (2 ** 40 / hour - 1) * hour),
  )
  const seen = new Set<string | null>()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      start,
      fc.constantFrom(0, 1, 1, 1, 5, 6, 65_535),
      fc.constantFrom(aKey, aKey, noHash),
      fc.boolean(),
      async (terms, start, quantity, userKeyHash, isSensible) => {
        const sensible =
          terms.unit === 'product' ? { start: 0, userKeyHash: noHash } : { start, userKeyHash: aKey }
        const order = await market.orderOf(terms, buyer, {
          quantity,
          ...(isSensible ? sensible : { start, userKeyHash }),
        })
        const fault = orderFault(terms, order)
        seen.add(fault)
        // Without the coins an order without a fault comes as far as its payment, or finds hours that are not open.
        const outcome = await market.attempt(buyer.address, 'order', [termsArgument(terms), order])
        const named = { quantity: 'InvalidQuantity', userKeyHash: 'InvalidKey', start: 'InvalidStart' }
        if (fault === null) expect(['WrongValue', 'NotFree']).toContain(outcome)
        else expect(outcome).toBe(named[fault])
      },
    ),
    { numRuns: 200 },
  )
  expect([...seen].toSorted()).toEqual(['quantity', 'start', 'userKeyHash', null].toSorted())
})

test('no hour is sold twice, and what is booked is what core computes, over the edges of words and days', async () => {
  const device = await market.newDevice(owner)
  const first = Math.floor((await market.now()) / hour)
  const kinds: OfferTerms[] = [
    market.hoursOf(owner, device, {
      maxQuantity: 200,
      price: 1n,
      shares: [{ payee: owner.address, amount: 1n }],
    }),
    market.hoursOf(owner, device, {
      unit: 'night',
      slotHours: 18,
      startHour: 15,
      utcOffset: 60,
      maxQuantity: 7,
    }),
    market.hoursOf(owner, device, { unit: 'stay', slotHours: 53, utcOffset: -180, maxQuantity: 1 }),
  ]
  for (const terms of kinds) done(await market.makeOffer(owner, terms))
  const opened = { first: first + 4, end: first + 20 * 24 }
  const masks = wordsOf(opened)
  done(
    await market.send(owner.address, 'openHours', [
      device.deviceId,
      masks[0]?.word ?? 0,
      masks.map(({ mask }) => mask),
    ]),
  )
  const model = new Map(masks.map(({ word, mask }) => [word, { open: mask, booked: 0n }]))
  const wordAt = (word: number) => model.get(word) ?? { open: 0n, booked: 0n }
  const sold = { ok: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      fc.integer({ min: 3, max: 21 * 24 }),
      fc.integer({ min: 1, max: 150 }),
      async (terms, inHours, many) => {
        // The next beginning of one from then on.
        const at = (first + inHours) * hour
        const night = day - ((at + terms.utcOffset * 60 - terms.startHour * hour) % day)
        const start = terms.unit === 'night' ? at + (night % day) : at
        const order = await market.orderOf(terms, buyer, { start, quantity: (many % terms.maxQuantity) + 1 })
        const hours = hoursOfOrder(terms, order)
        const outcome = await market.order(buyer, terms, order)
        expect(outcome.ok ? null : outcome.error).toBe(isFree(hours, wordAt) ? null : 'NotFree')
        sold[outcome.ok ? 'ok' : 'refused']++
        if (outcome.ok) {
          for (const { word, mask } of wordsOf(hours)) {
            model.set(word, { ...wordAt(word), booked: wordAt(word).booked | mask })
          }
        }
        for (const { word } of wordsOf(hours)) {
          expect(await market.read.hoursOf([device.deviceId, word])).toEqual(wordAt(word))
        }
      },
    ),
    { numRuns: 60, endOnFailure: true },
  )
  expect(Math.min(sold.ok, sold.refused)).toBeGreaterThanOrEqual(5)
})

test('closing hours that are booked takes them from nobody, and opening them sells them to nobody else', async () => {
  const offered = await market.offeredHours(owner)
  const { terms, device } = offered
  const order = await market.ordered(offered, buyer, { quantity: 4 })
  const [{ word, mask } = { word: 0, mask: 0n }] = wordsOf(hoursOfOrder(terms, order))
  const { booked } = await market.read.hoursOf([device.deviceId, word])
  expect(booked & mask).toBe(mask)
  done(await market.send(owner.address, 'openHours', [device.deviceId, word, [0n]]))
  expect(await market.read.hoursOf([device.deviceId, word])).toEqual({ open: 0n, booked })
  done(await market.fulfil(friend, terms, order))
  done(await market.send(owner.address, 'openHours', [device.deviceId, word, [2n ** 128n - 1n]]))
  const other = await market.orderOf(terms, friend, { start: order.start })
  expect(await market.order(friend, terms, other)).toMatchObject({ error: 'NotFree' })
})

test('the most that an order books, a year, fits a block many times over', async () => {
  const device = await market.newDevice(owner)
  const terms = market.hoursOf(owner, device, { unit: 'stay', slotHours: 366 * 24, maxQuantity: 1 })
  const start = await market.soon()
  const first = start / hour
  done(await market.makeOffer(owner, terms, [{ first, end: first + 366 * 24 }]))
  const order = await market.orderOf(terms, buyer, { start })
  expect(amountOf(terms, order)).toBe(1000n)
  expect(done(await market.order(buyer, terms, order)).gas).toBeLessThan(1_000_000n)
  expect(done(await market.refund(buyer, terms, order, start + 1)).gas).toBeLessThan(1_000_000n)
})
