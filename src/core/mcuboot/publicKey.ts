// Public keys that sign images, in the DER form that MCUboot embeds and hashes (imgtool/keys/*.py, `get_public_bytes`).
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, bytesEqual, concat, fromHex } from '../bytes.ts'

/**
 * `ecdsaP256`: the uncompressed point without its 0x04 prefix, x || y, 64 bytes big-endian.
 * `ed25519`: 32 bytes as in RFC 8032.
 */
export interface ImagePublicKey {
  readonly kind: 'ecdsaP256' | 'ed25519'
  readonly bytes: Uint8Array
}

const der = (text: string) => fromHex(`0x${text}`) ?? new Uint8Array()

// SubjectPublicKeyInfo has a fixed prefix per curve: algorithm identifier and the head of the bit string
// (RFC 5480 section 2 for id-ecPublicKey with prime256v1, RFC 8410 section 4 for Ed25519).
const FORMS = [
  { kind: 'ecdsaP256', prefix: der('3059301306072a8648ce3d020106082a8648ce3d03010703420004'), size: 64 },
  { kind: 'ed25519', prefix: der('302a300506032b6570032100'), size: 32 },
] as const

/** DER SubjectPublicKeyInfo. Throws RangeError for a key of the wrong length. */
export function encodeImagePublicKey(key: ImagePublicKey): Bytes {
  const form = FORMS.find(candidate => candidate.kind === key.kind && candidate.size === key.bytes.length)
  if (!form) throw new RangeError(`a ${key.kind} key can't have ${key.bytes.length} bytes`)
  return concat(form.prefix, key.bytes)
}

/** undefined for anything but the two forms above. Whether the point is on its curve is left to the verifier. */
export function decodeImagePublicKey(spki: Uint8Array): ImagePublicKey | undefined {
  for (const { kind, prefix, size } of FORMS) {
    if (spki.length !== prefix.length + size) continue
    if (bytesEqual(spki.subarray(0, prefix.length), prefix)) {
      return { kind, bytes: Uint8Array.from(spki.subarray(prefix.length)) }
    }
  }
  return undefined
}

/** TLV 0x01 for this key: SHA-256 over its DER SubjectPublicKeyInfo. */
export const imageKeyHash = (key: ImagePublicKey): Bytes => Uint8Array.from(sha256(encodeImagePublicKey(key)))
