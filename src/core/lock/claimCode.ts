// The claim code that is printed on a device: its form, and the proof that somebody has read it.
import { hmac } from '@noble/hashes/hmac.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, fromHex, utf8 } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { fail, ok, type Result } from '../result.ts'

/** Crockford's Base32: no I, L, O and U, so that nothing is misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 55 random bits and 5 that check them: a slip is noticed before it costs one of the device's attempts. */
const LENGTH = 12
/** PBKDF2's rounds: whoever overheard a proof has 2^55 codes to try with so much work for each. */
const ROUNDS = 65_536
const PROOF_LENGTH = 16

/** Twelve characters of Crockford's Base32, upper case, without dashes; the last one checks the others. */
export type ClaimCode = string & { readonly __brand: 'ClaimCode' }

/** A code from 11 random bytes, each of which gives one character. Throws RangeError for another length. */
export function makeClaimCode(random: Uint8Array): ClaimCode {
  if (random.length !== LENGTH - 1) throw new RangeError(`${random.length} bytes, not ${LENGTH - 1}`)
  const body = [...random].map(byte => ALPHABET[byte % 32] ?? '').join('')
  return asClaimCode(body + checkOf(body))
}

/** Takes lower case, spaces and dashes, and reads I and L as 1 and O as 0, as Crockford's decoding does. */
export function parseClaimCode(text: string): Result<ClaimCode, { readonly kind: 'claimCodeMistyped' }> {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
  const body = plain.slice(0, LENGTH - 1)
  const isCode = plain.length === LENGTH && [...plain].every(character => ALPHABET.includes(character))
  if (!isCode || plain.slice(LENGTH - 1) !== checkOf(body)) return fail({ kind: 'claimCodeMistyped' })
  return ok(asClaimCode(plain))
}

/** As it is printed: `7K3M-9QXT-C2VN`. */
export const formatClaimCode = (code: ClaimCode): string => code.replace(/(.{4})(?=.)/g, '$1-')

/**
 * What a device keeps in place of its code, 32 bytes: PBKDF2-HMAC-SHA-256 of the code (ASCII), salt `fob claim code 1` and
 * the 32-byte device id, 65,536 rounds. Takes some tenths of a second on a phone; made once, in the factory, for the device.
 */
export function claimCodeKey(code: ClaimCode, deviceId: DeviceId): Bytes {
  const salt = concat(utf8('fob claim code 1'), fromHex(deviceId) ?? new Uint8Array())
  return Uint8Array.from(pbkdf2(sha256, utf8(code), salt, { c: ROUNDS, dkLen: 32 }))
}

/**
 * The first 16 bytes of HMAC-SHA-256 over `fob claim proof 1` and the 32-byte digest of the pairing statement, which
 * holds the device, the nonce of this connection and the owner key: the proof serves nobody else.
 */
export function claimProof(codeKey: Uint8Array, pairingDigest: Uint8Array): Bytes {
  return hmac(sha256, codeKey, concat(utf8('fob claim proof 1'), pairingDigest)).slice(0, PROOF_LENGTH)
}

/** In a time that does not depend on where the two differ. */
export function isClaimProof(proof: Uint8Array, expected: Uint8Array): boolean {
  let difference = proof.length ^ expected.length
  for (let i = 0; i < expected.length; i++) difference |= (proof[i] ?? 0) ^ (expected[i] ?? 0)
  return difference === 0
}

/**
 * The sum of (2i + 3) times the value of character i, modulo 32: odd factors, so that no single slip goes unnoticed, and
 * of swapped neighbours only those whose values differ by 16.
 */
function checkOf(body: string): string {
  const sum = [...body].reduce((total, character, i) => total + (2 * i + 3) * ALPHABET.indexOf(character), 0)
  return ALPHABET[sum % 32] ?? ''
}

function asClaimCode(text: string): ClaimCode {
  if (!isClaimCode(text)) throw new RangeError('not a claim code')
  return text
}

const isClaimCode = (text: string): text is ClaimCode => text.length === LENGTH
