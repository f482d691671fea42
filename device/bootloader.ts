// What runs before the firmware at every reset: MCUboot's decisions (docs/design.md, "High-level operation").
import { bytesEqual, utf8 } from '../src/core/bytes.ts'
import { type McubootImage, parseImage } from '../src/core/mcuboot/image.ts'
import type { ImagePublicKey } from '../src/core/mcuboot/publicKey.ts'
import { verifyImage } from '../src/core/mcuboot/signature.ts'
import { compareVersions, formatVersion } from '../src/core/mcuboot/version.ts'
import { fail, ok, type Result } from '../src/core/result.ts'
import { type Flash, isErased, type SlotName } from './flash.ts'
import { type PendingSwap, resumeSwap, swapImages } from './imageSwap.ts'
import { raiseSecurityCounter, readSecurityCounter } from './securityCounter.ts'
import { readSlotFile, readSlotImage } from './slotImage.ts'
import { nextSwap, readTrailer, trailerSize, writeImageOk } from './slotTrailer.ts'

/** Vendor TLV, protected: the hardware revision that an image is for, in UTF-8. Images without it fit any. */
export const HARDWARE_TLV = 0x00a0

export interface BootPolicy {
  readonly trustedKeys: readonly ImagePublicKey[]
  readonly hardware: string
  /**
   * Refuse to swap in a lower version. MCUboot has this for its overwrite mode; a revert is always allowed, for else a
   * trial could not be undone.
   */
  readonly preventDowngrade: boolean
}

/** `detail` names what the bootloader found, for its log. */
export interface ImageRefusal {
  readonly kind:
    | 'noImage'
    | 'notVerified'
    | 'wrongHardware'
    | 'counterTooLow'
    | 'downgrade'
    /** Built for another slot than the one that it lies in. */
    | 'wrongSlot'
    /** It was never marked to be started, or was and has not been confirmed since. */
    | 'notConfirmed'
  readonly detail: string
}

export interface Boot {
  readonly image: McubootImage
  readonly file: Uint8Array
  /** Where it lies and runs. */
  readonly slot: SlotName
  /** Whether it is the loader, and no application runs. */
  readonly isLoader: boolean
  /** The swap that was done in this boot, `resumed` where a reset had interrupted it. */
  readonly swapped: PendingSwap | null
  readonly resumed: boolean
  /** Why the image that was to be swapped in was erased instead. */
  readonly refused: ImageRefusal | null
  /** Whether the running image goes back at the next reset unless it is confirmed. */
  readonly onTrial: boolean
}

/** The running image is not sound: MCUboot hangs rather than running it. */
export interface BootFailure {
  readonly kind: 'noBootableImage'
  readonly refused: ImageRefusal
}

/**
 * One reset of a device with several images, the application first: each by itself, but none is swapped in that needs another one
 * in a higher version than it will meet (`boot_verify_dependencies`); it waits for that. On trial if any of them is.
 */
export function bootAll(
  [application, ...companions]: readonly [Flash, ...Flash[]],
  policy: BootPolicy,
): Result<Boot, BootFailure> {
  const flashes = [application, ...companions]
  const waiting = new Set<Flash>()
  for (let changed = true; changed; ) {
    changed = false
    for (const flash of flashes) {
      if (waiting.has(flash) || !needsMore(flash, flashes, waiting)) continue
      waiting.add(flash)
      changed = true
    }
  }
  const booted = boot(application, policy, waiting.has(application))
  if (!booted.ok) return booted
  let { onTrial } = booted.value
  for (const companion of companions) {
    const other = boot(companion, policy, waiting.has(companion))
    if (!other.ok) return other
    onTrial ||= other.value.onTrial
  }
  return ok({ ...booted.value, onTrial })
}

/** Whether the image that would be swapped in is not satisfied with what the others will run. */
function needsMore(flash: Flash, flashes: readonly Flash[], waiting: ReadonlySet<Flash>): boolean {
  if (!isAsked(flash)) return false
  const file = readSlotFile(flash, 'secondary')
  const image = file && parseImage(file)
  if (!image?.ok) return false
  return image.value.dependencies.some(({ image: index, minVersion }) => {
    const other = flashes[index]
    if (!other) return false
    const comes = isAsked(other) && !waiting.has(other)
    const meets = readSlotImage(other, comes ? 'secondary' : 'primary')
    return !meets.ok || compareVersions(meets.value.version, minVersion) < 0
  })
}

