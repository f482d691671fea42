// What each write to the FirmwareRegistry costs on a real chain node; the contract tests and the bench print these rows.
import { type Address, concat, type Hex, keccak256, stringToHex, toHex } from 'viem'
import { packVersion } from '../../src/core/mcuboot/version.ts'
import { encodeManifest } from '../../src/core/registry/manifest.ts'
import type { Manifest } from '../../src/core/registry/release.ts'
import type { Outcome } from './deployed.ts'
import { type Registry, rotationDelay } from './registry.ts'

export interface GasRow {
  readonly name: string
  /** Of the whole transaction, with the base cost and the calldata. */
  readonly gas: number
  /** The most that it may cost, where that was promised. */
  readonly bound: number | null
}

const publishBound = 45_000
const revokeBound = 32_000

/** A hash as dear as hashes come: without zero bytes, which would be cheaper as calldata. */
const hashWithoutZeros = (seed: string): Hex =>
  `0x${keccak256(stringToHex(seed)).slice(2).replaceAll('0', '1')}`

/** A release as makers publish it: 210 bytes when encoded, with a line of notes. `build` makes it another one. */
export function typicalManifest(build: number): Manifest {
  return {
    model: 'Fob Lock',
    hardware: 'rev-B',
    version: { major: 1, minor: 4, revision: 0, build },
    securityCounter: 3,
    cid: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    size: 246_812,
    fileHash: hashWithoutZeros(`file ${build}`),
    imageHash: hashWithoutZeros(`image ${build}`),
    keyHash: hashWithoutZeros('key'),
    validUntil: 1_827_014_400,
    notes: 'The bolt stops in time in the cold',
    peers: [],
  }
}

const channel = stringToHex('stable', { size: 32 })

/**
 * Measures every write on a fresh model of `registry`; the accounts are the registry's first four people. Revocations
 * are measured with a digest that has no zero byte. Throws if any of the writes reverts.
 */
export async function measureGas(registry: Registry): Promise<GasRow[]> {
  const [maker, releaseKey, guardian, auditor] = registry.people
  if (!maker || !releaseKey || !guardian || !auditor) throw new Error('the chain has too few accounts')
  const { model: name, hardware } = typicalManifest(0)
  const rows: GasRow[] = []
  const record = async (name: string, write: Promise<Outcome>, bound: number | null = null) => {
    const outcome = await write
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`)
    rows.push({ name: `gas: ${name}`, gas: Number(outcome.gas), bound })
  }
  const publish = (build: number): Promise<Outcome> => {
    const manifest = typicalManifest(build)
    const { version, securityCounter } = manifest
    return registry.send(releaseKey, 'publish', [
      modelId,
      channel,
      packVersion(version),
      securityCounter,
      toHex(encodeManifest(manifest)),
    ])
  }
  // No byte of the calldata is zero but those that pad a number: nothing of this size can cost more.
  const publishDearest = (version: bigint): Promise<Outcome> =>
    registry.send(releaseKey, 'publish', [
      modelId,
      `0x${'c1'.repeat(32)}`,
      version,
      0xffffffff,
      concat([`0x${'c1'.repeat(202)}`, toHex(version)]),
    ])
  const revoke = (from: Address): Promise<Outcome> =>
    registry.send(from, 'revoke', [modelId, hashWithoutZeros(`digest ${from}`), 255])

  const modelId = await registry.read.modelIdOf([maker, name, hardware])
  await record('create a model', registry.send(maker, 'createModel', [name, hardware, releaseKey, guardian]))
  await record('publish, the first', publish(1))
  await record('publish, after the first', publish(0x01020304), publishBound)
  await publishDearest(0xfffffffffffffffen)
  await record('publish, no byte of it zero', publishDearest(0xffffffffffffffffn), publishBound)
  await record('revoke, by maker', revoke(maker), revokeBound)
  await record('revoke, by release key', revoke(releaseKey), revokeBound)
  await record('revoke, by guardian', revoke(guardian), revokeBound)
  await record(
    'attest',
    registry.send(auditor, 'attest', [
      modelId,
      keccak256('0x01'),
      true,
      'https://audits.example/fob-lock-1.4.0',
    ]),
  )
  await record('set the guardian', registry.send(maker, 'setGuardian', [modelId, auditor]))
  await record('propose a release key', registry.send(maker, 'proposeReleaseKey', [modelId, auditor]))
  await record('cancel a rotation', registry.send(maker, 'cancelReleaseKey', [modelId]))
  await registry.send(maker, 'proposeReleaseKey', [modelId, auditor])
  const readyAt = (await registry.now()) + rotationDelay
  await record('accept a release key', registry.send(auditor, 'acceptReleaseKey', [modelId], readyAt))
  return rows
}
