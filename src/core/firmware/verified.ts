// The one gate between bytes and a device: only what `verifyFirmware` checked against a manifest can be flashed.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, toHex } from '../bytes.ts'
import { type McubootError, type McubootImage, parseImage } from '../mcuboot/image.ts'
import { namedKeyHash } from '../mcuboot/signature.ts'
import { compareVersions, formatVersion } from '../mcuboot/version.ts'
import type { Manifest } from '../registry/release.ts'
import { fail, ok, type Result } from '../result.ts'

export type VerifyError =
  | { readonly kind: 'wrongSize'; readonly detail: string }
  | { readonly kind: 'wrongFileHash'; readonly detail: string }
  | { readonly kind: 'malformedImage'; readonly why: McubootError; readonly detail: string }
  | { readonly kind: 'wrongImageHash'; readonly detail: string }
  | { readonly kind: 'wrongVersion'; readonly detail: string }
  | { readonly kind: 'wrongSecurityCounter'; readonly detail: string }
  | { readonly kind: 'unsigned'; readonly detail: string }
  | { readonly kind: 'wrongKey'; readonly detail: string }
  | { readonly kind: 'wrongHardware'; readonly detail: string }
  | { readonly kind: 'tooLargeForSlot'; readonly detail: string }

/** What the device in hand needs; null where it did not tell (a plain SMP device), which then is not checked. */
export interface FirmwareExpectation {
  readonly hardware: string | null
  /** Bytes that the device's free slot can take. */
  readonly slotSize: number | null
}

// Never leaves this module, so nobody else can pass it to the constructor.
const gate = Symbol('verifyFirmware')

class Verified {
  // A private field is also a brand: only this constructor can put it on an object, so `#bytes in value` can't be faked
  // by Object.create, by a look-alike or through a cast.
  readonly #bytes: Bytes
  readonly #fileHash: Bytes
  readonly #imageHash: Bytes
  readonly manifest: Manifest

  constructor(key: symbol, bytes: Bytes, fileHash: Bytes, imageHash: Bytes, manifest: Manifest) {
    if (key !== gate) throw new TypeError('VerifiedFirmware is made by verifyFirmware alone')
    this.#bytes = bytes
    this.#fileHash = fileHash
    this.#imageHash = imageHash
    this.manifest = frozenCopy(manifest)
    Object.freeze(this)
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.#bytes.length
  }

  /** SHA-256 of the whole file, a copy: what SMP upload calls `sha`. */
  get fileHash(): Bytes {
    return Uint8Array.from(this.#fileHash)
  }

  /** MCUboot's TLV hash, a copy: what image state calls `hash`. 32, 48 or 64 bytes. */
  get imageHash(): Bytes {
    return Uint8Array.from(this.#imageHash)
  }

  /** A copy of up to `length` bytes from `offset`; shorter at the end of the file. Throws RangeError outside of it. */
  chunk(offset: number, length: number): Bytes {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.#bytes.length) {
      throw new RangeError(`offset ${offset} is outside of ${this.#bytes.length} bytes`)
    }
    if (!Number.isInteger(length) || length < 0) throw new RangeError(`length ${length}`)
    return this.#bytes.slice(offset, offset + length)
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
  const parsed = parseImage(copy)
  if (!parsed.ok) {
    const why = parsed.error
    return fail({ kind: 'malformedImage', why, detail: `${why.kind}: ${why.detail}` })
  }
  const fault = imageFault(parsed.value, manifest) ?? deviceFault(manifest, expect)
  if (fault) return fail(fault)
  return ok(new Verified(gate, copy, fileHash, parsed.value.imageHash, manifest))
}

function imageFault(image: McubootImage, manifest: Manifest): VerifyError | undefined {
  const imageHash = toHex(image.imageHash)
  if (imageHash !== manifest.imageHash) {
    return { kind: 'wrongImageHash', detail: `${imageHash}, the manifest says ${manifest.imageHash}` }
  }
  if (compareVersions(image.version, manifest.version) !== 0) {
    const detail = `${formatVersion(image.version)}, the manifest says ${formatVersion(manifest.version)}`
    return { kind: 'wrongVersion', detail }
  }
  const counter = image.securityCounter ?? 0
  if (counter !== manifest.securityCounter) {
    const detail = `${counter}, the manifest says ${manifest.securityCounter}`
    return { kind: 'wrongSecurityCounter', detail }
  }
  const keyHash = namedKeyHash(image)
  if (!image.signature || !keyHash) {
    return { kind: 'unsigned', detail: image.signature ? 'no signing key is named' : 'no signature' }
  }
  if (toHex(keyHash) !== manifest.keyHash) {
    return { kind: 'wrongKey', detail: `${toHex(keyHash)}, the manifest says ${manifest.keyHash}` }
  }
  return undefined
}

function deviceFault(
  manifest: Manifest,
  { hardware, slotSize }: FirmwareExpectation,
): VerifyError | undefined {
  if (hardware !== null && hardware !== manifest.hardware) {
    return { kind: 'wrongHardware', detail: `for ${manifest.hardware}, the device is ${hardware}` }
  }
  if (slotSize !== null && manifest.size > slotSize) {
    return { kind: 'tooLargeForSlot', detail: `${manifest.size} bytes, the slot takes ${slotSize}` }
  }
  return undefined
}

function frozenCopy(manifest: Manifest): Manifest {
  return Object.freeze({
    ...manifest,
    version: Object.freeze({ ...manifest.version }),
    peers: Object.freeze([...manifest.peers]),
  })
}
