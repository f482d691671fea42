// RLP, strictly: Ethereum yellow paper, appendix B. One byte string per value, in both directions.
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export type RlpItem = Uint8Array | readonly RlpItem[]

export interface MalformedRlp {
  readonly kind: 'malformedRlp'
  readonly detail: string
}

/** Headers, accounts and trie nodes nest a few levels; more is an attempt to exhaust the stack. */
const maxDepth = 32

export function encodeRlp(item: RlpItem): Bytes {
  if (item instanceof Uint8Array) {
    const [first = 0x80] = item
    return item.length === 1 && first < 0x80 ? Uint8Array.from(item) : concat(prefix(0x80, item.length), item)
  }
  const body = concat(...item.map(encodeRlp))
  return concat(prefix(0xc0, body.length), body)
}

/** Big-endian without leading zeros, and no byte at all for 0: how RLP holds a number. */
export function quantityBytes(value: bigint): Bytes {
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  return Uint8Array.from(bytes)
}

function prefix(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length)
  const bytes = quantityBytes(BigInt(length))
  return concat(Uint8Array.of(base + 55 + bytes.length), bytes)
}

/**
 * Exactly one item and nothing behind it; forms that are longer than they need to be are refused. Byte strings are views of
 * `bytes`: a lock has no room for a proof twice.
 */
export function decodeRlp(bytes: Uint8Array): Result<RlpItem, MalformedRlp> {
  try {
    const { item, end } = read(bytes, 0, bytes.length, 0)
    if (end !== bytes.length) throw new RlpError(`${bytes.length - end} bytes behind the item`)
    return ok(item)
  } catch (error) {
    if (!(error instanceof RlpError)) throw error
    return fail({ kind: 'malformedRlp', detail: error.message })
  }
}

class RlpError extends Error {}

function read(
  bytes: Uint8Array,
  start: number,
  limit: number,
  depth: number,
): { item: RlpItem; end: number } {
  if (depth > maxDepth) throw new RlpError(`nested deeper than ${maxDepth}`)
  const first = start < limit ? bytes[start] : undefined
  if (first === undefined) throw new RlpError('ends where an item should begin')
  if (first < 0x80) return { item: bytes.subarray(start, start + 1), end: start + 1 }
  const isList = first >= 0xc0
  const short = first - (isList ? 0xc0 : 0x80)
  const lengthSize = Math.max(0, short - 55)
  const body = start + 1 + lengthSize
  const length =
    lengthSize === 0 ? short : readLength(bytes.subarray(start + 1, Math.min(body, limit)), lengthSize)
  const end = body + length
  if (end > limit) throw new RlpError('ends within an item')
  if (!isList) {
    if (length === 1 && (bytes[body] ?? 0) < 0x80) throw new RlpError('a single byte with a needless prefix')
    return { item: bytes.subarray(body, end), end }
  }
  const items: RlpItem[] = []
  for (let at = body; at < end; ) {
    const next = read(bytes, at, end, depth + 1)
    items.push(next.item)
    at = next.end
  }
  return { item: items, end }
}

function readLength(bytes: Uint8Array, size: number): number {
  if (bytes.length < size) throw new RlpError('ends within a length')
  if (bytes[0] === 0) throw new RlpError('a length with a leading zero')
  const length = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  if (length <= 55) throw new RlpError('a length in a needlessly long form')
  return length
}
