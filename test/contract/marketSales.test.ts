// Products: what the device's receipt does to an order, who may hand it in, and until when.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { SaleOutcome, type SaleReceipt, saleReceiptDigest } from '../../src/core/lock/saleReceipt.ts'
import { offerIdOf, orderIdOf, termsArgument } from '../../src/core/registry/marketStatements.ts'
import { done, type Person } from './deviceRegistry.ts'
import { hour, type Market, noHash, type Offered, startMarket } from './market.ts'
import { type TestDevice, testDevice } from './testDevice.ts'

let market: Market
let owner: Person
let buyer: Person
let stranger: Person
let machine: Offered
beforeAll(async () => {
  market = await startMarket()
  const [first, second, third] = market.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
  stranger = third
  machine = await market.offeredProduct(owner)
})
afterAll(() => market?.stop())

const dropped = SaleOutcome.dropped
const failed = SaleOutcome.failed

test('the receipt of a product that dropped, handed in by anybody, earns the shares', async () => {
  const order = await market.ordered(machine, buyer, { quantity: 2 })
  const { events } = done(await market.handIn(stranger, machine, order, { counter: 5 }))
  const offerId = offerIdOf(machine.terms)
  expect(events).toEqual([
    { name: 'Sold', args: { orderId: orderIdOf(order), offerId, quantity: 2, counter: 5 } },
  ])
  expect(await market.statusOf(order)).toBe('fulfilled')
  const [first, second] = market.payees
  done(await market.withdraw(first, [machine.terms]))
  expect(await market.keptFor(second.address)).toBe(200n)
})

test('the receipt of a failure sends the money back at once, even after the deadline', async () => {
  for (const late of [0, 2 * hour]) {
    const order = await market.ordered(machine, buyer, { quantity: 3 })
    const sold = (await market.read.offerOf([offerIdOf(machine.terms)])).sold
    const before = await market.coinsOf(buyer)
    const at = (await market.now()) + 1 + late
    const { events } = done(await market.handIn(stranger, machine, order, { outcome: failed }, at))
    expect(events).toMatchObject([{ name: 'Refunded', args: { amount: 3000n, isSent: true } }])
    expect((await market.coinsOf(buyer)) - before).toBe(3000n)
    expect(await market.statusOf(order)).toBe('refunded')
    expect(await market.read.offerOf([offerIdOf(machine.terms)])).toMatchObject({ sold })
  }
})

test('of what dropped only in part, the rest is sent back', async () => {
  const order = await market.ordered(machine, buyer, { quantity: 5 })
  const { sold } = await market.read.offerOf([offerIdOf(machine.terms)])
  const before = await market.coinsOf(buyer)
  const { events } = done(await market.handIn(stranger, machine, order, { quantity: 2 }))
  expect(events).toMatchObject([
    { name: 'Sold', args: { quantity: 2 } },
    { name: 'Refunded', args: { amount: 3000n } },
  ])
  expect((await market.coinsOf(buyer)) - before).toBe(3000n)
  expect(await market.read.offerOf([offerIdOf(machine.terms)])).toMatchObject({ sold: sold + 2n })
})

test('an order ends once: no second receipt, and no refund after one', async () => {
  for (const [first, second] of [
    [dropped, failed],
    [failed, dropped],
    [dropped, dropped],
    [failed, failed],
  ] as const) {
    const order = await market.ordered(machine, buyer)
    done(await market.handIn(owner, machine, order, { outcome: first }))
    expect(await market.handIn(owner, machine, order, { outcome: second, counter: 2 })).toMatchObject({
      error: 'NotOpen',
    })
    const refund = market.refund(buyer, machine.terms, order, (await market.now()) + 2 * hour)
    expect(await refund).toMatchObject({ error: 'NotOpen' })
  }
})

test('without a receipt by the deadline the money goes back, and a late one of success earns nothing', async () => {
  const order = await market.ordered(machine, buyer)
  const { deadline } = await market.read.orderOf([orderIdOf(order)])
  expect(deadline).toBe((await market.now()) + hour)
  expect(await market.refund(buyer, machine.terms, order, deadline)).toMatchObject({ error: 'NotExpired' })
  const late = await market.handIn(owner, machine, order, {}, deadline + 1)
  expect(late).toEqual({ ok: false, error: 'Expired', args: [BigInt(deadline)] })
  done(await market.refund(stranger, machine.terms, order))
  expect(await market.statusOf(order)).toBe('refunded')

  const inTime = await market.ordered(machine, buyer)
  done(await market.handIn(owner, machine, inTime, {}, (await market.now()) + hour))
})

