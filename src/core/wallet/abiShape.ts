// Call data and typed values read by a contract's ABI, which is handed in as data: strict, and named as in the ABI.
import { bytesToUtf8 } from '@noble/ciphers/utils.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { bytesEqual, type Hex, toHex, utf8 } from '../bytes.ts'

/** A parameter as compilers print it; `components` belong to `tuple`. */
export interface AbiParameter {
  readonly name: string
  readonly type: string
  readonly components?: readonly AbiParameter[]
}

/** The part of a JSON ABI that matters here: a generated `as const` ABI fits as it is. */
export interface AbiItem {
  readonly type: string
  readonly name?: string
  readonly stateMutability?: string
  readonly inputs?: readonly AbiParameter[]
}

/** Integers are bigint, `bytes…` and addresses `0x…`, tuples and arrays lists of arguments. */
export type ArgumentValue = bigint | boolean | string | Hex | readonly Argument[]

export interface Argument {
  readonly name: string
  /** As in the ABI. */
  readonly type: string
  readonly value: ArgumentValue
}

export interface FunctionCall {
  readonly name: string
  readonly isPayable: boolean
  readonly arguments: readonly Argument[]
}

/** `name(type,…)` with tuples written out: what the selector is made of. */
export function functionSignature(name: string, inputs: readonly AbiParameter[]): string {
  return `${name}(${inputs.map(canonicalType).join(',')})`
}

/** The first four bytes of keccak256 of the signature. */
export const selectorOf = (signature: string): Hex => toHex(keccak_256(utf8ToBytes(signature)).subarray(0, 4))

/**
 * The function that `data` calls and its arguments; undefined where the ABI has none, and for every encoding but the one
 * that compilers make (a second reading of the same bytes must not exist).
 */
export function readCall(abi: readonly AbiItem[], data: Uint8Array): FunctionCall | undefined {
  if (data.length < 4) return undefined
  const selector = toHex(data.subarray(0, 4))
  for (const { type, name, inputs = [], stateMutability } of abi) {
    if (type !== 'function' || name === undefined) continue
    if (selectorOf(functionSignature(name, inputs)) !== selector) continue
    const values = readArguments(inputs, data.subarray(4))
    return values && { name, isPayable: stateMutability === 'payable', arguments: values }
  }
  return undefined
}

/** Decodes `abi.encode(...)` of `parameters`; undefined for everything else. */
export function readArguments(
  parameters: readonly AbiParameter[],
  data: Uint8Array,
): readonly Argument[] | undefined {
  try {
    const { values, end } = readSequence(parameters, data, 0)
    return end === data.length ? values : undefined
  } catch (error) {
    if (error instanceof AbiMismatch) return undefined
    throw error
  }
}

class AbiMismatch extends Error {}

/** More elements than any call of ours has; an array's length must not make us allocate. */
const MAX_ELEMENTS = 4096

function canonicalType({ type, components }: AbiParameter): string {
  if (!type.startsWith('tuple')) return type
  return `(${(components ?? []).map(canonicalType).join(',')})${type.slice('tuple'.length)}`
}

/** Heads one after the other, and the tails behind them in the same order without gaps: the encoding is unique. */
function readSequence(
  parameters: readonly AbiParameter[],
  data: Uint8Array,
  start: number,
): { values: readonly Argument[]; end: number } {
  const heads = parameters.map(headSize)
  let head = start
  let tail = start + heads.reduce((sum, size) => sum + size, 0)
  const values: Argument[] = []
  for (const [i, parameter] of parameters.entries()) {
    const { name, type } = parameter
    if (isDynamic(parameter)) {
      if (bytesToNumberBE(word(data, head)) !== BigInt(tail - start)) throw new AbiMismatch()
      const { value, end } = readTail(parameter, data, tail)
      values.push({ name, type, value })
      tail = end
    } else {
      values.push({ name, type, value: readStatic(parameter, data, head) })
    }
    head += heads[i] ?? 0
  }
  return { values, end: tail }
}

