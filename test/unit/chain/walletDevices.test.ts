// Devices as the wallet reads them: each record proven, the list and the custody log found by events that may be withheld.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeviceReading, WalletChain } from '../../../src/app/ports/walletChain.ts'
import { account, configOf, done, type Person } from '../../contract/deviceRegistry.ts'
import type { TestDevice } from '../../contract/testDevice.ts'
import { startWalletFixture, unwrap, type WalletFixture } from './walletFixture.ts'

let world: WalletFixture
let alice: Person
let bob: Person
let carol: Person
/** Claimed by alice, told a Config, lent, given to bob, reported by him, and found again. */
let travelled: TestDevice
/** Two of bob's from one block, and one more. */
let kept: readonly TestDevice[]

beforeAll(async () => {
  world = await startWalletFixture()
  const [first, second, third] = world.people
  if (!first || !second || !third) throw new Error('too few accounts')
  alice = first
  bob = second
  carol = third
  travelled = await world.claimed(alice)
  done(await world.fileConfig(alice.address, travelled, configOf(travelled, 1)))
  done(
    await world.send(alice.address, 'setUser', [BigInt(travelled.deviceId), account(0x77), 4_000_000_000n]),
  )
  const one = world.unclaimed()
  const two = world.unclaimed()
  await world.client.setAutomine(false)
  const claims = [one, two].map(device => world.claim(bob.address, device))
  // Both in one block: the second points to the block that it is in.
  await vi.waitFor(async () => expect((await world.client.getTxpoolStatus()).pending).toBe(2), 30_000)
  await world.client.mine({ blocks: 1 })
  for (const claim of claims) done(await claim)
  await world.client.setAutomine(true)
  done(await world.handOver(travelled, alice, bob))
  done(await world.send(bob.address, 'report', [travelled.deviceId, 2]))
  done(await world.send(bob.address, 'report', [travelled.deviceId, 0]))
  kept = [one, two, await world.claimed(bob)]
  await world.finalize()
})
afterAll(async () => {
  await world?.end()
})
beforeEach(() => {
  for (const endpoint of world.endpoints) endpoint.twist(() => undefined)
})

const idsOf = (devices: readonly DeviceReading[]) => devices.map(({ deviceId }) => deviceId).sort()

describe('a device', () => {
  it('is read by proof: owner, account, model, Config and user', async () => {
    const reading = unwrap(await world.wallet().readDevice(travelled.deviceId))
    const config = configOf(travelled, 1)
    expect(reading).toMatchObject({
      deviceId: travelled.deviceId,
      record: {
        owner: bob.address,
        account: account(2),
        modelId: travelled.modelId,
        counter: 2,
        report: 'none',
      },
      config: { version: 1, issuerKey: config.issuerKey, market: config.market, epoch: config.epoch },
      user: { address: account(0x77), expires: 4_000_000_000 },
      evidence: { level: 'proven' },
    })
  })

  it('that is not registered has no record, proven', async () => {
    const reading = unwrap(await world.wallet().readDevice(`0x${'55'.repeat(32)}`))
    expect(reading).toMatchObject({ record: null, config: null, user: null, evidence: { level: 'proven' } })
  })

  it('is not what an endpoint with another state says', async () => {
    const [liar, ...honest] = world.endpoints
    liar.twist(async (call, ask) => {
      if (call.method !== 'eth_getProof') return undefined
      const [address, slots] = call.params
      return { result: await ask({ method: call.method, params: [address, slots, '0x4'] }) }
    })
    const reading = unwrap(await world.wallet([liar, ...honest]).readDevice(travelled.deviceId))
    expect(reading.record?.owner).toBe(bob.address)
    expect(reading.evidence.endpoints.find(({ host }) => host === liar.host)?.verdict).toBe('badProof')
  })

  it('can’t be read where the network has no registry', async () => {
    const { createWalletChain } = await import('../../../src/io/chain/wallet/walletChain.ts')
    const bare = createWalletChain(
      { chainId: 31_337, endpoints: [world.endpoints[0].url], minAgreeing: 2, maxAgeSeconds: 600 },
      { unixNow: () => 0 },
    )
    expect((await bare.readDevice(travelled.deviceId)).ok).toBe(false)
  })
})

