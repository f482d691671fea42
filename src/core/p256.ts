// The one form of every P-256 signature in Fob: ECDSA with SHA-256 over a 32-byte EIP-712 digest, low s.
import { p256 } from '@noble/curves/nist.js'
import { type Bytes, concat } from './bytes.ts'

const FORM = { prehash: true, lowS: true, format: 'compact' } as const

/** r || s, 64 bytes, big-endian; RFC 6979, s in the lower half. `secretKey` is the 32-byte scalar, big-endian. */
export function signDigest(digest: Uint8Array, secretKey: Uint8Array): Bytes {
  return Uint8Array.from(p256.sign(digest, secretKey, FORM))
}

/** False for anything but a valid signature with low s, whatever the lengths; `publicKey` is x || y, 64 bytes. */
export function isDigestSignedBy(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 64 || digest.length !== 32 || signature.length !== 64) return false
  try {
    return p256.verify(signature, digest, concat(Uint8Array.of(0x04), publicKey), FORM)
  } catch {
    // noble throws where r or s is out of range, or where the key is no point of the curve.
    return false
  }
}

/** Whether 64 bytes, x || y, are a point of the curve: a key that signatures can be checked with. */
export function isPublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 64 && p256.utils.isValidPublicKey(concat(Uint8Array.of(0x04), publicKey), false)
}
