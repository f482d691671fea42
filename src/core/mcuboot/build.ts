// Builds signed MCUboot images byte for byte as imgtool does (scripts/imgtool/image.py, `create` and `add_header`).
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, concat } from '../bytes.ts'
import { IMAGE_HEADER_SIZE, IMAGE_MAGIC, type ImageDependency } from './image.ts'
import { encodeImagePublicKey, type ImagePublicKey, imageKeyHash } from './publicKey.ts'
import { PROTECTED_TLV_INFO_MAGIC, TLV_INFO_MAGIC, TlvType, writeTlvArea } from './tlv.ts'
import type { ImageVersion } from './version.ts'

/** Secret keys are 32 bytes: the scalar (big-endian) for P-256, the seed of RFC 8032 for Ed25519. */
export type ImageSigner =
  | { readonly kind: 'ecdsaP256'; readonly secretKey: Uint8Array }
  /** `pure` signs the hashed bytes rather than their hash and says so in TLV 0x25 (`imgtool sign --pure`, SHA-512). */
  | { readonly kind: 'ed25519'; readonly secretKey: Uint8Array; readonly pure?: boolean }

export interface ImageParts {
  readonly version: ImageVersion
  readonly body: Uint8Array
  /** null builds an unsigned image (imgtool without `--key`). */
  readonly signer: ImageSigner | null
  readonly securityCounter?: number
  readonly dependencies?: readonly ImageDependency[]
  /** Bytes before the body, at least 32; Zephyr's default is 0x200. The padding is zero, as imgtool leaves it. */
  readonly headerSize?: number
  readonly loadAddress?: number
  readonly flags?: number
  /** What names the key: its hash (imgtool's default) or the key itself (`--public-key-format full`). */
  readonly keyFormat?: 'hash' | 'full'
  /** More entries for the signed area, e.g. vendor TLVs from 0x00a0 (`--custom-tlv`). */
  readonly protectedTlvs?: readonly (readonly [type: number, value: Uint8Array])[]
}

/** The public half of a signer. */
export function signerPublicKey(signer: ImageSigner): ImagePublicKey {
  return signer.kind === 'ed25519'
    ? { kind: 'ed25519', bytes: ed25519.getPublicKey(signer.secretKey) }
    : { kind: 'ecdsaP256', bytes: p256.getPublicKey(signer.secretKey, false).subarray(1) }
}

/** Throws RangeError for parts that no header can hold (sizes, counters). Deterministic: RFC 6979 and RFC 8032. */
export function buildImage(parts: ImageParts): Bytes {
  const protectedEntries = protectedTlvs(parts)
  const protectedArea =
    protectedEntries.length === 0
      ? new Uint8Array()
      : writeTlvArea(protectedEntries, PROTECTED_TLV_INFO_MAGIC)
  const hashed = concat(header(parts, protectedArea.length), parts.body, protectedArea)

  // imgtool's choice: SHA-256 for every P-256 and plain Ed25519 key, SHA-512 where Ed25519 is pure.
  const isPure = parts.signer?.kind === 'ed25519' && parts.signer.pure === true
  const imageHash = isPure ? sha512(hashed) : sha256(hashed)
  const entries: (readonly [number, Uint8Array])[] = [[isPure ? TlvType.sha512 : TlvType.sha256, imageHash]]
  if (parts.signer) {
    if (isPure) entries.push([TlvType.pureSignature, Uint8Array.of(1)])
    const key = signerPublicKey(parts.signer)
    entries.push(
      parts.keyFormat === 'full'
        ? [TlvType.publicKey, encodeImagePublicKey(key)]
        : [TlvType.keyHash, isPure ? sha512(encodeImagePublicKey(key)) : imageKeyHash(key)],
      sign(parts.signer, isPure ? hashed : imageHash),
    )
  }
  return concat(hashed, writeTlvArea(entries, TLV_INFO_MAGIC))
}

function sign(signer: ImageSigner, message: Uint8Array): readonly [number, Uint8Array] {
  if (signer.kind === 'ed25519') return [TlvType.ed25519, ed25519.sign(message, signer.secretKey)]
  return [TlvType.ecdsa, p256.sign(message, signer.secretKey, { prehash: false, format: 'der' })]
}

/** imgtool's order: security counter, dependencies, custom entries. */
function protectedTlvs(parts: ImageParts): (readonly [number, Uint8Array])[] {
  const entries: (readonly [number, Uint8Array])[] = []
  if (parts.securityCounter !== undefined) {
    const value = new Uint8Array(4)
    new DataView(value.buffer).setUint32(0, checked(parts.securityCounter, 0xffffffff), true)
    entries.push([TlvType.securityCounter, value])
  }
  for (const { image, minVersion } of parts.dependencies ?? []) {
    const value = new Uint8Array(12)
    const view = new DataView(value.buffer)
    view.setUint8(0, checked(image, 0xff))
    writeVersion(view, 4, minVersion)
    entries.push([TlvType.dependency, value])
  }
  return [...entries, ...(parts.protectedTlvs ?? [])]
}

function header(parts: ImageParts, protectedSize: number): Uint8Array {
  const size = parts.headerSize ?? IMAGE_HEADER_SIZE
  if (size < IMAGE_HEADER_SIZE) throw new RangeError(`header size ${size} is below ${IMAGE_HEADER_SIZE}`)
  const bytes = new Uint8Array(checked(size, 0xffff))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, IMAGE_MAGIC, true)
  view.setUint32(4, checked(parts.loadAddress ?? 0, 0xffffffff), true)
  view.setUint16(8, size, true)
  view.setUint16(10, checked(protectedSize, 0xffff), true)
  view.setUint32(12, checked(parts.body.length, 0xffffffff), true)
  view.setUint32(16, checked(parts.flags ?? 0, 0xffffffff), true)
  writeVersion(view, 20, parts.version)
  return bytes
}

function writeVersion(view: DataView, offset: number, version: ImageVersion): void {
  view.setUint8(offset, checked(version.major, 0xff))
  view.setUint8(offset + 1, checked(version.minor, 0xff))
  view.setUint16(offset + 2, checked(version.revision, 0xffff), true)
  view.setUint32(offset + 4, checked(version.build, 0xffffffff), true)
}

/** DataView wraps silently, which would turn version 256 into 0. */
function checked(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new RangeError(`${value} is not in 0..${max}`)
  return value
}
