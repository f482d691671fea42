// Reads a MCUboot image file strictly and checks its hash (bootutil/image.h; docs/design.md, "Image format").
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import {
  PROTECTED_TLV_INFO_MAGIC,
  readTlvArea,
  TLV_INFO_MAGIC,
  type Tlv,
  type TlvError,
  TlvType,
} from './tlv.ts'
import type { ImageVersion } from './version.ts'

export const IMAGE_MAGIC = 0x96f3b83d
/** Bytes of `struct image_header`; `ih_hdr_size` may be larger, the rest is padding. */
export const IMAGE_HEADER_SIZE = 32

/** `IMAGE_F_*` of bootutil/image.h. */
export const ImageFlag = {
  encryptedAes128: 0x04,
  encryptedAes256: 0x08,
  nonBootable: 0x10,
  ramLoad: 0x20,
  romFixed: 0x100,
} as const

export type SignatureKind = 'ecdsa' | 'ed25519' | 'rsa2048' | 'rsa3072'
export type HashAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** This image needs at least that version of another image of the same device (TLV 0x40). */
export interface ImageDependency {
  readonly image: number
  readonly minVersion: ImageVersion
}

export interface ImageHeader {
  readonly loadAddress: number
  /** Bytes before the body, header included. */
  readonly headerSize: number
  readonly protectedTlvSize: number
  readonly bodySize: number
  readonly flags: number
  readonly version: ImageVersion
}

export interface McubootImage {
  readonly version: ImageVersion
  /** Where the flags say `romFixed`: the address of the slot that it was linked for. */
  readonly loadAddress: number
  readonly flags: number
  readonly headerSize: number
  readonly bodySize: number
  /** Bytes that the image hash covers: header, body and protected TLVs. */
  readonly hashedSize: number
  readonly hashAlgorithm: HashAlgorithm
  /** MCUboot's TLV hash, recomputed: what image state calls `hash`. 32, 48 or 64 bytes. */
  readonly imageHash: Bytes
  /** null where the image has none; only the protected area counts, as for the bootloader. */
  readonly securityCounter: number | null
  /** Hash of the public key's DER SubjectPublicKeyInfo (TLV 0x01). */
  readonly keyHash: Bytes | null
  /** The DER SubjectPublicKeyInfo itself (TLV 0x02), which imgtool writes instead of its hash on request. */
  readonly publicKey: Bytes | null
  readonly signature: { readonly kind: SignatureKind; readonly value: Bytes; readonly pure: boolean } | null
  readonly dependencies: readonly ImageDependency[]
  readonly tlvs: readonly Tlv[]
}

export type McubootError =
  | TlvError
  | { readonly kind: 'badMagic'; readonly detail: string }
  | { readonly kind: 'badHeader'; readonly detail: string }
  | { readonly kind: 'trailingBytes'; readonly detail: string }
  /** The hash covers the plain text, so an encrypted image can't be checked without its key. */
  | { readonly kind: 'encrypted'; readonly detail: string }
  | { readonly kind: 'noHash'; readonly detail: string }
  | { readonly kind: 'severalHashes'; readonly detail: string }
  | { readonly kind: 'hashMismatch'; readonly detail: string }

const HASHES = [
  { type: TlvType.sha256, algorithm: 'sha256', size: 32 },
  { type: TlvType.sha384, algorithm: 'sha384', size: 48 },
  { type: TlvType.sha512, algorithm: 'sha512', size: 64 },
] as const

/** The hash that the image's TLV is made with; imgtool hashes the public key with the same. */
export function imageDigest(algorithm: HashAlgorithm, message: Uint8Array): Bytes {
  const hash = { sha256, sha384, sha512 }[algorithm]
  return Uint8Array.from(hash(message))
}

const SIGNATURES: ReadonlyMap<number, SignatureKind> = new Map([
  [TlvType.ecdsa, 'ecdsa'],
  [TlvType.ed25519, 'ed25519'],
  [TlvType.rsa2048Pss, 'rsa2048'],
  [TlvType.rsa3072Pss, 'rsa3072'],
])

