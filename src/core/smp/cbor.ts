// CBOR (RFC 8949) as SMP bodies use it, and typed readers so that nobody trusts what a device put into a field.
import { type DecodeOptions, decode, encode, Tokenizer, Type } from 'cborg'
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export type CborValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue }

/** Decoded maps have no prototype, so a key like `__proto__` or `constructor` is only ever data. */
export type CborMap = { readonly [key: string]: CborValue }

export interface MalformedCbor {
  readonly kind: 'malformedCbor'
  readonly detail: string
}

/** SMP's length field has 16 bits: no body can be longer. */
const MAX_BYTES = 0xffff
/** The deepest standard body (slot info) has five levels. */
const MAX_DEPTH = 16
/** Maps and arrays in one body; bounds the decoder's recursion before the depth is known. */
const MAX_CONTAINERS = 1024

const DECODING: DecodeOptions = {
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: true,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  allowBigInt: true,
}

/**
 * Map keys keep the order in which they are given; integers take their shortest form.
 * Throws for what CBOR can't say (undefined, functions, cycles): that is a bug of the caller.
 */
export function encodeCbor(value: CborValue): Bytes {
  return Uint8Array.from(encode(value, { mapSorter: () => 0 }))
}

/**
 * Decodes exactly one item of at most 65,535 bytes and 16 levels, with nothing after it.
 *
 * Indefinite-length maps and arrays are taken (zcbor sends them), and so are integers that are not in their shortest
 * form (RFC 8949 section 4.1 makes that a preference). Integers outside ±(2^53 - 1) become bigint. Refused: repeated
 * keys, keys that are not text, tags, `undefined`, NaN, infinities, and strings of indefinite length.
 */
export function decodeCbor(bytes: Uint8Array): Result<CborValue, MalformedCbor> {
  if (bytes.length > MAX_BYTES) return malformed(`${bytes.length} bytes, more than ${MAX_BYTES}`)
  try {
    const tokenizer = new ContainerLimit(bytes, DECODING)
    return ok(plain(decode(bytes, { ...DECODING, tokenizer }), MAX_DEPTH))
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error))
  }
}

/** The SMP body: CBOR that must be a map. */
export function decodeCborMap(bytes: Uint8Array): Result<CborMap, MalformedCbor> {
  const decoded = decodeCbor(bytes)
  if (!decoded.ok) return decoded
  return isCborMap(decoded.value) ? ok(decoded.value) : malformed('the body is not a map')
}

export function isCborMap(value: CborValue | undefined): value is CborMap {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  )
}

class ContainerLimit extends Tokenizer {
  private containers = 0
  override next() {
    const token = super.next()
    if (Type.equals(token.type, Type.array) || Type.equals(token.type, Type.map)) this.containers++
    if (this.containers > MAX_CONTAINERS) throw new Error(`more than ${MAX_CONTAINERS} maps and arrays`)
    return token
  }
}

function plain(value: unknown, levels: number): CborValue {
  if (levels < 0) throw new Error(`nested deeper than ${MAX_DEPTH} levels`)
  if (value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(item => plain(item, levels - 1))
  if (value instanceof Map) {
    const map: { [key: string]: CborValue } = Object.create(null)
    for (const [key, item] of value) {
      if (typeof key !== 'string') throw new Error(`map key of type ${typeof key}`)
      map[key] = plain(item, levels - 1)
    }
    return map
  }
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return value
    default:
      throw new Error(`unsupported value of type ${typeof value}`)
  }
}

function malformed(detail: string): { readonly ok: false; readonly error: MalformedCbor } {
  return fail({ kind: 'malformedCbor', detail })
}

// Field readers. Each answers undefined when the field is absent or is not what its name says.

type Reader<T> = (map: CborMap, key: string) => T | undefined

const field = (map: CborMap, key: string): CborValue | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined

/** An integer from 0 to 2^53 - 1. */
export function readUint(map: CborMap, key: string): number | undefined {
  const value = field(map, key)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** An integer from -(2^53 - 1) to 2^53 - 1. */
export function readInt(map: CborMap, key: string): number | undefined {
  const value = field(map, key)
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

export function readBytes(map: CborMap, key: string): Bytes | undefined {
  const value = field(map, key)
  return value instanceof Uint8Array ? Uint8Array.from(value) : undefined
}

export function readText(map: CborMap, key: string): string | undefined {
  const value = field(map, key)
  return typeof value === 'string' ? value : undefined
}

export function readBool(map: CborMap, key: string): boolean | undefined {
  const value = field(map, key)
  return typeof value === 'boolean' ? value : undefined
}

export function readMap(map: CborMap, key: string): CborMap | undefined {
  const value = field(map, key)
  return isCborMap(value) ? value : undefined
}

export function readArray(map: CborMap, key: string): readonly CborValue[] | undefined {
  const value = field(map, key)
  return isCborArray(value) ? value : undefined
}

function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value)
}

/** For fields that devices leave out: `fallback` when absent, undefined only when present and wrong. */
export function readOptional<T, F>(
  map: CborMap,
  key: string,
  read: Reader<T>,
  fallback: F,
): T | F | undefined {
  return Object.hasOwn(map, key) ? read(map, key) : fallback
}
