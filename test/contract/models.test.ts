// Registering models, their records, and the guardian, on a real chain node.
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { receiptOf } from '../chain.ts'
import { type Cast, cast } from './cast.ts'
import { deploy, type Registry, rotationDelay, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

describe('deploying', () => {
  test('fixes the rotation delay for ever', async () => {
    expect(await registry.read.ROTATION_DELAY()).toBe(rotationDelay)
  })

  test.each([0, 365 * 24 * 3600 + 1])('is refused with a rotation delay of %i seconds', async delay => {
    await expect(deploy(registry.client, registry.deployer, delay)).rejects.toThrow(
      `InvalidRotationDelay(${delay})`,
    )
  })

  test.each([1, 365 * 24 * 3600])('is possible with a rotation delay of %i seconds', async delay => {
    expect(await deploy(registry.client, registry.deployer, delay)).toMatch(/^0x/)
  })

  test('leaves the deployer without any right', async () => {
    const { modelId } = await who.newModel()
    const { deployer, send } = registry
    const attempts = [
      () => send(deployer, 'revoke', [modelId, modelId, 1]),
      () => send(deployer, 'setGuardian', [modelId, deployer]),
      () => send(deployer, 'proposeReleaseKey', [modelId, deployer]),
      () => send(deployer, 'publish', [modelId, who.channel, 1n, 0, '0x01']),
    ]
    for (const attempt of attempts) expect(await attempt()).toMatchObject({ ok: false })
  })

  test('makes a registry that takes no money', async () => {
    const { client, address, deployer } = registry
    const hash = await client.sendTransaction({ account: deployer, to: address, value: 1n, gas: 100_000n })
    expect(await receiptOf(client, hash)).toMatchObject({ status: 'reverted' })
  })
})

describe('registering a model', () => {
  test('records maker, keys, block and the first accumulator, and says so in an event', async () => {
    const { maker, releaseKey, guardian } = who
    const modelId = modelIdOf({ maker, name: 'Fob Lock', hardware: 'rev-B' })
    const created = await registry.send(maker, 'createModel', ['Fob Lock', 'rev-B', releaseKey, guardian])
    if (!created.ok) throw new Error(created.error)
    expect(created.events).toEqual([
      {
        name: 'ModelCreated',
        args: { modelId, maker, name: 'Fob Lock', hardware: 'rev-B', releaseKey, guardian },
      },
    ])
    expect(await registry.read.modelOf([modelId])).toEqual({
      revocations: modelId,
      maker,
      createdBlock: created.block.number,
      releaseKey,
      guardian,
      pendingReleaseKey: zeroAddress,
      pendingReadyAt: 0,
    })
  })

  test('twice with the same name and hardware is refused, and changes nothing', async () => {
    const { modelId, name, hardware } = await who.newModel()
    const before = await registry.read.modelOf([modelId])
    const again = await registry.send(who.maker, 'createModel', [name, hardware, who.stranger, who.stranger])
    expect(again).toEqual({ ok: false, error: 'ModelExists', args: [modelId] })
    expect(await registry.read.modelOf([modelId])).toEqual(before)
  })

  test('of another maker, or of another hardware revision, is another model', async () => {
    const { modelId, name, hardware } = await who.newModel()
    for (const [maker, revision] of [
      [who.stranger, hardware],
      [who.maker, `${hardware}2`],
    ] as const) {
      const other = await registry.send(maker, 'createModel', [name, revision, who.releaseKey, zeroAddress])
      expect(other.ok).toBe(true)
      const otherId = await registry.read.modelIdOf([maker, name, revision])
      expect(otherId).not.toBe(modelId)
      expect((await registry.read.modelOf([otherId])).maker).toBe(maker)
    }
  })

  test('does not mix up name and hardware', async () => {
    const one = await registry.read.modelIdOf([who.maker, 'ab', 'c'])
    const other = await registry.read.modelIdOf([who.maker, 'a', 'bc'])
    expect(one).not.toBe(other)
  })

  test.each([
    ['an empty name', '', 'rev-A', 0n],
    ['an empty hardware revision', 'Lock', '', 0n],
    ['a name of 65 bytes', 'x'.repeat(65), 'rev-A', 65n],
    ['a hardware revision of 65 bytes', 'Lock', 'x'.repeat(65), 65n],
    ['a name of 22 characters in 66 bytes', '锁'.repeat(22), 'rev-A', 66n],
  ])('with %s is refused', async (_, name, hardware, length) => {
    const outcome = await registry.send(who.maker, 'createModel', [
      name,
      hardware,
      who.releaseKey,
      zeroAddress,
    ])
    expect(outcome).toEqual({ ok: false, error: 'InvalidNameLength', args: [length] })
  })

  test('takes names of 64 bytes in any script', async () => {
    const name = `${'锁'.repeat(21)}!`
    const outcome = await registry.send(who.maker, 'createModel', [
      name,
      'é'.repeat(32),
      who.releaseKey,
      zeroAddress,
    ])
    expect(outcome).toMatchObject({ ok: true, events: [{ args: { name, hardware: 'é'.repeat(32) } }] })
  })

  test('without a release key is refused', async () => {
    const outcome = await registry.send(who.maker, 'createModel', [
      'Keyless',
      'rev-A',
      zeroAddress,
      who.guardian,
    ])
    expect(outcome).toEqual({ ok: false, error: 'InvalidReleaseKey', args: [zeroAddress] })
  })

  test('with one account in every role gives it every right', async () => {
    const { maker } = who
    const { modelId } = await who.newModel({ releaseKey: maker, guardian: maker })
    expect(await registry.send(maker, 'publish', [modelId, who.channel, 1n, 0, '0x01'])).toMatchObject({
      ok: true,
    })
    expect(await registry.send(maker, 'setGuardian', [modelId, zeroAddress])).toMatchObject({ ok: true })
    expect(await registry.send(maker, 'publish', [modelId, who.channel, 2n, 0, '0x01'])).toMatchObject({
      ok: true,
    })
    expect(await registry.send(maker, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
  })

  test('by a maker who is its own release key leaves the maker its right when the key is replaced', async () => {
    const { maker, nextKey, channel } = who
    const { modelId } = await who.newModel({ releaseKey: maker })
    await registry.send(maker, 'proposeReleaseKey', [modelId, nextKey])
    const readyAt = (await registry.now()) + rotationDelay
    expect(await registry.send(nextKey, 'acceptReleaseKey', [modelId], readyAt)).toMatchObject({ ok: true })
    expect(await registry.send(maker, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
    expect(await registry.send(maker, 'publish', [modelId, channel, 1n, 0, '0x01'])).toMatchObject({
      error: 'NotReleaseKey',
    })
  })

  test('that was not registered has a record of zeros', async () => {
    const record = await registry.read.modelOf([`0x${'ab'.repeat(32)}`])
    expect(record).toEqual({
      revocations: `0x${'00'.repeat(32)}`,
      maker: zeroAddress,
      createdBlock: 0,
      releaseKey: zeroAddress,
      guardian: zeroAddress,
      pendingReleaseKey: zeroAddress,
      pendingReadyAt: 0,
    })
  })
})

describe('the guardian', () => {
  test('is replaced at once: the new one can revoke, the former one can not', async () => {
    const { maker, guardian, stranger } = who
    const { modelId } = await who.newModel()
    const set = await registry.send(maker, 'setGuardian', [modelId, stranger])
    expect(set).toMatchObject({
      ok: true,
      events: [{ name: 'GuardianSet', args: { modelId, guardian: stranger, previous: guardian } }],
    })
    expect((await registry.read.modelOf([modelId])).guardian).toBe(stranger)
    expect(await registry.send(stranger, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
    expect(await registry.send(guardian, 'revoke', [modelId, modelId, 1])).toEqual({
      ok: false,
      error: 'NotRevoker',
      args: [modelId, guardian],
    })
  })

  test('can be removed, and set where there was none', async () => {
    const { maker, guardian } = who
    const { modelId } = await who.newModel()
    expect(await registry.send(maker, 'setGuardian', [modelId, zeroAddress])).toMatchObject({
      events: [{ args: { guardian: zeroAddress, previous: guardian } }],
    })
    expect(await registry.send(guardian, 'revoke', [modelId, modelId, 1])).toMatchObject({
      error: 'NotRevoker',
    })
    expect(await registry.send(maker, 'setGuardian', [modelId, guardian])).toMatchObject({
      events: [{ args: { guardian, previous: zeroAddress } }],
    })
    expect(await registry.send(guardian, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
  })

  test('set again to the same account keeps its right', async () => {
    const { modelId } = await who.newModel()
    await registry.send(who.maker, 'setGuardian', [modelId, who.guardian])
    expect(await registry.send(who.guardian, 'revoke', [modelId, modelId, 1])).toMatchObject({ ok: true })
  })

  test('is set by nobody but the maker', async () => {
    const { modelId } = await who.newModel()
    for (const caller of [who.releaseKey, who.guardian, who.stranger]) {
      expect(await registry.send(caller, 'setGuardian', [modelId, caller])).toEqual({
        ok: false,
        error: 'NotMaker',
        args: [modelId, caller],
      })
    }
  })
})
