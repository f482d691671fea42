// The agent signs while the owner sleeps: what it signs, what it never does, and what it remembers, against a real chain.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFileDurably } from '../../../node/files.ts'
import { openGasWallet } from '../../../node/issuer/gasWallet.ts'
import { type JudgeInput, judgeOrder } from '../../../node/issuer/judgeOrder.ts'
import type { OpenedIssuer } from '../../../node/issuer/runIssuer.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { grantDigest } from '../../../src/core/lock/grant.ts'
import { isDigestSignedBy } from '../../../src/core/p256.ts'
import {
  grantOfOrder,
  type OfferTerms,
  type Order,
  orderIdOf,
} from '../../../src/core/registry/marketStatements.ts'
import { done, type Person } from '../../contract/deviceRegistry.ts'
import { anotherKey, epoch, hour, type Offered } from '../../contract/market.ts'
import { testDevice } from '../../contract/testDevice.ts'
import { ether, type IssuerWorld, startIssuerWorld } from './issuerWorld.ts'

let world: IssuerWorld
let owner: Person
let renter: Person
let stranger: Person
let agent: OpenedIssuer
let offer: Offered
afterAll(() => world?.end())
beforeAll(async () => {
  world = await startIssuerWorld()
  const [a, b, c] = world.market.people
  if (!a || !b || !c) throw new Error('too few people')
  ;[owner, renter, stranger] = [a, b, c]
  agent = await world.open()
  offer = await world.offered(agent, owner)
})

const stateOf = (order: Order, of = agent) => of.issuer.order(orderIdOf(order))

async function fulfilled(order: Order, of = agent): Promise<Uint8Array> {
  await world.passes(of, 4)
  const { state, issued } = stateOf(order, of) ?? {}
  expect([state, await world.market.statusOf(order)]).toEqual(['fulfilled', 'fulfilled'])
  return issued?.signature ?? new Uint8Array()
}

describe('an order', () => {
  it('is signed for when it is final, handed in once, and the grant given out when that is final', async () => {
    const order = await world.ordered(offer, renter, { start: await world.market.soon(3) })
    const before = await world.transactionsOf(agent)
    expect((await agent.issuer.pass()).ok).toBe(true)
    expect(stateOf(order)).toBeUndefined()
    expect(await world.market.statusOf(order)).toBe('open')

    await world.finalize()
    await agent.issuer.pass()
    expect(stateOf(order)).toMatchObject({ state: 'sent', issued: null })
    await world.passes(agent, 3)
    const { issued } = stateOf(order) ?? {}
    expect(issued?.grant).toEqual(grantOfOrder(offer.terms, order, { epoch }))
    const key = agent.issuer.keyOf(offer.device.deviceId)
    const digest = grantDigest(world.market.domain, grantOfOrder(offer.terms, order, { epoch }))
    expect(isDigestSignedBy(key, digest, issued?.signature ?? new Uint8Array())).toBe(true)
    expect(await world.signatureOnChain(orderIdOf(order))).toEqual([issued?.signature])
    expect(await world.transactionsOf(agent)).toBe(before + 1)
    await world.passes(agent, 2)
    expect(await world.transactionsOf(agent)).toBe(before + 1)
  })

  it('that a reorganisation took back before it was final is never signed for', async () => {
    const snapshot = await world.market.client.snapshot()
    const start = await world.market.soon(30)
    const order = await world.ordered(offer, renter, { start })
    await agent.issuer.pass()
    await world.market.client.revert({ id: snapshot })
    const before = await world.transactionsOf(agent)
    await world.passes(agent, 3)
    expect(stateOf(order)).toBeUndefined()
    expect(await world.transactionsOf(agent)).toBe(before)
    // Ordered again, it is.
    done(await world.market.order(renter, offer.terms, order))
    await fulfilled(order)
  })

  it('is not signed for in the last minutes before its deadline', async () => {
    const start = await world.market.soon(40)
    const order = await world.ordered(offer, renter, { start })
    const { deadline } = await world.market.read.orderOf([orderIdOf(order)])
    const late = await world.open({ name: 'late box', settings: { lastSeconds: 24 * hour + 60 } })
    const own = await world.offered(late, owner)
    const other = await world.ordered(own, renter, { start })
    await world.passes(late, 2)
    expect(stateOf(other, late)).toMatchObject({ state: 'refused', reason: 'late' })
    await world.passes(agent, 4)
    expect(stateOf(order)).toMatchObject({ state: 'fulfilled' })
    // After the deadline it is over, whoever asks.
    await world.advanceTo(Number(deadline) + 90)
    await world.passes(late, 1)
    expect(stateOf(other, late)).toMatchObject({ state: 'ended', reason: 'missed' })
    expect(await world.transactionsOf(late)).toBe(0)
    done(await world.market.refund(renter, own.terms, other))
  })

  it('whose grant was sent is sent again after a restart, even when the last minutes have begun', async () => {
    const { client, read } = world.market
    const order = await world.ordered(offer, renter, { start: await world.market.soon(50) })
    const { deadline } = await read.orderOf([orderIdOf(order)])
    await world.finalize()
    await client.setAutomine(false)
    await agent.issuer.pass()
    expect(stateOf(order)).toMatchObject({ state: 'sent' })
    // Every node forgets it.
    const { pending } = await client.getTxpoolContent()
    for (const { hash } of Object.values(pending).flatMap(each => Object.values(each)))
      await client.dropTransaction({ hash })
    await client.setAutomine(true)
    await world.advanceTo(Number(deadline) - 600)
    expect(await world.market.statusOf(order)).toBe('open')
    agent = await world.open()
    await fulfilled(order)
  })
})

