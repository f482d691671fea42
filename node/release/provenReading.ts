// A model's whole state as the release policy needs it: head and roles by storage proof, manifest and revocations from
// events that match what was proven.
import { firmwareRegistryLayout } from '../../contracts/generated/FirmwareRegistry.ts'
import { channelId } from '../../src/core/registry/channel.ts'
import type { ModelId } from '../../src/core/registry/model.ts'
import { registrySlots } from '../../src/core/registry/registryState.ts'
import type { HeadReading } from '../../src/core/registry/release.ts'
import { foldRevocations } from '../../src/core/registry/revocations.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type AgreementRule, readProvenWords } from '../chain/provenStorage.ts'
import { openRegistry, type RegistryLocation } from './registry.ts'

/**
 * Always proven: fails with kind `unproven` where endpoints or their list of revocations do not suffice, and with
 * `manifestMissing` where no endpoint hands out the manifest that the storage speaks of.
 */
export async function readProvenReading(
  location: RegistryLocation,
  modelId: ModelId,
  channel: string,
  rule: AgreementRule,
): Promise<Result<HeadReading, Failure>> {
  const slots = registrySlots(firmwareRegistryLayout, modelId, channelId(channel))
  const proven = await readProvenWords(location, location.registry, slots.all, rule)
  if (!proven.ok) return proven
  const { block, evidence, words } = proven.value
  const state = slots.decode(new Map(slots.all.map((slot, i) => [slot, words[i] ?? 0n])))
  const { record, head } = state
  if (record === null) return ok({ evidence, record, head: null, manifest: null, revocations: [] })

  const registry = openRegistry(location)
  // A hint only: some chains' contracts count another chain's blocks.
  const created = BigInt(state.createdBlock <= block.number ? state.createdBlock : 0)
  const revocations = await registry.revocations(modelId, created, BigInt(block.number))
  if (foldRevocations(modelId, revocations) !== state.revocations) {
    return fail({ kind: 'unproven', detail: 'the list of revocations is not what was proven' })
  }
  if (head === null) return ok({ evidence, record, head, manifest: null, revocations })
  const releases = await registry.releases(modelId, channel, created)
  const manifest = releases.find(release => release.manifestHash === head.manifestHash)?.manifest
  if (!manifest)
    return fail({ kind: 'manifestMissing', detail: `no endpoint has the manifest ${head.manifestHash}` })
  return ok({ evidence, record, head, manifest, revocations })
}
