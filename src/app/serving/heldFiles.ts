// Which releases lie in this browser as whole files: those that it has heard of, from readings of the registry and updates.
import type { NetworkConfig } from '../../core/network.ts'
import type { Model } from '../../core/registry/model.ts'
import { isRevoked } from '../../core/registry/policy.ts'
import type { Manifest, Revocation } from '../../core/registry/release.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import type { Stores } from '../ports/store.ts'
import { isSameModel, type ServingRules } from './rules.ts'
import type { HeldFile } from './serving.ts'
import type { Usage } from './usage.ts'

interface Known {
  readonly manifest: Manifest
  readonly model: Model
  readonly isNewest: boolean
}

export interface Beside {
  readonly rules: ServingRules
  readonly usage: Usage
  /** CIDs that updates under way need. */
  readonly needed: ReadonlySet<string>
}

/** No network is touched; the newest of each model first. */
export async function findHeldFiles(
  stores: Pick<Stores, 'readings' | 'history' | 'updates'>,
  source: Pick<FirmwareSource, 'holds'>,
  { chain }: NetworkConfig,
  { rules, usage, needed }: Beside,
): Promise<readonly HeldFile[]> {
  const known = new Map<string, Known>()
  const revocations: Revocation[] = []
  for (const { key, reading } of await stores.readings.all()) {
    if (!key.startsWith(`${String(chain.id)}/${chain.registry}/`)) continue
    revocations.push(...reading.revocations)
    const { manifest, record } = reading
    if (!manifest || !record) continue
    const model = { maker: record.maker, name: manifest.model, hardware: manifest.hardware }
    known.set(manifest.cid, { manifest, model, isNewest: true })
  }
  const add = (manifest: Manifest, model: Model) => {
    if (!known.has(manifest.cid)) known.set(manifest.cid, { manifest, model, isNewest: false })
  }
  for (const { plan } of await stores.updates.all()) if (plan) add(plan.manifest, plan.model)
  for (const { event } of await stores.history.all()) {
    if (event.kind === 'updated') add(event.receipt.manifest, event.receipt.model)
  }

  const held: HeldFile[] = []
  for (const { manifest, model, isNewest } of known.values()) {
    const { cid, size, version, imageHash } = manifest
    if (!(await source.holds(cid))) continue
    held.push({
      cid,
      size,
      model,
      version,
      isNewest,
      isRevoked: isRevoked(imageHash, revocations),
      isKept: needed.has(cid) || (isNewest && rules.keptModels.some(kept => isSameModel(kept, model))),
      given: usage.byFile[cid] ?? 0,
    })
  }
  return held.toSorted((a, b) => Number(b.isNewest) - Number(a.isNewest) || b.given - a.given)
}