describe('the owner’s word', () => {
  it('is taken from the device’s owner alone, newer each time, and for this box’s key', async () => {
    const device = await world.market.newDevice(owner)
    await world.finalize()
    const take = async (json: unknown, of = agent) => {
      const taken = await of.issuer.take(device.deviceId, json)
      return taken.ok ? 'taken' : taken.error.kind
    }
    const { statement } = world
    expect(await take(await statement(agent, stranger, device.deviceId))).toBe('notOwner')
    expect(await take(await statement(agent, owner, device.deviceId, {}, stranger))).toBe('issuingNotSigned')
    expect(await take(await statement(agent, owner, offer.device.deviceId))).toBe('issuingNotForUs')
    const key = agent.issuer.keyOf(offer.device.deviceId)
    expect(await take(await statement(agent, owner, device.deviceId, { key }))).toBe('issuingNotForUs')
    expect(await take({})).toBe('issuingMalformed')
    const first = await statement(agent, owner, device.deviceId)
    const off = await statement(agent, owner, device.deviceId, { isOn: false })
    expect(await take(off)).toBe('taken')
    for (const again of [first, off]) expect(await take(again)).toBe('issuingNotNewer')
    const closed = await world.open({ name: 'closed box', settings: { isOpen: false } })
    expect(await take(await statement(closed, owner, device.deviceId), closed)).toBe('deviceNotTaken')
  })

  it('waits a little for endpoints that do not agree at once, and not for ever', async () => {
    const { deviceId } = await world.market.newDevice(owner)
    await world.finalize()
    const box = await world.open({ name: 'new box', settings: { askAgainMs: 5 } })
    const take = async () => box.issuer.take(deviceId, await world.statement(box, owner, deviceId))
    const [first] = world.endpoints
    let silent = 2
    first.setTamper(({ method }, result) => {
      if (method === 'eth_getBlockByNumber' && silent-- > 0) throw new Error('not yet')
      return result
    })
    expect(await take()).toMatchObject({ ok: true })
    silent = Number.POSITIVE_INFINITY
    expect(await take()).toMatchObject({ error: { kind: 'unproven' } })
    first.setTamper(null)
    expect(await take()).toMatchObject({ ok: true })
  })

  it('stops it, for a device or altogether, until it is taken back; also after a restart', async () => {
    const own = await world.offered(agent, owner)
    const { deviceId } = own.device
    const say = async (changes: object) => {
      const taken = await agent.issuer.take(deviceId, await world.statement(agent, owner, deviceId, changes))
      expect(taken.ok).toBe(true)
    }
    await say({ isOn: false })
    const order = await world.ordered(own, renter)
    await world.passes(agent, 2)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'off' })
    agent = await world.open()
    await world.passes(agent, 1)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'off' })
    await say({ offers: [`0x${'77'.repeat(32)}`] })
    await world.passes(agent, 1)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'offerNotChosen' })
    world.stop(true)
    await say({})
    await world.passes(agent, 1)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'off' })
    world.stop(false)
    await fulfilled(order)
  })

  it('ends with the device’s next owner, and with a Config that names another issuer or Market', async () => {
    const { market } = world
    const own = await world.offered(agent, owner)
    const order = await world.ordered(own, renter, { start: await market.soon(7) })
    const second = await world.ordered(own, renter, { start: await market.soon(9) })
    await market.file(owner, own.device, 3, { issuerKey: testDevice('another issuer').publicKey })
    await world.passes(agent, 1)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'otherIssuer' })
    const issuerKey = agent.issuer.keyOf(own.device.deviceId)
    await market.file(owner, own.device, 4, { issuerKey, market: market.registry.address })
    await world.passes(agent, 1)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'foreignConfig' })
    await market.file(owner, own.device, 5, { issuerKey })
    await fulfilled(order)
    expect(stateOf(second)).toMatchObject({ state: 'fulfilled' })
    const third = await world.ordered(own, renter, { start: await market.soon(12) })
    done(await market.registry.handOver(own.device, owner, stranger, { counter: 2 }))
    await world.passes(agent, 2)
    expect(stateOf(third)).toMatchObject({ state: 'refused', reason: 'ownerChanged' })
    // The one before can't begin anew with it.
    const again = await world.statement(agent, owner, own.device.deviceId)
    expect(await agent.issuer.take(own.device.deviceId, again)).toMatchObject({ error: { kind: 'notOwner' } })
  })
})

