// EVM addresses as people read and paste them: EIP-55 checksums, and addresses made to be mistaken for others.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'

export type AddressError =
  | { readonly kind: 'addressMalformed' }
  /** Mixed case that is not EIP-55's: a letter was changed, or the address is of another kind of chain. */
  | { readonly kind: 'addressChecksum' }

export interface ReadAddress {
  readonly address: Address
  /** False where all letters have one case, so that a slip could not be noticed. */
  readonly hasChecksum: boolean
}

/** The address of an uncompressed secp256k1 key (0x04 || x || y, 65 bytes). */
export function addressOfKey(publicKey: Uint8Array): Address {
  if (publicKey.length !== 65)
    throw new RangeError(`an uncompressed key has 65 bytes, not ${publicKey.length}`)
  return toHex(keccak_256(publicKey.subarray(1)).subarray(12))
}

/** EIP-55. Throws TypeError unless `address` is a lower-case address. */
export function checksumAddress(address: Address): string {
  if (!/^0x[0-9a-f]{40}$/.test(address)) throw new TypeError('not a lower-case address')
  const digits = address.slice(2)
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)))
  return `0x${[...digits].map((digit, i) => (Number.parseInt(hash[i] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`
}

/** Reads an address that a person typed, pasted or scanned. One case throughout is taken without a checksum (EIP-55). */
export function readAddress(text: string): Result<ReadAddress, AddressError> {
  const trimmed = text.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(trimmed)) return fail({ kind: 'addressMalformed' })
  const address: Address = `0x${trimmed.slice(2).toLowerCase()}`
  const digits = trimmed.slice(2)
  const hasChecksum = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (hasChecksum && checksumAddress(address) !== trimmed) return fail({ kind: 'addressChecksum' })
  return ok({ address, hasChecksum: hasChecksum || checksumAddress(address) === trimmed })
}

export interface LookAlike {
  /** The known address that the other one could be mistaken for. */
  readonly known: Address
  /** Equal hexadecimal digits at the beginning and at the end. */
  readonly leading: number
  readonly trailing: number
}

/**
 * People compare the first and last digits, and poisoners make addresses that agree there. Six equal digits at both ends
 * together come about by chance once in two million pairs, and cost an attacker seconds.
 */
const SUSPICIOUS_DIGITS = 6

/** The known address that `address` resembles most without being it; undefined where it is known, or resembles none. */
export function findLookAlike(address: Address, known: Iterable<Address>): LookAlike | undefined {
  let nearest: LookAlike | undefined
  for (const other of known) {
    if (other === address) return undefined
    const leading = commonDigits(address.slice(2), other.slice(2))
    const trailing = commonDigits(
      [...address.slice(2)].reverse().join(''),
      [...other.slice(2)].reverse().join(''),
    )
    if (leading + trailing < SUSPICIOUS_DIGITS) continue
    if (!nearest || leading + trailing > nearest.leading + nearest.trailing) {
      nearest = { known: other, leading, trailing }
    }
  }
  return nearest
}

function commonDigits(a: string, b: string): number {
  let count = 0
  while (count < a.length && a[count] === b[count]) count++
  return count
}
