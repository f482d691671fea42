// Which account made a signature over a digest: for the statements that two phones hand to each other.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import type { Address } from '../bytes.ts'
import { addressOfKey } from './address.ts'

/**
 * The account whose key signed the 32-byte digest: `signature` is r || s || v, 65 bytes, v 27 or 28, s in the lower half.
 * undefined for every other form, and where no key could have made it.
 */
export function signerOf(digest: Uint8Array, signature: Uint8Array): Address | undefined {
  const parity = (signature[64] ?? 0) - 27
  if (digest.length !== 32 || signature.length !== 65 || (parity !== 0 && parity !== 1)) return undefined
  try {
    const r = bytesToNumberBE(signature.subarray(0, 32))
    const s = bytesToNumberBE(signature.subarray(32, 64))
    const read = new secp256k1.Signature(r, s, parity)
    if (read.hasHighS()) return undefined
    return addressOfKey(read.recoverPublicKey(digest).toBytes(false))
  } catch {
    // noble throws where r or s is out of range, or r is no point of the curve.
    return undefined
  }
}
