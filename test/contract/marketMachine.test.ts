// What a machine signs is what the contracts take: orders of a real chain, given out by the reference device over its link.
import { keccak256, stringToBytes } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import {
  type OfferTerms,
  type Order,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { payMeter, startMeter, stopMeter } from '../../src/core/vending/meter.ts'
import { amountDue } from '../../src/core/vending/meterPart.ts'
import { saleReceiptOf, type VendReceipt } from '../../src/core/vending/vendRecord.ts'
import { VendUse } from '../../src/core/vending/vendTerms.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import { must } from '../unit/lock/lockWorld.ts'
import { STAFF, VendWorld } from '../unit/vending/vendWorld.ts'
import { done as doneChannel, startChannels } from './channels.ts'
import { done, type Person } from './deviceRegistry.ts'
import { hour, type Market, type Offered, startMarket } from './market.ts'
import { testDevice } from './testDevice.ts'

let market: Market
let owner: Person
let buyer: Person
let offered: Offered
const device = testDevice('the machine')
const key = keccak256(stringToBytes('device the machine'), 'bytes')

beforeAll(async () => {
  market = await startMarket()
  const [first, second] = market.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  buyer = second
  done(await market.registry.claim(owner.address, device))
  offered = await market.offer(owner, device, market.productOf(owner, device, { slot: 0 }))
})
afterAll(() => market?.stop())

async function newMachine(isMeter = false): Promise<VendWorld> {
  const { domain } = market.registry
  const place = { key, domain, market: market.domain.market }
  return VendWorld.start({ isMeter, place, time: await market.now() })
}

const vendOrderOf = async (terms: OfferTerms, order: Order) => ({
  orderId: BigInt(orderIdOf(order)),
  slot: terms.slot,
  quantity: order.quantity,
  notAfter: order.validUntil || (await market.now()) + hour,
})

/** As the machine has signed it. */
function handedIn({ terms }: Offered, receipt: VendReceipt) {
  const { quantity, outcome, counter } = saleReceiptOf(device.deviceId, receipt)
  const { signature } = receipt
  const signed = {
    ...{ x: toHex(device.publicKey.subarray(0, 32)), y: toHex(device.publicKey.subarray(32)) },
    ...{ r: toHex(signature.subarray(0, 32)), s: toHex(signature.subarray(32)) },
  }
  return { terms: termsArgument(terms), receipt: { quantity, outcome, counter }, signed }
}

async function handIn(order: Order, receipt: VendReceipt) {
  const { terms, receipt: word, signed } = handedIn(offered, receipt)
  return market.send(buyer.address, 'handIn', [terms, order, word, signed])
}

test('of three that were ordered two fall: two are paid, one goes back; after a jam all does, and so does what was cancelled', async () => {
  const world = await newMachine()
  world.machine.faults.push('noDrop')
  const order = await market.ordered(offered, buyer, { quantity: 3 })
  const partly = must(await world.vend(await vendOrderOf(offered.terms, order)))
  expect(done(await handIn(order, partly)).events).toMatchObject([
    { name: 'Sold', args: { quantity: 2, counter: 1 } },
    { name: 'Refunded', args: { amount: 1000n } },
  ])
  await world.mend()
  must(await world.open())
  world.machine.faults.push('jam')
  const jammed = await market.ordered(offered, buyer, { quantity: 2 })
  const failed = must(await world.vend(await vendOrderOf(offered.terms, jammed)))
  expect(done(await handIn(jammed, failed)).events).toMatchObject([
    { name: 'Refunded', args: { amount: 2000n, isSent: true } },
  ])
  const late = await market.ordered(offered, buyer)
  const cancelled = must(await world.cancel(await vendOrderOf(offered.terms, late)))
  expect(done(await handIn(late, cancelled)).events).toMatchObject([
    { name: 'Refunded', args: { amount: 1000n } },
  ])
})

test('a signed order of a prepaid balance is charged for what fell, in one transaction with the receipt', async () => {
  const world = await newMachine()
  const { terms } = offered
  done(await market.send(buyer.address, 'deposit', [NOBODY, 3000n], undefined, 3000n))
  const validUntil = (await market.now()) + 900
  const order = await market.orderOf(terms, buyer, { quantity: 2, validUntil })
  const consent = await market.signPrepaid(buyer, terms, order)
  const receipt = must(await world.vend(await vendOrderOf(terms, order)))
  const { receipt: word, signed, terms: argument } = handedIn(offered, receipt)
  done(await market.send(buyer.address, 'settle', [argument, order, consent, word, signed]))
  expect(await market.statusOf(order)).toBe('fulfilled')
})

test('what staff takes for nothing, named as an order, is no evidence for it', async () => {
  const world = await newMachine()
  const order = await market.ordered(offered, buyer)
  must(await world.open({ use: VendUse.free, by: 'owner', userKey: STAFF }))
  const free = must(await world.vend(await vendOrderOf(offered.terms, order)))
  expect(await handIn(order, free)).toMatchObject({ error: 'InvalidReceipt' })
  expect(await market.statusOf(order)).toBe('open')
})

test('units of an outlet that were not used go back to who ordered them', async () => {
  const world = await newMachine(true)
  const order = await market.ordered(offered, buyer, { quantity: 5 })
  const bought = await vendOrderOf(offered.terms, order)
  must(await world.begin(bought))
  await world.lock.timer.advance(2500)
  const receipt = must(await world.cancel(bought))
  expect(done(await handIn(order, receipt)).events).toMatchObject([
    { name: 'Sold', args: { quantity: 2 } },
    { name: 'Refunded', args: { amount: 3000n } },
  ])
})

test('a channel is closed with what the meter has counted, and the payer has the rest at once', async () => {
  const channels = await startChannels()
  try {
    const [payer, payee] = channels.people
    if (!payer || !payee) throw new Error('the chain has too few accounts')
    const channel = await channels.opened(payer, payee, 1000n)
    const place = {
      key,
      domain: { chainId: channels.domain.chainId, registry: market.registry.domain.registry },
      market: market.domain.market,
    }
    const world = await VendWorld.start({ isMeter: true, place, time: await channels.now() })
    const session = await world.inside()
    const bytesOf = (text: Hex) => fromHex(text) ?? new Uint8Array()
    const run = {
      ...{ runId: 9n, slot: 0, notAfter: (await channels.now()) + 900, channelId: channel.id },
      ...{ signer: channel.terms.signer, floor: 0n, deposit: 1000n, price: 30n },
      paymentChannels: bytesOf(channels.address),
    }
    must(await world.passing(startMeter(session, run)))
    const voucher = { amount: 600n, signature: bytesOf(channel.voucher(600n)) }
    must(await world.passing(payMeter(session, run.runId, voucher)))
    await world.lock.timer.advance(3500)
    const { meter, dropped } = must(await world.passing(stopMeter(session, run.runId)))
    const due = meter ? amountDue(meter, dropped) : 0n
    expect(due).toBe(90n)
    const closed = await channels.close(payee, channel, due, channel.voucher(due), channel.consent(due))
    expect(doneChannel(closed).events).toMatchObject([
      { name: 'Closed', args: { claimed: 90n, refund: 910n } },
    ])
  } finally {
    await channels.stop()
  }
})
