// What attestors sign for devices that have no chain and no clock: block headers and the time, so many of them together.
import { type Bytes, concat } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import type { DeviceConfig } from '../registry/deviceStatements.ts'
import { type ByteReader, uintBytes } from '../wallet/byteReader.ts'
import { sized } from './layout.ts'

export type Attestors = DeviceConfig['attestors']

/** One attestor's signature. */
export interface Attestation {
  /** uint8: the place of the signer's key in the Config, from 0. */
  readonly place: number
  /** r || s, 64 bytes. */
  readonly signature: Uint8Array
}

/** A finalized block. Of each height an attestor signs one hash and never another. */
export interface AttestedHeader {
  readonly chainId: number
  readonly number: number
  /** 32 bytes: keccak256 of the header's RLP. */
  readonly hash: Uint8Array
}

/** The present time, for one device that has asked for it just now. */
export interface DeviceTime {
  readonly deviceId: DeviceId
  /** 16 bytes, the device's. */
  readonly nonce: Uint8Array
  /** uint40, Unix seconds. */
  readonly time: number
}

const HEADER_TYPES = {
  AttestedHeader: [
    { name: 'chainId', type: 'uint256' },
    { name: 'number', type: 'uint64' },
    { name: 'hash', type: 'bytes32' },
  ],
} as const

export const TIME_FIELDS = [
  { name: 'deviceId', type: 'bytes32' },
  { name: 'nonce', type: 'bytes16' },
  { name: 'time', type: 'uint40' },
] as const

/** No chain and no contract: an attestor serves the devices of every registry. */
const DOMAIN = { name: 'Fob', version: '1' } as const

/**
 * The 32-byte digest that an attestor signs (P-256), in the domain {name: 'Fob', version: '1'}, of
 * `AttestedHeader(uint256 chainId,uint64 number,bytes32 hash)`. Throws Eip712Error where a field does not fit.
 */
export function attestedHeaderDigest({ chainId, number, hash }: AttestedHeader): Bytes {
  const message = { chainId, number, hash }
  return hashTypedData({ domain: DOMAIN, types: HEADER_TYPES, primaryType: 'AttestedHeader', message })
}

/**
 * The 32-byte digest that an attestor signs (P-256), in the domain {name: 'Fob', version: '1'}, of
 * `DeviceTime(bytes32 deviceId,bytes16 nonce,uint40 time)`. Who asks proposes a time; an attestor signs one that is its own
 * within a few seconds, so that several can sign the same.
 */
export function deviceTimeDigest({ deviceId, nonce, time }: DeviceTime): Bytes {
  const types = { DeviceTime: TIME_FIELDS }
  return hashTypedData({
    domain: DOMAIN,
    types,
    primaryType: 'DeviceTime',
    message: { deviceId, nonce, time },
  })
}

/**
 * Whether as many of the Config's attestors as it asks for have signed: exactly so many, in the order of their places, so
 * that nobody counts twice and nobody makes a device verify more than it must. False where there are none.
 */
export function areAttested(
  digest: Uint8Array,
  attestations: readonly Attestation[],
  { threshold, keys }: Attestors,
): boolean {
  if (threshold === 0 || attestations.length !== threshold) return false
  return attestations.every(({ place, signature }, i) => {
    const before = i === 0 ? -1 : (attestations[i - 1]?.place ?? -1)
    const key = keys[place]
    return place > before && key !== undefined && isDigestSignedBy(key, digest, signature)
  })
}

/** number of signatures (1), of each: place (1), signature (64). Throws RangeError for fields of another size or range. */
export function encodeAttestations(attestations: readonly Attestation[]): Bytes {
  const parts = attestations.flatMap(({ place, signature }) => [uintBytes(place, 1), sized(signature, 64)])
  return concat(uintBytes(attestations.length, 1), ...parts)
}

/** Throws EndOfBytes. The signatures are views. */
export function readAttestations(reader: ByteReader): readonly Attestation[] {
  const count = reader.uint(1)
  return Array.from({ length: count }, () => ({ place: reader.uint(1), signature: reader.view(64) }))
}
