// Byte layouts of messages between phone and device: read field by field, and nothing after the last.
import { ByteReader, EndOfBytes } from '../wallet/byteReader.ts'

/**
 * What `read` makes of the bytes after the version byte; undefined for another version, for bytes that end too early or
 * go on after the last field, and where `read` finds a value that the field can't have.
 */
export function decodeLayout<T>(
  message: Uint8Array,
  version: number,
  read: (reader: ByteReader) => T | undefined,
): T | undefined {
  const reader = new ByteReader(message)
  try {
    if (reader.uint(1) !== version) return undefined
    const value = read(reader)
    return reader.left === 0 ? value : undefined
  } catch (error) {
    if (error instanceof EndOfBytes) return undefined
    throw error
  }
}

/** Throws RangeError for another length: that is a bug of the caller. */
export function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes, not ${length}`)
  return bytes
}

/** 32 bytes, big-endian. Throws RangeError for what is no uint256. */
export function uint256Bytes(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 256n) throw new RangeError(`${value} is no uint256`)
  const bytes = new Uint8Array(32)
  let rest = value
  for (let i = 31; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** Big-endian, of any length. */
export const uintOf = (bytes: Uint8Array): bigint =>
  bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