const isAsked = (flash: Flash): boolean => {
  const asked = nextSwap(flash)
  return asked === 'test' || asked === 'permanent'
}

/**
 * One reset: completes or does the swap that the trailers ask for, then checks and starts what is in the primary slot.
 * `waits`: the image in the other slot is left where it is.
 */
export function boot(flash: Flash, policy: BootPolicy, waits = false): Result<Boot, BootFailure> {
  const resumed = resumeSwap(flash)
  let swapped: PendingSwap | null = resumed ?? null
  let refused: ImageRefusal | null = null
  const asked = resumed || waits ? 'none' : nextSwap(flash)
  if (asked !== 'none') {
    refused = refusalOfSwap(flash, policy, asked)
    if (refused) dropSecondary(flash)
    else {
      swapImages(flash, asked, swapLength(flash))
      swapped = asked
    }
  }

  const checked = checkSlot(flash, 'primary', policy)
  if (!checked.ok) return fail({ kind: 'noBootableImage', refused: checked.error })
  const onTrial = nextSwap(flash) === 'revert'
  // Only an image that stays may raise the counter; one on trial would lock out the image to go back to.
  if (!onTrial) raiseSecurityCounter(flash, checked.value.image.securityCounter ?? 0)
  return ok({
    ...checked.value,
    slot: 'primary',
    isLoader: false,
    swapped,
    resumed: resumed !== undefined,
    refused,
    onTrial,
  })
}

/** Hash, signature, hardware revision and, unless `counts` is false, security counter of the image in a slot. */
export function checkSlot(
  flash: Flash,
  slot: SlotName,
  policy: BootPolicy,
  counts = true,
): Result<{ image: McubootImage; file: Uint8Array }, ImageRefusal> {
  const file = readSlotFile(flash, slot)
  if (!file) return fail({ kind: 'noImage', detail: `${slot} slot` })
  const verified = verifyImage(file, policy.trustedKeys)
  if (!verified.ok) return fail({ kind: 'notVerified', detail: verified.error.kind })
  const image = verified.value
  const tlv = image.tlvs.find(entry => entry.protected && entry.type === HARDWARE_TLV)
  if (tlv && !bytesEqual(tlv.value, utf8(policy.hardware))) {
    return fail({ kind: 'wrongHardware', detail: `not for ${policy.hardware}` })
  }
  const stored = readSecurityCounter(flash)
  const counter = image.securityCounter ?? 0
  if (counts && counter < stored)
    return fail({ kind: 'counterTooLow', detail: `${counter}, the device has ${stored}` })
  return ok({ image, file })
}

/** Why the marked image in the other slot may not replace the one that runs; null where it may. */
export function refusalOfSwap(flash: Flash, policy: BootPolicy, type: PendingSwap): ImageRefusal | null {
  const incoming = checkSlot(flash, 'secondary', policy)
  if (!incoming.ok) return incoming.error
  if (!policy.preventDowngrade || type === 'revert') return null
  const running = readSlotImage(flash, 'primary')
  const { version } = incoming.value.image
  if (!running.ok || compareVersions(version, running.value.version) >= 0) return null
  const detail = `${formatVersion(version)} after ${formatVersion(running.value.version)}`
  return { kind: 'downgrade', detail }
}

/** "Erase invalid image; persist failure of swap procedure": the running image is marked good so that it is not reverted. */
export function dropSecondary(flash: Flash): void {
  if (!isErased(flash, 'secondary')) flash.erase('secondary', 0, flash.size('secondary'))
  if (readTrailer(flash, 'primary').imageOk === 'unset') writeImageOk(flash, 'primary')
}

/** Bytes from the start of the slots that either image reaches; all of it where the primary one can't be read. */
function swapLength(flash: Flash): number {
  const slots: readonly SlotName[] = ['primary', 'secondary']
  const room = flash.size('primary') - trailerSize(flash)
  return Math.max(
    ...slots.map(slot => {
      const image = readSlotImage(flash, slot)
      return image.ok ? image.value.size : room
    }),
  )
}
