// Revoking images: who may, and the accumulator by which one slot proves the whole list.
import fc from 'fast-check'
import { encodeAbiParameters, type Hex, keccak256, toHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cast, cast } from './cast.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

const digest: Hex = `0x${'d1'.repeat(32)}`
const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }] as const

/** What a reader does: folds a list of revocations into the value that the model's slot must have. */
const fold = (modelId: Hex, list: readonly (readonly [Hex, number])[]): Hex =>
  list.reduce(
    (acc, [digest, reason]) => keccak256(encodeAbiParameters(words, [acc, digest, reason])),
    modelId,
  )

test.each(['maker', 'releaseKey', 'guardian'] as const)('the %s can revoke an image', async role => {
  const { modelId } = await who.newModel()
  expect(await registry.send(who[role], 'revoke', [modelId, digest, 7])).toMatchObject({
    ok: true,
    events: [{ name: 'Revoked', args: { modelId, digest, reason: 7 } }],
  })
  expect((await registry.read.modelOf([modelId])).revocations).toBe(fold(modelId, [[digest, 7]]))
})

test('nobody else can', async () => {
  const { modelId } = await who.newModel()
  await who.newModel({ releaseKey: who.stranger, guardian: who.stranger })
  for (const caller of [who.stranger, who.auditor, who.nextKey]) {
    expect(await registry.send(caller, 'revoke', [modelId, digest, 1])).toEqual({
      ok: false,
      error: 'NotRevoker',
      args: [modelId, caller],
    })
  }
  expect((await registry.read.modelOf([modelId])).revocations).toBe(modelId)
})

test('nobody can for a model that is not registered', async () => {
  expect(await registry.send(who.maker, 'revoke', [digest, digest, 1])).toMatchObject({ error: 'NotRevoker' })
})

test('a key that was only proposed can not', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.maker, 'proposeReleaseKey', [modelId, who.nextKey])
  expect(await registry.send(who.nextKey, 'revoke', [modelId, digest, 1])).toMatchObject({
    error: 'NotRevoker',
  })
})

test('the zero address gets no right from a model without a guardian', async () => {
  const { modelId } = await who.newModel({ guardian: zeroAddress })
  await registry.client.impersonateAccount({ address: zeroAddress })
  await registry.client.setBalance({ address: zeroAddress, value: 10n ** 18n })
  expect(await registry.send(zeroAddress, 'revoke', [modelId, digest, 1])).toMatchObject({
    error: 'NotRevoker',
  })
})

test('the same digest can be revoked again, and the list tells both', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.guardian, 'revoke', [modelId, digest, 1])
  await registry.send(who.maker, 'revoke', [modelId, digest, 2])
  expect((await registry.read.modelOf([modelId])).revocations).toBe(
    fold(modelId, [
      [digest, 1],
      [digest, 2],
    ]),
  )
})

test('a model’s list is its own, and publishing does not touch it', async () => {
  const { modelId } = await who.newModel()
  const { modelId: other } = await who.newModel()
  await registry.send(who.maker, 'revoke', [other, digest, 1])
  await registry.send(who.releaseKey, 'publish', [modelId, who.channel, 1n, 0, '0x01'])
  expect((await registry.read.modelOf([modelId])).revocations).toBe(modelId)
})

test('the slot folds from the events in their order: none left out, none changed, none swapped', async () => {
  const revocation = fc.tuple(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => toHex(bytes)),
    fc.integer({ min: 0, max: 255 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(revocation, { minLength: 2, maxLength: 6 }), fc.nat(), async (list, at) => {
      const { modelId } = await who.newModel()
      const told: (readonly [Hex, number])[] = []
      for (const [digest, reason] of list) {
        const outcome = await registry.send(who.guardian, 'revoke', [modelId, digest, reason])
        expect(outcome).toMatchObject({ ok: true, events: [{ args: { modelId, digest, reason } }] })
        told.push([digest, reason])
      }
      const { revocations } = await registry.read.modelOf([modelId])
      expect(revocations).toBe(fold(modelId, told))

      const i = at % told.length
      const [digest, reason] = told[i] ?? [modelId, 0]
      expect(fold(modelId, told.toSpliced(i, 1))).not.toBe(revocations)
      expect(fold(modelId, told.toSpliced(i, 1, [digest, reason ^ 1]))).not.toBe(revocations)
      expect(fold(modelId, told.toSpliced(i, 1, [keccak256(digest), reason]))).not.toBe(revocations)
      expect(fold(digest, told)).not.toBe(revocations)
    }),
    { numRuns: 12 },
  )
})
