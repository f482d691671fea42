// The demo maker's releases: two for each demo model, published with the same code as `fob publish`.
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts'
import { DEMO_MODELS, type DemoModel } from '../../device/demo.ts'
import { buildDemoImage, type DemoImageOptions } from '../../device/demoFirmware.ts'
import { type Address, fromHex } from '../../src/core/bytes.ts'
import { signerPublicKey } from '../../src/core/mcuboot/build.ts'
import { encodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import { compareVersions, formatVersion, type ImageVersion } from '../../src/core/mcuboot/version.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { ok } from '../../src/core/result.ts'
import type { DemoKeys } from '../chain/demoKeys.ts'
import { publishRelease } from './publish.ts'
import type { Registry } from './registry.ts'

const secondsPerDay = 86_400
const validDays = 180
/** With fewer days left, the newest firmware is released once more. */
const renewDays = 30

export const demoChannel = 'stable'

/** What a demo device leaves the factory with, and what it is updated to. */
const older: ImageVersion = { major: 1, minor: 0, revision: 0, build: 0 }
const newer: ImageVersion = { major: 1, minor: 1, revision: 0, build: 0 }

const notes: Readonly<Record<DemoModel['kind'], readonly [string, string]>> = {
  lock: ['First release.', 'The bolt moves more quietly, and the battery lasts about a month longer.'],
  vending: ['First release.', 'Drops are counted by the light barrier, so that a stuck product is refunded.'],
  outlet: ['First release.', 'Metering is accurate below 5 W; the relay survives a brown-out.'],
  sensor: ['First release.', 'Reads every ten seconds instead of every minute at the same battery life.'],
}

function secretKeyOf(keys: DemoKeys): Uint8Array {
  const key = fromHex(keys.firmware)
  if (key === undefined) throw new TypeError('the firmware key is no hexadecimal')
  return key
}

/** DER SubjectPublicKeyInfo of the key that the demo devices' bootloaders trust. */
export function demoFirmwareKey(keys: DemoKeys): Uint8Array {
  return encodeImagePublicKey(signerPublicKey({ kind: 'ecdsaP256', secretKey: secretKeyOf(keys) }))
}

export function demoFactoryImage(model: DemoModel, keys: DemoKeys): Uint8Array {
  return buildImage(model, older, keys)
}

function buildImage(model: DemoModel, version: ImageVersion, keys: DemoKeys): Uint8Array {
  return demoImage(model, { version, securityCounter: version.minor + 1 }, keys)
}

/** Any firmware for a demo device, signed with the key that its bootloader trusts. */
export function demoImage(
  { kind, hardware }: DemoModel,
  options: Pick<DemoImageOptions, 'version' | 'securityCounter' | 'behaviour'>,
  keys: DemoKeys,
): Uint8Array {
  return buildDemoImage({ kind, hardware, ...options, signingKey: secretKeyOf(keys) })
}

export interface DemoPublisher {
  readonly registry: Registry
  readonly keys: DemoKeys
  /** Returns the CID; adding a file twice changes nothing. */
  readonly addToSeed: (bytes: Uint8Array) => Promise<string>
  /** Unix time in seconds. */
  readonly now: number
}

/**
 * Publishes what is missing, and puts every demo file into the seed. Returns what was released, as lines for a person;
 * nothing on a later start. Throws where the chain or the seed fail.
 */
export async function publishDemoReleases(publisher: DemoPublisher): Promise<readonly string[]> {
  // Models are published side by side, so that the first start takes a few blocks, not a dozen.
  const makerAccount = privateKeyToAccount(publisher.keys.maker)
  const releaseAccount = privateKeyToAccount(publisher.keys.release)
  const lines = await Promise.all(
    DEMO_MODELS.map(model => publishModel(publisher, model, makerAccount, releaseAccount)),
  )
  return lines.flat()
}

async function publishModel(
  { registry, keys, addToSeed, now }: DemoPublisher,
  demo: DemoModel,
  maker: LocalAccount,
  releaseKey: LocalAccount,
): Promise<string[]> {
  const model = {
    maker: maker.address.toLowerCase() as Address,
    name: demo.name,
    hardware: demo.hardware,
  }
  const modelId = modelIdOf(model)
  await addToSeed(buildImage(demo, older, keys))
  await addToSeed(buildImage(demo, newer, keys))
  const { record, head } = await registry.read(modelId, demoChannel)
  const planned = [older, newer].filter(
    version => head === null || compareVersions(version, head.version) > 0,
  )
  if (record !== null && head !== null && compareVersions(head.version, newer) >= 0) {
    const releases = await registry.releases(modelId, demoChannel, record.createdBlock)
    const manifest = releases.find(({ manifestHash }) => manifestHash === head.manifestHash)?.manifest
    const endsSoon = manifest && manifest.validUntil < now + renewDays * secondsPerDay
    if (endsSoon) planned.push({ ...head.version, build: head.version.build + 1 })
  }
  const lines: string[] = []
  for (const version of planned) {
    const published = await publishRelease(
      registry,
      releaseKey,
      async (_name, bytes) => ok(await addToSeed(bytes)),
      {
        bytes: buildImage(demo, version, keys),
        fileName: `${demo.kind}-${formatVersion(version)}.bin`,
        model,
        channel: demoChannel,
        notes: notes[demo.kind][compareVersions(version, older) === 0 ? 0 : 1],
        validUntil: now + validDays * secondsPerDay,
        peers: [],
        createModel: {
          releaseKey: releaseKey.address.toLowerCase() as Address,
          guardian: privateKeyToAccount(keys.guardian).address.toLowerCase() as Address,
        },
      },
      maker,
    )
    if (!published.ok) {
      const { error } = published
      throw new Error(
        `${demo.name} ${formatVersion(version)} could not be released: ${error.kind} ${'detail' in error ? error.detail : ''}`,
      )
    }
    lines.push(`${demo.name} ${formatVersion(version)}`)
  }
  return lines
}
