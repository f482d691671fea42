// Random sequences of calls by owners, buyers and strangers: the chain does what the model in TypeScript does, no order both
// earns and comes back, and what has come in is what has gone out and what is owed, after every call.
import fc from 'fast-check'
import { erc20Abi } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { marketAbi } from '../../contracts/generated/Market.ts'
import type { Address } from '../../src/core/bytes.ts'
import { SaleOutcome } from '../../src/core/lock/saleReceipt.ts'
import {
  type OfferTerms,
  offerIdOf,
  orderIdOf,
  termsArgument,
} from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'
import type { Outcome } from './deployed.ts'
import { account, done, type Person } from './deviceRegistry.ts'
import { anotherKey, day, hour, type Market, startMarket } from './market.ts'
import { type Call, MarketModel, type OfferOf, type OrderOf, type Status } from './marketModel.ts'
import { callFor, plans, steps } from './marketSteps.ts'
import { deployPlayToken } from './playToken.ts'
import { type TestDevice, testDevice } from './testDevice.ts'

let market: Market
beforeEach(async () => {
  market = await startMarket()
})
afterEach(() => market?.stop())

/** Counted over all, so that no run meets the money of another’s payees. */
let runs = 0

const failed = (): never => {
  throw new Error('not in the run’s lists')
}

const planned = () => plans
const sequence = () => steps

const statuses: readonly Status[] = ['unknown', 'open', 'fulfilled', 'refunded']

