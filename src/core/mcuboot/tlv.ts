// The type-length-value areas behind a MCUboot image (bootutil/image.h, `struct image_tlv_info` and `struct image_tlv`).
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export const TLV_INFO_MAGIC = 0x6907
export const PROTECTED_TLV_INFO_MAGIC = 0x6908
/** Bytes of `struct image_tlv_info` (magic, total) and of `struct image_tlv` (type, length). */
const TLV_HEADER_SIZE = 4

/** `IMAGE_TLV_*` of bootutil/image.h. */
export const TlvType = {
  keyHash: 0x01,
  publicKey: 0x02,
  sha256: 0x10,
  sha384: 0x11,
  sha512: 0x12,
  rsa2048Pss: 0x20,
  ecdsa224: 0x21,
  ecdsa: 0x22,
  rsa3072Pss: 0x23,
  ed25519: 0x24,
  pureSignature: 0x25,
  encryptedRsa2048: 0x30,
  encryptedKeyWrap: 0x31,
  encryptedEc256: 0x32,
  encryptedX25519: 0x33,
  dependency: 0x40,
  securityCounter: 0x50,
} as const

export interface Tlv {
  readonly type: number
  /** Protected entries are covered by the image hash, and so by the signature. */
  readonly protected: boolean
  readonly value: Bytes
}

export interface TlvArea {
  readonly entries: readonly Tlv[]
  /** Bytes of the area with its info header. */
  readonly size: number
}

export type TlvError =
  | { readonly kind: 'truncated'; readonly detail: string }
  | { readonly kind: 'malformedTlv'; readonly detail: string }

/** Reads the area that starts at `offset` with the given magic; entries must fill it exactly. */
export function readTlvArea(bytes: Uint8Array, offset: number, magic: number): Result<TlvArea, TlvError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (offset + TLV_HEADER_SIZE > bytes.length) return truncated(`TLV area expected at ${offset}`)
  const found = view.getUint16(offset, true)
  if (found !== magic)
    return malformed(`TLV magic 0x${found.toString(16)} instead of 0x${magic.toString(16)}`)
  const size = view.getUint16(offset + 2, true)
  if (size < TLV_HEADER_SIZE) return malformed(`TLV area of ${size} bytes is smaller than its own header`)
  const end = offset + size
  if (end > bytes.length) return truncated(`TLV area ends at ${end}, the file at ${bytes.length}`)

  const entries: Tlv[] = []
  let at = offset + TLV_HEADER_SIZE
  while (at < end) {
    if (at + TLV_HEADER_SIZE > end) return malformed(`TLV header at ${at} crosses the end of its area`)
    const type = view.getUint16(at, true)
    const length = view.getUint16(at + 2, true)
    const start = at + TLV_HEADER_SIZE
    if (start + length > end) return malformed(`TLV 0x${type.toString(16)} crosses the end of its area`)
    entries.push({
      type,
      protected: magic === PROTECTED_TLV_INFO_MAGIC,
      value: Uint8Array.from(bytes.subarray(start, start + length)),
    })
    at = start + length
  }
  return ok({ entries, size })
}

/** Writes an area with its info header; an empty list still makes a header (imgtool leaves the area out then). */
export function writeTlvArea(
  entries: readonly (readonly [type: number, value: Uint8Array])[],
  magic: number,
): Bytes {
  const size = entries.reduce((sum, [, value]) => sum + TLV_HEADER_SIZE + value.length, TLV_HEADER_SIZE)
  if (size > 0xffff) throw new RangeError(`TLV area of ${size} bytes does not fit its 16-bit length`)
  const area = new Uint8Array(size)
  const view = new DataView(area.buffer)
  view.setUint16(0, magic, true)
  view.setUint16(2, size, true)
  let at = TLV_HEADER_SIZE
  for (const [type, value] of entries) {
    view.setUint16(at, type, true)
    view.setUint16(at + 2, value.length, true)
    area.set(value, at + TLV_HEADER_SIZE)
    at += TLV_HEADER_SIZE + value.length
  }
  return area
}

const truncated = (detail: string) => fail({ kind: 'truncated', detail } as const)
const malformed = (detail: string) => fail({ kind: 'malformedTlv', detail } as const)
