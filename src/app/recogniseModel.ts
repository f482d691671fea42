// A plain SMP device says no model: it is recognised by a running image that a pinned maker has released.
import { isOfRelease } from '../core/registry/release.ts'
import type { Makers } from './makers.ts'
import type { DeviceRecord, Stores } from './ports/store.ts'

/** What to add to the record; nothing where the model is known already or the image is unknown. */
export async function recogniseModel(
  record: DeviceRecord,
  stores: Stores,
  makers: Makers,
): Promise<Partial<DeviceRecord>> {
  if (record.modelFrom === 'signed' || record.modelFrom === 'chosen' || !record.running) return {}
  for (const { reading } of await stores.readings.all()) {
    const { manifest, record: registered } = reading
    if (!manifest || !registered || !isOfRelease(record.running.hash, manifest)) continue
    if (!makers.find(registered.maker)) continue
    const model = { maker: registered.maker, name: manifest.model, hardware: manifest.hardware }
    return { model, modelFrom: 'knownHash' }
  }
  return {}
}
