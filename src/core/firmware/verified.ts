// The one gate between bytes and a device: only what `verifyFirmware` checked against a manifest can be flashed.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { compareVersions, formatVersion } from '../mcuboot/version.ts'
import type { Manifest } from '../registry/release.ts'
import { fail, ok, type Result } from '../result.ts'
import {
  type FirmwareFormat,
  type FirmwarePackage,
  type FirmwarePackageError,
  type FirmwarePart,
  type PackedImage,
  readFirmware,
  slotImagesOf,
} from './package.ts'

export type VerifyError =
  | { readonly kind: 'wrongSize'; readonly detail: string }
  | { readonly kind: 'wrongFileHash'; readonly detail: string }
  | { readonly kind: 'malformedImage'; readonly why: FirmwarePackageError; readonly detail: string }
  | { readonly kind: 'wrongImageHash'; readonly detail: string }
  | { readonly kind: 'wrongVersion'; readonly detail: string }
  | { readonly kind: 'wrongSecurityCounter'; readonly detail: string }
  | { readonly kind: 'unsigned'; readonly detail: string }
  | { readonly kind: 'wrongKey'; readonly detail: string }
  | { readonly kind: 'wrongHardware'; readonly detail: string }
  | { readonly kind: 'tooLargeForSlot'; readonly detail: string }
  /** For another updater than the device has. */
  | { readonly kind: 'wrongFormat'; readonly detail: string }

/** What the device in hand needs; null where it did not tell (a plain SMP device), which then is not checked. */
export interface FirmwareExpectation {
  readonly hardware: string | null
  /** Bytes that the device's free slot can take. */
  readonly slotSize: number | null
  /** What its updater takes; left out: MCUboot's images, which SMP uploads. */
  readonly format?: FirmwareFormat
}

/** A manifest's `keyHash` where nobody signed the image. */
const NO_KEY: Hex = `0x${'00'.repeat(32)}`

// Never leaves this module, so nobody else can pass it to the constructor.
const gate = Symbol('verifyFirmware')

class Verified {
  // A private field is also a brand: only this constructor can put it on an object, so `#bytes in value` can't be faked
  // by Object.create, by a look-alike or through a cast.
  readonly #bytes: Bytes
  readonly #parts: Partial<Record<FirmwarePart, Bytes>>
  readonly #partHashes: ReadonlyMap<FirmwarePart, Bytes>
  readonly #fileHash: Bytes
  readonly #imageHash: Bytes
  readonly format: FirmwareFormat
  /** MCUboot's images in it, by their number and slot; one for a plain image file. */
  readonly images: readonly PackedImage<Hex>[]
  readonly manifest: Manifest

  constructor(key: symbol, bytes: Bytes, fileHash: Bytes, read: FirmwarePackage, manifest: Manifest) {
    if (key !== gate) throw new TypeError('VerifiedFirmware is made by verifyFirmware alone')
    this.#bytes = bytes
    this.#parts = { ...read.parts, file: bytes }
    this.#fileHash = fileHash
    const ofImages = read.images.filter(({ part }) => part !== 'file')
    this.#partHashes = new Map([
      ['file', fileHash],
      ...ofImages.map(({ part }) => [part, sha256(read.parts[part] ?? bytes)] as const),
    ] as readonly (readonly [FirmwarePart, Bytes])[])
    this.#imageHash = read.imageHash
    this.format = read.format
    this.images = Object.freeze(
      read.images.map(image => Object.freeze({ ...image, hash: toHex(image.hash) })),
    )
    this.manifest = frozenCopy(manifest)
    Object.freeze(this)
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.#bytes.length
  }

  /** SHA-256 of one of its parts as it was verified, a copy. Throws RangeError where this form has none of that name. */
  hashOf(part: FirmwarePart): Bytes {
    const hash = this.#partHashes.get(part)
    if (!hash) throw new RangeError(`${this.format} has no part ${part}`)
    return Uint8Array.from(hash)
  }

  /** Bytes of one of its parts; undefined where this form has none of that name. */
  sizeOf(part: FirmwarePart): number | undefined {
    return this.#parts[part]?.length
  }

  /** SHA-256 of the whole file, a copy: what SMP upload calls `sha`. */
  get fileHash(): Bytes {
    return Uint8Array.from(this.#fileHash)
  }

  /** MCUboot's TLV hash, a copy: what image state calls `hash`. 32, 48 or 64 bytes. */
  get imageHash(): Bytes {
    return Uint8Array.from(this.#imageHash)
  }

  /** A copy of up to `length` bytes from `offset`; shorter at the end of the part. Throws RangeError outside of it. */
  chunk(offset: number, length: number, part: FirmwarePart = 'file'): Bytes {
    const bytes = this.#parts[part]
    if (!bytes) throw new RangeError(`${this.format} has no part ${part}`)
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length) {
      throw new RangeError(`offset ${offset} is outside of ${bytes.length} bytes`)
    }
    if (!Number.isInteger(length) || length < 0) throw new RangeError(`length ${length}`)
    return bytes.slice(offset, offset + length)
  }

  static isVerified(value: unknown): value is Verified {
    return typeof value === 'object' && value !== null && #bytes in value
  }
}
// Else `chunk` could be replaced on the prototype, which every instance reaches.
Object.freeze(Verified.prototype)
Object.freeze(Verified)

