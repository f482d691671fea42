// A model's whole state as the release policy needs it: head and roles by storage proof, manifest and revocations from
// events that match what was proven.
import { firmwareRegistryLayout as layout } from '../../contracts/generated/FirmwareRegistry.ts'
import { type Address, type Hex, toHex } from '../../src/core/bytes.ts'
import { unpackVersion } from '../../src/core/mcuboot/version.ts'
import { mappingSlot, memberOf, slotHex } from '../../src/core/proof/slot.ts'
import { channelId } from '../../src/core/registry/channel.ts'
import type { ModelId } from '../../src/core/registry/model.ts'
import type { HeadReading } from '../../src/core/registry/release.ts'
import { foldRevocations } from '../../src/core/registry/revocations.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type AgreementRule, readProvenWords } from '../chain/provenStorage.ts'
import { openRegistry, type RegistryLocation } from './registry.ts'

interface Member {
  readonly slot: number
  readonly offset: number
  readonly bytes: number
}

/**
 * Always proven: where it can't be, it fails with kind `unproven`. Fails with `eventsIncomplete` where no endpoint hands
 * out the manifest or the whole list of revocations that the storage speaks of.
 */
export async function readProvenReading(
  location: RegistryLocation,
  modelId: ModelId,
  channel: string,
  rule: AgreementRule,
): Promise<Result<HeadReading, Failure>> {
  const modelBase = mappingSlot(modelId, BigInt(layout.models.slot))
  const headBase = mappingSlot(channelId(channel), mappingSlot(modelId, BigInt(layout.heads.slot)))
  const slots: Hex[] = [
    ...Array.from({ length: layout.models.value.slots }, (_, i) => slotHex(modelBase, i)),
    ...Array.from({ length: layout.heads.value.slots }, (_, i) => slotHex(headBase, i)),
  ]
  const proven = await readProvenWords(location, location.registry, slots, rule)
  if (!proven.ok) return proven
  const { block, words } = proven.value
  const headWords = words.slice(layout.models.value.slots)
  const of = (from: readonly bigint[], { slot, offset, bytes }: Member) =>
    memberOf(from[slot] ?? 0n, offset, bytes)
  const model = layout.models.value.members
  const head = layout.heads.value.members

  const evidence: HeadReading['evidence'] = {
    level: 'proven',
    block: { number: block.number, hash: block.hash, timestamp: block.timestamp },
    endpoints: [],
    verifiedAt: rule.now,
  }
  const maker = addressOf(of(words, model.maker))
  if (maker === null) return ok({ evidence, record: null, head: null, manifest: null, revocations: [] })
  const pending = addressOf(of(words, model.pendingReleaseKey))
  const record: HeadReading['record'] = {
    maker,
    releaseKey: addressOf(of(words, model.releaseKey)) ?? nobody,
    guardian: addressOf(of(words, model.guardian)) ?? nobody,
    pending: pending && { releaseKey: pending, readyAt: Number(of(words, model.pendingReadyAt)) },
  }

  const registry = openRegistry(location)
  const createdBlock = of(words, model.createdBlock)
  const revocations = await registry.revocations(modelId, createdBlock)
  if (foldRevocations(modelId, revocations) !== slotHex(of(words, model.revocations))) {
    return fail({ kind: 'eventsIncomplete', detail: 'the list of revocations is not what was proven' })
  }
  const hash = of(headWords, head.manifestHash)
  if (hash === 0n) return ok({ evidence, record, head: null, manifest: null, revocations })
  const releases = await registry.releases(modelId, channel, createdBlock)
  const manifestHash = slotHex(hash)
  const manifest = releases.find(release => release.manifestHash === manifestHash)?.manifest
  if (!manifest)
    return fail({ kind: 'eventsIncomplete', detail: `no endpoint has the manifest ${manifestHash}` })
  return ok({
    evidence,
    record,
    head: {
      manifestHash,
      version: unpackVersion(of(headWords, head.version)),
      seq: Number(of(headWords, head.seq)),
      minSecurityCounter: Number(of(headWords, head.minSecurityCounter)),
      updatedAt: Number(of(headWords, head.updatedAt)),
    },
    manifest,
    revocations,
  })
}

const nobody: Address = toHex(new Uint8Array(20))

const addressOf = (number: bigint): Address | null =>
  number === 0n ? null : `0x${number.toString(16).padStart(40, '0')}`
