// Several MCUboot images of one device (application, network core) that are released and updated together.
//
// The file is what nRF Connect SDK calls dfu_application.zip: images, and a manifest.json whose `files` say which is which. On
// chain the set has one hash, and a device that lists several images is compared by the same hash of what it runs.
//
// Where images run from the slot that they lie in (direct-XIP), the same file holds two builds of one image, told apart by `slot`.
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Bytes, bytesEqual, concat, utf8 } from '../bytes.ts'
import type { ZipError } from '../dfu/zip.ts'
import { ImageFlag, type McubootError, type McubootImage, parseImage } from '../mcuboot/image.ts'
import { namedKeyHash } from '../mcuboot/signature.ts'
import { compareVersions, formatVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'

export interface ImageOfSet {
  /** MCUboot's image number. */
  readonly index: number
  /** The one slot that it was linked for; null where the bootloader moves it to where it runs. */
  readonly slot: 0 | 1 | null
  readonly file: Bytes
  readonly image: McubootImage
}

export type ImageSetError =
  | McubootError
  | ZipError
  | { readonly kind: 'malformedPackage'; readonly detail: string }
  /** An image needs a newer one than comes with it (TLV 0x40): the bootloader would not start it. */
  | { readonly kind: 'dependencyUnmet'; readonly detail: string }

/** As many as MCUboot is built for anywhere. */
const MAX_IMAGES = 4
const number = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer(), v.minValue(0))
const slotNumber = v.pipe(number, v.picklist([0, 1]))
const manifestSchema = v.object({
  files: v.pipe(
    v.array(v.object({ file: v.string(), image_index: v.optional(number, 0), slot: v.optional(slotNumber) })),
    v.minLength(1),
    v.maxLength(MAX_IMAGES),
  ),
})

/** undefined where manifest.json is not of this form. `files`: the archive's. */
export function readImageSet(
  manifest: unknown,
  files: ReadonlyMap<string, Bytes>,
): Result<readonly ImageOfSet[], ImageSetError> | undefined {
  const parsed = v.safeParse(manifestSchema, manifest)
  if (!parsed.success) return undefined
  const images: ImageOfSet[] = []
  for (const { file: name, image_index: index, slot = null } of parsed.output.files) {
    const file = files.get(name)
    if (!file) return fail({ kind: 'malformedPackage', detail: `${name} is not there` })
    const image = parseImage(file)
    if (!image.ok) return image
    images.push({ index, slot, file, image: image.value })
  }
  images.sort((a, b) => a.index - b.index || (a.slot ?? 0) - (b.slot ?? 0))
  const fault = images.some(({ slot }) => slot !== null) ? slotFault(images) : faultOf(images)
  return fault ? fail(fault) : ok(images)
}

function faultOf(images: readonly ImageOfSet[]): ImageSetError | undefined {
  const [first] = images
  if (first?.index !== 0) return { kind: 'malformedPackage', detail: 'no image 0' }
  if (new Set(images.map(({ index }) => index)).size !== images.length) {
    return { kind: 'malformedPackage', detail: 'an image comes twice' }
  }
  const keyFault = keysFault(images)
  if (keyFault) return keyFault
  for (const { index, image } of images) {
    for (const { image: needed, minVersion } of image.dependencies) {
      const other = images.find(candidate => candidate.index === needed)
      if (other && compareVersions(other.image.version, minVersion) < 0) {
        const detail = `image ${index} needs ${formatVersion(minVersion)} of image ${needed}`
        return { kind: 'dependencyUnmet', detail }
      }
    }
  }
  return undefined
}

/**
 * Two builds of one image and nothing else. Each must carry the address that it was linked for (`imgtool sign --rom-fixed`): with that
 * the bootloader itself refuses one that got into the wrong slot, where it would crash.
 */
function slotFault(images: readonly ImageOfSet[]): ImageSetError | undefined {
  const malformed = (detail: string) => ({ kind: 'malformedPackage', detail }) as const
  const [first, second, another] = images
  if (!first || !second || another || first.slot !== 0 || second.slot !== 1) {
    return malformed('builds for slots are one for slot 0 and one for slot 1')
  }
  if (images.some(({ index }) => index !== 0)) return malformed('builds for slots of another image than 0')
  if (images.some(({ image }) => (image.flags & ImageFlag.romFixed) === 0)) {
    return malformed('a build that does not say its address: sign it with --rom-fixed')
  }
  if (first.image.loadAddress === second.image.loadAddress) return malformed('two builds for one address')
  const isSame =
    compareVersions(first.image.version, second.image.version) === 0 &&
    first.image.securityCounter === second.image.securityCounter
  if (!isSame) return malformed('builds of different versions')
  return keysFault(images)
}

function keysFault(images: readonly ImageOfSet[]): ImageSetError | undefined {
  const [first] = images
  const key = first ? namedKeyHash(first.image) : null
  return images.some(({ image }) => !isSameKey(namedKeyHash(image), key))
    ? { kind: 'malformedPackage', detail: 'images that are signed with different keys' }
    : undefined
}

const isSameKey = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a !== null && b !== null && bytesEqual(a, b)

/**
 * What names several images together: SHA-256 over image number (1 byte), length of its hash (1 byte) and MCUboot's TLV hash of each,
 * in the order of their numbers. Of one image: its own hash.
 */
export function hashOfSet(images: readonly { readonly index: number; readonly hash: Uint8Array }[]): Bytes {
  const [only, another] = images
  if (only && !another) return Uint8Array.from(only.hash)
  const sorted = [...images].sort((a, b) => a.index - b.index)
  const parts = sorted.map(({ index, hash }) => concat(Uint8Array.of(index, hash.length), hash))
  return Uint8Array.from(sha256(concat(...parts)))
}

const SLOTS_LABEL = utf8('slots')

/**
 * What names the two builds of a direct-XIP image together: SHA-256 over "slots" and, of slot 0 and then slot 1, the length of the
 * hash (1 byte) and MCUboot's TLV hash.
 */
export const hashOfSlots = (hashes: readonly Uint8Array[]): Bytes =>
  Uint8Array.from(
    sha256(concat(SLOTS_LABEL, ...hashes.map(hash => concat(Uint8Array.of(hash.length), hash)))),
  )
