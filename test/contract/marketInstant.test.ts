// Instant offers: paid at once, never refundable, and told to locks by an event that nothing else emits.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { grantDigest } from '../../src/core/lock/grant.ts'
import { grantOfOrder, type Order, offerIdOf, orderIdOf } from '../../src/core/registry/marketStatements.ts'
import { done, type Person } from './deviceRegistry.ts'
import { anotherKey, day, epoch, hour, type Market, type Offered, startMarket } from './market.ts'

let market: Market
let owner: Person
let renter: Person
let stranger: Person
beforeAll(async () => {
  market = await startMarket()
  const [first, second, third] = market.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  renter = second
  stranger = third
})
afterAll(() => market?.stop())

const offeredInstant = () => market.offeredHours(owner, { isInstant: true, maxUses: 3 })

/** What the lock will look for in the receipt of a block. */
const granted = (
  { terms }: Offered,
  order: Order,
  changes: Parameters<typeof grantOfOrder>[2] = { epoch },
) => ({
  name: 'GrantedInstant',
  args: {
    deviceId: terms.deviceId,
    grantDigest: toHex(grantDigest(market.domain, grantOfOrder(terms, order, changes))),
  },
})

test('an instant order is fulfilled as it is paid, and the event names the digest of just its grant', async () => {
  const own = await offeredInstant()
  const order = await market.orderOf(own.terms, renter, { quantity: 2 })
  const { events, block } = done(await market.order(renter, own.terms, order))
  expect(events).toEqual([expect.objectContaining({ name: 'Ordered' }), granted(own, order)])
  expect(events[0]).toMatchObject({ args: { orderId: orderIdOf(order), deadline: 0 } })
  expect(await market.read.orderOf([orderIdOf(order)])).toEqual({
    status: 2,
    deadline: 0,
    seq: 0,
    logBlock: block.number,
    epoch,
  })
  expect(await market.read.offerOf([offerIdOf(own.terms)])).toMatchObject({ sold: 2n })
  const [first] = market.payees
  const paid = done(await market.withdraw(first, [own.terms])).events
  expect(paid).toMatchObject([{ name: 'Shared' }, { name: 'Withdrawn', args: { amount: 1800n } }])
})

test('an instant order is never refunded, so nobody enters and gets the money back', async () => {
  const own = await offeredInstant()
  const order = await market.ordered(own, renter)
  for (const at of [undefined, order.start + 1, order.start + 30 * day]) {
    expect(await market.refund(renter, own.terms, order, at)).toMatchObject({ error: 'NotOpen' })
  }
  expect(await market.fulfil(owner, own.terms, order)).toMatchObject({ error: 'NotOpen' })
})

test('the way through escrow emits no event that a lock would take', async () => {
  const own = await market.offeredHours(owner)
  const order = await market.orderOf(own.terms, renter)
  const events = [
    ...done(await market.order(renter, own.terms, order)).events,
    ...done(await market.fulfil(owner, own.terms, order)).events,
    ...done(await market.rebind(renter, own.terms, order, anotherKey, 1, '0x')).events,
  ]
  expect(events.map(({ name }) => name)).toEqual(['Ordered', 'Fulfilled', 'Rebound'])
})

test('an hour that has begun is sold as well, but none that is over', async () => {
  const own = await offeredInstant()
  const start = await market.soon(0)
  const begun = await market.orderOf(own.terms, renter, { start })
  const over = await market.orderOf(own.terms, stranger, { start: start + hour })
  done(await market.order(renter, own.terms, begun, { at: start + hour - 1 }))
  const late = await market.order(stranger, own.terms, over, { at: start + 2 * hour })
  expect(late).toEqual({ ok: false, error: 'Expired', args: [BigInt(start + 2 * hour)] })
})

test('nothing is sold at once of a device that obeys another Market, or is reported lost', async () => {
  const own = await offeredInstant()
  const order = await market.orderOf(own.terms, renter)
  const report = (value: number) =>
    market.registry.send(owner.address, 'report', [own.device.deviceId, value])
  done(await report(1))
  expect(await market.order(renter, own.terms, order)).toMatchObject({ error: 'DeviceIsReported' })
  done(await report(0))
  await market.file(owner, own.device, 2, { market: market.registry.address })
  expect(await market.order(renter, own.terms, order)).toMatchObject({ error: 'ForeignConfig' })
  expect(await market.statusOf(order)).toBe('unknown')
})

test('bound to another key, an instant order is granted anew, and whoever has ended all keys has ended that one', async () => {
  const own = await offeredInstant()
  const order = await market.ordered(own, renter)
  await market.file(owner, own.device, 2, { epoch: epoch + 4 })
  const orderId = orderIdOf(order)
  const consent = await market.signRebinding(renter, { orderId, userKeyHash: anotherKey, seq: 1 })
  const { events } = done(await market.rebind(stranger, own.terms, order, anotherKey, 1, consent))
  expect(events).toEqual([
    expect.objectContaining({ name: 'Rebound' }),
    granted(own, order, { epoch, seq: 1, userKeyHash: anotherKey }),
  ])
  expect(await market.read.orderOf([orderId])).toMatchObject({ seq: 1, epoch })
})

test('what is sold at once can be paid from a prepaid balance too', async () => {
  const own = await offeredInstant()
  const validUntil = (await market.now()) + hour
  const order = await market.orderOf(own.terms, renter, { validUntil })
  done(await market.send(renter.address, 'deposit', [`0x${'00'.repeat(20)}`, 1500n], undefined, 1500n))
  const consent = await market.signPrepaid(renter, own.terms, order)
  const { events } = done(await market.orderPrepaid(stranger, own.terms, order, consent))
  expect(events).toContainEqual(granted(own, order))
  expect(await market.read.prepaidOf([renter.address, `0x${'00'.repeat(20)}`])).toMatchObject({
    amount: 500n,
  })
})
