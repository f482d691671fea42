// The Market's generated storage layout: what a reader of storage proofs finds by it is what the views say.
import { numberToHex, pad } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { marketLayout as layout, marketBytecode } from '../../contracts/generated/Market.ts'
import { hoursOfOrder, wordsOf } from '../../src/core/registry/deviceHours.ts'
import { marketSlots } from '../../src/core/registry/marketState.ts'
import { offerIdOf, orderIdOf, termsArgument } from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { startChain } from '../chain.ts'
import { done, type Person } from './deviceRegistry.ts'
import { anotherKey, deployMarket, type Market, noHash, startMarket } from './market.ts'
import { plain, slotOf, storageOf } from './storage.ts'

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

const { wordAt, structAt } = storageOf(() => market)

test('an order is one slot, and every member of it is found by the layout, from opening to re-binding', async () => {
  expect(layout.orders.value.slots).toBe(1)
  const own = await market.offeredHours(owner)
  const order = await market.ordered(own, buyer)
  const base = slotOf(layout.orders.slot, [orderIdOf(order)])
  const found = () => structAt(base, layout.orders.value.members)
  const seen = async () => plain({ ...(await market.read.orderOf([orderIdOf(order)])) })
  expect(await found()).toEqual(await seen())
  expect(await found()).toMatchObject({ status: 1n, deadline: BigInt(order.start), seq: 0n })
  expect((await found()).logBlock).toBeGreaterThan(0n)
  done(await market.fulfil(owner, own.terms, order))
  done(await market.rebind(buyer, own.terms, order, anotherKey, 1, '0x'))
  expect(await found()).toEqual(await seen())
  expect(await found()).toMatchObject({ status: 2n, deadline: BigInt(order.start), seq: 1n, epoch: 7n })
  const key = BigInt(slotOf(layout.reboundKeys.slot, [orderIdOf(order)]))
  expect(await wordAt(key)).toBe(anotherKey)
})

test('an offer is one slot, as is a word of a device’s hours, and the minute at which they begin', async () => {
  for (const each of [layout.offers, layout.calendars, layout.phases]) expect(each.value.slots).toBe(1)
  const own = await market.offeredHours(owner, { utcOffset: 345 })
  const start = (await market.soon()) + 15 * 60
  const order = await market.ordered(own, buyer, { start, quantity: 7 })
  done(await market.fulfil(owner, own.terms, order))
  const offerId = offerIdOf(own.terms)
  const offer = await structAt(slotOf(layout.offers.slot, [offerId]), layout.offers.value.members)
  expect(offer).toEqual(plain({ ...(await market.read.offerOf([offerId])) }))
  expect(offer).toEqual({ counter: 1n, status: 1n, sold: 7n, shared: 0n })
  done(await market.send(owner.address, 'setPaused', [termsArgument(own.terms), true]))
  const [first] = market.payees
  done(await market.withdraw(first, [own.terms]))
  expect(await structAt(slotOf(layout.offers.slot, [offerId]), layout.offers.value.members)).toEqual({
    counter: 1n,
    status: 2n,
    sold: 7n,
    shared: 7n,
  })

  const { deviceId } = own.device
  for (const { word, mask } of wordsOf(hoursOfOrder(own.terms, order))) {
    const slot = slotOf(layout.calendars.slot, [deviceId, numberToHex(word, { size: 32 })])
    const hours = await structAt(slot, layout.calendars.value.members)
    expect(hours).toEqual(plain({ ...(await market.read.hoursOf([deviceId, word])) }))
    expect(BigInt(hours.booked ?? 0n)).toBe(mask)
  }
  expect(await structAt(slotOf(layout.phases.slot, [deviceId]), layout.phases.value.members)).toEqual({
    minute: 15n,
    isFixed: 1n,
  })
})

