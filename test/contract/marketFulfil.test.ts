// What fulfils an order of a time: the issuer's grant and no other. And the key of a fulfilled order, bound to another one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { type Grant, GrantAction, grantDigest } from '../../src/core/lock/grant.ts'
import {
  grantOfOrder,
  offerIdOf,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { configOf, done, type Person } from './deviceRegistry.ts'
import {
  aKey,
  anotherKey,
  day,
  epoch,
  hour,
  type Market,
  noHash,
  type Offered,
  startMarket,
} from './market.ts'
import { testDevice } from './testDevice.ts'

let market: Market
let owner: Person
let renter: Person
let stranger: Person
/** For all tests that leave its orders open. */
let offered: Offered
let hours = 2
beforeAll(async () => {
  market = await startMarket()
  const [first, second, third] = market.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  renter = second
  stranger = third
  const device = await market.newDevice(owner)
  const terms = market.hoursOf(owner, device, {
    weeklyHours: new Uint8Array(21).fill(0x0f),
    maxUses: 9,
    actions: GrantAction.open | GrantAction.withoutTime,
  })
  offered = await market.offer(owner, device, terms)
})
afterAll(() => market?.stop())

/** An order of hours that no other test has. */
const ordered = async () => {
  hours += 3
  return market.ordered(offered, renter, { start: await market.soon(hours), quantity: 2 })
}

test('the issuer’s grant, handed in by anybody, fulfils an order, and the payees get what the offer says', async () => {
  const { terms } = offered
  const order = await ordered()
  const signature = market.signGrant(terms, order)
  const { events } = done(await market.fulfil(stranger, terms, order, signature))
  expect(events).toEqual([
    {
      name: 'Fulfilled',
      args: { orderId: orderIdOf(order), offerId: offerIdOf(terms), epoch, r: signature.r, s: signature.s },
    },
  ])
  expect(await market.statusOf(order)).toBe('fulfilled')
  expect(await market.read.offerOf([offerIdOf(terms)])).toMatchObject({ sold: 2n, shared: 0n })
  const [first, second] = market.payees
  const before = await market.coinsOf(second)
  const send = market.send(stranger.address, 'payOut', [
    [termsArgument(terms)],
    `0x${'00'.repeat(20)}`,
    second.address,
  ])
  expect(done(await send).events).toMatchObject([
    { name: 'Shared', args: { offerId: offerIdOf(terms), units: 2n } },
    { name: 'Withdrawn', args: { amount: 200n } },
  ])
  expect((await market.coinsOf(second)) - before).toBe(200n)
  expect(await market.keptFor(first.address)).toBe(1800n)
  expect(await market.read.offerOf([offerIdOf(terms)])).toMatchObject({ sold: 2n, shared: 2n })
  done(await market.withdraw(first, []))
  expect(await market.withdraw(first, [terms])).toMatchObject({ error: 'NothingToWithdraw' })
})

const foreign: readonly (readonly [string, Partial<Grant>])[] = [
  ['another device', { deviceId: testDevice('another').deviceId }],
  ['another order', { orderId: 77n }],
  ['a free key, of no order', { orderId: 0n }],
  ['another user', { userKeyHash: new Uint8Array(32).fill(0xb2) }],
  ['an earlier beginning', { notBefore: 1 }],
  ['a later beginning', { notBefore: 4_000_000_000 }],
  ['a shorter time', { notAfter: 4_000_000_000 }],
  ['other weekly hours', { weeklyHours: new Uint8Array(21) }],
  ['more uses', { maxUses: 10 }],
  ['any number of uses', { maxUses: 0 }],
  ['other actions', { actions: GrantAction.open }],
  ['management', { actions: GrantAction.open | GrantAction.withoutTime | GrantAction.manage }],
  ['what only the owner does', { actions: GrantAction.open | GrantAction.withoutTime | GrantAction.own }],
  ['an epoch that is over', { epoch: epoch - 1 }],
  ['an epoch to come', { epoch: epoch + 1 }],
  ['another key to which it was bound', { seq: 1 }],
]

test('no grant for anything but what was ordered fulfils it, so nobody is paid for one that the lock would refuse', async () => {
  const { terms } = offered
  const order = await ordered()
  for (const [name, changes] of foreign) {
    const outcome = await market.fulfil(owner, terms, order, market.signGrant(terms, order, changes))
    expect([name, outcome.ok ? null : outcome.error]).toEqual([name, 'InvalidGrant'])
  }
  const grant = grantOfOrder(terms, order, { epoch })
  const issuer = testDevice('issuer')
  const elsewhere = [
    { chainId: market.domain.chainId + 1, market: market.address },
    { chainId: market.domain.chainId, market: market.registry.address },
  ]
  const { r, s } = market.signGrant(terms, order)
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  for (const [name, signature] of [
    ...elsewhere.map(domain => ['elsewhere', issuer.sign(grantDigest(domain, grant))] as const),
    ['by the device itself', market.signGrant(terms, order, {}, offered.device)],
    ['by anybody', market.signGrant(terms, order, {}, testDevice('anybody'))],
    ['of zeros', { r: noHash, s: noHash }],
    ['turned round', { r: s, s: r }],
    [
      'with a high s',
      { r, s: toHex(Uint8Array.from(Buffer.from((n - BigInt(s)).toString(16).padStart(64, '0'), 'hex'))) },
    ],
  ] as const) {
    const outcome = await market.fulfil(owner, terms, order, { x: noHash, y: noHash, ...signature })
    expect([name, outcome.ok ? null : outcome.error]).toEqual([name, 'InvalidGrant'])
  }
  expect(await market.statusOf(order)).toBe('open')
  done(await market.fulfil(owner, terms, order))
})

test('after a split of the chain, a grant of one side fulfils nothing on the other', async () => {
  const { terms } = offered
  const order = await ordered()
  const { r, s } = market.signGrant(terms, order)
  await market.registry.withChainId(4242, async () => {
    expect(await market.attempt(owner.address, 'fulfil', [termsArgument(terms), order, r, s])).toBe(
      'InvalidGrant',
    )
  })
  expect(await market.attempt(owner.address, 'fulfil', [termsArgument(terms), order, r, s])).toBe('done')
})

test('a payment for one device, or of one order, is of no use for another', async () => {
  const order = await ordered()
  const other = await market.offeredHours(owner)
  for (const [terms, named] of [
    [other.terms, order],
    [other.terms, { ...order, offerId: offerIdOf(other.terms) }],
    [offered.terms, { ...order, start: order.start + hour }],
    [offered.terms, { ...order, userKeyHash: anotherKey }],
  ] as const) {
    expect(await market.fulfil(owner, terms, named)).toMatchObject({ error: 'NotOpen' })
  }
})

test('an order is fulfilled once, and then never refunded', async () => {
  const { terms } = offered
  const order = await ordered()
  done(await market.fulfil(owner, terms, order))
  const sold = (await market.read.offerOf([offerIdOf(terms)])).sold
  expect(await market.fulfil(owner, terms, order)).toMatchObject({ error: 'NotOpen' })
  expect(await market.read.offerOf([offerIdOf(terms)])).toMatchObject({ sold })
  const own = await market.offeredHours(owner)
  const later = await market.ordered(own, renter)
  done(await market.fulfil(owner, own.terms, later))
  const refund = market.refund(renter, own.terms, later, later.start + day)
  expect(await refund).toEqual({ ok: false, error: 'NotOpen', args: [orderIdOf(later), 2] })
})

test('a grant is handed in at the deadline at the latest; one second later there is only the refund', async () => {
  const own = await market.offeredHours(owner, { fulfilWithin: 600 })
  const inTime = await market.ordered(own, renter, { start: await market.soon(5) })
  const late = await market.ordered(own, renter, { start: await market.soon(6) })
  const deadlineOf = async (order: typeof late) => (await market.read.orderOf([orderIdOf(order)])).deadline
  const first = await deadlineOf(inTime)
  done(await market.fulfil(owner, own.terms, inTime, undefined, first))
  // The second order was paid a second later, or in the same one.
  const last = await deadlineOf(late)
  const outcome = await market.fulfil(owner, own.terms, late, undefined, last + 1)
  expect(outcome).toEqual({ ok: false, error: 'Expired', args: [BigInt(last)] })
  done(await market.refund(renter, own.terms, late))
  expect([await market.statusOf(inTime), await market.statusOf(late)]).toEqual(['fulfilled', 'refunded'])
})

test('a grant is checked against the Config that the device has taken last', async () => {
  const own = await market.offeredHours(owner)
  const { terms, device } = own
  const order = await market.ordered(own, renter)
  const old = market.signGrant(terms, order)
  await market.file(owner, device, 2, { epoch: epoch + 1 })
  expect(await market.fulfil(owner, terms, order, old)).toMatchObject({ error: 'InvalidGrant' })
  const issuer = testDevice('another issuer')
  await market.file(owner, device, 3, { epoch: epoch + 1, issuerKey: issuer.publicKey })
  const present = market.signGrant(terms, order, { epoch: epoch + 1 })
  expect(await market.fulfil(owner, terms, order, present)).toMatchObject({ error: 'InvalidGrant' })
  done(await market.fulfil(owner, terms, order, market.signGrant(terms, order, { epoch: epoch + 1 }, issuer)))
})

test('nobody is paid for a device that obeys another Market, or that has told of no Config', async () => {
  const own = await market.offeredHours(owner)
  const order = await market.ordered(own, renter)
  const foreign = configOf(own.device, 2).market
  await market.file(owner, own.device, 2, { market: foreign })
  expect(await market.fulfil(owner, own.terms, order)).toMatchObject({ error: 'ForeignConfig' })

  const silent = await market.registry.claimed(owner)
  const quiet = await market.offer(owner, silent, market.hoursOf(owner, silent))
  const other = await market.ordered(quiet, renter)
  expect(await market.fulfil(owner, quiet.terms, other)).toMatchObject({ error: 'ForeignConfig' })
  // Without a Config the issuer's key is zero, of which anybody could say that he had signed by it.
  expect(
    await market.fulfil(owner, quiet.terms, other, { x: noHash, y: noHash, r: noHash, s: noHash }),
  ).toMatchObject({
    error: 'ForeignConfig',
  })
})

test('nobody is paid for a device while it is reported stolen', async () => {
  const own = await market.offeredHours(owner)
  const order = await market.ordered(own, renter)
  done(await market.registry.send(owner.address, 'report', [own.device.deviceId, 2]))
  expect(await market.fulfil(owner, own.terms, order)).toMatchObject({ error: 'DeviceIsReported' })
  done(await market.registry.send(owner.address, 'report', [own.device.deviceId, 0]))
  done(await market.fulfil(owner, own.terms, order))
})

test('what was paid before a hand-over stays: the new owner’s issuer grants it, the payees of the offer are paid', async () => {
  const own = await market.offeredHours(owner)
  const { terms, device } = own
  const order = await market.ordered(own, renter)
  done(await market.registry.handOver(device, owner, stranger))
  const issuer = testDevice('issuer of the new owner')
  await market.file(stranger, device, 2, { issuerKey: issuer.publicKey })
  expect(await market.fulfil(owner, terms, order)).toMatchObject({ error: 'InvalidGrant' })
  done(await market.fulfil(stranger, terms, order, market.signGrant(terms, order, {}, issuer)))
  const [first] = market.payees
  done(await market.withdraw(first, [terms]))
})

test('an order is bound to another key by its payer, step by step, and only after it was fulfilled', async () => {
  const { terms } = offered
  const order = await ordered()
  const orderId = orderIdOf(order)
  const consent = (userKeyHash: typeof aKey, seq: number, person = renter) =>
    market.signRebinding(person, { orderId, userKeyHash, seq })
  const rebind = async (seq: number, given = consent(anotherKey, seq), from = stranger, key = anotherKey) =>
    market.rebind(from, terms, order, key, seq, await given)
  // A grant that is on its way must still fit.
  expect(await rebind(1)).toMatchObject({ error: 'NotRebindable' })
  done(await market.fulfil(owner, terms, order))

  for (const [name, attempt] of [
    ['by a stranger', rebind(1, consent(anotherKey, 1, stranger))],
    ['by the owner', rebind(1, consent(anotherKey, 1, owner), owner)],
    ['for another key', rebind(1, consent(aKey, 1))],
    ['for another step', rebind(1, consent(anotherKey, 2))],
    ['without a signature', rebind(1, Promise.resolve('0x'))],
  ] as const) {
    const outcome = await attempt
    expect([name, outcome.ok ? null : outcome.error]).toEqual([name, 'ConsentMissing'])
  }
  for (const seq of [0, 2, 2 ** 32 - 1]) expect(await rebind(seq)).toMatchObject({ error: 'NotRebindable' })
  expect(await rebind(1, consent(noHash, 1), stranger, noHash)).toMatchObject({ error: 'InvalidKey' })

  expect(done(await rebind(1)).events).toEqual([
    { name: 'Rebound', args: { orderId, userKeyHash: anotherKey, seq: 1 } },
  ])
  expect(await market.read.reboundKeyOf([orderId])).toBe(anotherKey)
  expect(await market.read.orderOf([orderId])).toMatchObject({ status: 2, seq: 1 })
  expect(await rebind(1)).toMatchObject({ error: 'NotRebindable', args: [orderId, 1] })
  // He may also send it himself.
  done(await rebind(2, Promise.resolve('0x'), renter, aKey))
  expect(await market.read.reboundKeyOf([orderId])).toBe(aKey)
})

test('a refunded order is bound to no key, nor is one that nobody made', async () => {
  const own = await market.offeredHours(owner)
  const order = await market.ordered(own, renter)
  const unpaid = await market.orderOf(own.terms, renter)
  done(await market.refund(renter, own.terms, order, order.start + 1))
  for (const each of [order, unpaid]) {
    expect(await market.rebind(renter, own.terms, each, anotherKey, 1, '0x')).toMatchObject({
      error: 'NotRebindable',
    })
  }
})

test('no grant fulfils an order of products', async () => {
  const machine = await market.offeredProduct(owner)
  const order = await market.ordered(machine, renter)
  expect(await market.fulfil(owner, machine.terms, order)).toMatchObject({ error: 'WrongEvidence' })
  done(await market.handIn(owner, machine, order))
  expect(await market.rebind(renter, machine.terms, order, anotherKey, 1, '0x')).toMatchObject({
    error: 'NotRebindable',
  })
})