/** Firmware whose every byte was checked against a manifest. Only the type leaves this module. */
export type VerifiedFirmware = Verified

/** Whether `value` came out of `verifyFirmware`: asked again by whatever sends bytes to a device. */
export const isVerifiedFirmware = (value: unknown): value is VerifiedFirmware => Verified.isVerified(value)

/**
 * Checks a firmware file against its manifest and the device: exact size, SHA-256 of the file, the image's structure and
 * recomputed TLV hash, version, security counter, signing key, hardware, slot. The first fault found is returned.
 *
 * The bytes are copied before they are looked at, so changing them afterwards changes nothing here.
 */
export function verifyFirmware(
  bytes: Uint8Array,
  manifest: Manifest,
  expect: FirmwareExpectation,
): Result<VerifiedFirmware, VerifyError> {
  if (bytes.length !== manifest.size) {
    return fail({ kind: 'wrongSize', detail: `${bytes.length} bytes, the manifest says ${manifest.size}` })
  }
  const copy = Uint8Array.from(bytes)
  const fileHash = Uint8Array.from(sha256(copy))
  if (toHex(fileHash) !== manifest.fileHash) {
    return fail({
      kind: 'wrongFileHash',
      detail: `${toHex(fileHash)}, the manifest says ${manifest.fileHash}`,
    })
  }
  const parsed = readFirmware(copy)
  if (!parsed.ok) {
    const why = parsed.error
    return fail({ kind: 'malformedImage', why, detail: `${why.kind}: ${why.detail}` })
  }
  const fault =
    imageFault(parsed.value, manifest) ??
    deviceFault(parsed.value, manifest, expect) ??
    formatFault(parsed.value, expect)
  if (fault) return fail(fault)
  return ok(new Verified(gate, copy, fileHash, parsed.value, manifest))
}

function imageFault(image: FirmwarePackage, manifest: Manifest): VerifyError | undefined {
  const imageHash = toHex(image.imageHash)
  if (imageHash !== manifest.imageHash) {
    return { kind: 'wrongImageHash', detail: `${imageHash}, the manifest says ${manifest.imageHash}` }
  }
  const slotImages = slotImagesOf(image)?.join()
  if (slotImages !== manifest.slotImages?.join()) {
    return { kind: 'wrongImageHash', detail: `builds for slots: ${slotImages ?? 'none'}` }
  }
  if (compareVersions(image.version, manifest.version) !== 0) {
    const detail = `${formatVersion(image.version)}, the manifest says ${formatVersion(manifest.version)}`
    return { kind: 'wrongVersion', detail }
  }
  if (image.securityCounter !== manifest.securityCounter) {
    const detail = `${image.securityCounter}, the manifest says ${manifest.securityCounter}`
    return { kind: 'wrongSecurityCounter', detail }
  }
  return keyFault(image, manifest)
}

function keyFault(
  { format, isSigned, keyHashes }: FirmwarePackage,
  { keyHash }: Manifest,
): VerifyError | undefined {
  const [first] = keyHashes
  if (!isSigned || !first) {
    // Such a device checks no signature: a manifest that says so, and whoever consents to it, know.
    if (format === 'espOta' && keyHash === NO_KEY) return undefined
    return { kind: 'unsigned', detail: isSigned ? 'no signing key is named' : 'no signature' }
  }
  if (keyHashes.some(hash => toHex(hash) === keyHash)) return undefined
  return { kind: 'wrongKey', detail: `${toHex(first)}, the manifest says ${keyHash}` }
}

const formatFault = (
  { format }: FirmwarePackage,
  { format: expected = 'mcuboot' }: FirmwareExpectation,
): VerifyError | undefined =>
  format === expected ? undefined : { kind: 'wrongFormat', detail: `${format}, the device takes ${expected}` }

function deviceFault(
  { images, parts }: FirmwarePackage,
  manifest: Manifest,
  { hardware, slotSize }: FirmwareExpectation,
): VerifyError | undefined {
  if (hardware !== null && hardware !== manifest.hardware) {
    return { kind: 'wrongHardware', detail: `for ${manifest.hardware}, the device is ${hardware}` }
  }
  // Of builds for slots one is written, and which one depends on what runs then.
  const sizes = images.flatMap(({ slot, part }) => (slot === null ? [] : [parts[part]?.length ?? 0]))
  const size = sizes.length > 0 ? Math.max(...sizes) : manifest.size
  if (slotSize !== null && size > slotSize) {
    return { kind: 'tooLargeForSlot', detail: `${size} bytes, the slot takes ${slotSize}` }
  }
  return undefined
}

function frozenCopy(manifest: Manifest): Manifest {
  const { slotImages } = manifest
  return Object.freeze({
    ...manifest,
    version: Object.freeze({ ...manifest.version }),
    ...(slotImages ? { slotImages: Object.freeze([slotImages[0], slotImages[1]] as const) } : {}),
    peers: Object.freeze([...manifest.peers]),
  })
}