describe('a grant', () => {
  it('is never signed twice with other fields: not when the epoch has risen before it was handed in', async () => {
    const own = await world.offered(agent, owner)
    const order = await world.ordered(own, renter)
    await world.finalize()
    // Nothing of what it sends arrives.
    for (const endpoint of world.endpoints) {
      endpoint.setTamper(({ method }, result) => {
        if (method === 'eth_estimateGas') throw new Error('no')
        return result
      })
    }
    await agent.issuer.pass()
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'callReverts' })
    for (const endpoint of world.endpoints) endpoint.setTamper(null)
    const issuerKey = agent.issuer.keyOf(own.device.deviceId)
    await world.market.file(owner, own.device, 3, { issuerKey, epoch: epoch + 1 })
    await world.passes(agent, 2)
    expect(stateOf(order)).toMatchObject({ state: 'refused', reason: 'epochChanged', issued: null })
    expect(await world.market.statusOf(order)).toBe('open')
  })

  it('follows the order to another key, with the next seq, and with the epoch of before', async () => {
    const { market } = world
    const own = await world.offered(agent, owner)
    const order = await world.ordered(own, renter)
    await fulfilled(order)
    const issuerKey = agent.issuer.keyOf(own.device.deviceId)
    await market.file(owner, own.device, 3, { issuerKey, epoch: epoch + 1 })
    const rebind = async (seq: number, userKeyHash: `0x${string}`) => {
      const consent = await market.signRebinding(renter, { orderId: orderIdOf(order), userKeyHash, seq })
      done(await market.rebind(stranger, own.terms, order, userKeyHash, seq, consent))
    }
    await rebind(1, anotherKey)
    await agent.issuer.pass()
    expect(stateOf(order)?.issued?.grant.seq).toBe(0)
    await world.passes(agent, 2)
    const { issued } = stateOf(order) ?? {}
    expect(issued?.grant).toEqual(grantOfOrder(own.terms, order, { epoch, seq: 1, userKeyHash: anotherKey }))
    const digest = grantDigest(market.domain, issued?.grant ?? grantOfOrder(own.terms, order, { epoch }))
    expect(isDigestSignedBy(issuerKey, digest, issued?.signature ?? new Uint8Array())).toBe(true)
    // Two at once: the last one counts.
    await rebind(2, `0x${'c3'.repeat(32)}`)
    await rebind(3, `0x${'c4'.repeat(32)}`)
    agent = await world.open()
    await world.passes(agent, 2)
    expect(stateOf(order)?.issued?.grant).toMatchObject({ seq: 3, epoch })
    expect(toHex(stateOf(order)?.issued?.grant.userKeyHash ?? new Uint8Array())).toBe(`0x${'c4'.repeat(32)}`)
  })

  it('is known again after the box has lost all but its key', async () => {
    const box = await world.open({ name: 'forgetful' })
    const own = await world.offered(box, owner)
    const order = await world.ordered(own, renter)
    const signature = await fulfilled(order, box)
    for (const name of ['orders', 'offers', 'cursor.json', 'gas.json', 'devices']) {
      rmSync(join(world.directory, 'forgetful', name), { recursive: true, force: true })
    }
    const again = await world.open({ name: 'forgetful' })
    const { deviceId } = own.device
    expect((await again.issuer.take(deviceId, await world.statement(again, owner, deviceId))).ok).toBe(true)
    await world.passes(again, 1)
    expect(stateOf(order, again)).toMatchObject({ state: 'fulfilled', issued: { signature } })
  })
})

