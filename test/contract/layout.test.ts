// The generated storage layout: what a reader of storage proofs finds by it is what the registry's own views say.
import { concat, encodeAbiParameters, type Hex, keccak256, pad, slice, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firmwareRegistryLayout as layout } from '../../contracts/generated/FirmwareRegistry.ts'
import { type Cast, cast } from './cast.ts'
import { type Registry, startRegistry } from './registry.ts'

let registry: Registry
let who: Cast
beforeAll(async () => {
  registry = await startRegistry()
  who = cast(registry)
})
afterAll(() => registry?.stop())

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
}

const digest: Hex = `0x${'d1'.repeat(32)}`

/** The slot under `keys` of a mapping: each key is hashed with the slot before it. */
const slotOf = (mapping: number, keys: readonly Hex[]): Hex =>
  keys.reduce<Hex>((slot, key) => keccak256(concat([pad(key), slot])), toHex(mapping, { size: 32 }))

const wordAt = async (slot: bigint): Promise<Hex> => {
  const word = await registry.client.getStorageAt({
    address: registry.address,
    slot: toHex(slot, { size: 32 }),
  })
  return word ?? '0x'
}

async function memberAt(base: Hex, { slot, offset, bytes }: Member): Promise<Hex> {
  const word = await wordAt(BigInt(base) + BigInt(slot))
  return slice(word, 32 - offset - bytes, 32 - offset)
}

/** Reads every member of a struct by the layout, as the number or the bytes that the ABI would give. */
async function structAt(base: Hex, members: Readonly<Record<string, Member & { readonly type: string }>>) {
  const entries = Object.entries(members).map(async ([name, member]) => {
    const value = await memberAt(base, member)
    if (member.type === 'address' || member.type === 'bytes32') return [name, value] as const
    return [name, BigInt(value)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** A view's struct with numbers as bigint and addresses in lower case, to compare with what lies in storage. */
const plain = (view: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(view).map(([name, value]) => [
      name,
      typeof value === 'number' ? BigInt(value) : typeof value === 'string' ? value.toLowerCase() : value,
    ]),
  )

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
