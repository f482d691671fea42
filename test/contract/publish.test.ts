// Publishing releases: who may, what the head and the event then hold, and what is refused.
import fc from 'fast-check'
import { type Hex, keccak256, stringToHex, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestHash } from '../../src/core/registry/manifest.ts'
import { type Cast, cast } from './cast.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

const manifest: Hex = '0x81a5'
const noHead = {
  manifestHash: `0x${'00'.repeat(32)}`,
  version: 0n,
  seq: 0,
  minSecurityCounter: 0,
  updatedAt: 0,
  blockNumber: 0,
}

const publish = (modelId: Hex, version: bigint, counter = 0, bytes: Hex = manifest, channel = who.channel) =>
  registry.send(who.releaseKey, 'publish', [modelId, channel, version, counter, bytes])

describe('a release by the release key', () => {
  test('becomes the head, and its whole manifest is in the event', async () => {
    const { modelId } = await who.newModel()
    const outcome = await publish(modelId, 0x0104000000000007n, 3)
    if (!outcome.ok) throw new Error(outcome.error)
    const hash = keccak256(manifest)
    expect(outcome.events).toEqual([
      {
        name: 'Released',
        args: { modelId, channel: who.channel, seq: 1, manifestHash: hash, manifest },
      },
    ])
    expect(await registry.read.headOf([modelId, who.channel])).toEqual({
      manifestHash: hash,
      version: 0x0104000000000007n,
      seq: 1,
      minSecurityCounter: 3,
      updatedAt: outcome.block.timestamp,
      blockNumber: outcome.block.number,
    })
  })

  test('replaces the head, and counts on', async () => {
    const { modelId } = await who.newModel()
    await publish(modelId, 1n, 1)
    const outcome = await publish(modelId, 2n, 2, '0x02')
    expect(outcome).toMatchObject({
      ok: true,
      events: [{ args: { seq: 2, manifestHash: keccak256('0x02') } }],
    })
    expect(await registry.read.headOf([modelId, who.channel])).toMatchObject({
      manifestHash: keccak256('0x02'),
      version: 2n,
      seq: 2,
      minSecurityCounter: 2,
    })
  })

  test('can have any version if it is the first, and the greatest version if it is the last', async () => {
    const { modelId } = await who.newModel()
    expect(await publish(modelId, 0n)).toMatchObject({ ok: true })
    expect(await publish(modelId, 2n ** 64n - 1n, 0xffffffff)).toMatchObject({ ok: true })
    expect(await registry.read.headOf([modelId, who.channel])).toMatchObject({
      version: 2n ** 64n - 1n,
      minSecurityCounter: 0xffffffff,
    })
  })

  test('of one channel leaves other channels and models as they are', async () => {
    const { modelId } = await who.newModel()
    const { modelId: otherModel } = await who.newModel()
    const beta = stringToHex('beta', { size: 32 })
    await publish(modelId, 9n, 9)
    expect(await registry.read.headOf([modelId, beta])).toEqual(noHead)
    expect(await registry.read.headOf([otherModel, who.channel])).toEqual(noHead)
    expect(await publish(modelId, 1n, 1, manifest, beta)).toMatchObject({
      ok: true,
      events: [{ args: { seq: 1, channel: beta } }],
    })
    expect(await registry.read.headOf([modelId, who.channel])).toMatchObject({ version: 9n, seq: 1 })
  })

  test('with any bytes of any length up to the limit gives them back unchanged', async () => {
    const { modelId } = await who.newModel()
    let version = 0n
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4096, size: 'max' }), async bytes => {
        const outcome = await publish(modelId, ++version, 0, toHex(bytes))
        const hash = manifestHash(bytes)
        expect(outcome).toMatchObject({
          ok: true,
          events: [{ args: { manifest: toHex(bytes), manifestHash: hash } }],
        })
        expect((await registry.read.headOf([modelId, who.channel])).manifestHash).toBe(hash)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a release is refused', () => {
  test('from anybody but the release key, maker and guardian included', async () => {
    const { modelId } = await who.newModel()
    for (const caller of [who.maker, who.guardian, who.stranger]) {
      expect(await registry.send(caller, 'publish', [modelId, who.channel, 1n, 0, manifest])).toEqual({
        ok: false,
        error: 'NotReleaseKey',
        args: [modelId, caller],
      })
    }
    expect(await registry.read.headOf([modelId, who.channel])).toEqual(noHead)
  })

  test("from another model's release key", async () => {
    const { modelId } = await who.newModel()
    await who.newModel({ releaseKey: who.stranger })
    expect(
      await registry.send(who.stranger, 'publish', [modelId, who.channel, 1n, 0, manifest]),
    ).toMatchObject({ error: 'NotReleaseKey' })
  })

  test('for a model that nobody registered', async () => {
    expect(await publish(`0x${'11'.repeat(32)}`, 1n)).toMatchObject({ error: 'NotReleaseKey' })
  })

  test.each([
    ['the same version', 0x0104000000000000n],
    ['a lower version', 0x0103ffffffffffffn],
    ['version zero', 0n],
  ])('with %s', async (_, version) => {
    const { modelId } = await who.newModel()
    await publish(modelId, 0x0104000000000000n, 2)
    const before = await registry.read.headOf([modelId, who.channel])
    expect(await publish(modelId, version, 2)).toEqual({
      ok: false,
      error: 'VersionNotGreater',
      args: [0x0104000000000000n, version],
    })
    expect(await registry.read.headOf([modelId, who.channel])).toEqual(before)
  })

  test('with the same version after a first release of version zero', async () => {
    const { modelId } = await who.newModel()
    await publish(modelId, 0n)
    expect(await publish(modelId, 0n)).toEqual({ ok: false, error: 'VersionNotGreater', args: [0n, 0n] })
  })

  test('with a lower security counter', async () => {
    const { modelId } = await who.newModel()
    await publish(modelId, 1n, 5)
    expect(await publish(modelId, 2n, 4)).toEqual({
      ok: false,
      error: 'SecurityCounterLowered',
      args: [5, 4],
    })
    expect(await publish(modelId, 2n, 5)).toMatchObject({ ok: true })
  })

  test('without a manifest, and with one of more than 4096 bytes', async () => {
    const { modelId } = await who.newModel()
    for (const length of [0, 4097]) {
      expect(await publish(modelId, 1n, 0, `0x${'aa'.repeat(length)}`)).toEqual({
        ok: false,
        error: 'InvalidManifestLength',
        args: [BigInt(length)],
      })
    }
    expect(await publish(modelId, 1n, 0, `0x${'aa'.repeat(4096)}`)).toMatchObject({ ok: true })
  })
})
