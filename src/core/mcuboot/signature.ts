// Checks an image the way MCUboot's bootutil_img_validate does: hash, no rogue TLVs, signature by a trusted key.
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { bytesEqual, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { imageDigest, type McubootError, type McubootImage, parseImage } from './image.ts'
import { encodeImagePublicKey, type ImagePublicKey } from './publicKey.ts'
import { TlvType } from './tlv.ts'

export type SignatureError =
  | { readonly kind: 'malformedImage'; readonly why: McubootError; readonly detail: string }
  | { readonly kind: 'unsigned' }
  /** The image names a key that is not among the trusted ones. */
  | { readonly kind: 'untrustedKey' }
  | { readonly kind: 'signatureInvalid'; readonly detail: string }
  /** An entry outside the signed area that MCUboot refuses there (`allowed_unprot_tlvs`). */
  | { readonly kind: 'rogueTlv'; readonly detail: string }

const ALLOWED_UNPROTECTED: ReadonlySet<number> = new Set([
  TlvType.keyHash,
  TlvType.publicKey,
  TlvType.sha256,
  TlvType.sha384,
  TlvType.sha512,
  TlvType.rsa2048Pss,
  TlvType.ecdsa224,
  TlvType.ecdsa,
  TlvType.rsa3072Pss,
  TlvType.ed25519,
  TlvType.pureSignature,
  TlvType.encryptedRsa2048,
  TlvType.encryptedKeyWrap,
  TlvType.encryptedEc256,
  TlvType.encryptedX25519,
])

/** Parses `bytes` and verifies its signature with whichever of `trusted` the image names. */
export function verifyImage(
  bytes: Uint8Array,
  trusted: readonly ImagePublicKey[],
): Result<McubootImage, SignatureError> {
  const parsed = parseImage(bytes)
  if (!parsed.ok) {
    return fail({
      kind: 'malformedImage',
      why: parsed.error,
      detail: `${parsed.error.kind}: ${parsed.error.detail}`,
    })
  }
  const image = parsed.value
  const rogue = image.tlvs.find(tlv => !tlv.protected && !ALLOWED_UNPROTECTED.has(tlv.type))
  if (rogue) return fail({ kind: 'rogueTlv', detail: `0x${rogue.type.toString(16)}` })
  if (!image.signature || (!image.keyHash && !image.publicKey)) return fail({ kind: 'unsigned' })

  const key = trusted.find(candidate => namesKey(image, candidate))
  if (!key) return fail({ kind: 'untrustedKey' })
  const signed = image.signature.pure ? bytes.subarray(0, image.hashedSize) : image.imageHash
  return signatureMatches(image.signature, signed, key)
    ? ok(image)
    : fail({ kind: 'signatureInvalid', detail: `${image.signature.kind} by a trusted ${key.kind} key` })
}

/** The key that the image names, as a hash in the image's own algorithm: of TLV 0x02, else TLV 0x01; null for none. */
export function namedKeyHash(image: McubootImage): Uint8Array | null {
  return image.publicKey ? imageDigest(image.hashAlgorithm, image.publicKey) : image.keyHash
}

function namesKey(image: McubootImage, key: ImagePublicKey): boolean {
  const spki = encodeImagePublicKey(key)
  if (image.publicKey) return bytesEqual(image.publicKey, spki)
  return image.keyHash !== null && bytesEqual(image.keyHash, imageDigest(image.hashAlgorithm, spki))
}

/**
 * ECDSA is DER over the 32-byte image hash, which imgtool signs as "SHA-256 of the payload"; older imgtool padded it to 72 bytes
 * with zeros. Ed25519 signs the image hash as a message, or the hashed bytes themselves where the image says `pure`.
 */
function signatureMatches(
  signature: NonNullable<McubootImage['signature']>,
  signed: Uint8Array,
  key: ImagePublicKey,
): boolean {
  try {
    if (key.kind === 'ecdsaP256' && signature.kind === 'ecdsa' && !signature.pure) {
      const size = (signature.value[1] ?? 0) + 2
      if (signature.value.subarray(size).some(byte => byte !== 0)) return false
      return p256.verify(signature.value.subarray(0, size), signed, concat(Uint8Array.of(0x04), key.bytes), {
        format: 'der',
        prehash: false,
        // MCUboot accepts either half: the malleability of an image signature is of no consequence.
        lowS: false,
      })
    }
    if (key.kind === 'ed25519' && signature.kind === 'ed25519') {
      return ed25519.verify(signature.value, signed, key.bytes)
    }
  } catch {
    // noble throws for encodings that are no signature or no point.
  }
  return false
}
