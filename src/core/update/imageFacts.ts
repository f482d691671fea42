// What a device's list of images says of a release: one image, or several that belong together.
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { hashOfSet } from '../firmware/imageSet.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { ReleasedImage } from '../registry/release.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ImageSlot } from '../smp/image.ts'
import type { SlotFacts } from './step.ts'

/** One of the device's images: its active slot, and the other one where that holds something. */
export interface DeviceImage {
  readonly index: number
  readonly running: {
    readonly slot: number
    readonly version: ImageVersion
    readonly hash: Bytes
    readonly confirmed: boolean
  }
  readonly other: { readonly slot: number; readonly hash: Bytes; readonly pending: boolean } | null
}

export type NoRunningImage = { readonly kind: 'noRunningImage'; readonly detail: string }

/** In the order of their numbers. The application, image 0, must be there; an image that runs nowhere is left out. */
export function readImages(slots: readonly ImageSlot[]): Result<readonly DeviceImage[], NoRunningImage> {
  const images: DeviceImage[] = []
  for (const index of [...new Set(slots.map(({ image }) => image))].sort((a, b) => a - b)) {
    const own = slots.filter(({ image }) => image === index)
    const active = own.find(slot => slot.active)
    const other = own.find(slot => !slot.active)
    if (active && (!active.version || !active.hash)) {
      return fail({ kind: 'noRunningImage', detail: `version ${active.versionText}` })
    }
    if (!active?.version || !active.hash) continue
    images.push({
      index,
      running: {
        slot: active.slot,
        version: active.version,
        hash: active.hash,
        confirmed: active.confirmed,
      },
      other: other?.hash ? { slot: other.slot, hash: other.hash, pending: other.pending } : null,
    })
  }
  return images[0]?.index === 0
    ? ok(images)
    : fail({ kind: 'noRunningImage', detail: `${slots.length} slots, none active` })
}

/** Version and hash of the application, and the hash of all where there are several; confirmed if all are. */
export function runningOf(images: readonly DeviceImage[]): {
  readonly version: ImageVersion
  readonly hash: Hex
  readonly setHash?: Hex
  readonly confirmed: boolean
} | null {
  const [application] = images
  if (!application) return null
  const { version, hash } = application.running
  const confirmed = images.every(({ running }) => running.confirmed)
  const setHash = toHex(hashOfSet(images.map(({ index, running }) => ({ index, hash: running.hash }))))
  return { version, hash: toHex(hash), ...(images.length > 1 ? { setHash } : {}), confirmed }
}

export interface MeantFacts {
  readonly facts: SlotFacts
  /** The images in other slots that make up what is meant, to be marked; empty where they don't. */
  readonly next: readonly Bytes[]
}

/**
 * The device's images compared with a release, of one image, of a set, or of a build for each slot; where running or other images
 * make it up, the facts say its hash.
 */
export function factsOf(images: readonly DeviceImage[], release?: ReleasedImage): MeantFacts {
  const running = runningOf(images)
  const [application] = images
  const other = application?.other ?? null
  const meant = release?.imageHash
  const facts: SlotFacts = {
    running: running && {
      hash:
        meant !== undefined && running.setHash === meant
          ? meant
          : nameOf(running.hash, application?.running.slot, release),
      confirmed: running.confirmed,
    },
    other: other && { hash: nameOf(toHex(other.hash), other.slot, release), pending: other.pending },
  }
  if (meant === undefined || images.length < 2 || facts.other?.hash === meant) {
    return { facts, next: facts.other?.hash === meant && other ? [other.hash] : [] }
  }
  const chosen = combinationOf(images, meant)
  if (!chosen) return { facts, next: [] }
  const pending = chosen.every(image => image.other?.pending === true)
  return {
    facts: { ...facts, other: { hash: meant, pending } },
    next: chosen.flatMap(image => (image.other ? [image.other.hash] : [])),
  }
}

/** The release's hash where it is the build for this slot: another slot's would not run there. */
const nameOf = (hash: Hex, slot: number | undefined, release: ReleasedImage | undefined): Hex =>
  release?.slotImages && slot !== undefined && release.slotImages[slot] === hash ? release.imageHash : hash

/**
 * What a loader lists (MCUboot's firmware loader mode): the application in slot 0, which it may erase though it says `confirmed`, and itself
 * as the active one. null where it is the application that answers.
 */
export function factsOfLoader(slots: readonly ImageSlot[]): SlotFacts | null {
  if (slots.some(({ active, slot }) => active && slot === 0)) return null
  const application = slots.find(({ slot }) => slot === 0)
  const hash = application?.hash
  return { running: null, other: hash ? { hash: toHex(hash), pending: false } : null, inLoader: true }
}

/** Which images would have to be swapped for the set to be what is meant; undefined where no choice of slots is. */
function combinationOf(images: readonly DeviceImage[], meant: Hex): readonly DeviceImage[] | undefined {
  for (let mask = 1; mask < 2 ** images.length; mask++) {
    const swapped = images.filter((image, i) => mask & (1 << i) && image.other !== null)
    if (swapped.length === 0) continue
    const set = images.map(image => ({
      index: image.index,
      hash: swapped.includes(image) && image.other ? image.other.hash : image.running.hash,
    }))
    if (toHex(hashOfSet(set)) === meant) return swapped
  }
  return undefined
}
