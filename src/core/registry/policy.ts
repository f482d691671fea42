// The release policy: what a device should do, given what is known of it and what the registry says.
import { fromHex, type Hex } from '../bytes.ts'
import { goesBack, hasSlotBuilds, startsHighest } from '../mcuboot/bootMode.ts'
import { compareVersions, type ImageVersion } from '../mcuboot/version.ts'
import type { BlockReason, Confirmation, Decision, DeviceFacts, HighWater } from './decision.ts'
import { imageDigest } from './manifest.ts'
import type { Model } from './model.ts'
import {
  type Head,
  type HeadReading,
  isOfRelease,
  type Manifest,
  type ReleasedImage,
  type Revocation,
} from './release.ts'

export interface PolicyInput {
  readonly device: DeviceFacts
  /** null: nobody knows what this device is. */
  readonly model: Model | null
  /** Of this model's id and the channel in question; null only where the model is. */
  readonly reading: HeadReading | null
  readonly highWater: HighWater | null
  /** Unix time in seconds. */
  readonly now: number
  /** Seconds; a block older than this says nothing about what is newest. */
  readonly maxAgeSeconds: number
  /** True where the reading was taken from this browser's store, not from the chain just now. */
  readonly remembered: boolean
}

/**
 * Refuses with the first reason that applies, in the order of what it means for safety: what the registry says of the
 * release (revoked, expired, older than what was seen), then whether it is for this device, then whether it may replace
 * what runs. `upToDate` is said on a proven and fresh reading only.
 */
export function decide(input: PolicyInput): Decision {
  const { device, model, reading } = input
  if (!model || !reading) return blocked('unknownModel', null)
  if (!reading.record) return blocked('notRegistered', null)
  const { head, manifest } = reading
  if (!head || !manifest) return blocked('noRelease', null)

  const reason = refuseRelease(input, reading, head, manifest) ?? refuseForDevice(device, model, manifest)
  if (reason) return blocked(reason, manifest)
  const isFresh =
    !input.remembered && isRecent(reading.evidence.block.timestamp, input.now, input.maxAgeSeconds)
  const isProven = reading.evidence.level === 'proven'
  if (runs(device, manifest)) {
    return { kind: isProven && isFresh && saysWhatRuns(device) ? 'upToDate' : 'unproven', manifest }
  }
  const replaceReason = refuseReplacing(input, head, manifest)
  if (replaceReason) return blocked(replaceReason, manifest)

  const confirm: Confirmation[] = []
  if (!isProven) confirm.push('unproven')
  if (!isFresh) confirm.push('remembered')
  if (!device.modelIsSigned) confirm.push('modelChosen')
  if (!saysWhatRuns(device)) confirm.push('runningUnknown')
  if (isUnsigned(manifest)) confirm.push('deviceChecksNothing')
  if (device.bootMode === 'firmwareLoader') confirm.push('overwrittenByLoader')
  else if (isMcuboot(device) && !goesBack(device.bootMode ?? null)) confirm.push('noWayBack')
  return { kind: 'update', manifest, confirm }
}

const blocked = (reason: BlockReason, manifest: Manifest | null): Decision => ({
  kind: 'blocked',
  reason,
  manifest,
})

/** Whether nobody, whatever device they hold, should take this release. */
function refuseRelease(
  { now, highWater }: PolicyInput,
  { revocations }: HeadReading,
  head: Head,
  manifest: Manifest,
): BlockReason | null {
  const images = [manifest.imageHash, ...(manifest.slotImages ?? [])]
  if (images.some(image => isRevoked(image, revocations))) return 'revoked'
  if (now > manifest.validUntil) return 'expiredHead'
  if (highWater && (head.seq < highWater.seq || compareVersions(head.version, highWater.version) < 0)) {
    return 'rolledBackHead'
  }
  return null
}

function refuseForDevice(device: DeviceFacts, model: Model, manifest: Manifest): BlockReason | null {
  // A manifest for another model that was published under this one is as wrong as another hardware revision.
  if (manifest.model !== model.name || manifest.hardware !== model.hardware) return 'wrongHardware'
  if (device.hardware !== null && device.hardware !== manifest.hardware) return 'wrongHardware'
  // Espressif's updater checks no signature unless its chip was locked to one: there the person decides.
  if (isUnsigned(manifest) && device.format !== 'espOta') return 'unsigned'
  return null
}

/** A release is of one image, of one in a build for each slot, or of all that a device has. */
const runs = ({ running }: DeviceFacts, release: ReleasedImage): boolean =>
  running !== null && (isOfRelease(running.hash, release) || running.setHash === release.imageHash)

const isMcuboot = ({ format }: DeviceFacts): boolean => format === undefined || format === 'mcuboot'

/** Of others' updaters, and of an application that leaves images to its loader, the app only knows what it gave to the device itself. */
const saysWhatRuns = (device: DeviceFacts): boolean => isMcuboot(device) && device.isRunningUntold !== true

const isUnsigned = ({ keyHash }: Manifest): boolean => fromHex(keyHash)?.every(byte => byte === 0) === true

function refuseReplacing(
  { device, highWater }: PolicyInput,
  head: Head,
  manifest: Manifest,
): BlockReason | null {
  if (device.bootMode === 'singleSlot') return 'singleSlot'
  const isMadeForIt = hasSlotBuilds(device.bootMode ?? null) === (manifest.slotImages !== undefined)
  if (isMcuboot(device) && !isMadeForIt) return 'wrongBootMode'
  // The registry orders releases by the head's version; a manifest with another one would pass by that order.
  if (compareVersions(manifest.version, head.version) !== 0) return 'downgradeVersion'
  if (device.running && compareVersions(manifest.version, device.running.version) < 0)
    return 'downgradeVersion'
  if (manifest.securityCounter < head.minSecurityCounter) return 'downgradeCounter'
  if (highWater && manifest.securityCounter < highWater.securityCounter) return 'downgradeCounter'
  // Two builds for slots, of which one is written; how large each is shows in the file.
  const parts = manifest.slotImages?.length ?? 1
  if (device.slotSize !== null && manifest.size > device.slotSize * parts) return 'tooLargeForSlot'
  const mustBeHigher = device.running !== null && startsHighest(device.bootMode ?? null)
  return mustBeHigher && !isHigher(manifest.version, device.running.version) ? 'versionNotHigher' : null
}

/** As bootloaders compare that are not built with MCUBOOT_VERSION_CMP_USE_BUILD_NUMBER, which a device does not tell. */
const isHigher = (a: ImageVersion, b: ImageVersion): boolean =>
  compareVersions({ ...a, build: 0 }, { ...b, build: 0 }) > 0

/**
 * Whether a block's timestamp is at most `maxAgeSeconds` away from `now` (all in Unix seconds). A block from the future
 * is as bad as an old one: it means that this clock is behind, so that no age can be told.
 */
export function isRecent(timestamp: number, now: number, maxAgeSeconds: number): boolean {
  return Math.abs(now - timestamp) <= maxAgeSeconds
}

/** Whether the image with this TLV hash was withdrawn. */
export function isRevoked(imageHash: Hex, revocations: readonly Revocation[]): boolean {
  const digest = imageDigest(imageHash)
  return revocations.some(revocation => revocation.digest === digest)
}

/** Whether the image that runs was withdrawn: an alarm, whatever the decision is. */
export function isRunningRevoked(
  running: DeviceFacts['running'],
  revocations: readonly Revocation[],
): boolean {
  if (running === null) return false
  const { hash, setHash } = running
  return isRevoked(hash, revocations) || (setHash !== undefined && isRevoked(setHash, revocations))
}
