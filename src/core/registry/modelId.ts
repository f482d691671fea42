// The on-chain name of a model.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { toHex } from '../bytes.ts'
import { abiAddress, abiEncode, abiString } from './abi.ts'
import type { Model, ModelId } from './model.ts'

/**
 * `keccak256(abi.encode(address maker, string name, string hardware))`, as FirmwareRegistry computes it.
 * Throws TypeError where `maker` is not a 20-byte address.
 */
export function modelIdOf(model: Model): ModelId {
  const encoded = abiEncode([abiAddress(model.maker), abiString(model.name), abiString(model.hardware)])
  return toHex(keccak_256(encoded))
}