describe('an agent that is killed at any write', () => {
  it('hands each order in once, with one signature, and loses none', async () => {
    const own = await world.offered(await world.open({ name: 'fragile' }), owner, {
      fulfilWithin: 30 * 24 * hour,
    })
    const first = await world.open({ name: 'fragile' })
    const taken = await world.statement(first, owner, own.device.deviceId)
    expect((await first.issuer.take(own.device.deviceId, taken)).ok).toBe(true)
    const sentBefore = await world.transactionsOf(first)
    let orders = 0
    for (let crashAt = 0, isWhole = false; !isWhole; crashAt++) {
      expect(crashAt).toBeLessThan(30)
      for (const isWritten of [true, false]) {
        const order = await world.ordered(own, renter, { start: await world.market.soon(200 + orders++ * 2) })
        let left = crashAt
        const dying = await world.open({
          name: 'fragile',
          write(path, content, mode) {
            if (left-- > 0) return writeFileDurably(path, content, mode)
            if (isWritten) writeFileDurably(path, content, mode)
            throw new Error('the power went')
          },
        })
        isWhole = true
        for (let i = 0; i < 4 && isWhole; i++) {
          await world.finalize()
          isWhole = await dying.issuer.pass().then(
            () => true,
            () => false,
          )
        }
        const next = await world.open({ name: 'fragile' })
        const signature = await fulfilled(order, next)
        expect(await world.signatureOnChain(orderIdOf(order))).toEqual([signature])
        expect(await world.transactionsOf(next)).toBe(sentBefore + orders)
      }
    }
    // Each order takes several writes: all of them were tried.
    expect(orders).toBeGreaterThan(10)
  })
})

describe('judgeOrder', () => {
  it('refuses whatever is not as it should be, and signs nothing that the Market would not take', async () => {
    const { market } = world
    const order = await market.orderOf(offer.terms, renter)
    const issuing = agent.issuer.issuingOf(offer.device.deviceId)
    if (!issuing) throw new Error('the agent has the owner’s word')
    const issuerKey = agent.issuer.keyOf(offer.device.deviceId)
    const config = { issuerKey, market: market.address, epoch }
    const device = { owner: owner.address, account: null, isReported: false, config }
    const good: JudgeInput = {
      terms: offer.terms,
      order,
      deadline: order.start - hour,
      device,
      issuing,
      isStopped: false,
      market: market.address,
      signedEpoch: null,
      now: order.start - 2 * hour,
      lastSeconds: 1_800,
    }
    expect(judgeOrder(good)).toBeNull()
    expect(judgeOrder({ ...good, signedEpoch: epoch })).toBeNull()
    const terms = (change: Partial<OfferTerms>) => ({ terms: { ...offer.terms, ...change } })
    const of = (change: Partial<Order>) => ({ order: { ...order, ...change } })
    const cases: readonly (readonly [Partial<JudgeInput>, string])[] = [
      [{ isStopped: true }, 'off'],
      [{ issuing: { ...issuing, isOn: false } }, 'off'],
      [{ issuing: { ...issuing, offers: [orderIdOf(order)] } }, 'offerNotChosen'],
      [{ device: { ...device, owner: renter.address } }, 'ownerChanged'],
      [{ device: { ...device, owner: null } }, 'ownerChanged'],
      [terms({ owner: renter.address }), 'ownerChanged'],
      [{ device: { ...device, isReported: true } }, 'deviceReported'],
      [{ device: { ...device, config: { ...config, market: owner.address } } }, 'foreignConfig'],
      [{ device: { ...device, config: { ...config, issuerKey: new Uint8Array(64) } } }, 'otherIssuer'],
      [terms({ isInstant: true, fulfilWithin: 0 }), 'termsUnfit'],
      [terms({ unit: 'product' }), 'termsUnfit'],
      [terms({ actions: 4 }), 'termsUnfit'],
      [terms({ price: 1n }), 'termsUnfit'],
      [of({ quantity: 0 }), 'orderFault'],
      [of({ quantity: offer.terms.maxQuantity + 1 }), 'orderFault'],
      [of({ start: order.start + 60 }), 'orderFault'],
      [of({ userKeyHash: `0x${'00'.repeat(32)}` }), 'orderFault'],
      [{ deadline: order.start + 1 }, 'orderFault'],
      [{ signedEpoch: epoch - 1 }, 'epochChanged'],
      [{ now: order.start - hour - 1_799 }, 'late'],
      [{ now: order.start }, 'late'],
    ]
    for (const [change, refusal] of cases) {
      expect([change, judgeOrder({ ...good, ...change })]).toEqual([change, refusal])
    }
    expect(judgeOrder({ ...good, now: order.start - hour - 1_800 })).toBeNull()
  })
})

