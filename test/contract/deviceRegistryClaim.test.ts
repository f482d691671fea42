// Claiming a device: who may, what it writes, and every statement that is refused.
import { getAddress, pad, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceClaim, StatementDomain } from '../../src/core/registry/deviceStatements.ts'
import {
  account,
  claimOf,
  type DeviceRegistry,
  deployDeviceRegistry,
  done,
  farDeadline,
  type Person,
  startDeviceRegistry,
} from './deviceRegistry.ts'
import { lower, type TestDevice, testDevice } from './testDevice.ts'

let registry: DeviceRegistry
let owner: Person
let stranger: Person
beforeAll(async () => {
  registry = await startDeviceRegistry()
  const [first, second] = registry.people
  if (!first || !second) throw new Error('the chain has too few accounts')
  owner = first
  stranger = second
})
afterAll(() => registry?.stop())

/** Sends a claim with these terms and a signature over the terms of `signed` in `domain`. */
function claimWith(
  device: TestDevice,
  sent: Partial<DeviceClaim>,
  signed: Partial<DeviceClaim> = sent,
  domain: StatementDomain = registry.domain,
  at?: number,
) {
  const base = claimOf(owner.address, device)
  const { owner: from, account, modelId, counter, deadline } = { ...base, ...sent }
  const signature = device.signClaim(domain, { ...base, ...signed })
  return registry.send(from, 'claim', [account, modelId, counter, deadline, signature], at)
}

function claimArguments(device: TestDevice, domain: StatementDomain) {
  const claim = claimOf(owner.address, device)
  const { account, modelId, counter, deadline } = claim
  return [account, modelId, counter, deadline, device.signClaim(domain, claim)] as const
}

describe('a claim', () => {
  test('records owner, account, model and counter, and tells of it in events', async () => {
    const device = registry.unclaimed()
    const { events, block } = done(await claimWith(device, { account: account(7), counter: 40 }))
    const tokenId = BigInt(device.deviceId)
    const { x, y } = device.sign(new Uint8Array(32))
    const claimed = {
      deviceId: device.deviceId,
      owner: getAddress(owner.address),
      account: getAddress(account(7)),
      modelId: device.modelId,
      x,
      y,
      counter: 40,
      ownerPreviousBlock: 0,
    }
    expect(events).toEqual([
      { name: 'Claimed', args: claimed },
      { name: 'Transfer', args: { from: zeroAddress, to: getAddress(owner.address), tokenId } },
      { name: 'Locked', args: { tokenId } },
    ])
    expect(await registry.read.deviceOf([device.deviceId])).toEqual({
      owner: getAddress(owner.address),
      counter: 40,
      logBlock: block.number,
      account: getAddress(account(7)),
      report: 0,
      modelId: device.modelId,
    })
  })

  test('costs nobody a say: the account and the model may be those of another device', async () => {
    for (const device of [registry.unclaimed(), registry.unclaimed()]) {
      done(await claimWith(device, { account: account(9), modelId: pad('0x01') }))
    }
  })

  test('counts the owner’s devices and links them, newest first', async () => {
    const [, , keeper] = registry.people
    if (!keeper) throw new Error('the chain has too few accounts')
    const blocks: number[] = []
    for (let n = 0; n < 3; n++) {
      const { events, block } = done(await registry.claim(keeper.address, registry.unclaimed()))
      expect(events[0]?.args).toMatchObject({ ownerPreviousBlock: blocks.at(-1) ?? 0 })
      blocks.push(block.number)
    }
    expect(await registry.read.holderOf([keeper.address])).toEqual({ balance: 3n, logBlock: blocks.at(-1) })
  })

  test('holds in the last second of its deadline, and not in the next', async () => {
    const late = registry.unclaimed()
    const inTime = registry.unclaimed()
    const deadline = (await registry.now()) + 100
    expect(await claimWith(inTime, { deadline }, { deadline }, registry.domain, deadline)).toMatchObject({
      ok: true,
    })
    expect(await claimWith(late, { deadline }, { deadline }, registry.domain, deadline + 1)).toEqual({
      ok: false,
      error: 'Expired',
      args: [deadline],
    })
  })
})