function readTail(
  parameter: AbiParameter,
  data: Uint8Array,
  start: number,
): { value: ArgumentValue; end: number } {
  const array = arrayOf(parameter)
  if (array) {
    const length = array.length ?? readLength(data, start)
    const body = array.length === undefined ? start + 32 : start
    const { values, end } = readSequence(elements(array.element, length), data, body)
    return { value: values, end }
  }
  if (parameter.type === 'tuple') {
    const { values, end } = readSequence(parameter.components ?? [], data, start)
    return { value: values, end }
  }
  const declared = bytesToNumberBE(word(data, start))
  if (declared > BigInt(data.length)) throw new AbiMismatch()
  const size = Number(declared)
  const from = start + 32
  const end = from + Math.ceil(size / 32) * 32
  if (end > data.length || data.subarray(from + size, end).some(byte => byte !== 0)) throw new AbiMismatch()
  const bytes = data.subarray(from, from + size)
  return { value: parameter.type === 'string' ? text(bytes) : toHex(bytes), end }
}

function readStatic(parameter: AbiParameter, data: Uint8Array, at: number): ArgumentValue {
  const array = arrayOf(parameter)
  if (array) return readSequence(elements(array.element, array.length ?? 0), data, at).values
  if (parameter.type === 'tuple') return readSequence(parameter.components ?? [], data, at).values
  return readWord(parameter.type, word(data, at))
}

function readWord(type: string, bytes: Uint8Array): ArgumentValue {
  const number = bytesToNumberBE(bytes)
  if (type === 'address') {
    if (number >> 160n !== 0n) throw new AbiMismatch()
    return toHex(bytes.subarray(12))
  }
  if (type === 'bool') {
    if (number > 1n) throw new AbiMismatch()
    return number === 1n
  }
  const fixed = /^bytes([1-9]|[12]\d|3[0-2])$/.exec(type)
  if (fixed) {
    const size = Number(fixed[1])
    if (bytes.subarray(size).some(byte => byte !== 0)) throw new AbiMismatch()
    return toHex(bytes.subarray(0, size))
  }
  const integer = /^(u?)int(\d+)$/.exec(type)
  if (!integer) throw new AbiMismatch()
  const bits = Number(integer[2])
  const value = integer[1] === 'u' ? number : BigInt.asIntN(256, number)
  const fits = integer[1] === 'u' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)
  if (fits !== value) throw new AbiMismatch()
  return value
}

interface ArrayShape {
  readonly element: AbiParameter
  /** undefined: as many as the data says. */
  readonly length: number | undefined
}

function arrayOf({ name, type, components }: AbiParameter): ArrayShape | undefined {
  const match = /^(.*)\[(\d*)\]$/.exec(type)
  if (!match) return undefined
  const [, inner = '', length = ''] = match
  const element = components ? { name, type: inner, components } : { name, type: inner }
  return { element, length: length === '' ? undefined : Number(length) }
}

const elements = (element: AbiParameter, length: number): AbiParameter[] => {
  if (length > MAX_ELEMENTS) throw new AbiMismatch()
  return Array.from({ length }, (_, i) => ({ ...element, name: String(i) }))
}

function isDynamic(parameter: AbiParameter): boolean {
  const array = arrayOf(parameter)
  if (array) return array.length === undefined || isDynamic(array.element)
  if (parameter.type === 'tuple') return (parameter.components ?? []).some(isDynamic)
  return parameter.type === 'bytes' || parameter.type === 'string'
}

function headSize(parameter: AbiParameter): number {
  if (isDynamic(parameter)) return 32
  const array = arrayOf(parameter)
  if (array) return (array.length ?? 0) * headSize(array.element)
  if (parameter.type === 'tuple')
    return (parameter.components ?? []).reduce((sum, part) => sum + headSize(part), 0)
  return 32
}

function word(data: Uint8Array, at: number): Uint8Array {
  if (at + 32 > data.length) throw new AbiMismatch()
  return data.subarray(at, at + 32)
}

function readLength(data: Uint8Array, at: number): number {
  const length = bytesToNumberBE(word(data, at))
  if (length > BigInt(MAX_ELEMENTS)) throw new AbiMismatch()
  return Number(length)
}

/** Bytes that are no UTF-8 stay bytes: what is shown must be what is signed. */
function text(bytes: Uint8Array): string {
  const decoded = decodeUtf8(bytes)
  if (decoded === undefined) throw new AbiMismatch()
  return decoded
}

/** Strict UTF-8 without a byte order mark; undefined for anything else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const text = bytesToUtf8(bytes)
  return bytesEqual(utf8(text), bytes) ? text : undefined
}
