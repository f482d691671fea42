// The generated storage layout: what a reader of storage proofs finds by it is what the registry's own views say.
import { encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firmwareRegistryLayout as layout } from '../../contracts/generated/FirmwareRegistry.ts'
import { type Cast, cast } from './cast.ts'
import { type Registry, startRegistry } from './registry.ts'
import { plain, slotOf, storageOf } from './storage.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

const digest: Hex = `0x${'d1'.repeat(32)}`

const { wordAt, structAt } = storageOf(() => registry)

test('a head is two slots, and every member of it is found by the layout', async () => {
  expect(layout.heads.value.slots).toBe(2)
  const { modelId } = await who.newModel()
  const version = 0xf1e2d3c4b5a69788n
  await registry.send(who.releaseKey, 'publish', [modelId, who.channel, version, 0xfedcba98, '0x1234'])
  const found = await structAt(slotOf(layout.heads.slot, [modelId, who.channel]), layout.heads.value.members)
  expect(found).toEqual(plain(await registry.read.headOf([modelId, who.channel])))
  expect(found).toMatchObject({ version, seq: 1n, minSecurityCounter: 0xfedcba98n })
})

test('a model’s record, with a rotation under way and a revocation, is found by the layout', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.maker, 'proposeReleaseKey', [modelId, who.nextKey])
  await registry.send(who.guardian, 'revoke', [modelId, digest, 9])
  const found = await structAt(slotOf(layout.models.slot, [modelId]), layout.models.value.members)
  expect(found).toEqual(plain(await registry.read.modelOf([modelId])))
  expect(found).toMatchObject({
    pendingReleaseKey: who.nextKey.toLowerCase(),
    revocations: keccak256(
      encodeAbiParameters(
        [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }],
        [modelId, digest, 9],
      ),
    ),
  })
})

test('an attestation is found by the layout', async () => {
  const { modelId } = await who.newModel()
  await registry.send(who.auditor, 'attest', [modelId, digest, false, 'ipfs://report'])
  const found = await structAt(
    slotOf(layout.attestations.slot, [modelId, digest, who.auditor]),
    layout.attestations.value.members,
  )
  expect(found).toEqual(plain(await registry.read.attestationOf([modelId, digest, who.auditor])))
  expect(found).toMatchObject({ verdict: 2n })
})

test('the roles of a model’s accounts agree with its record', async () => {
  const { modelId } = await who.newModel()
  const roleOf = async (account: Hex) =>
    BigInt(await wordAt(BigInt(slotOf(layout.roles.slot, [modelId, account]))))
  const roles = await Promise.all([who.maker, who.releaseKey, who.guardian, who.stranger].map(roleOf))
  expect(roles).toEqual([1n, 2n, 4n, 0n])
})

test('what was never written is a slot of zeros, so that absence can be proven', async () => {
  const unknown: Hex = `0x${'77'.repeat(32)}`
  const found = await structAt(slotOf(layout.heads.slot, [unknown, who.channel]), layout.heads.value.members)
  expect(new Set(Object.values(found))).toEqual(new Set([0n, `0x${'00'.repeat(32)}`]))
})
