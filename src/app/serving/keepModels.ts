// "Keep serving this model": fetches the newest releases of kept models, verified as for an update.
import { verifyFirmware } from '../../core/firmware/verified.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { Model } from '../../core/registry/model.ts'
import { isRevoked } from '../../core/registry/policy.ts'
import type { Manifest } from '../../core/registry/release.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import type { Readings } from '../readings.ts'

/** The newest release of the model, as far as it is proven, not withdrawn, and not past its time; else undefined. */
export async function newestRelease(
  readings: Pick<Readings, 'read'>,
  config: NetworkConfig,
  model: Model,
  channel: string,
  /** Unix seconds. */
  now: number,
): Promise<Manifest | undefined> {
  const read = await readings.read(config, model, channel)
  if (!read.ok || read.value.remembered) return undefined
  const { evidence, manifest, revocations } = read.value.reading
  if (evidence.level !== 'proven' || !manifest || manifest.validUntil <= now) return undefined
  return isRevoked(manifest.imageHash, revocations) ? undefined : manifest
}

/** True where the file is held and verified now; what is refused is not kept. */
export async function fetchRelease(
  source: FirmwareSource,
  manifest: Manifest,
  hardware: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { cid, size, peers } = manifest
  const fetched = await source.fetch({ cid, size, peers }, { signal, onProgress: () => {} })
  if (!fetched.ok) return false
  if (verifyFirmware(fetched.value, manifest, { hardware, slotSize: null }).ok) return true
  await source.drop(cid)
  return false
}
