// Channel names (`stable`, `beta`) as the registry keeps them.
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Hex, toHex } from '../bytes.ts'

/**
 * The name's bytes, left-aligned in 32 and filled with zeros, as Solidity's `bytes32("stable")`.
 * Throws RangeError unless it has 1 to 31 bytes of UTF-8, none of them zero.
 */
export function channelId(name: string): Hex {
  const bytes = utf8ToBytes(name)
  if (bytes.length === 0 || bytes.length > 31 || bytes.includes(0)) {
    throw new RangeError(`a channel's name has 1 to 31 bytes, got ${JSON.stringify(name)}`)
  }
  const word = new Uint8Array(32)
  word.set(bytes)
  return toHex(word)
}