describe('the devices of an owner', () => {
  it('are all that he has now, each proven', async () => {
    const { devices, isComplete } = unwrap(await world.wallet().devicesOf(bob.address))
    expect(isComplete).toBe(true)
    expect(idsOf(devices)).toEqual([travelled, ...kept].map(({ deviceId }) => deviceId).sort())
    for (const { record, evidence } of devices) {
      expect(record?.owner).toBe(bob.address)
      expect(evidence.level).toBe('proven')
    }
  })

  it('are not those that he gave away, and none are none without a search', async () => {
    expect(unwrap(await world.wallet().devicesOf(alice.address))).toEqual({ devices: [], isComplete: true })
    world.endpoints[0].twist(() => undefined)
    expect(unwrap(await world.wallet().devicesOf(carol.address))).toEqual({ devices: [], isComplete: true })
    expect(world.endpoints[0].calls.map(({ method }) => method)).not.toContain('eth_getLogs')
  })

  it('are asked for block by block, not by searching the chain', async () => {
    world.endpoints[0].twist(() => undefined)
    unwrap(await world.wallet().devicesOf(bob.address))
    const queries = world.endpoints[0].calls.filter(({ method }) => method === 'eth_getLogs')
    expect(queries.length).toBe(3)
    for (const { params } of queries) {
      const [filter] = params as [{ fromBlock: string; toBlock: string }]
      expect(filter.fromBlock).toBe(filter.toBlock)
    }
  })

  it('that one endpoint withholds come from another; where all do, the list says that it is not complete', async () => {
    const [first, second] = world.endpoints
    first.twist(call => (call.method === 'eth_getLogs' ? { result: [] } : undefined))
    expect(unwrap(await world.wallet().devicesOf(bob.address))).toMatchObject({ isComplete: true })
    second.twist(call => (call.method === 'eth_getLogs' ? { result: [] } : undefined))
    expect(unwrap(await world.wallet().devicesOf(bob.address))).toEqual({ devices: [], isComplete: false })
  })
})

describe('an endpoint that makes up a thousand devices', () => {
  it('costs a bounded number of proofs, and hides none of what another one shows', async () => {
    const [liar, honest] = world.endpoints
    liar.twist(async (call, ask) => {
      if (call.method !== 'eth_getLogs') return undefined
      const [log] = (await ask(call)) as { topics: string[] }[]
      const invented = Array.from({ length: 1_000 }, (_, i) => {
        const [topic, , ...rest] = log?.topics ?? []
        return { ...log, topics: [topic, `0x${(i + 1).toString(16).padStart(64, '0')}`, ...rest] }
      })
      return { result: invented }
    })
    expect(unwrap(await world.wallet([liar, honest]).devicesOf(bob.address)).isComplete).toBe(true)
    const proofs = liar.calls.filter(({ method }) => method === 'eth_getProof').length
    expect(proofs).toBeGreaterThan(100)
    expect(proofs).toBeLessThan(300)
  })
})

describe('the custody log', () => {
  const kindsOf = async (wallet: WalletChain) => {
    const log = unwrap(await wallet.custodyOf(travelled.deviceId))
    return log.map(({ event }) => event.kind)
  }
  const whole = ['reported', 'reported', 'handedOver', 'configFiled', 'claimed']

  it('goes from the newest event back to the claim, with blocks and times', async () => {
    const log = unwrap(await world.wallet().custodyOf(travelled.deviceId))
    expect(log.map(({ event }) => event)).toEqual([
      { kind: 'reported', report: 'none' },
      { kind: 'reported', report: 'stolen' },
      { kind: 'handedOver', from: alice.address, to: bob.address, account: account(2) },
      { kind: 'configFiled', version: 1 },
      { kind: 'claimed', owner: alice.address, account: account(1) },
    ])
    for (const { block, at, transaction } of log) {
      const receipt = await world.client.getTransactionReceipt({ hash: transaction })
      expect(Number(receipt.blockNumber)).toBe(block)
      expect(Number((await world.client.getBlock({ blockNumber: BigInt(block) })).timestamp)).toBe(at)
    }
  })

  it('of a device that is not registered is empty', async () => {
    expect(unwrap(await world.wallet().custodyOf(`0x${'55'.repeat(32)}`))).toEqual([])
  })

  it('with an owner left out, or the end, is taken from nobody', async () => {
    const [first, second] = world.endpoints
    const without = (index: number) => {
      let asked = 0
      return async (
        call: { method: string; params: readonly unknown[] },
        ask: (call: { method: string; params: readonly unknown[] }) => Promise<unknown>,
      ) => {
        if (call.method !== 'eth_getLogs') return undefined
        const logs = await ask(call)
        return { result: asked++ === index ? [] : logs }
      }
    }
    for (const index of [0, 2, 4]) {
      first.twist(without(index))
      expect(await kindsOf(world.wallet()), String(index)).toEqual(whole)
    }
    for (const endpoint of [first, second])
      endpoint.twist(call => (call.method === 'eth_getLogs' ? { result: [] } : undefined))
    expect(await world.wallet().custodyOf(travelled.deviceId)).toMatchObject({
      error: { kind: 'chainUnreachable' },
    })
  })

  it('is found by searching everything where the blocks that events name lead nowhere', async () => {
    // As on a chain whose contracts count another chain's blocks: one block alone never has the event.
    for (const endpoint of world.endpoints) {
      endpoint.twist(call => {
        const [filter] = call.params as [{ fromBlock?: string; toBlock?: string }?]
        const isOneBlock = call.method === 'eth_getLogs' && filter?.fromBlock === filter?.toBlock
        return isOneBlock ? { result: [] } : undefined
      })
    }
    expect(await kindsOf(world.wallet())).toEqual(whole)
  })
})
