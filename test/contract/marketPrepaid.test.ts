// Prepaid balances: put down, asked back, and charged by orders that their owner signed, once and no more than he signed.
import { erc20Abi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Address } from '../../src/core/bytes.ts'
import { SaleOutcome } from '../../src/core/lock/saleReceipt.ts'
import {
  type Order,
  offerIdOf,
  orderIdOf,
  prepaidOrderTypedData,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { done, type Person } from './deviceRegistry.ts'
import { day, hour, type Market, type Offered, startMarket } from './market.ts'
import { deployPlayToken } from './playToken.ts'

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

const deposit = (person: Person, amount: bigint, value = amount, token: Address = NOBODY) =>
  market.send(person.address, 'deposit', [token, amount], undefined, value)
const prepaid = ({ address }: Person, token: Address = NOBODY) => market.read.prepaidOf([address, token])
const signed = async (changes: Partial<Order> = {}, payer = buyer, own = machine) => {
  const order = await market.orderOf(own.terms, payer, {
    validUntil: (await market.now()) + hour,
    ...changes,
  })
  return { order, consent: await market.signPrepaid(payer, own.terms, order) }
}
/** What the buyer has left, which the tests before may have changed, is made `amount`. */
const withBalance = async (amount: bigint) => {
  const present = (await prepaid(buyer)).amount
  if (present < amount) done(await deposit(buyer, amount - present))
  return (await prepaid(buyer)).amount
}

test('a balance is put down in just the coins that are sent, and comes back after the delay and not before', async () => {
  for (const [amount, value, error] of [
    [0n, 0n, 'InvalidAmount'],
    [5n, 4n, 'WrongValue'],
    [5n, 6n, 'WrongValue'],
    [2n ** 128n, 0n, 'InvalidAmount'],
  ] as const) {
    expect(await deposit(stranger, amount, value)).toMatchObject({ error })
  }
  const takeBack = (at?: number, to: Address = stranger.address) =>
    market.send(stranger.address, 'takeBack', [NOBODY, to], at)
  const request = () => market.send(stranger.address, 'requestReturn', [NOBODY])
  expect(await request()).toMatchObject({ error: 'NothingToWithdraw' })
  done(await deposit(stranger, 700n))
  expect(await takeBack()).toMatchObject({ error: 'NotYetReturnable', args: [0] })
  const { block } = done(await request())
  const returnable = block.timestamp + day
  expect(await request()).toMatchObject({ error: 'NotYetReturnable', args: [returnable] })
  expect(await takeBack(returnable - 1)).toMatchObject({ error: 'NotYetReturnable' })
  expect(await takeBack(returnable, NOBODY)).toMatchObject({ error: 'InvalidReceiver' })
  const to: Address = `0x${'7e'.repeat(20)}`
  done(await takeBack(undefined, to))
  expect(await market.coinsOf({ address: to })).toBe(700n)
  expect(await prepaid(stranger)).toEqual({ amount: 0n, withdrawableAt: 0 })
  expect(await takeBack()).toMatchObject({ error: 'NotYetReturnable' })
})

test('who puts down more begins the delay anew, so a seller who looks at it is not deceived', async () => {
  done(await deposit(stranger, 10n))
  done(await market.send(stranger.address, 'requestReturn', [NOBODY]))
  expect(await deposit(stranger, 1n)).toMatchObject({ events: [{ args: { amount: 1n, balance: 11n } }] })
  expect(await prepaid(stranger)).toEqual({ amount: 11n, withdrawableAt: 0 })
})

test('what was asked back is charged still, until it is taken', async () => {
  await withBalance(1000n)
  done(await market.send(buyer.address, 'requestReturn', [NOBODY]))
  const { order, consent } = await signed()
  done(await market.settle(stranger, machine, order, consent))
})

test('a signed order and its receipt are settled together, by anybody, once, and only what dropped is charged', async () => {
  const before = await withBalance(5000n)
  const { order, consent } = await signed({ quantity: 4 })
  const { sold } = await market.read.offerOf([offerIdOf(machine.terms)])
  const { events, block } = done(
    await market.settle(stranger, machine, order, consent, { quantity: 3, counter: 9 }),
  )
  expect(events).toMatchObject([
    { name: 'Ordered', args: { orderId: orderIdOf(order), deadline: 0 } },
    { name: 'Sold', args: { quantity: 3, counter: 9 } },
  ])
  expect(await prepaid(buyer)).toMatchObject({ amount: before - 3000n })
  expect(await market.read.offerOf([offerIdOf(machine.terms)])).toMatchObject({ sold: sold + 3n })
  expect(await market.read.orderOf([orderIdOf(order)])).toEqual({
    status: 2,
    deadline: 0,
    seq: 0,
    logBlock: block.number,
    epoch: 0,
  })

  for (const attempt of [
    market.settle(stranger, machine, order, consent, { quantity: 1, counter: 10 }),
    market.orderPrepaid(stranger, machine.terms, order, consent),
  ]) {
    expect(await attempt).toMatchObject({ error: 'AlreadyOrdered' })
  }
  expect(await market.handIn(stranger, machine, order)).toMatchObject({ error: 'NotOpen' })
  expect(await prepaid(buyer)).toMatchObject({ amount: before - 3000n })
})

test('nothing is charged where nothing dropped, or where the device has not signed', async () => {
  const before = await withBalance(1000n)
  const { order, consent } = await signed()
  const failure = { outcome: SaleOutcome.failed }
  expect(await market.settle(stranger, machine, order, consent, failure)).toMatchObject({
    error: 'InvalidReceipt',
  })
  const another = await market.offeredProduct(owner)
  const byAnother = { ...machine, device: another.device }
  expect(await market.settle(stranger, byAnother, order, consent)).toMatchObject({ error: 'InvalidReceipt' })
  expect(await prepaid(buyer)).toMatchObject({ amount: before })
})

test('nothing is charged but by the payer’s signature of just this order, until it is valid no more', async () => {
  const before = await withBalance(3000n)
  const { order, consent } = await signed()
  const others = await Promise.all(
    [{ quantity: 2 }, { nonce: order.nonce + 1n }, { validUntil: order.validUntil + 1 }].map(
      async changes => [{ ...order, ...changes }, consent] as const,
    ),
  )
  const byStranger = await market.signPrepaid(stranger, machine.terms, order)
  const foreign = await buyer.sign(
    prepaidOrderTypedData({ ...market.domain, chainId: 1 }, machine.terms, order),
  )
  for (const [each, given] of [
    ...others,
    [order, byStranger],
    [order, foreign],
    [order, '0x'],
    [{ ...order, payer: owner.address }, consent],
  ] as const) {
    for (const attempt of [
      market.settle(stranger, machine, each, given),
      market.orderPrepaid(stranger, machine.terms, each, given),
    ]) {
      expect(await attempt).toMatchObject({ error: 'ConsentMissing' })
    }
  }
  // A signature that is none recovers to nobody.
  const ofNobody = { ...order, payer: NOBODY }
  for (const given of [consent, `0x${'ff'.repeat(32)}${'00'.repeat(32)}1b`] as const) {
    for (const attempt of [
      market.settle(stranger, machine, ofNobody, given),
      market.orderPrepaid(stranger, machine.terms, ofNobody, given),
    ]) {
      expect(await attempt).toMatchObject({ error: 'InvalidPayment' })
    }
  }
  const without = { ...order, validUntil: 0 }
  expect(await market.settle(buyer, machine, without, '0x')).toMatchObject({ error: 'InvalidPayment' })
  expect(await market.orderPrepaid(buyer, machine.terms, without, '0x')).toMatchObject({
    error: 'InvalidPayment',
  })
  const late = await market.settle(stranger, machine, order, consent, {}, order.validUntil + 1)
  expect(late).toEqual({ ok: false, error: 'Expired', args: [BigInt(order.validUntil)] })
  expect(await prepaid(buyer)).toMatchObject({ amount: before })

  const last = await signed()
  done(await market.settle(stranger, machine, last.order, last.consent, {}, last.order.validUntil))
})

test('an order of more than the balance is refused, also where it is the second of two that each fit', async () => {
  const before = await withBalance(1500n)
  const many = Number(before / 1000n)
  const orders = await Promise.all(Array.from({ length: many + 1 }, () => signed()))
  const outcomes = []
  for (const { order, consent } of orders) outcomes.push(await market.settle(owner, machine, order, consent))
  expect(outcomes.map(outcome => (outcome.ok ? 'paid' : outcome.error))).toEqual([
    ...Array.from({ length: many }, () => 'paid'),
    'BalanceTooLow',
  ])
})

test('a signed order that somebody opens first is paid by the receipt as well, or comes back', async () => {
  const before = await withBalance(2000n)
  const [dropped, stuck] = [await signed(), await signed()]
  for (const { order, consent } of [dropped, stuck]) {
    done(await market.orderPrepaid(stranger, machine.terms, order, consent))
    // The seller relies on this time, and must not lose by somebody’s opening it.
    expect(await market.read.orderOf([orderIdOf(order)])).toMatchObject({ deadline: order.validUntil })
    expect(await market.settle(owner, machine, order, consent)).toMatchObject({ error: 'AlreadyOrdered' })
  }
  expect(await prepaid(buyer)).toMatchObject({ amount: before - 2000n })
  done(await market.handIn(owner, machine, dropped.order))
  const coins = await market.coinsOf(buyer)
  done(await market.refund(owner, machine.terms, stuck.order, stuck.order.validUntil + 1))
  expect((await market.coinsOf(buyer)) - coins).toBe(1000n)
})

test('a sale is settled although the offer was paused, for the device has sold', async () => {
  await withBalance(2000n)
  const own = await market.offeredProduct(owner)
  const { order, consent } = await signed({}, buyer, own)
  done(await market.send(owner.address, 'setPaused', [termsArgument(own.terms), true]))
  expect(await market.orderPrepaid(stranger, own.terms, order, consent)).toMatchObject({
    error: 'OfferIsPaused',
  })
  done(await market.settle(stranger, own, order, consent))
})

test('what an offer does not sell is not settled, nor is a time', async () => {
  await withBalance(7000n)
  const tooMany = await signed({ quantity: 6 })
  expect(await market.settle(owner, machine, tooMany.order, tooMany.consent)).toMatchObject({
    error: 'InvalidQuantity',
  })
  const unknown = { ...machine, terms: { ...machine.terms, slot: 9 } }
  const other = await signed({}, buyer, unknown)
  expect(await market.settle(owner, unknown, other.order, other.consent)).toMatchObject({
    error: 'UnknownOffer',
  })
  const own = await market.offeredHours(owner)
  const time = await signed({}, buyer, own)
  expect(await market.settle(owner, own, time.order, time.consent)).toMatchObject({ error: 'WrongEvidence' })
})

test('a balance of a token is charged for what is sold in that token alone', async () => {
  const token = await deployPlayToken(market.client, [buyer.address], 10_000n, market.address)
  done(await deposit(buyer, 4000n, 0n, token))
  expect(await deposit(buyer, 1n, 1n, token)).toMatchObject({ error: 'WrongValue' })
  const own = await market.offeredProduct(owner, { token })
  const coins = await prepaid(buyer)
  const { order, consent } = await signed({ quantity: 3 }, buyer, own)
  done(await market.settle(stranger, own, order, consent))
  expect(await prepaid(buyer, token)).toMatchObject({ amount: 1000n })
  expect(await prepaid(buyer)).toEqual(coins)
  const [first] = market.payees
  done(await market.withdraw(first, [own.terms], token))
  const held = (account: Address) =>
    market.client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [account] })
  expect(await held(first.address)).toBe(2700n)
  expect(await held(market.address)).toBe(1300n)
})
