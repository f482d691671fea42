// The part of Solidity's ABI that the registry needs: encoding for hashes, decoding for event data.
// Source: Solidity documentation, "Contract ABI Specification", strict encoding mode.
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../bytes.ts'

/** One argument: `word` is put in place, left-padded to 32 bytes; `tail` is a `string` or `bytes`. */
export type AbiValue =
  | { readonly kind: 'word'; readonly bytes: Uint8Array }
  | { readonly kind: 'tail'; readonly bytes: Uint8Array }

export const abiUint = (value: bigint | number): AbiValue => ({
  kind: 'word',
  bytes: numberToBytesBE(BigInt(value), 32),
})

/** Throws TypeError unless `address` is 20 bytes of hexadecimal. */
export const abiAddress = (address: Address): AbiValue => ({ kind: 'word', bytes: exact(address, 20) })

/** Throws TypeError unless `word` is 32 bytes of hexadecimal. */
export const abiBytes32 = (word: Hex): AbiValue => ({ kind: 'word', bytes: exact(word, 32) })

export const abiString = (text: string): AbiValue => ({ kind: 'tail', bytes: utf8ToBytes(text) })

function exact(hex: Hex, length: number): Bytes {
  const bytes = fromHex(hex)
  if (bytes?.length !== length) throw new TypeError(`expected ${length} bytes of hexadecimal, got ${hex}`)
  return bytes
}

const pad = (bytes: Uint8Array): Bytes => concat(bytes, new Uint8Array(-bytes.length & 31))

/** `abi.encode(...values)`. */
export function abiEncode(values: readonly AbiValue[]): Bytes {
  const head: Uint8Array[] = []
  const tail: Uint8Array[] = []
  let offset = 32 * values.length
  for (const value of values) {
    if (value.kind === 'word') {
      head.push(concat(new Uint8Array(32 - value.bytes.length), value.bytes))
      continue
    }
    head.push(numberToBytesBE(BigInt(offset), 32))
    const body = concat(numberToBytesBE(BigInt(value.bytes.length), 32), pad(value.bytes))
    tail.push(body)
    offset += body.length
  }
  return concat(...head, ...tail)
}

export type AbiType = 'uint' | 'bool' | 'address' | 'bytes32' | 'bytes'

interface AbiOf {
  readonly uint: bigint
  readonly bool: boolean
  readonly address: Address
  readonly bytes32: Hex
  readonly bytes: Bytes
}

type AbiOfAll<T extends readonly AbiType[]> = { readonly [I in keyof T]: AbiOf[T[I]] }

/**
 * Decodes `abi.encode(...)` of the given types (`string` is read as `bytes`); undefined where `data` is anything but
 * the one strict encoding: wrong length, tails out of order, padding that is not zero, words out of range.
 */
export function abiDecode<const T extends readonly AbiType[]>(
  types: T,
  data: Uint8Array,
): AbiOfAll<T> | undefined {
  const values: (bigint | boolean | Hex | Bytes)[] = []
  let end = 32 * types.length
  if (data.length < end) return undefined
  for (const [i, type] of types.entries()) {
    const word = data.subarray(32 * i, 32 * i + 32)
    const number = bytesToNumberBE(word)
    if (type === 'bytes32') values.push(toHex(word))
    else if (type === 'uint') values.push(number)
    else if (type === 'bool') {
      if (number > 1n) return undefined
      values.push(number === 1n)
    } else if (type === 'address') {
      if (number >> 160n !== 0n) return undefined
      values.push(toHex(word.subarray(12)))
    } else {
      if (number !== BigInt(end) || data.length < end + 32) return undefined
      const length = bytesToNumberBE(data.subarray(end, end + 32))
      if (length > BigInt(data.length - end - 32)) return undefined
      const start = end + 32
      const stop = start + Number(length)
      end = start + ((Number(length) + 31) & ~31)
      if (end > data.length || data.subarray(stop, end).some(byte => byte !== 0)) return undefined
      values.push(Uint8Array.from(data.subarray(start, stop)))
    }
  }
  // The loop pushed one value of the asked type for each type, in order.
  return end === data.length ? (values as unknown as AbiOfAll<T>) : undefined
}
