// The keys of one session between a phone and a device, and the sealing of its messages.
import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, utf8 } from '../bytes.ts'

/** AES-128, one key for each direction. */
export interface SessionKeys {
  readonly toDevice: Bytes
  readonly toPhone: Bytes
}

/** What a sealed message is: bound as additional data, so that none passes for another. */
export type Purpose = 'open' | 'result' | 'managed'

export const TAG_LENGTH = 16
/** Counters of managed messages have 32 bits; a session ends long before. */
export const MAX_COUNTER = 0xffffffff

/**
 * ECDH on P-256 (the x coordinate of the shared point), HKDF-SHA-256 (salt: the Challenge's digest; info: `fob session 1`
 * and the phone's ephemeral key), 32 bytes: the key to the device, then the key to the phone. undefined where the other
 * side's key is no point of the curve. `ownSecret` is a 32-byte scalar, `otherKey` x || y of 64 bytes.
 */
export function deriveSessionKeys(
  ownSecret: Uint8Array,
  otherKey: Uint8Array,
  challengeDigest: Uint8Array,
  phoneKey: Uint8Array,
): SessionKeys | undefined {
  const shared = sharedX(ownSecret, otherKey)
  if (!shared) return undefined
  const keys = hkdf(sha256, shared, challengeDigest, concat(utf8('fob session 1'), phoneKey), 32)
  return { toDevice: keys.slice(0, 16), toPhone: keys.slice(16) }
}

function sharedX(ownSecret: Uint8Array, otherKey: Uint8Array): Uint8Array | undefined {
  if (otherKey.length !== 64) return undefined
  try {
    return p256.getSharedSecret(ownSecret, concat(Uint8Array.of(0x04), otherKey), true).subarray(1)
  } catch {
    // noble throws where the point is not on the curve.
    return undefined
  }
}

/**
 * AES-128-GCM with a 16-byte tag at the end. Nonce: the counter in 12 bytes, big-endian; each is used once per key: 0 for
 * Open and Result, from 1 for managed messages. Additional data: `fob <purpose> 1`, then `bound`.
 */
export function seal(
  key: Uint8Array,
  purpose: Purpose,
  counter: number,
  plain: Uint8Array,
  bound: Uint8Array = new Uint8Array(),
): Bytes {
  return Uint8Array.from(cipher(key, purpose, counter, bound).encrypt(plain))
}

/** undefined for anything but what `seal` made with the same key, purpose, counter and bound bytes. */
export function unseal(
  key: Uint8Array,
  purpose: Purpose,
  counter: number,
  sealed: Uint8Array,
  bound: Uint8Array = new Uint8Array(),
): Bytes | undefined {
  if (sealed.length < TAG_LENGTH) return undefined
  try {
    return Uint8Array.from(cipher(key, purpose, counter, bound).decrypt(sealed))
  } catch {
    // noble throws where the tag is not right.
    return undefined
  }
}

function cipher(key: Uint8Array, purpose: Purpose, counter: number, bound: Uint8Array) {
  if (!Number.isInteger(counter) || counter < 0 || counter > MAX_COUNTER) throw new RangeError(`${counter}`)
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(8, counter)
  return gcm(key, nonce, concat(utf8(`fob ${purpose} 1`), bound))
}
