// Money that leaves the Market: shared out as the offer says, and no account that takes it badly stands in another's way.
import { encodeFunctionData, type Hex, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { marketAbi } from '../../contracts/generated/Market.ts'
import type { Address } from '../../src/core/bytes.ts'
import { SaleOutcome, saleReceiptDigest } from '../../src/core/lock/saleReceipt.ts'
import { type Order, offerIdOf, termsArgument } from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { account, done, type Person } from './deviceRegistry.ts'
import { day, hour, type Market, type Offered, startMarket } from './market.ts'
import { type OddAccount, oddAccounts } from './oddAccount.ts'

let market: Market
let owner: Person
let buyer: Person
let accounts: ReturnType<typeof oddAccounts>
let odd: OddAccount
beforeAll(async () => {
  market = await startMarket()
  const [first, second] = market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
  accounts = oddAccounts(market.client, market.deployer.address)
  odd = await accounts.create()
})
afterAll(() => market?.stop())

const payOut = (offers: readonly Offered[], to: Address, token: Address = NOBODY) =>
  market.send(owner.address, 'payOut', [offers.map(({ terms }) => termsArgument(terms)), token, to])
/** A product of which `shares` are paid to these; sold `quantity` times. */
const sold = async (shares: readonly (readonly [Address, bigint])[], quantity = 1): Promise<Offered> => {
  const price = shares.reduce((sum, [, amount]) => sum + amount, 0n)
  const own = await market.offeredProduct(owner, {
    price,
    shares: shares.map(([payee, amount]) => ({ payee, amount })),
  })
  done(await market.handIn(owner, own, await market.ordered(own, buyer, { quantity })))
  return own
}
const errorOf = (name: string): Hex => toFunctionSelector(`${name}()`)

test('every payee gets his share of every unit, a payee who is named twice both of his', async () => {
  const [one, other] = [account(0x11), account(0x12)]
  const own = await sold(
    [
      [one, 7n],
      [other, 2n],
      [one, 1n],
    ],
    5,
  )
  done(await payOut([own], one))
  expect(await market.coinsOf({ address: one })).toBe(40n)
  expect(await market.keptFor(other)).toBe(10n)
  expect(await payOut([own], one)).toMatchObject({ error: 'NothingToWithdraw' })
})

test('what an offer has earned is shared out once, however often it is named, and later sales again', async () => {
  const payee = account(0x21)
  const own = await sold([[payee, 10n]], 2)
  const another = await sold([[payee, 5n]])
  done(await payOut([own, own, another, own], payee))
  expect(await market.coinsOf({ address: payee })).toBe(25n)
  done(await market.handIn(owner, own, await market.ordered(own, buyer)))
  done(await payOut([another, own], payee))
  expect(await market.coinsOf({ address: payee })).toBe(35n)
  expect(await market.read.offerOf([offerIdOf(own.terms)])).toMatchObject({ sold: 3n, shared: 3n })
})

test('nobody is paid for an offer that is not, and nobody draws what is kept for another', async () => {
  const payee = account(0x31)
  const own = await sold([[payee, 10n]])
  const forged = { ...own, terms: { ...own.terms, shares: [{ payee: buyer.address, amount: 10n }] } }
  expect(await payOut([forged], buyer.address)).toMatchObject({ error: 'UnknownOffer' })
  expect(await market.withdraw(buyer, [own.terms])).toMatchObject({ error: 'NothingToWithdraw' })
  expect(await market.withdraw(buyer, [own.terms], null, NOBODY)).toMatchObject({ error: 'InvalidReceiver' })
  done(await payOut([own], payee))
})

test('sixteen payees, the most there are, are credited in one call', async () => {
  const payees = Array.from({ length: 16 }, (_, i) => [account(0x100 + i), 1n] as const)
  const own = await sold(payees)
  expect(done(await payOut([own], account(0x100))).gas).toBeLessThan(600_000n)
  for (const [payee] of payees.slice(1)) expect(await market.keptFor(payee)).toBe(1n)
})

test.each(['refusing', 'burning'] as const)(
  'a payee’s contract that is %s coins harms itself alone',
  async mood => {
    const payee = account(mood === 'refusing' ? 0x41 : 0x42)
    await odd.behave(mood)
    const before = await market.keptFor(odd.address)
    const own = await sold([
      [odd.address, 90n],
      [payee, 10n],
    ])
    expect(await payOut([own], odd.address)).toMatchObject({ error: 'TransferFailed' })
    done(await payOut([own], payee))
    expect(await market.coinsOf({ address: payee })).toBe(10n)
    expect((await market.keptFor(odd.address)) - before).toBe(90n)
    // It has the coins sent elsewhere.
    const elsewhere = account(mood === 'refusing' ? 0x43 : 0x44)
    const data = encodeFunctionData({
      abi: marketAbi,
      functionName: 'withdraw',
      args: [[], NOBODY, elsewhere],
    })
    done(await accounts.execute(odd, market.address, data))
    expect(await market.coinsOf({ address: elsewhere })).toBe(90n)
  },
)

test.each(['refusing', 'burning'] as const)(
  'a buyer’s contract that is %s coins is refunded all the same',
  async mood => {
    await odd.behave(mood)
    const own = await market.offeredProduct(owner)
    const orders: Order[] = []
    for (let i = 0; i < 2; i++) {
      const order = await market.orderOf(own.terms, odd)
      done(await market.order(buyer, own.terms, order))
      orders.push(order)
    }
    const [failed, unsold] = orders
    if (!failed || !unsold) throw new Error('no orders')
    const before = await market.keptFor(odd.address)
    const handedIn = done(await market.handIn(owner, own, failed, { outcome: SaleOutcome.failed }))
    const refunded = done(await market.refund(owner, own.terms, unsold, (await market.now()) + 2 * hour))
    for (const { events, gas } of [handedIn, refunded]) {
      expect(events).toMatchObject([{ name: 'Refunded', args: { amount: 1000n, isSent: false } }])
      expect(gas).toBeLessThan(170_000n)
    }
    expect((await market.keptFor(odd.address)) - before).toBe(2000n)
    expect([await market.statusOf(failed), await market.statusOf(unsold)]).toEqual(['refunded', 'refunded'])
  },
)

test('who is being paid can’t be paid twice by calling back, in any of the ways in which money leaves', async () => {
  const own = await sold([[odd.address, 100n]])
  const machine = await market.offeredProduct(owner)
  const order = await market.orderOf(machine.terms, odd)
  const unsold = await market.orderOf(machine.terms, odd)
  for (const each of [order, unsold]) done(await market.order(buyer, machine.terms, each))
  await market.client.increaseTime({ seconds: 2 * hour })
  const receipt = market.receiptOf(machine.terms, order, { outcome: SaleOutcome.failed })
  const signature = machine.device.sign(saleReceiptDigest(market.domain, receipt))
  const terms = termsArgument(machine.terms)
  const call = <
    const N extends 'withdraw' | 'payOut' | 'refund' | 'handIn' | 'deposit' | 'order' | 'takeBack',
  >(
    functionName: N,
    args: readonly unknown[],
  ): Hex =>
    encodeFunctionData({ abi: marketAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
  const calls = [
    call('withdraw', [[], NOBODY, odd.address]),
    call('payOut', [[termsArgument(own.terms)], NOBODY, odd.address]),
    call('refund', [terms, unsold]),
    call('handIn', [terms, order, receipt, signature]),
    call('deposit', [NOBODY, 0n]),
    call('order', [terms, { ...order, nonce: 77n }]),
    call('takeBack', [NOBODY, odd.address]),
  ]
  const held = () => market.coinsOf(market)
  for (const again of calls) {
    await odd.behave('callingBack', market.address, again)
    const [snapshot, before] = [await market.client.snapshot(), await held()]
    const kept = await market.keptFor(odd.address)
    done(await payOut([own], odd.address))
    expect(await odd.answer()).toBe(errorOf('Reentered'))
    expect(before - (await held())).toBe(kept + 100n)
    await market.client.revert({ id: snapshot })
  }
  // The same while it is being refunded, which leaves it gas for the shorter of the calls.
  for (const again of calls.filter(({ length }) => length < 300)) {
    await odd.behave('callingBack', market.address, again)
    const [snapshot, before] = [await market.client.snapshot(), await held()]
    expect(done(await market.refund(owner, machine.terms, unsold)).events).toMatchObject([
      { args: { isSent: true } },
    ])
    expect(await odd.answer()).toBe(errorOf('Reentered'))
    expect(before - (await held())).toBe(1000n)
    await market.client.revert({ id: snapshot })
  }
})

test('a call from within that changes only what was ordered leaves the books as they must be', async () => {
  const own = await market.offeredHours(owner, { shares: [{ payee: odd.address, amount: 1000n }] })
  const first = await market.ordered(own, buyer)
  const second = await market.ordered(own, buyer, { start: first.start + hour })
  done(await market.fulfil(owner, own.terms, first))
  const { r, s } = market.signGrant(own.terms, second)
  const fulfil = encodeFunctionData({
    abi: marketAbi,
    functionName: 'fulfil',
    args: [termsArgument(own.terms), second, r, s],
  })
  await odd.behave('callingBack', market.address, fulfil)
  const [before, kept] = [await market.coinsOf(market), await market.keptFor(odd.address)]
  done(await payOut([own], odd.address))
  expect(await odd.answer()).toBe('0xffffffff')
  expect(before - (await market.coinsOf(market))).toBe(kept + 1000n)
  expect(await market.statusOf(second)).toBe('fulfilled')
  await odd.behave('glad')
  done(await payOut([own], odd.address))
  expect(before - (await market.coinsOf(market))).toBe(kept + 2000n)
})

test('a prepaid balance that is taken back can’t be charged, nor taken again, from within', async () => {
  const deposit = encodeFunctionData({ abi: marketAbi, functionName: 'deposit', args: [NOBODY, 500n] })
  const request = encodeFunctionData({ abi: marketAbi, functionName: 'requestReturn', args: [NOBODY] })
  const takeBack = encodeFunctionData({
    abi: marketAbi,
    functionName: 'takeBack',
    args: [NOBODY, odd.address],
  })
  done(await accounts.execute(odd, market.address, deposit, 500n))
  done(await accounts.execute(odd, market.address, request))
  await market.client.increaseTime({ seconds: day })
  const own = await market.offeredProduct(owner, {
    price: 500n,
    shares: [{ payee: owner.address, amount: 500n }],
  })
  const order = await market.orderOf(own.terms, odd, { validUntil: (await market.now()) + 2 * day })
  const settle = encodeFunctionData({
    abi: marketAbi,
    functionName: 'orderPrepaid',
    args: [termsArgument(own.terms), order, '0x'],
  })
  const before = await market.coinsOf(market)
  for (const [again, error] of [
    [takeBack, errorOf('Reentered')],
    [settle, toFunctionSelector('BalanceTooLow(uint256,uint256)')],
  ] as const) {
    const snapshot = await market.client.snapshot()
    await odd.behave('callingBack', market.address, again)
    done(await accounts.execute(odd, market.address, takeBack))
    expect(await odd.answer()).toBe(error)
    expect(before - (await market.coinsOf(market))).toBe(500n)
    await market.client.revert({ id: snapshot })
  }
})