test('no receipt is taken but the device’s own, of just this order, here', async () => {
  const order = await market.ordered(machine, buyer, { quantity: 3 })
  const receipt = market.receiptOf(machine.terms, order)
  const handIn = (receipt: SaleReceipt, signed: SaleReceipt, by: TestDevice, domain = market.domain) =>
    market.send(owner.address, 'handIn', [
      termsArgument(machine.terms),
      order,
      receipt,
      by.sign(saleReceiptDigest(domain, signed)),
    ])
  const refused: [string, ReturnType<typeof handIn>][] = []
  for (const [name, changes] of [
    ['another order', { orderId: 1n }],
    ['another device', { deviceId: testDevice('another').deviceId }],
    ['another slot', { slot: 4 }],
    ['another quantity', { quantity: 2 }],
    ['another outcome', { outcome: failed }],
    ['another counter', { counter: 2 }],
  ] as const) {
    refused.push([name, handIn(receipt, { ...receipt, ...changes }, machine.device)])
  }
  for (const [name, changes] of [
    ['nothing', { quantity: 0 }],
    ['more than was ordered', { quantity: 4 }],
    ['less that failed than was ordered', { outcome: failed, quantity: 2 }],
  ] as const) {
    const both = { ...receipt, ...changes }
    refused.push([name, handIn(both, both, machine.device)])
  }
  const elsewhere = { ...market.domain, market: market.registry.address }
  const onAnotherChain = { ...market.domain, chainId: 1 }
  refused.push(
    ['by another device', handIn(receipt, receipt, testDevice('another'))],
    ['for another Market', handIn(receipt, receipt, machine.device, elsewhere)],
    ['for another chain', handIn(receipt, receipt, machine.device, onAnotherChain)],
  )
  for (const [name, attempt] of refused) {
    const outcome = await attempt
    expect([name, outcome.ok ? null : outcome.error]).toEqual([name, 'InvalidReceipt'])
  }

  const { x, y, r, s } = machine.device.sign(saleReceiptDigest(market.domain, receipt))
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const high = toHex(Uint8Array.from(Buffer.from((n - BigInt(s)).toString(16).padStart(64, '0'), 'hex')))
  for (const signature of [
    { x, y, r, s: high },
    { x, y, r: s, s: r },
    { x, y, r: noHash, s: noHash },
    { x: y, y: x, r, s },
  ]) {
    const args = [termsArgument(machine.terms), order, receipt, signature] as const
    expect(await market.send(owner.address, 'handIn', args)).toMatchObject({ error: 'InvalidReceipt' })
  }
  // An outcome of which the protocol knows nothing, as a broken device may sign it.
  for (const outcome of [0, 3, 255]) {
    const args = [termsArgument(machine.terms), order, { ...receipt, outcome }, { x, y, r, s }] as const
    expect(await market.send(owner.address, 'handIn', args)).toMatchObject({ error: 'InvalidReceipt' })
  }
  done(await handIn(receipt, receipt, machine.device))
})

test('a device’s receipt ends no order of a time', async () => {
  const own = await market.offeredHours(owner)
  const order = await market.ordered(own, buyer)
  for (const outcome of [dropped, failed]) {
    expect(await market.handIn(owner, own, order, { outcome })).toMatchObject({ error: 'WrongEvidence' })
  }
})

test('the same is ordered again with another nonce, and of the same machine by many at once', async () => {
  const orders = []
  for (const payer of [buyer, buyer, stranger]) orders.push(await market.ordered(machine, payer))
  expect(new Set(orders.map(orderIdOf)).size).toBe(3)
  for (const order of orders.toReversed()) done(await market.handIn(owner, machine, order))
})

test('a pause and a hand-over stop no receipt for what was ordered before', async () => {
  const own = await market.offeredProduct(owner)
  const paid = [await market.ordered(own, buyer), await market.ordered(own, buyer)] as const
  done(await market.send(owner.address, 'setPaused', [termsArgument(own.terms), true]))
  done(await market.handIn(stranger, own, paid[0]))
  done(await market.registry.handOver(own.device, owner, stranger))
  done(await market.handIn(stranger, own, paid[1]))
})
