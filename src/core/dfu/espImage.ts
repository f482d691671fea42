// Reads an application image for Espressif's chips strictly (esptool documentation, "Firmware Image Format"; ESP-IDF,
// esp_app_desc.h). All numbers are little-endian.
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual } from '../bytes.ts'
import { type ImageVersion, parseVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'

export const ESP_IMAGE_MAGIC = 0xe9
const APP_DESCRIPTION_MAGIC = 0xabcd5432
const HEADER_SIZE = 24
const SEGMENT_HEADER_SIZE = 8
const MAX_SEGMENTS = 16
/** Before the application's description: the file's header and that of its first segment. */
const DESCRIPTION_AT = HEADER_SIZE + SEGMENT_HEADER_SIZE
const DESCRIPTION_SIZE = 256
const CHECKSUM_SEED = 0xef
const HASH_SIZE = 32
/** Secure Boot V2: a sector of its own behind the padded image, with up to three blocks of this form. */
const SECTOR = 4096
const SIGNATURE_MAGIC = 0xe7
const KEY_IN_BLOCK = { start: 36, end: 812 }

export interface EspImage {
  /** esp_chip_id_t: which chip it was linked for. */
  readonly chip: number
  readonly version: ImageVersion
  readonly versionText: string
  readonly project: string
  /** The anti-rollback counter that an eFuse keeps. */
  readonly secureVersion: number
  /** SHA-256 over all that comes before it, recomputed. */
  readonly imageHash: Bytes
  /** SHA-256 of the signing key as an eFuse holds it (Secure Boot V2); null for an image that nobody signed. */
  readonly keyHash: Bytes | null
}

export type EspImageError =
  | { readonly kind: 'truncated'; readonly detail: string }
  | { readonly kind: 'badMagic'; readonly detail: string }
  | { readonly kind: 'badHeader'; readonly detail: string }
  | { readonly kind: 'trailingBytes'; readonly detail: string }
  | { readonly kind: 'noHash'; readonly detail: string }
  | { readonly kind: 'hashMismatch'; readonly detail: string }
  | { readonly kind: 'badVersion'; readonly detail: string }

/** Takes a whole image with an appended hash and an application's description. Every length must be exact. Never throws. */
export function readEspImage(bytes: Uint8Array): Result<EspImage, EspImageError> {
  if (bytes.length < DESCRIPTION_AT + DESCRIPTION_SIZE) {
    return fail({ kind: 'truncated', detail: `${bytes.length} bytes are no application` })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint8(0) !== ESP_IMAGE_MAGIC) {
    return fail({ kind: 'badMagic', detail: `0x${view.getUint8(0).toString(16)}` })
  }
  const body = readSegments(bytes, view)
  if (!body.ok) return body
  if (view.getUint8(23) !== 1) return fail({ kind: 'noHash', detail: 'built without an appended SHA-256' })
  const hashEnd = body.value + HASH_SIZE
  if (hashEnd > bytes.length) return fail({ kind: 'truncated', detail: 'no appended SHA-256' })
  const imageHash = Uint8Array.from(sha256(bytes.subarray(0, body.value)))
  if (!bytesEqual(imageHash, bytes.subarray(body.value, hashEnd))) {
    return fail({ kind: 'hashMismatch', detail: 'SHA-256 at the end of the image' })
  }
  const keyHash = readSigner(bytes, hashEnd)
  if (!keyHash.ok) return keyHash
  if (view.getUint32(DESCRIPTION_AT, true) !== APP_DESCRIPTION_MAGIC) {
    return fail({ kind: 'badHeader', detail: 'no description of an application' })
  }
  const versionText = textAt(bytes, DESCRIPTION_AT + 16)
  const version = parseVersion(versionText.replace(/^v/, ''))
  if (!version) return fail({ kind: 'badVersion', detail: versionText })
  return ok({
    chip: view.getUint16(12, true),
    version,
    versionText,
    project: textAt(bytes, DESCRIPTION_AT + 48),
    secureVersion: view.getUint32(DESCRIPTION_AT + 4, true),
    imageHash,
    keyHash: keyHash.value,
  })
}

/** Where the body ends: behind the checksum, which is the last byte of a group of 16. */
function readSegments(bytes: Uint8Array, view: DataView): Result<number, EspImageError> {
  const count = view.getUint8(1)
  if (count === 0 || count > MAX_SEGMENTS) return fail({ kind: 'badHeader', detail: `${count} segments` })
  let at = HEADER_SIZE
  let checksum = CHECKSUM_SEED
  for (let i = 0; i < count; i++) {
    if (at + SEGMENT_HEADER_SIZE > bytes.length) return fail({ kind: 'truncated', detail: `segment ${i}` })
    const end = at + SEGMENT_HEADER_SIZE + view.getUint32(at + 4, true)
    if (end > bytes.length) return fail({ kind: 'truncated', detail: `segment ${i}` })
    for (const byte of bytes.subarray(at + SEGMENT_HEADER_SIZE, end)) checksum ^= byte
    at = end
  }
  const end = at + 16 - (at % 16)
  if (end > bytes.length) return fail({ kind: 'truncated', detail: 'no checksum' })
  if (bytes[end - 1] !== checksum) return fail({ kind: 'badHeader', detail: 'checksum of the segments' })
  return ok(end)
}

function readSigner(bytes: Uint8Array, hashEnd: number): Result<Bytes | null, EspImageError> {
  if (bytes.length === hashEnd) return ok(null)
  const start = Math.ceil(hashEnd / SECTOR) * SECTOR
  if (bytes.length !== start + SECTOR || bytes[start] !== SIGNATURE_MAGIC) {
    return fail({ kind: 'trailingBytes', detail: `${bytes.length - hashEnd} bytes behind the image` })
  }
  const key = bytes.subarray(start + KEY_IN_BLOCK.start, start + KEY_IN_BLOCK.end)
  return ok(Uint8Array.from(sha256(key)))
}

/** 32 bytes, ended by a zero where it is shorter. */
function textAt(bytes: Uint8Array, at: number): string {
  const field = bytes.subarray(at, at + 32)
  const end = field.indexOf(0)
  return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)))
}