test('what is kept for an account, and what it has put down, are one slot each', async () => {
  const [, second] = market.payees
  const kept = slotOf(layout.balances.slot, [second.address, NOBODY])
  expect(BigInt(await wordAt(BigInt(kept)))).toBe(await market.keptFor(second.address))
  expect(await market.keptFor(second.address)).toBe(700n)

  expect(layout.prepaid.value.slots).toBe(1)
  done(await market.send(buyer.address, 'deposit', [NOBODY, 0x0102030405n], undefined, 0x0102030405n))
  done(await market.send(buyer.address, 'requestReturn', [NOBODY]))
  const slot = slotOf(layout.prepaid.slot, [buyer.address, NOBODY])
  const found = await structAt(slot, layout.prepaid.value.members)
  expect(found).toEqual(plain({ ...(await market.read.prepaidOf([buyer.address, NOBODY])) }))
  expect(found).toMatchObject({ amount: 0x0102030405n })
  expect(found.withdrawableAt).toBeGreaterThan(1_700_000_000n)
})

test('core reads offers, orders, hours, what is kept and what is put down from just the slots that it names', async () => {
  const own = await market.offeredHours(owner, { utcOffset: 345 })
  const start = (await market.soon()) + 15 * 60
  const order = await market.ordered(own, buyer, { start })
  const offerId = offerIdOf(own.terms)
  const orderId = orderIdOf(order)
  const [{ word, mask } = { word: 0, mask: 0n }] = wordsOf(hoursOfOrder(own.terms, order))
  const [, second] = market.payees
  const unknown = pad('0x77')
  const slots = marketSlots(layout, {
    offers: [offerId, unknown],
    orders: [orderId, unknown],
    hours: { deviceId: own.device.deviceId, words: [word] },
    balances: [{ account: second.address, token: null }],
    prepaid: [
      { account: buyer.address, token: null },
      { account: owner.address, token: null },
    ],
  })
  const words = new Map(
    await Promise.all(slots.all.map(async slot => [slot, BigInt(await wordAt(BigInt(slot)))] as const)),
  )
  const { offers, orders, hours, balances, prepaid } = slots.decode(words)
  expect(offers.get(offerId)).toEqual({ counter: 1, status: 'live', sold: 0n, shared: 0n })
  expect(offers.get(unknown)?.status).toBe('unknown')
  expect(orders.get(orderId)).toMatchObject({ status: 'open', deadline: order.start, reboundKey: null })
  expect(orders.get(unknown)).toMatchObject({ status: 'unknown', logBlock: 0 })
  expect(hours.get(word)?.booked).toBe(mask)
  expect(balances).toEqual([700n])
  expect(prepaid[0]?.amount).toBe(0x0102030405n)
  expect(prepaid[0]?.withdrawableAt).toBeGreaterThan(1_700_000_000)
  expect(prepaid[1]).toEqual({ amount: 0n, withdrawableAt: 0 })

  done(await market.fulfil(owner, own.terms, order))
  done(await market.rebind(buyer, own.terms, order, anotherKey, 1, '0x'))
  for (const slot of slots.all) words.set(slot, BigInt(await wordAt(BigInt(slot))))
  expect(slots.decode(words).orders.get(orderId)).toMatchObject({
    status: 'fulfilled',
    seq: 1,
    epoch: 7,
    reboundKey: anotherKey,
  })
  expect(slots.decode(new Map()).orders.get(orderId)?.status).toBe('unknown')
})

test('what nobody ordered or offered is a slot of zeros, so that this can be proven', async () => {
  for (const mapping of [layout.orders, layout.offers]) {
    expect(await wordAt(BigInt(slotOf(mapping.slot, [pad('0x77')])))).toBe(noHash)
  }
})

test('it knows its registry, and is no longer than a chain takes', async () => {
  expect(await market.read.deviceRegistry()).toMatch(new RegExp(market.registry.address, 'i'))
  const code = (await market.client.getCode({ address: market.address })) ?? '0x'
  expect((code.length - 2) / 2).toBeLessThan(24_576)
  expect((marketBytecode.length - 2) / 2).toBeLessThan(49_152)
})

test('it comes to no chain that can’t check a device’s signature', async () => {
  const former = await startChain([], 'prague')
  try {
    const [deployer] = former.accounts
    const deployed = deployMarket(former.client, deployer?.address ?? NOBODY, market.registry.address)
    await expect(deployed).rejects.toThrow('P256Missing')
  } finally {
    await former.stop()
  }
})
