// Image signatures: ours against OpenSSL's (node:crypto), byte-exact vectors, and what a bootloader must refuse.
import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../src/core/bytes.ts'
import { buildImage, signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'
import {
  decodeImagePublicKey,
  encodeImagePublicKey,
  imageKeyHash,
} from '../../../src/core/mcuboot/publicKey.ts'
import { verifyImage } from '../../../src/core/mcuboot/signature.ts'
import { TlvType, writeTlvArea } from '../../../src/core/mcuboot/tlv.ts'
import { BODY, ECDSA, ED25519, vectors } from './vectors.ts'

const TRUSTED = [signerPublicKey(ECDSA), signerPublicKey(ED25519)]
const PARTS = { version: { major: 1, minor: 0, revision: 0, build: 0 }, body: BODY } as const

const outcome = (bytes: Uint8Array, trusted = TRUSTED) => {
  const verified = verifyImage(bytes, trusted)
  return verified.ok ? 'verified' : verified.error.kind
}

describe('vectors', () => {
  it.each(vectors)('verifies: $name', vector => {
    expect(outcome(vector.image)).toBe(vector.signature === null ? 'unsigned' : 'verified')
  })

  it.each(vectors)('builds the same bytes: $name', vector => {
    const built = buildImage({
      version: vector.version,
      body: BODY,
      headerSize: vector.headerSize,
      signer:
        vector.signature === 'ecdsa'
          ? ECDSA
          : vector.signature === 'ed25519'
            ? { ...ED25519, pure: vector.isPure }
            : null,
      keyFormat: vector.hasFullKey ? 'full' : 'hash',
      dependencies: vector.dependencies,
      ...(vector.securityCounter === null ? {} : { securityCounter: vector.securityCounter }),
    })
    expect(Buffer.from(built).toString('hex')).toBe(Buffer.from(vector.image).toString('hex'))
  })
})

describe('OpenSSL as the verifier, as imgtool verify does', () => {
  it.each([ECDSA, ED25519, { ...ED25519, pure: true }])('accepts %o', signer => {
    const image = buildImage({ ...PARTS, signer, securityCounter: 3 })
    const parsed = parseImage(image)
    if (!parsed.ok || !parsed.value.signature) throw new Error('no signed image')
    const spki = encodeImagePublicKey(signerPublicKey(signer))
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const hashed = image.subarray(0, parsed.value.hashedSize)
    const isPayloadSigned = signer.kind === 'ecdsaP256' || parsed.value.signature.pure
    const message = isPayloadSigned ? hashed : parsed.value.imageHash
    const algorithm = signer.kind === 'ecdsaP256' ? 'sha256' : null
    expect(verify(algorithm, message, key, parsed.value.signature.value)).toBe(true)
  })
})

describe('what the bootloader refuses', () => {
  const image = buildImage({ ...PARTS, signer: ECDSA, securityCounter: 3 })
  const parsed = parseImage(image)
  if (!parsed.ok) throw new Error('the fixture is no image')
  const hashed = image.subarray(0, parsed.value.hashedSize)
  const { imageHash, keyHash, signature } = parsed.value
  if (!keyHash || !signature) throw new Error('the fixture is not signed')
  const rebuilt = (...entries: (readonly [number, Uint8Array])[]) =>
    concat(hashed, writeTlvArea(entries, 0x6907))
  const hash = [TlvType.sha256, imageHash] as const
  const named = [TlvType.keyHash, keyHash] as const

  it('accepts the signature padded with zeros to 72 bytes, as older imgtool wrote it', () => {
    const padded = concat(signature.value, new Uint8Array(72 - signature.value.length))
    expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, padded]))).toBe('verified')
    padded[71] = 1
    expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, padded]))).toBe('signatureInvalid')
  })

  it('refuses an image without signature or without a named key', () => {
    expect(outcome(rebuilt(hash, named))).toBe('unsigned')
    expect(outcome(rebuilt(hash, [TlvType.ecdsa, signature.value]))).toBe('unsigned')
  })

  it('refuses a key that is not trusted', () => {
    expect(outcome(image, [signerPublicKey(ED25519)])).toBe('untrustedKey')
    expect(outcome(image, [])).toBe('untrustedKey')
  })

  it('refuses a key in full that is not trusted, even if its signature is right', () => {
    const own = { kind: 'ecdsaP256', secretKey: new Uint8Array(32).fill(9) } as const
    expect(outcome(buildImage({ ...PARTS, signer: own, keyFormat: 'full' }))).toBe('untrustedKey')
  })

  it('refuses a signature with any byte changed', () => {
    for (let at = 0; at < signature.value.length; at++) {
      const forged = Uint8Array.from(signature.value)
      forged[at] = (forged[at] ?? 0) ^ 0x01
      expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, forged])), `byte ${at}`).toBe('signatureInvalid')
    }
  })

  it('refuses a signature of another image and one of another kind', () => {
    const other = parseImage(buildImage({ ...PARTS, signer: ECDSA, securityCounter: 4 }))
    const stolen = other.ok && other.value.signature ? other.value.signature.value : new Uint8Array()
    expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, stolen]))).toBe('signatureInvalid')
    expect(outcome(rebuilt(hash, named, [TlvType.ed25519, new Uint8Array(64)]))).toBe('signatureInvalid')
    expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, new Uint8Array()]))).toBe('signatureInvalid')
  })

  it('refuses entries that may not stand outside the signed area', () => {
    const rogue = [TlvType.securityCounter, Uint8Array.of(9, 0, 0, 0)] as const
    expect(outcome(rebuilt(hash, named, [TlvType.ecdsa, signature.value], rogue))).toBe('rogueTlv')
  })

  it('says why an image is malformed', () => {
    expect(verifyImage(image.subarray(0, 50), TRUSTED)).toMatchObject({
      ok: false,
      error: { kind: 'malformedImage', why: { kind: 'truncated' } },
    })
  })
})

describe('public keys', () => {
  it.each(TRUSTED)('come back from their DER form: $kind', key => {
    const spki = encodeImagePublicKey(key)
    expect(decodeImagePublicKey(spki)).toEqual({ kind: key.kind, bytes: Uint8Array.from(key.bytes) })
    expect(decodeImagePublicKey(spki.subarray(1))).toBeUndefined()
    expect(decodeImagePublicKey(concat(spki, Uint8Array.of(0)))).toBeUndefined()
    expect(imageKeyHash(key).length).toBe(32)
  })

  it('of the wrong length are a bug of the caller', () => {
    expect(() => encodeImagePublicKey({ kind: 'ed25519', bytes: new Uint8Array(31) })).toThrow(RangeError)
  })
})
