// EIP-712 typed structured data hashing: domain, nested structs, arrays, static and dynamic types.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, type Bytes, concat, fromHex, type Hex } from './bytes.ts'

interface TypedField {
  readonly name: string
  /** A Solidity type or the name of a struct in the same definitions; arrays as `T[]` or `T[n]`. */
  readonly type: string
}

export type TypedDefinitions = Readonly<Record<string, readonly TypedField[]>>

/** Integers are bigint or safe integers; `bytes`, `bytesN` and `address` are byte strings or `0x…`. */
export type TypedValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | readonly TypedValue[]
  | { readonly [field: string]: TypedValue }

/** Only the fields that are present are part of the domain's type, in this order (EIP-712, "Definition of domainSeparator"). */
export interface Eip712Domain {
  readonly name?: string
  readonly version?: string
  readonly chainId?: number | bigint
  readonly verifyingContract?: Address
  readonly salt?: Hex
}

export interface TypedData {
  readonly domain: Eip712Domain
  readonly types: TypedDefinitions
  readonly primaryType: string
  readonly message: { readonly [field: string]: TypedValue }
}

/** A value that does not fit its declared type, or a type that is not declared: a bug of the caller. */
export class Eip712Error extends Error {
  override readonly name = 'Eip712Error'
}

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
] as const

const keccak = (bytes: Uint8Array): Bytes => Uint8Array.from(keccak_256(bytes))

/** `keccak256(0x1901 || domainSeparator || hashStruct(message))`, 32 bytes. Throws Eip712Error. */
export function hashTypedData({ domain, types, primaryType, message }: TypedData): Bytes {
  return keccak(
    concat(Uint8Array.of(0x19, 0x01), hashDomain(domain), hashStruct(primaryType, message, types)),
  )
}

/** The domain separator, 32 bytes. */
export function hashDomain(domain: Eip712Domain): Bytes {
  const fields = DOMAIN_FIELDS.filter(field => domain[field.name] !== undefined)
  const values: Record<string, TypedValue> = {}
  for (const { name } of fields) {
    const value = domain[name]
    if (value !== undefined) values[name] = value
  }
  return hashStruct('EIP712Domain', values, { EIP712Domain: fields })
}

/** `keccak256(typeHash || encodeData)`, 32 bytes. */
export function hashStruct(
  type: string,
  value: { readonly [field: string]: TypedValue },
  types: TypedDefinitions,
): Bytes {
  const words = fieldsOf(type, types).map(field => {
    const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined
    if (member === undefined) throw new Eip712Error(`${type}.${field.name} is missing`)
    return encodeWord(field.type, member, types, `${type}.${field.name}`)
  })
  return keccak(concat(keccak(utf8ToBytes(encodeType(type, types))), ...words))
}

/** `Mail(Person from,…)Person(…)`: the primary type, then every struct it refers to in order of its name. */
export function encodeType(type: string, types: TypedDefinitions): string {
  const referenced = new Set<string>()
  collectStructs(type, types, referenced)
  referenced.delete(type)
  return [type, ...[...referenced].sort()]
    .map(name => {
      const fields = fieldsOf(name, types).map(field => `${field.type} ${field.name}`)
      return `${name}(${fields.join(',')})`
    })
    .join('')
}

function collectStructs(type: string, types: TypedDefinitions, found: Set<string>): void {
  if (found.has(type) || !Object.hasOwn(types, type)) return
  found.add(type)
  for (const field of fieldsOf(type, types)) {
    collectStructs(field.type.replace(/(\[\d*\])+$/, ''), types, found)
  }
}

function fieldsOf(type: string, types: TypedDefinitions): readonly TypedField[] {
  const fields = Object.hasOwn(types, type) ? types[type] : undefined
  if (!fields) throw new Eip712Error(`type ${type} is not declared`)
  return fields
}

/** One 32-byte word: the value itself for atomic types, a hash for everything else (EIP-712, "Definition of encodeData"). */
function encodeWord(type: string, value: TypedValue, types: TypedDefinitions, path: string): Uint8Array {
  const array = /^(.*)\[(\d*)\]$/.exec(type)
  if (array) {
    const [, element = '', length = ''] = array
    if (!isList(value)) throw new Eip712Error(`${path}: ${type} needs a list`)
    if (length !== '' && value.length !== Number(length)) {
      throw new Eip712Error(`${path}: ${type} got ${value.length} items`)
    }
    return keccak(concat(...value.map((item, i) => encodeWord(element, item, types, `${path}[${i}]`))))
  }
  if (Object.hasOwn(types, type)) {
    if (!isStruct(value)) throw new Eip712Error(`${path}: ${type} needs an object`)
    return hashStruct(type, value, types)
  }
  if (type === 'string') {
    if (typeof value !== 'string') throw new Eip712Error(`${path}: string needs text`)
    return keccak(utf8ToBytes(value))
  }
  if (type === 'bytes') return keccak(bytesOf(value, undefined, path))
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw new Eip712Error(`${path}: bool needs true or false`)
    return integerWord(value ? 1n : 0n)
  }
  if (type === 'address') return concat(new Uint8Array(12), bytesOf(value, 20, path))

  const fixed = /^bytes([1-9]|[12]\d|3[0-2])$/.exec(type)
  if (fixed) {
    const size = Number(fixed[1])
    return concat(bytesOf(value, size, path), new Uint8Array(32 - size))
  }
  const integer = /^(u?)int(\d+)$/.exec(type)
  if (integer) return integerWord(integerOf(value, Number(integer[2]), integer[1] === 'u', path))
  throw new Eip712Error(`${path}: type ${type} is not declared`)
}

function integerOf(value: TypedValue, bits: number, isUnsigned: boolean, path: string): bigint {
  if (bits < 8 || bits > 256 || bits % 8 !== 0) throw new Eip712Error(`${path}: no integer has ${bits} bits`)
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value))) {
    throw new Eip712Error(`${path}: needs a bigint or a safe integer`)
  }
  const number = BigInt(value)
  const min = isUnsigned ? 0n : -(1n << BigInt(bits - 1))
  const max = (1n << BigInt(isUnsigned ? bits : bits - 1)) - 1n
  if (number < min || number > max) throw new Eip712Error(`${path}: ${number} does not fit ${bits} bits`)
  return number
}

/** Two's complement, big-endian, 32 bytes. */
function integerWord(value: bigint): Uint8Array {
  const word = new Uint8Array(32)
  let rest = BigInt.asUintN(256, value)
  for (let i = 31; i >= 0; i--) {
    word[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return word
}

function bytesOf(value: TypedValue, size: number | undefined, path: string): Uint8Array {
  const bytes = typeof value === 'string' ? fromHex(value) : value instanceof Uint8Array ? value : undefined
  if (!bytes) throw new Eip712Error(`${path}: needs bytes or 0x…`)
  if (size !== undefined && bytes.length !== size) {
    throw new Eip712Error(`${path}: needs ${size} bytes, got ${bytes.length}`)
  }
  return bytes
}

function isList(value: TypedValue): value is readonly TypedValue[] {
  return Array.isArray(value)
}

function isStruct(value: TypedValue): value is { readonly [field: string]: TypedValue } {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)
}