describe('a claim is refused', () => {
  test('when the device has an owner, whoever sends it, and changes nothing', async () => {
    const device = await registry.claimed(owner)
    const before = await registry.read.deviceOf([device.deviceId])
    for (const from of [owner.address, stranger.address]) {
      expect(await claimWith(device, { owner: from, counter: 9 })).toEqual({
        ok: false,
        error: 'AlreadyClaimed',
        args: [device.deviceId],
      })
    }
    expect(await registry.read.deviceOf([device.deviceId])).toEqual(before)
  })

  test('when somebody else copies it out of the pool', async () => {
    const device = registry.unclaimed()
    expect(await claimWith(device, { owner: stranger.address }, {})).toEqual({
      ok: false,
      error: 'InvalidDeviceSignature',
      args: [device.deviceId],
    })
    expect((await registry.read.deviceOf([device.deviceId])).owner).toBe(zeroAddress)
  })

  test('without a device account', async () => {
    expect(await claimWith(registry.unclaimed(), { account: zeroAddress })).toEqual({
      ok: false,
      error: 'InvalidAccount',
      args: [zeroAddress],
    })
  })

  test('with counter 0', async () => {
    expect(await claimWith(registry.unclaimed(), { counter: 0 })).toEqual({
      ok: false,
      error: 'CounterNotGreater',
      args: [0, 0],
    })
  })

  test.each([
    ['account', { account: account(0xbad) }],
    ['model', { modelId: pad('0x0bad') }],
    ['counter', { counter: 2 }],
    ['deadline', { deadline: farDeadline + 1 }],
  ] as const)('with another %s than the device signed', async (_, sent) => {
    const device = registry.unclaimed()
    expect(await claimWith(device, sent, {})).toEqual({
      ok: false,
      error: 'InvalidDeviceSignature',
      args: [device.deviceId],
    })
  })

  test('when another device signed it', async () => {
    const device = registry.unclaimed()
    const { x, y } = device.sign(new Uint8Array(32))
    const terms = claimOf(owner.address, device)
    const { r, s } = testDevice('impostor').signClaim(registry.domain, terms)
    const { account, modelId, counter, deadline } = terms
    const signature = { x, y, r, s }
    const outcome = await registry.send(owner.address, 'claim', [
      account,
      modelId,
      counter,
      deadline,
      signature,
    ])
    expect(outcome).toEqual({ ok: false, error: 'InvalidDeviceSignature', args: [device.deviceId] })
  })

  test('when the device signed the same values as another kind of statement', async () => {
    const device = registry.unclaimed()
    const { account, modelId, counter, deadline } = claimOf(owner.address, device)
    const asHandOver = device.signHandOver(registry.domain, {
      deviceId: device.deviceId,
      owner: owner.address,
      newOwner: owner.address,
      newAccount: account,
      counter,
      deadline,
    })
    expect(
      await registry.send(owner.address, 'claim', [account, modelId, counter, deadline, asHandOver]),
    ).toMatchObject({ error: 'InvalidDeviceSignature' })
  })

  test('when it was signed for another chain', async () => {
    const device = registry.unclaimed()
    const other = { ...registry.domain, chainId: registry.domain.chainId + 1 }
    expect(await claimWith(device, {}, {}, other)).toMatchObject({ error: 'InvalidDeviceSignature' })
  })

  test('when it was signed for another registry of this chain', async () => {
    const device = registry.unclaimed()
    const { client, deployer, domain } = registry
    const other = { ...domain, registry: lower(await deployDeviceRegistry(client, deployer.address)) }
    expect(await claimWith(device, {}, {}, other)).toMatchObject({ error: 'InvalidDeviceSignature' })
  })

  test('after the chain has split off under another id, while one for the new id holds', async () => {
    const device = registry.unclaimed()
    const here = claimArguments(device, registry.domain)
    const there = claimArguments(device, { ...registry.domain, chainId: registry.domain.chainId + 1 })
    const claimBy = (args: typeof here) => registry.attempt(owner.address, 'claim', args)
    expect([await claimBy(here), await claimBy(there)]).toEqual(['done', 'InvalidDeviceSignature'])
    await registry.withChainId(registry.domain.chainId + 1, async () => {
      expect([await claimBy(here), await claimBy(there)]).toEqual(['InvalidDeviceSignature', 'done'])
    })
  })
})