/** Reads the 32-byte header at the start of `bytes` (little-endian); nothing behind it is looked at. */
export function parseImageHeader(bytes: Uint8Array): Result<ImageHeader, McubootError> {
  if (bytes.length < IMAGE_HEADER_SIZE) {
    return fail({ kind: 'truncated', detail: `${bytes.length} bytes are less than a header` })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  if (magic !== IMAGE_MAGIC) return fail({ kind: 'badMagic', detail: `0x${magic.toString(16)}` })
  const headerSize = view.getUint16(8, true)
  if (headerSize < IMAGE_HEADER_SIZE) {
    return fail({ kind: 'badHeader', detail: `header size ${headerSize} is below ${IMAGE_HEADER_SIZE}` })
  }
  return ok({
    loadAddress: view.getUint32(4, true),
    headerSize,
    protectedTlvSize: view.getUint16(10, true),
    bodySize: view.getUint32(12, true),
    flags: view.getUint32(16, true),
    version: readVersion(view, 20),
  })
}

/**
 * Parses a whole image file. Every length must be exact: truncation and trailing bytes are errors, so a padded slot
 * dump (`imgtool sign --pad`) is refused. The image hash is recomputed over header, body and protected TLVs.
 */
export function parseImage(bytes: Uint8Array): Result<McubootImage, McubootError> {
  const parsedHeader = parseImageHeader(bytes)
  if (!parsedHeader.ok) return parsedHeader
  const header = parsedHeader.value
  if (header.flags & (ImageFlag.encryptedAes128 | ImageFlag.encryptedAes256)) {
    return fail({ kind: 'encrypted', detail: `flags 0x${header.flags.toString(16)}` })
  }

  const protectedStart = header.headerSize + header.bodySize
  const tlvs: Tlv[] = []
  let tlvStart = protectedStart
  if (header.protectedTlvSize !== 0) {
    const area = readTlvArea(bytes, protectedStart, PROTECTED_TLV_INFO_MAGIC)
    if (!area.ok) return area
    if (area.value.size !== header.protectedTlvSize) {
      const detail = `protected TLVs have ${area.value.size} bytes, the header says ${header.protectedTlvSize}`
      return fail({ kind: 'badHeader', detail })
    }
    tlvs.push(...area.value.entries)
    tlvStart += area.value.size
  }
  const area = readTlvArea(bytes, tlvStart, TLV_INFO_MAGIC)
  if (!area.ok) return area
  tlvs.push(...area.value.entries)
  const end = tlvStart + area.value.size
  if (end !== bytes.length) {
    return fail({ kind: 'trailingBytes', detail: `${bytes.length - end} bytes behind the image` })
  }

  const hash = checkHash(bytes.subarray(0, tlvStart), tlvs)
  if (!hash.ok) return hash
  const counter = readSecurityCounter(tlvs)
  if (!counter.ok) return counter
  const dependencies = readDependencies(tlvs)
  if (!dependencies.ok) return dependencies

  const unprotected = (type: number) => tlvs.find(tlv => !tlv.protected && tlv.type === type)?.value ?? null
  return ok({
    version: header.version,
    loadAddress: header.loadAddress,
    flags: header.flags,
    headerSize: header.headerSize,
    bodySize: header.bodySize,
    hashedSize: tlvStart,
    hashAlgorithm: hash.value.algorithm,
    imageHash: hash.value.imageHash,
    securityCounter: counter.value,
    keyHash: unprotected(TlvType.keyHash),
    publicKey: unprotected(TlvType.publicKey),
    signature: readSignature(tlvs),
    dependencies: dependencies.value,
    tlvs,
  })
}

function checkHash(
  hashed: Uint8Array,
  tlvs: readonly Tlv[],
): Result<{ algorithm: HashAlgorithm; imageHash: Bytes }, McubootError> {
  const found = HASHES.flatMap(hash =>
    tlvs.filter(tlv => tlv.type === hash.type).map(tlv => ({ ...hash, expected: tlv.value })),
  )
  const [only, another] = found
  if (!only) return fail({ kind: 'noHash', detail: 'no TLV of type 0x10, 0x11 or 0x12' })
  if (another) return fail({ kind: 'severalHashes', detail: `${found.length} hash TLVs` })
  if (only.expected.length !== only.size) {
    return fail({ kind: 'malformedTlv', detail: `${only.algorithm} TLV of ${only.expected.length} bytes` })
  }
  const imageHash = imageDigest(only.algorithm, hashed)
  if (!bytesEqual(imageHash, only.expected)) {
    return fail({ kind: 'hashMismatch', detail: `${only.algorithm} over header, body and protected TLVs` })
  }
  return ok({ algorithm: only.algorithm, imageHash })
}

function readSecurityCounter(tlvs: readonly Tlv[]): Result<number | null, McubootError> {
  const counters = tlvs.filter(tlv => tlv.protected && tlv.type === TlvType.securityCounter)
  const [only, another] = counters
  if (!only) return ok(null)
  if (another || only.value.length !== 4) {
    return fail({ kind: 'malformedTlv', detail: 'the security counter must be one TLV of 4 bytes' })
  }
  return ok(new DataView(only.value.buffer).getUint32(0, true))
}

/** `struct image_dependency`: image id, 3 bytes of padding, minimum version. */
function readDependencies(tlvs: readonly Tlv[]): Result<readonly ImageDependency[], McubootError> {
  const dependencies: ImageDependency[] = []
  for (const tlv of tlvs) {
    if (!tlv.protected || tlv.type !== TlvType.dependency) continue
    if (tlv.value.length !== 12) return fail({ kind: 'malformedTlv', detail: 'a dependency has 12 bytes' })
    const view = new DataView(tlv.value.buffer)
    dependencies.push({ image: view.getUint8(0), minVersion: readVersion(view, 4) })
  }
  return ok(dependencies)
}

function readSignature(tlvs: readonly Tlv[]): McubootImage['signature'] {
  for (const tlv of tlvs) {
    const kind = SIGNATURES.get(tlv.type)
    if (kind === undefined || tlv.protected) continue
    const pure = tlvs.some(other => other.type === TlvType.pureSignature && other.value[0] === 1)
    return { kind, value: tlv.value, pure }
  }
  return null
}

/** `struct image_version`: 8.8.16.32 bits, little-endian. */
function readVersion(view: DataView, offset: number): ImageVersion {
  return {
    major: view.getUint8(offset),
    minor: view.getUint8(offset + 1),
    revision: view.getUint16(offset + 2, true),
    build: view.getUint32(offset + 4, true),
  }
}