describe('endpoints that lie', () => {
  it('hide no order where one of them is honest, and make none up', async () => {
    const [first, second] = world.endpoints
    const own = await world.offered(agent, owner)
    const start = await world.market.soon(11)
    const order = await world.ordered(own, renter, { start })
    const madeUp = { ...(await world.market.orderOf(own.terms, renter, { start: start + hour })), nonce: 99n }
    const genuine = await world.market.client.getContractEvents({
      address: world.market.address,
      abi: (await import('../../../contracts/generated/Market.ts')).marketAbi,
      eventName: 'Ordered',
      args: { orderId: orderIdOf(order) },
      fromBlock: 0n,
    })
    const [log] = genuine
    // What it makes up hashes to its id, as a real one does; another has a real id with another key.
    const forged = [
      { ...log, topics: [log?.topics[0], orderIdOf(madeUp), ...(log?.topics.slice(2) ?? [])] },
      { ...log, data: `0x${'ee'.repeat(32)}${log?.data.slice(66)}` },
    ].map(({ topics, data }) => ({ topics, data }))
    first.setTamper(({ method }, result) => (method === 'eth_getLogs' ? forged : result))
    second.setTamper(null)
    const before = await world.transactionsOf(agent)
    await fulfilled(order)
    expect(stateOf(madeUp)).toBeUndefined()
    expect(await world.transactionsOf(agent)).toBe(before + 1)
    first.setTamper(null)
  })

  it('get nothing signed: not by another state, another block, or a block that is old', async () => {
    const [first, second] = world.endpoints
    const own = await world.offered(agent, owner)
    const order = await world.ordered(own, renter)
    await world.finalize()
    const unproven = async () => {
      const outcome = await agent.issuer.pass()
      expect(outcome).toMatchObject({ ok: false, error: { kind: 'unproven' } })
      expect(await world.market.statusOf(order)).toBe('open')
    }
    first.setTamper(({ method }, result) =>
      method === 'eth_getBlockByNumber'
        ? { ...(result as object), stateRoot: `0x${'00'.repeat(32)}` }
        : result,
    )
    await unproven()
    for (const endpoint of [first, second]) {
      endpoint.setTamper(({ method }, result) => {
        if (method !== 'eth_getProof') return result
        const proof = result as { storageProof: { proof: string[] }[] }
        return { ...proof, storageProof: proof.storageProof.map(each => ({ ...each, proof: [] })) }
      })
    }
    await unproven()
    for (const endpoint of [first, second]) {
      endpoint.setTamper(({ method }, result) => (method === 'eth_getLogs' ? 'nonsense' : result))
    }
    await unproven()
    first.setTamper(null)
    second.setTamper(null)
    await fulfilled(order)
  })
})

