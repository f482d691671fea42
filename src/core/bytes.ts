// Byte strings and their hexadecimal form, as every other module of core uses them.
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** Lower-case hexadecimal with a leading `0x`. */
export type Hex = `0x${string}`
/** A 20-byte EVM account, lower case (compare with `===`; checksummed only when it is shown). */
export type Address = Hex

export type Bytes = Uint8Array<ArrayBuffer>

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`

/** Decodes `0x…`; returns undefined for anything that is not an even number of hexadecimal digits. */
export function fromHex(text: string): Bytes | undefined {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text)) return undefined
  return Uint8Array.from(hexToBytes(text.slice(2)))
}

export const utf8 = (text: string): Bytes => Uint8Array.from(utf8ToBytes(text))

/** One copy of each part. Firmware goes through here block by block, and `Uint8Array.from` reads byte by byte. */
export function concat(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The same bytes, as what takes no shared memory (WebCrypto) wants them; copied only where they are shared. */
export const unshared = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    : concat(bytes)

/** For public data only: the time it takes depends on the content. */
export function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
