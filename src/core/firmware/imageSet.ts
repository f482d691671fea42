// Several MCUboot images of one device (application, network core) that are released and updated together.
//
// The file is what nRF Connect SDK calls dfu_application.zip: images, and a manifest.json whose `files` say which is which. On
// chain the set has one hash, and a device that lists several images is compared by the same hash of what it runs.
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Bytes, bytesEqual, concat } from '../bytes.ts'
import type { ZipError } from '../dfu/zip.ts'
import { type McubootError, type McubootImage, parseImage } from '../mcuboot/image.ts'
import { namedKeyHash } from '../mcuboot/signature.ts'
import { compareVersions, formatVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'

export interface ImageOfSet {
  /** MCUboot's image number. */
  readonly index: number
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
const manifestSchema = v.object({
  files: v.pipe(
    v.array(v.object({ file: v.string(), image_index: v.optional(number, 0) })),
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
  for (const { file: name, image_index: index } of parsed.output.files) {
    const file = files.get(name)
    if (!file) return fail({ kind: 'malformedPackage', detail: `${name} is not there` })
    const image = parseImage(file)
    if (!image.ok) return image
    images.push({ index, file, image: image.value })
  }
  images.sort((a, b) => a.index - b.index)
  const fault = faultOf(images)
  return fault ? fail(fault) : ok(images)
}

function faultOf(images: readonly ImageOfSet[]): ImageSetError | undefined {
  const [first] = images
  if (first?.index !== 0) return { kind: 'malformedPackage', detail: 'no image 0' }
  if (new Set(images.map(({ index }) => index)).size !== images.length) {
    return { kind: 'malformedPackage', detail: 'an image comes twice' }
  }
  const key = namedKeyHash(first.image)
  if (images.some(({ image }) => !isSameKey(namedKeyHash(image), key))) {
    return { kind: 'malformedPackage', detail: 'images that are signed with different keys' }
  }
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
