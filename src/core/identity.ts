// Who a device is: its P-256 key signs model, registry and our challenge as EIP-712 typed data.
import { p256 } from '@noble/curves/nist.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { type Address, type Bytes, type Hex, toHex } from './bytes.ts'
import { hashTypedData } from './eip712.ts'
import { hasInvisible } from './invisible.ts'
import { isDigestSignedBy, signDigest } from './p256.ts'
import type { Model } from './registry/model.ts'
import { fail, ok, type Result } from './result.ts'

/** `keccak256` of the device's public key: x || y, 64 bytes. */
export type DeviceId = Hex

/** What the device states of itself, without key and signature. */
export interface IdentityClaim {
  /** 32 bytes that the asking side chose at random: an answer can't be replayed. */
  readonly challenge: Uint8Array
  readonly model: Model
  readonly chainId: number
  /** FirmwareRegistry that the maker publishes this model in. */
  readonly registry: Address
}

export interface SignedIdentity extends IdentityClaim {
  /** x || y, 64 bytes, big-endian. */
  readonly publicKey: Uint8Array
  /** r || s, 64 bytes, big-endian; s in the lower half. */
  readonly signature: Uint8Array
}

/** An identity whose signature was checked over our own challenge. */
export interface DeviceIdentity {
  readonly deviceId: DeviceId
  readonly publicKey: Bytes
  readonly model: Model
  readonly chainId: number
  readonly registry: Address
}

export type IdentityError =
  | { readonly kind: 'identityMalformed'; readonly detail: string }
  | { readonly kind: 'identitySignatureInvalid'; readonly detail: string }

/** Longest model name and hardware revision in UTF-8 bytes: both are shown on a phone and hashed on chain. */
const MAX_MODEL_TEXT = 64

const TYPES = {
  DeviceIdentity: [
    { name: 'challenge', type: 'bytes32' },
    { name: 'maker', type: 'address' },
    { name: 'model', type: 'string' },
    { name: 'hardware', type: 'string' },
    { name: 'deviceId', type: 'bytes32' },
  ],
} as const

/** Throws RangeError unless the key is x || y of 64 bytes. */
export function deviceIdOf(publicKey: Uint8Array): DeviceId {
  if (publicKey.length !== 64) throw new RangeError(`a device key has 64 bytes, not ${publicKey.length}`)
  return toHex(keccak_256(publicKey))
}

/** x || y of a 32-byte secret scalar (big-endian). Throws for a scalar that is zero or not below the group order. */
export function devicePublicKey(secretKey: Uint8Array): Bytes {
  return Uint8Array.from(p256.getPublicKey(secretKey, false).subarray(1))
}

/**
 * The 32-byte EIP-712 digest of
 * `DeviceIdentity(bytes32 challenge,address maker,string model,string hardware,bytes32 deviceId)`
 * in the domain {name: 'Fob', version: '1', chainId, verifyingContract: registry}.
 */
export function identityDigest(claim: IdentityClaim, deviceId: DeviceId): Bytes {
  const { challenge, model, chainId, registry } = claim
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: registry },
    types: TYPES,
    primaryType: 'DeviceIdentity',
    message: { challenge, maker: model.maker, model: model.name, hardware: model.hardware, deviceId },
  })
}

/** The device's side. ECDSA with SHA-256 over the digest (so that WebCrypto could make it too), RFC 6979, low s. */
export function signIdentity(claim: IdentityClaim, secretKey: Uint8Array): SignedIdentity {
  const publicKey = devicePublicKey(secretKey)
  const digest = identityDigest(claim, deviceIdOf(publicKey))
  return { ...claim, publicKey, signature: signDigest(digest, secretKey) }
}

/** Checks form and signature; `signed.challenge` must be the one that this side sent, which the caller puts there itself. */
export function verifyIdentity(signed: SignedIdentity): Result<DeviceIdentity, IdentityError> {
  const fault = formFault(signed)
  if (fault !== undefined) return fail({ kind: 'identityMalformed', detail: fault })
  const { model, chainId, registry } = signed
  const publicKey = Uint8Array.from(signed.publicKey)
  const deviceId = deviceIdOf(publicKey)
  const digest = identityDigest(signed, deviceId)
  if (!isDigestSignedBy(publicKey, digest, signed.signature)) {
    return fail({ kind: 'identitySignatureInvalid', detail: `by device ${deviceId}` })
  }
  return ok({ deviceId, publicKey, model, chainId, registry })
}

function formFault({
  challenge,
  model,
  chainId,
  registry,
  publicKey,
  signature,
}: SignedIdentity): string | undefined {
  if (challenge.length !== 32) return `challenge of ${challenge.length} bytes`
  if (publicKey.length !== 64) return `public key of ${publicKey.length} bytes`
  if (signature.length !== 64) return `signature of ${signature.length} bytes`
  if (!isAddress(model.maker)) return 'maker is not an address'
  if (!isAddress(registry)) return 'registry is not an address'
  if (!Number.isSafeInteger(chainId) || chainId < 1) return `chain id ${chainId}`
  for (const [name, text] of [
    ['model', model.name],
    ['hardware', model.hardware],
  ] as const) {
    const fault = textFault(text)
    if (fault !== undefined) return `${name} ${fault}`
  }
  return undefined
}

const isAddress = (text: string): boolean => /^0x[0-9a-f]{40}$/.test(text)

function textFault(text: string): string | undefined {
  if (text.length === 0) return 'is empty'
  // Lone surrogates have no UTF-8 form, so two different strings would hash alike.
  if (/\p{Cs}/u.test(text)) return 'is not well-formed Unicode'
  const size = utf8ToBytes(text).length
  if (size > MAX_MODEL_TEXT) return `has ${size} bytes, more than ${MAX_MODEL_TEXT}`
  // A name with line breaks or direction overrides could pass for another one on the screen.
  return hasInvisible(text) ? 'has invisible characters' : undefined
}
