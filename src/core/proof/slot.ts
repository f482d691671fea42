// Where Solidity keeps things: "Layout of State Variables in Storage and Transient Storage".
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, type Hex, toHex } from '../bytes.ts'
import { abiBytes32, abiEncode, abiUint } from '../registry/abi.ts'

/** Slot of `mapping[key]` for a mapping at `slot` and a key of 32 bytes (left-padded where its type is shorter). */
export function mappingSlot(key: Hex, slot: bigint): bigint {
  return BigInt(toHex(keccak_256(abiEncode([abiBytes32(key), abiUint(slot)]))))
}

/** An address as a mapping's key and as a topic: 32 bytes. */
export const addressWord = (address: Address): Hex => `0x${address.slice(2).padStart(64, '0')}`

/** The slot `offset` words behind `base`, as 32 bytes of lower-case hexadecimal. */
export function slotHex(base: bigint, offset = 0): Hex {
  return `0x${BigInt.asUintN(256, base + BigInt(offset))
    .toString(16)
    .padStart(64, '0')}`
}

/** A member of a packed word: `offset` counts bytes from the least significant end, as solc's storage layout does. */
export function memberOf(word: bigint, offset: number, bytes: number): bigint {
  return BigInt.asUintN(8 * bytes, word >> BigInt(8 * offset))
}
