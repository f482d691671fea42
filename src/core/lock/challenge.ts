// The first message of a session: the device says who and when it is, and what this one opening is to be bound to.
import type { Bytes } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { type CborMap, readBool, readBytes, readUint } from '../smp/cbor.ts'

export const NONCE_LENGTH = 16

export interface Challenge {
  readonly deviceId: DeviceId
  /** 16 bytes, of this connection, for one Open, for 30 s. */
  readonly nonce: Bytes
  /** uint32: resets of the device so far. */
  readonly bootCounter: number
  /** uint40, Unix seconds: the last time that the device is certain to have passed; 0 where it never knew one. */
  readonly time: number
  /** Whether `time` is the present one too: false from a power loss until the device is told the time. */
  readonly isTimeCertain: boolean
  /** uint32, of the device's Config; 0 before the first. */
  readonly epoch: number
  /** uint32, as the epoch. */
  readonly configVersion: number
  /** The device's, x || y, 64 bytes, for this session alone. */
  readonly ephemeralKey: Bytes
}

const VERSION = 1

const TYPES = {
  DeviceChallenge: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'nonce', type: 'bytes16' },
    { name: 'bootCounter', type: 'uint32' },
    { name: 'time', type: 'uint40' },
    { name: 'isTimeCertain', type: 'bool' },
    { name: 'epoch', type: 'uint32' },
    { name: 'configVersion', type: 'uint32' },
    { name: 'ephemeralX', type: 'bytes32' },
    { name: 'ephemeralY', type: 'bytes32' },
  ],
} as const

/**
 * The Challenge's hash: what the device signs, and what salts the session's keys. The 32-byte EIP-712 digest, in the domain
 * {name: 'Fob', version: '1', chainId, verifyingContract: DeviceRegistry}, of `DeviceChallenge(bytes32 deviceId,bytes16
 * nonce,uint32 bootCounter,uint40 time,bool isTimeCertain,uint32 epoch,uint32 configVersion,bytes32 ephemeralX,bytes32
 * ephemeralY)`, without the line breaks.
 */
export function challengeDigest({ chainId, registry }: StatementDomain, challenge: Challenge): Bytes {
  const { ephemeralKey, ...rest } = challenge
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: registry },
    types: TYPES,
    primaryType: 'DeviceChallenge',
    message: { ...rest, ephemeralX: ephemeralKey.subarray(0, 32), ephemeralY: ephemeralKey.subarray(32) },
  })
}

/** `{v: 1, n: nonce, bc: boot counter, t: time, tc: is time certain, ep: epoch, cv: config version, ek: ephemeral key, sg: signature}` */
export function challengeBody(challenge: Challenge, signature: Uint8Array): CborMap {
  return {
    v: VERSION,
    n: challenge.nonce,
    bc: challenge.bootCounter,
    t: challenge.time,
    tc: challenge.isTimeCertain,
    ep: challenge.epoch,
    cv: challenge.configVersion,
    ek: challenge.ephemeralKey,
    sg: signature,
  }
}

/**
 * A Challenge that this device signed for this registry; undefined for anything else. Its freshness is the connection's:
 * a replayed one only fails later, since nobody knows its ephemeral secret.
 */
export function verifyChallenge(
  body: CborMap,
  domain: StatementDomain,
  devicePublicKey: Uint8Array,
): { readonly challenge: Challenge; readonly digest: Bytes } | undefined {
  const parsed = parseChallenge(body, devicePublicKey)
  if (!parsed) return undefined
  const digest = challengeDigest(domain, parsed.challenge)
  return isDigestSignedBy(devicePublicKey, digest, parsed.signature)
    ? { challenge: parsed.challenge, digest }
    : undefined
}

/** undefined for another version, a missing field, a wrong length or a number out of range. */
export function parseChallenge(
  body: CborMap,
  devicePublicKey: Uint8Array,
): { readonly challenge: Challenge; readonly signature: Bytes } | undefined {
  if (readUint(body, 'v') !== VERSION) return undefined
  const nonce = readBytes(body, 'n')
  const bootCounter = readUint(body, 'bc')
  const time = readUint(body, 't')
  const isTimeCertain = readBool(body, 'tc')
  const epoch = readUint(body, 'ep')
  const configVersion = readUint(body, 'cv')
  const ephemeralKey = readBytes(body, 'ek')
  const signature = readBytes(body, 'sg')
  if (nonce?.length !== NONCE_LENGTH || ephemeralKey?.length !== 64 || signature?.length !== 64)
    return undefined
  if (bootCounter === undefined || time === undefined || isTimeCertain === undefined) return undefined
  if (epoch === undefined || configVersion === undefined || time >= 2 ** 40) return undefined
  if ([bootCounter, epoch, configVersion].some(number => number >= 2 ** 32)) return undefined
  const deviceId = deviceIdOf(devicePublicKey)
  const times = { bootCounter, time, isTimeCertain, epoch, configVersion }
  return { challenge: { deviceId, nonce, ...times, ephemeralKey }, signature }
}