describe('the agent’s account', () => {
  it('offers more for what is not mined, and pays once', async () => {
    const { client, soon } = world.market
    const own = await world.offered(agent, owner)
    const order = await world.ordered(own, renter, { start: await soon(14) })
    await world.finalize()
    await client.setAutomine(false)
    const pool = async () => {
      const { pending } = await client.getTxpoolContent()
      return Object.values(pending).flatMap(each => Object.values(each))
    }
    await agent.issuer.pass()
    const [first] = await pool()
    world.wait(30)
    await agent.issuer.pass()
    const [second, ...others] = await pool()
    const before = await world.transactionsOf(agent)
    await client.setAutomine(true)
    expect(others).toEqual([])
    expect(second?.nonce).toBe(first?.nonce)
    expect(BigInt(second?.maxFeePerGas ?? 0)).toBeGreaterThan((BigInt(first?.maxFeePerGas ?? 0) * 9n) / 8n)
    expect(second?.hash).not.toBe(first?.hash)
    await fulfilled(order)
    expect(await world.transactionsOf(agent)).toBe(before + 1)
  })

  it('is not held up by one endpoint of three that stands still, or has it pay too little', async () => {
    const { client, registry, domain } = world.market
    const [first, second] = world.endpoints
    const account = privateKeyToAccount(generatePrivateKey())
    await client.setBalance({ address: account.address, value: ether })
    const gas = openGasWallet({
      file: join(world.directory, 'gas of three.json'),
      write: writeFileDurably,
      account,
      chainId: domain.chainId,
      endpoints: [first.url, second.url, registry.chain.url],
      perDay: ether,
      now: world.now,
    })
    const still: Record<string, string> = { eth_getTransactionCount: '0x0', eth_estimateGas: '0x1' }
    first.setTamper(({ method }, result) => still[method] ?? result)
    for (const tag of ['one', 'two', 'three']) {
      const call = { tag, to: owner.address, data: '0x', until: null, worth: null } as const
      expect(await gas.submit(call, () => {})).toEqual({ ok: true, value: null })
      await world.finalize()
      await gas.settle(() => true)
      expect([tag, gas.inFlight()]).toEqual([tag, null])
    }
    first.setTamper(null)
    expect(await client.getTransactionCount({ address: account.address })).toBe(3)
  })

  it('spends no more than its day’s allowance, and says that it is empty', async () => {
    const poor = await world.open({ name: 'poor', settings: { gasPerDay: 1_000n } })
    const own = await world.offered(poor, owner)
    const order = await world.ordered(own, renter)
    await world.passes(poor, 2)
    expect(stateOf(order, poor)).toMatchObject({ state: 'refused', reason: 'gasSpent' })
    const empty = await world.open({ name: 'poor' })
    await world.market.client.setBalance({ address: empty.gas.address, value: 0n })
    await world.passes(empty, 1)
    expect(stateOf(order, empty)).toMatchObject({ state: 'refused', reason: 'gasEmpty' })
    await world.market.client.setBalance({ address: empty.gas.address, value: ether })
    await fulfilled(order, empty)
    expect(empty.gas.spent()).toBeGreaterThan(0n)
  })

  it('withdraws to the owner as often as he has said, and nothing that is not worth it', async () => {
    const { market } = world
    const box = await world.open({ name: 'payer' })
    const price = ether / 10n
    const own = await world.offered(box, owner, {
      price,
      shares: [
        { payee: owner.address, amount: price - 5n },
        { payee: stranger.address, amount: 5n },
      ],
    })
    const { deviceId } = own.device
    const say = await world.statement(box, owner, deviceId, { withdrawEvery: hour })
    expect((await box.issuer.take(deviceId, say)).ok).toBe(true)
    const before = await market.coinsOf(owner)
    const gained = async () => (await market.coinsOf(owner)) - before
    await fulfilled(await world.ordered(own, renter), box)
    await world.passes(box, 2)
    expect(await gained()).toBe(price - 5n)
    await fulfilled(await world.ordered(own, renter, { start: await market.soon(9) }), box)
    await world.passes(box, 2)
    expect(await gained()).toBe(price - 5n)
    await world.advanceTo(world.now() + hour)
    await world.passes(box, 3)
    expect(await gained()).toBe(2n * (price - 5n))
    const sent = await world.transactionsOf(box)
    await world.advanceTo(world.now() + hour)
    await world.passes(box, 3)
    expect(await world.transactionsOf(box)).toBe(sent)
  })
})
