// Device identity: what is signed, what WebCrypto and viem make of it, and what is refused.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { hashTypedData, keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/core/bytes.ts'
import {
  deviceIdOf,
  devicePublicKey,
  identityDigest,
  type SignedIdentity,
  signIdentity,
  verifyIdentity,
} from '../../src/core/identity.ts'
import { encodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'

const SECRET = new Uint8Array(32).fill(0x21)
const CLAIM = {
  challenge: new Uint8Array(32).fill(7),
  model: { maker: `0x${'1a'.repeat(20)}`, name: 'Fob Lock One', hardware: 'rev B' },
  chainId: 31337,
  registry: `0x${'2b'.repeat(20)}`,
} as const
const SIGNED = signIdentity(CLAIM, SECRET)
const ORDER = p256.Point.CURVE().n

const kindOf = (signed: SignedIdentity) => {
  const result = verifyIdentity(signed)
  return result.ok ? 'ok' : result.error.kind
}

/** r || (n - s): the other valid ECDSA signature of the same message. */
function withHighS(signature: Uint8Array): Uint8Array {
  const s = BigInt(toHex(signature.subarray(32)))
  const high = (ORDER - s).toString(16).padStart(64, '0')
  return concat(signature.subarray(0, 32), Uint8Array.from(Buffer.from(high, 'hex')))
}

describe('a signed identity', () => {
  it('is accepted and says who the device is', () => {
    expect(verifyIdentity(SIGNED)).toEqual({
      ok: true,
      value: {
        deviceId: keccak256(devicePublicKey(SECRET)),
        publicKey: devicePublicKey(SECRET),
        model: CLAIM.model,
        chainId: CLAIM.chainId,
        registry: CLAIM.registry,
      },
    })
  })

  it('signs the digest that viem computes for the same typed data', () => {
    const deviceId = deviceIdOf(devicePublicKey(SECRET))
    expect(toHex(identityDigest(CLAIM, deviceId))).toBe(
      hashTypedData({
        domain: { name: 'Fob', version: '1', chainId: 31337, verifyingContract: CLAIM.registry },
        types: {
          DeviceIdentity: [
            { name: 'challenge', type: 'bytes32' },
            { name: 'maker', type: 'address' },
            { name: 'model', type: 'string' },
            { name: 'hardware', type: 'string' },
            { name: 'deviceId', type: 'bytes32' },
          ],
        },
        primaryType: 'DeviceIdentity',
        message: {
          challenge: toHex(CLAIM.challenge),
          maker: CLAIM.model.maker,
          model: CLAIM.model.name,
          hardware: CLAIM.model.hardware,
          deviceId,
        },
      }),
    )
  })

  it('is ECDSA with SHA-256 over that digest for OpenSSL too', () => {
    const spki = encodeImagePublicKey({ kind: 'ecdsaP256', bytes: SIGNED.publicKey })
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const digest = identityDigest(CLAIM, deviceIdOf(SIGNED.publicKey))
    expect(verify('sha256', digest, { key, dsaEncoding: 'ieee-p1363' }, SIGNED.signature)).toBe(true)
    expect(createHash('sha256').update(digest).digest().length).toBe(32)
  })
})

describe('refusals', () => {
  it.each<[string, Partial<SignedIdentity>]>([
    ['another challenge (a replay)', { challenge: new Uint8Array(32).fill(8) }],
    ['another model name', { model: { ...CLAIM.model, name: 'Fob Lock Two' } }],
    ['another hardware revision', { model: { ...CLAIM.model, hardware: 'rev C' } }],
    ['another maker', { model: { ...CLAIM.model, maker: `0x${'1b'.repeat(20)}` } }],
    ['another chain', { chainId: 1 }],
    ['another registry', { registry: `0x${'2c'.repeat(20)}` }],
    ['another device key', { publicKey: devicePublicKey(new Uint8Array(32).fill(3)) }],
    ['a key that is no point of the curve', { publicKey: new Uint8Array(64).fill(1) }],
    ['the high-s twin of the signature', { signature: withHighS(SIGNED.signature) }],
    ['a zero signature', { signature: new Uint8Array(64) }],
  ])('refuses the signature for %s', (_, change) => {
    expect(kindOf({ ...SIGNED, ...change })).toBe('identitySignatureInvalid')
  })

  it.each<[string, Partial<SignedIdentity>]>([
    ['a short challenge', { challenge: new Uint8Array(31) }],
    ['a compressed key', { publicKey: new Uint8Array(33) }],
    ['a DER signature', { signature: new Uint8Array(70) }],
    ['chain 0', { chainId: 0 }],
    ['a chain id beyond 2^53', { chainId: 2 ** 53 }],
    ['a checksummed maker', { model: { ...CLAIM.model, maker: `0x${'1A'.repeat(20)}` } }],
    ['a short registry', { registry: '0x2b' }],
    ['an empty name', { model: { ...CLAIM.model, name: '' } }],
    ['a long name', { model: { ...CLAIM.model, name: 'ü'.repeat(33) } }],
    ['a name with a direction override', { model: { ...CLAIM.model, name: 'Fob \u202eenO' } }],
    ['a lone surrogate', { model: { ...CLAIM.model, hardware: '\ud800' } }],
  ])('calls malformed %s', (_, change) => {
    expect(kindOf({ ...SIGNED, ...change })).toBe('identityMalformed')
  })

  it('refuses any other signature bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), signature => {
        expect(kindOf({ ...SIGNED, signature })).toBe('identitySignatureInvalid')
      }),
      { numRuns: 30 },
    )
  })
})