test('the Market does what its model does, call by call, and no unit is made or lost', async () => {
  const { client, address, read, registry } = market
  const people = market.people.slice(0, 3)
  const [owner] = people
  if (!owner || people.length < 3) throw new Error('the chain has too few accounts')
  const person = (n: number): Person => people[n] ?? owner
  const token = await deployPlayToken(
    client,
    people.map(each => each.address),
    10n ** 9n,
    address,
  )
  const assets: readonly (Address | null)[] = [null, token]
  const seen = new Set<string>()

  const heldBy = (of: Address, asset: Address | null) =>
    asset === null
      ? client.getBalance({ address: of })
      : client.readContract({ address: asset, abi: erc20Abi, functionName: 'balanceOf', args: [of] })

  /** Two new devices with five offers, of which the hours compete for one calendar. */
  const begin = async (payees: readonly Address[]) => {
    const [one, other] = payees
    if (!one || !other) throw new Error('no payees')
    const devices: TestDevice[] = [await market.newDevice(owner), await market.newDevice(owner)]
    const [lock, machine] = devices
    if (!lock || !machine) throw new Error('no devices')
    const shared = (mine: bigint, theirs: bigint) => ({
      price: mine + theirs,
      maxQuantity: 3,
      shares: [
        { payee: one, amount: mine },
        { payee: other, amount: theirs },
      ],
    })
    const offers: OfferOf[] = (
      [
        [0, 0, market.hoursOf(owner, lock, { ...shared(7n, 3n), fulfilWithin: 2 * hour })],
        [0, 0, market.hoursOf(owner, lock, { ...shared(5n, 8n), isInstant: true })],
        [0, 1, market.hoursOf(owner, lock, { ...shared(4n, 1n), fulfilWithin: day, token })],
        [1, 0, market.productOf(owner, machine, shared(6n, 5n))],
        [1, 1, market.productOf(owner, machine, { ...shared(2n, 15n), token })],
      ] as const
    ).map(([device, asset, terms]) => ({ device, asset, terms }))
    for (const { device, terms } of offers) await market.offer(owner, devices[device] ?? lock, terms)
    return { devices, offers }
  }

  await fc.assert(
    fc.asyncProperty(fc.gen(), async generate => {
      const payees = [account(0xa00 + 3 * runs), account(0xa01 + 3 * runs), account(0xa02 + 3 * runs)]
      runs += 1
      for (const asset of assets) {
        for (const { address } of people) {
          done(await market.send(address, 'deposit', [asset ?? NOBODY, 1n], undefined, asset ? 0n : 1n))
          done(await market.send(address, 'requestReturn', [asset ?? NOBODY]))
          const at = (await market.now()) + day
          done(await market.send(address, 'takeBack', [asset ?? NOBODY, address], at))
        }
      }
      const { devices, offers } = await begin(payees)
      let clock = await market.now()
      const base = Math.ceil(clock / hour) * hour
      const orders: OrderOf[] = await Promise.all(
        generate(planned).map(async ({ offer, payer, inHours, quantity, isPrepaid, validFor }) => {
          const { terms } = offers[offer] ?? { terms: undefined }
          if (!terms) throw new Error(`no offer ${offer}`)
          const start = terms.unit === 'product' ? 0 : base + inHours * hour
          const validUntil = isPrepaid ? clock + validFor : 0
          return { offer, order: await market.orderOf(terms, person(payer), { start, quantity, validUntil }) }
        }),
      )
      const model = new MarketModel(
        offers,
        orders,
        devices.map(() => ({ counter: 1, epoch: 7 })),
        payees,
      )
      const versions = devices.map(() => 1)
      const start = await Promise.all(assets.map(asset => heldBy(address, asset)))
      const before = await Promise.all(people.map(each => heldBy(each.address, token)))

      const offerAt = (place: number): OfferTerms => {
        const found = offers[place]
        if (!found) throw new Error(`no offer ${place}`)
        return found.terms
      }
      const deviceAt = (place: number): TestDevice => devices[place] ?? testDevice('none')
      const transact = async (from: Person, call: Call): Promise<Outcome> => {
        const send = market.send
        if ('device' in call) {
          const device = deviceAt(call.device)
          const state = model.devices[call.device]
          if (!state) throw new Error('no device')
          await client.setNextBlockTimestamp({ timestamp: BigInt(clock) })
          if (call.name === 'report') {
            return registry.send(owner.address, 'report', [device.deviceId, call.isLost ? 1 : 0])
          }
          if (call.name === 'handOver') {
            const terms = { counter: state.counter + 1, newAccount: account(0x900 + state.counter) }
            return registry.handOver(device, owner, owner, terms)
          }
          const version = (versions[call.device] ?? 1) + 1
          versions[call.device] = version
          return market.file(owner, device, version, { epoch: state.epoch + 1 })
        }
        if ('asset' in call) {
          const asset = assets[call.asset] ?? NOBODY
          switch (call.name) {
            case 'deposit':
              return send(
                from.address,
                'deposit',
                [asset, call.amount],
                clock,
                asset === NOBODY ? call.amount : 0n,
              )
            case 'requestReturn':
              return send(from.address, 'requestReturn', [asset], clock)
            case 'takeBack':
              return send(from.address, 'takeBack', [asset, from.address], clock)
            case 'payOut': {
              const earned = call.offers.map(place => termsArgument(offerAt(place)))
              return send(from.address, 'payOut', [earned, asset, payees[call.to] ?? NOBODY], clock)
            }
          }
        }
        if ('offer' in call) {
          const terms = termsArgument(offerAt(call.offer))
          return call.name === 'setPaused'
            ? send(from.address, 'setPaused', [terms, call.isPaused], clock)
            : send(from.address, 'makeOffer', [terms, 0, []], clock)
        }
        const about = orders[call.order]
        if (!about) throw new Error(`no order ${call.order}`)
        const { order } = about
        const terms = offerAt(about.offer)
        const { device } = offers[about.offer] ?? { device: 0 }
        const payer = people.find(each => each.address === order.payer) ?? owner
        const other = people.find(each => each.address !== order.payer) ?? owner
        const value = terms.token === null ? terms.price * BigInt(order.quantity) : 0n
        switch (call.name) {
          case 'order':
            return market.order(from, terms, order, { at: clock, value: call.isExact ? value : value + 1n })
          case 'orderPrepaid': {
            const consent = await market.signPrepaid(call.isSigned ? payer : other, terms, order)
            return market.orderPrepaid(from, terms, order, consent, clock)
          }
          case 'settle':
          case 'handIn': {
            const outcome = call.hasDropped ? SaleOutcome.dropped : SaleOutcome.failed
            const receipt = { outcome, quantity: call.quantity }
            const by = { owner, terms, device: call.isByDevice ? deviceAt(device) : testDevice('forger') }
            if (call.name === 'handIn') return market.handIn(from, by, order, receipt, clock)
            const consent = await market.signPrepaid(call.isSigned ? payer : other, terms, order)
            return market.settle(from, by, order, consent, receipt, clock)
          }
          case 'fulfil': {
            const epoch = (model.devices[device]?.epoch ?? 0) - (call.isStale ? 1 : 0)
            const signer = testDevice(call.isSigned ? 'issuer' : 'forger')
            const signature = market.signGrant(terms, order, { epoch }, signer)
            return market.fulfil(from, terms, order, signature, clock)
          }
          case 'refund':
            return market.refund(from, terms, order, clock)
          case 'rebind': {
            const seq = model.orderState(call.order).seq + call.step
            const rebinding = { orderId: orderIdOf(order), userKeyHash: anotherKey, seq }
            const consent = await market.signRebinding(call.isSigned ? payer : other, rebinding)
            return market.rebind(from, terms, order, anotherKey, seq, consent, clock)
          }
        }
      }

      const compareOrder = async (place: number) => {
        const about = orders[place]
        if (!about) return
        const { status, deadline, seq, epoch } = await read.orderOf([orderIdOf(about.order)])
        expect({ status: statuses[status], deadline, seq, epoch }).toEqual(model.orderState(place))
      }
      const compareOffer = async (place: number) => {
        const { counter, status, sold, shared } = await read.offerOf([offerIdOf(offerAt(place))])
        expect({ counter, isPaused: status === 2, sold, shared }).toEqual(model.offers[place])
      }

      for (const { from, call: step, wait } of generate(sequence)) {
        clock += wait
        const ofOrder = 'step' in step ? orders[step.order] : undefined
        const call: Call =
          'step' in step
            ? callFor(
                step,
                ofOrder ?? failed(),
                offerAt(ofOrder?.offer ?? 0),
                model.orderState(step.order).status,
              )
            : step
        const about = 'order' in call ? orders[call.order]?.order.payer : undefined
        const caller =
          from === 'payer' ? (people.find(each => each.address === about) ?? owner) : person(from)
        const outcome = await transact(caller, call)
        const ended = 'order' in call ? model.orderState(call.order).status : 'unknown'
        const expected = model.apply(caller.address, call, clock)
        expect([call, outcome.ok ? null : outcome.error]).toEqual([call, expected])
        // What has ended has ended.
        if ('order' in call && (ended === 'fulfilled' || ended === 'refunded')) {
          expect(model.orderState(call.order).status).toBe(ended)
        }
        for (const name of outcome.ok ? outcome.events.map(event => event.name) : [outcome.error])
          seen.add(name)
        if ('order' in call) {
          await compareOrder(call.order)
          await compareOffer(orders[call.order]?.offer ?? 0)
        }
        for (const [i, asset] of assets.entries()) {
          const held = (await heldBy(address, asset)) - (start[i] ?? 0n)
          expect(held).toBe(model.heldOf(i))
          expect(held).toBe(model.owedOf(i))
        }
      }

      for (const i of orders.keys()) await compareOrder(i)
      for (const i of offers.keys()) await compareOffer(i)
      for (const [i, asset] of assets.entries()) {
        for (const payee of payees) {
          expect(await market.keptFor(payee, asset)).toBe(model.keptFor(payee, i))
          expect(await heldBy(payee, asset)).toBe(model.gainOf(payee, i))
        }
        for (const each of people) {
          expect(await market.keptFor(each.address, asset)).toBe(0n)
          expect(await read.prepaidOf([each.address, asset ?? NOBODY])).toEqual(
            model.prepaidOf(each.address, i),
          )
        }
      }
      for (const [i, each] of people.entries()) {
        expect((await heldBy(each.address, token)) - (before[i] ?? 0n)).toBe(model.gainOf(each.address, 1))
      }
      for (const word of [0, 1].map(i => Math.floor(base / hour / 128) + i)) {
        const { booked } = await read.hoursOf([deviceAt(0).deviceId, word])
        const expected = [...(model.devices[0]?.booked ?? [])].filter(each => Math.floor(each / 128) === word)
        expect(booked).toBe(expected.reduce((mask, each) => mask | (1n << BigInt(each % 128)), 0n))
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )

  // Or the sequences would have been too tame to mean anything.
  const possible = marketAbi.flatMap(({ type, ...item }) =>
    (type === 'error' || type === 'event') && 'name' in item ? [item.name as string] : [],
  )
  const elsewhere = [
    ...[
      'InvalidTerms',
      'InvalidPhase',
      'InvalidStart',
      'InvalidKey',
      'InvalidReceiver',
      'UnknownOffer',
      'P256Missing',
    ],
    ...['ForeignConfig', 'TransferFailed', 'Reentered', 'HoursOpened', 'Withdrawn', 'Returned'],
  ]
  const missed = possible.filter(name => !elsewhere.includes(name) && !seen.has(name))
  expect(missed.length, missed.join()).toBeLessThanOrEqual(7)
}, 120_000)
