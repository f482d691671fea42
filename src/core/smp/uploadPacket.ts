// The packets of an image upload: what they carry, and how much firmware fits into one.
import { type CborMap, encodeCbor } from './cbor.ts'
import { SMP_HEADER_LENGTH } from './message.ts'

export interface UploadTarget {
  readonly image: number
  /** File size in bytes. */
  readonly size: number
  /** SHA-256 of the file: what the device knows an interrupted upload by. */
  readonly fileHash: Uint8Array
  /** Let the device refuse what is not newer than its running image. */
  readonly upgradeOnly: boolean
}

/** The packet that opens an upload, and reopens it: only this one, with `off` 0, says what is uploaded. */
export function openingPacket(target: UploadTarget, data: Uint8Array): CborMap {
  const { image, size, fileHash, upgradeOnly } = target
  const body = { image, len: size, off: 0, sha: fileHash, data }
  return upgradeOnly ? { ...body, upgrade: true } : body
}

export function chunkPacket(offset: number, data: Uint8Array): CborMap {
  return { off: offset, data }
}

/** Zephyr's server wants the whole MCUboot header in the first packet (img_mgmt_upload_inspect). */
const MIN_OPENING_DATA = 32
/** Chunks end on a flash write boundary: Mynewt's server hands them straight to the flash driver. */
const ALIGNMENT = 8

/** Bytes of firmware for the opening packet of at most `limit` bytes; undefined when the header would not fit. */
export function openingLength(target: UploadTarget, limit: number): number | undefined {
  const length = dataLength(openingPacket(target, new Uint8Array()), limit, target.size)
  return length >= Math.min(MIN_OPENING_DATA, target.size) ? length : undefined
}

/** Bytes of firmware for the packet at `offset` of at most `limit` bytes; 0 when nothing would fit. */
export function chunkLength(offset: number, size: number, limit: number): number {
  return dataLength(chunkPacket(offset, new Uint8Array()), limit, size - offset)
}

/** What a chunk's message holds beside the data: SMP's header, CBOR's map with both keys, and a long offset. */
const CHUNK_OVERHEAD = SMP_HEADER_LENGTH + 19

/**
 * How long messages should be on a link whose writes have `writeSize` bytes: as long as the device takes, unless the last
 * write would then carry so little that one write less brings more with each.
 */
export function efficientLimit(limit: number, writeSize: number): number {
  const whole = limit - (limit % writeSize)
  const perWrite = (length: number): number => (length - CHUNK_OVERHEAD) / Math.ceil(length / writeSize)
  return whole > 0 && perWrite(whole) >= perWrite(limit) ? whole : limit
}

/** `empty`: the body with no data in it. */
function dataLength(empty: CborMap, limit: number, remaining: number): number {
  const room = Math.min(limit - SMP_HEADER_LENGTH, 0xffff) - encodeCbor(empty).length
  // A byte string's own length field grows with it (RFC 8949 section 3): 0, 1 or 2 bytes more than for an empty one.
  const fitting = Math.max(Math.min(room, 23), Math.min(room - 1, 0xff), room - 2)
  if (fitting >= remaining) return remaining
  return Math.max(0, fitting - (fitting % ALIGNMENT))
}
