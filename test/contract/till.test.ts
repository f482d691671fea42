// A kiosk's Till: plain transfers of the right amount become orders at the Market, and no other coins stay.
import { encodeFunctionData, getContract } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tillAbi } from '../../contracts/generated/Till.ts'
import { tillsAbi, tillsBytecode } from '../../contracts/generated/Tills.ts'
import type { Address } from '../../src/core/bytes.ts'
import { SaleOutcome } from '../../src/core/lock/saleReceipt.ts'
import {
  type OfferTerms,
  offerIdOf,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import {
  MAX_MINUTES_AHEAD,
  productOf,
  readTillAmount,
  type TillSale,
  tillAmountOf,
  tillOrderOf,
} from '../../src/core/registry/tillAmount.ts'
import { receiptOf } from '../chain.ts'
import { deployContract, errorNameOf, senderFor } from './deployed.ts'
import { account, done, type Person } from './deviceRegistry.ts'
import { type Market, type Offered, startMarket } from './market.ts'
import { type OddAccount, oddAccounts } from './oddAccount.ts'
import { lower, testDevice } from './testDevice.ts'

const micro = 10n ** 12n
const price = 1500n * micro

let market: Market
let owner: Person
let buyer: Person
let stranger: Person
let machine: Offered
let till: Address
let tills: Address
let number = 0
beforeAll(async () => {
  market = await startMarket()
  const [first, second, third] = market.people
  if (!first || !second || !third) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
  stranger = third
  machine = await market.offeredProduct(owner, { price, shares: [{ payee: account(0x71), amount: price }] })
  tills = lower(
    await deployContract(market.client, market.deployer.address, {
      abi: tillsAbi,
      bytecode: tillsBytecode,
      args: [market.address],
    }),
  )
  till = await openTill(machine.device.deviceId)
  done(await setProduct(7, machine.terms))
})
afterAll(() => market?.stop())

async function openTill(deviceId: `0x${string}`): Promise<Address> {
  const { read } = getContract({ address: tills, abi: tillsAbi, client: market.client })
  const expected = lower(await read.tillOf([deviceId]))
  const { events } = done(
    await senderFor(market.client, tillsAbi, tills)(stranger.address, 'open', [deviceId]),
  )
  expect(events).toMatchObject([{ name: 'Opened', args: { deviceId } }])
  expect((await market.client.getCode({ address: expected }))?.length).toBeGreaterThan(100)
  return expected
}
const send = (...call: Parameters<ReturnType<typeof senderFor<typeof tillAbi>>>) =>
  senderFor(market.client, tillAbi, till)(...call)
const setProduct = (product: number, terms: OfferTerms, from = owner) =>
  send(from.address, 'setProduct', [product, termsArgument(terms)])
const read = () => getContract({ address: till, abi: tillAbi, client: market.client }).read

/** A sale that no other test has, for the next minutes. */
const saleOf = async (changes: Partial<TillSale> = {}): Promise<TillSale> => {
  number += 1
  const own = number
  const lastMinute = Math.floor((await market.now()) / 60) + 3
  return { product: 7, quantity: 1, lastMinute, number: own, ...changes }
}
/** A plain transfer, without a single byte of data; the name of the error, or what it was and cost. */
const pay = async (from: Address, value: bigint, at?: number) => {
  if (at !== undefined) await market.client.setNextBlockTimestamp({ timestamp: BigInt(at) })
  const hash = await market.client.sendTransaction({
    account: from,
    chain: null,
    to: till,
    value,
    gas: 500_000n,
  })
  return receiptOf(market.client, hash)
}
/** Tried without a trace: the error's name, or `taken`. */
const attempt = async (from: Person, value: bigint): Promise<string> => {
  try {
    await market.client.call({ account: from.address, to: till, value })
    return 'taken'
  } catch (error) {
    return errorNameOf(tillAbi, error)
  }
}

test('a plain transfer of the right amount is an order of the sender’s, and the tag is sent back', async () => {
  const sale = await saleOf({ quantity: 2 })
  const amount = tillAmountOf(price, sale)
  expect(amount - 2n * price).toBeLessThan(micro)
  const before = { market: await market.coinsOf(market), buyer: await market.coinsOf(buyer) }
  const { status, gasUsed, effectiveGasPrice } = await pay(buyer.address, amount)
  expect(status).toBe('success')
  expect((await market.coinsOf(market)) - before.market).toBe(2n * price)
  expect(before.buyer - (await market.coinsOf(buyer))).toBe(2n * price + gasUsed * effectiveGasPrice)
  expect(await market.coinsOf({ address: till })).toBe(0n)

  const order = tillOrderOf(machine.terms, sale, buyer.address)
  expect(await read().orderOf([amount])).toBe(orderIdOf(order))
  expect(await market.statusOf(order)).toBe('open')
  done(await market.handIn(stranger, machine, order))
  expect(await market.statusOf(order)).toBe('fulfilled')
})

test('what did not drop is sent back to whoever paid', async () => {
  const sale = await saleOf()
  expect((await pay(buyer.address, tillAmountOf(price, sale))).status).toBe('success')
  const order = tillOrderOf(machine.terms, sale, buyer.address)
  const before = await market.coinsOf(buyer)
  done(await market.handIn(stranger, machine, order, { outcome: SaleOutcome.failed }))
  expect((await market.coinsOf(buyer)) - before).toBe(price)
})

test('an amount is taken once, also from somebody who saw it', async () => {
  const amount = tillAmountOf(price, await saleOf())
  expect((await pay(buyer.address, amount)).status).toBe('success')
  for (const from of [buyer, stranger]) {
    expect((await pay(from.address, amount)).status).toBe('reverted')
    expect(await attempt(from, amount)).toBe('UsedAmount')
  }
  expect(await market.coinsOf({ address: till })).toBe(0n)
})

test('an amount is taken until its minute is over, and none that is too far ahead', async () => {
  const minute = Math.floor((await market.now()) / 60) + 5
  const amounts = await Promise.all(
    [0, 0, 1].map(async () => tillAmountOf(price, await saleOf({ lastMinute: minute }))),
  )
  const far = tillAmountOf(price, await saleOf({ lastMinute: minute + MAX_MINUTES_AHEAD + 1 }))
  const [first = 0n, last = 0n, late = 0n] = amounts
  expect((await pay(buyer.address, first)).status).toBe('success')
  expect((await pay(buyer.address, last, minute * 60 + 59)).status).toBe('success')
  expect((await pay(buyer.address, far)).status).toBe('reverted')
  expect((await pay(buyer.address, late, minute * 60 + 60)).status).toBe('reverted')
  expect((await pay(buyer.address, far, minute * 60 + 61)).status).toBe('success')
})

test('the Till takes just the amounts that core reads, and nothing near them', async () => {
  const sale = await saleOf({ lastMinute: Math.floor((await market.now()) / 60) + 20 })
  const right = tillAmountOf(price, sale)
  const now = await market.now()
  const seen = new Set<string>()
  for (const amount of [
    right,
    right + 4n * price,
    right + 5n * price,
    right - price,
    right + micro,
    right - micro,
    right + 1n,
    right + 10_000n,
    right - 30n * 10_000n,
    right + 11n * 10_000n,
    right + 10n ** 10n,
    right % micro,
    price,
    1n,
  ]) {
    const sold = readTillAmount(machine.terms, amount, now)
    const names = { unknownAmount: 'UnknownAmount', staleAmount: 'StaleAmount' }
    const expected = productOf(amount) !== 7 ? 'UnknownAmount' : sold.ok ? 'taken' : names[sold.error.kind]
    expect([amount, await attempt(buyer, amount)]).toEqual([amount, expected])
    seen.add(expected)
  }
  expect([...seen].toSorted()).toEqual(['StaleAmount', 'UnknownAmount', 'taken'])
})

test('a wallet that is a contract pays too; one that takes nothing back leaves the tag to the owner', async () => {
  const accounts = oddAccounts(market.client, market.deployer.address)
  const odd: OddAccount = await accounts.create()
  for (const mood of ['glad', 'refusing', 'burning'] as const) {
    await odd.behave(mood)
    const amount = tillAmountOf(price, await saleOf())
    const before = await market.coinsOf({ address: till })
    done(await accounts.execute(odd, till, '0x', amount))
    const left = (await market.coinsOf({ address: till })) - before
    expect(left).toBe(mood === 'glad' ? 0n : amount % micro)
    expect(await read().orderOf([amount])).not.toBe(`0x${'00'.repeat(32)}`)
  }
  const to = account(0x72)
  expect(await send(stranger.address, 'sweep', [to])).toMatchObject({ error: 'NotOwner' })
  expect(await send(owner.address, 'sweep', [`0x${'00'.repeat(20)}`])).toMatchObject({
    error: 'TransferFailed',
  })
  const left = await market.coinsOf({ address: till })
  done(await send(owner.address, 'sweep', [to]))
  expect([await market.coinsOf({ address: to }), await market.coinsOf({ address: till })]).toEqual([left, 0n])
})

test('the device’s owner alone says what is sold, and just what the machine can sell for coins', async () => {
  expect(await setProduct(8, machine.terms, stranger)).toMatchObject({ error: 'NotOwner' })
  const hours = market.hoursOf(owner, machine.device, { price })
  for (const [product, terms] of [
    [100, machine.terms],
    [255, machine.terms],
    [8, { ...machine.terms, deviceId: testDevice('another').deviceId }],
    [8, { ...machine.terms, token: account(0x73) }],
    [8, { ...machine.terms, price: price + 1n }],
    [8, { ...machine.terms, price: 0n }],
    [8, hours],
  ] as const) {
    expect(await setProduct(product, terms)).toMatchObject({ error: 'InvalidProduct' })
  }
  expect(done(await setProduct(99, machine.terms)).events).toEqual([
    { name: 'ProductSet', args: { product: 99, offerId: offerIdOf(machine.terms) } },
  ])
  expect(await read().termsOf([99])).toEqual({
    ...termsArgument(machine.terms),
    owner: expect.any(String),
    token: expect.any(String),
    shares: expect.any(Array),
  })
  const sale = await saleOf({ product: 99 })
  done(await send(owner.address, 'removeProduct', [99]))
  expect((await pay(buyer.address, tillAmountOf(price, sale))).status).toBe('reverted')
  await expect(read().termsOf([99])).rejects.toThrow('InvalidProduct')
  expect(await send(stranger.address, 'removeProduct', [7])).toMatchObject({ error: 'NotOwner' })
})

test('what the Market refuses is not paid: a pause, an offer that nobody made, a device that has changed hands', async () => {
  const own = await market.offeredProduct(owner, { price, shares: [{ payee: account(0x74), amount: price }] })
  const before = till
  till = await openTill(own.device.deviceId)
  try {
    done(await setProduct(7, { ...own.terms, maxQuantity: 4 }))
    expect((await pay(buyer.address, tillAmountOf(price, await saleOf()))).status).toBe('reverted')
    done(await setProduct(7, own.terms))
    const paused = (isPaused: boolean) =>
      market.send(owner.address, 'setPaused', [termsArgument(own.terms), isPaused])
    done(await paused(true))
    expect((await pay(buyer.address, tillAmountOf(price, await saleOf()))).status).toBe('reverted')
    done(await paused(false))
    expect((await pay(buyer.address, tillAmountOf(price, await saleOf()))).status).toBe('success')
    done(await market.registry.handOver(own.device, owner, stranger))
    expect((await pay(buyer.address, tillAmountOf(price, await saleOf()))).status).toBe('reverted')
    // The Till has gone with the device.
    expect(await setProduct(7, own.terms)).toMatchObject({ error: 'NotOwner' })
    expect((await setProduct(7, own.terms, stranger)).ok).toBe(true)
  } finally {
    till = before
  }
})

test('a device has one Till', async () => {
  const data = encodeFunctionData({ abi: tillsAbi, functionName: 'open', args: [machine.device.deviceId] })
  const again = market.client.call({ account: stranger.address, to: tills, data })
  await expect(again).rejects.toThrow()
  expect(await read().deviceId()).toBe(machine.device.deviceId)
  expect(await read().market()).toMatch(new RegExp(market.address, 'i'))
})
