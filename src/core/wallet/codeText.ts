// How codes are written that one phone shows and another scans: a kind, bytes, and a checksum of both.
import { sha256 } from '@noble/hashes/sha2.js'
import { base32upper } from 'multiformats/bases/base32'
import { type Address, type Bytes, bytesEqual, concat, fromHex, toHex, utf8 } from '../bytes.ts'
import { hasInvisible } from '../invisible.ts'
import { decodeLayout, sized } from '../lock/layout.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { decodeUtf8 } from './abiShape.ts'
import { type ByteReader, uintBytes } from './byteReader.ts'

type Kind =
  | 'TAKE'
  | 'GIVE'
  | 'OFFER'
  | 'ASK'
  | 'KEY'
  | 'STAFF'
  | 'ORDER'
  | 'BOX'
  | 'GATEWAY'
  | 'KIOSK'
  | 'SELLER'
  | 'SALE'
  | 'PAY'
  | 'SOLD'
  | 'HAND'
  | 'MEET'

const VERSION = 1
const CHECKSUM_LENGTH = 4
/** In UTF-8, as in a device's identity. */
const MAX_MODEL_TEXT = 64
/** Far more than the longest code: what is longer is not worth decoding. */
const MAX_TEXT = 8192

/**
 * `FOB:`, the kind, `:` and Base32 (RFC 4648, upper case, no padding): all of it is of QR's alphanumeric mode, which takes two
 * characters in 11 bits. The bytes: version 1 (1 byte), the fields, then the first 4 bytes of SHA-256 of the text before the
 * Base32 and all of these.
 */
export function writeCode(kind: Kind, ...fields: Uint8Array[]): string {
  const payload = concat(Uint8Array.of(VERSION), ...fields)
  return prefixOf(kind) + base32upper.baseEncode(concat(payload, checksumOf(kind, payload)))
}

/** undefined for anything that `writeCode` does not make of such fields; case and white space do not count. */
export function readCode<T>(
  kind: Kind,
  from: string,
  fields: (reader: ByteReader) => T | undefined,
): T | undefined {
  const prefix = prefixOf(kind)
  const plain = from.length > MAX_TEXT ? '' : from.replace(/\s/g, '').toUpperCase()
  if (!plain.startsWith(prefix)) return undefined
  const bytes = fromBase32(plain.slice(prefix.length))
  if (!bytes || bytes.length < CHECKSUM_LENGTH) return undefined
  const payload = bytes.subarray(0, bytes.length - CHECKSUM_LENGTH)
  if (!bytesEqual(bytes.subarray(payload.length), checksumOf(kind, payload))) return undefined
  return decodeLayout(payload, VERSION, fields)
}

const prefixOf = (kind: Kind): string => `FOB:${kind}:`

const checksumOf = (kind: Kind, payload: Uint8Array): Uint8Array =>
  sha256(concat(utf8(prefixOf(kind)), payload)).subarray(0, CHECKSUM_LENGTH)

function fromBase32(digits: string): Uint8Array | undefined {
  if (!/^[A-Z2-7]*$/.test(digits)) return undefined
  try {
    return base32upper.baseDecode(digits)
  } catch {
    // multiformats throws a SyntaxError for bits that are left over.
    return undefined
  }
}

export const domainBytes = ({ chainId, registry }: StatementDomain): Bytes =>
  concat(uintBytes(chainId, 6), address(registry))

export const readDomain = (reader: ByteReader): StatementDomain => ({
  chainId: reader.uint(6),
  registry: readAddress(reader),
})

export const address = (of: Address): Uint8Array => sized(fromHex(of) ?? new Uint8Array(), 20)

export const readAddress = (reader: ByteReader): Address => toHex(reader.bytes(20))

/** Length (1) and UTF-8. Throws RangeError for none, and for more than 64 bytes. */
export function text(of: string): Bytes {
  const bytes = utf8(of)
  if (bytes.length === 0 || bytes.length > MAX_MODEL_TEXT)
    throw new RangeError(`${bytes.length} bytes of text`)
  return concat(Uint8Array.of(bytes.length), bytes)
}

/** undefined for what `text` does not make, and for invisible characters. */
export function readText(reader: ByteReader): string | undefined {
  const length = reader.uint(1)
  if (length === 0 || length > MAX_MODEL_TEXT) return undefined
  const decoded = decodeUtf8(reader.bytes(length))
  // As in a device's identity: with invisible characters a name could pass for another one on the screen.
  return decoded !== undefined && hasInvisible(decoded) ? undefined : decoded
}
