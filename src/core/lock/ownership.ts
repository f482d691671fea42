// Whom a device belongs to, as it says itself: open to everybody, and signed over the asker's challenge.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, fromHex, toHex } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { isDigestSignedBy, signDigest } from '../p256.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBytes, readOptional, readUint } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'

/** The part that the device signs. */
interface OwnershipClaim {
  /** keccak256 of the owner key (x || y, 64 bytes); null for a device that is free. */
  readonly ownerKeyHash: Bytes | null
  /** The DeviceRegistry that it was told at its pairing; null for a device that is free. */
  readonly domain: StatementDomain | null
  /** uint48: pairings, owner key changes and factory resets so far. The next statement names this + 1. */
  readonly pairingCounter: number
  /** uint48, of the last DeviceClaim or DeviceHandOver that it signed. */
  readonly claimCounter: number
  /** uint32: 0 before the first Config. */
  readonly configVersion: number
  /** uint32. */
  readonly epoch: number
}

/** What helps to deal with it, and decides nothing: not signed. */
interface DeviceHints {
  readonly hasButton: boolean
  readonly hasClaimCode: boolean
  /** Seconds for which the pressed button still lets somebody pair; 0 where it was not pressed. */
  readonly buttonSeconds: number
  /** Seconds for which no claim code is tried; 0 where one is. */
  readonly claimCodeWait: number
  /** Bytes of the longest message that it can put together; 1024 where it says nothing. */
  readonly longestMessage: number
}

export type Ownership = OwnershipClaim & DeviceHints

const CHALLENGE_LENGTH = 32
const LEAST_LONGEST_MESSAGE = 1024
const VERSION = 1
const ABILITY = { button: 1, claimCode: 2 } as const
const NO_ADDRESS = toHex(new Uint8Array(20))

const TYPES = {
  DeviceOwnership: [
    { name: 'challenge', type: 'bytes32' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'ownerKeyHash', type: 'bytes32' },
    { name: 'chainId', type: 'uint256' },
    { name: 'registry', type: 'address' },
    { name: 'pairingCounter', type: 'uint48' },
    { name: 'claimCounter', type: 'uint48' },
    { name: 'configVersion', type: 'uint32' },
    { name: 'epoch', type: 'uint32' },
  ],
} as const

/** keccak256 of x || y, 64 bytes: how an owner key and a user key are named. */
export const keyHash = (publicKey: Uint8Array): Bytes => Uint8Array.from(keccak_256(publicKey))

/**
 * The 32-byte digest that the device signs, in the domain {name: 'Fob', version: '1'}: `DeviceOwnership(bytes32
 * challenge,bytes32 deviceId,bytes32 ownerKeyHash,uint256 chainId,address registry,uint48 pairingCounter,uint48
 * claimCounter,uint32 configVersion,uint32 epoch)`, without the line breaks. A free device says zero for hash and domain.
 */
function ownershipDigest(challenge: Uint8Array, deviceId: DeviceId, claim: OwnershipClaim): Bytes {
  const { ownerKeyHash, domain, pairingCounter, claimCounter, configVersion, epoch } = claim
  return hashTypedData({
    domain: { name: 'Fob', version: '1' },
    types: TYPES,
    primaryType: 'DeviceOwnership',
    message: {
      challenge,
      deviceId,
      ownerKeyHash: ownerKeyHash ?? new Uint8Array(32),
      chainId: domain?.chainId ?? 0,
      registry: domain?.registry ?? NO_ADDRESS,
      pairingCounter,
      claimCounter,
      configVersion,
      epoch,
    },
  })
}

/** `challenge`: 32 bytes that were never used before; `devicePublicKey` as `verifyIdentity` found it. */
export async function readOwnership(
  client: SmpClient,
  { challenge, devicePublicKey }: { readonly challenge: Uint8Array; readonly devicePublicKey: Uint8Array },
  options: CallOptions = {},
): Promise<Result<Ownership, LockFailure>> {
  const request = { op: 'read', group: SmpGroup.fob, command: FobCommand.ownership } as const
  const reply = await client.request({ ...request, body: { c: challenge }, ...options })
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const parsed = parseOwnershipAnswer(reply.value)
  if (!parsed) return fail({ kind: 'malformed', detail: 'ownership answer' })
  const digest = ownershipDigest(challenge, deviceIdOf(devicePublicKey), parsed.ownership)
  return isDigestSignedBy(devicePublicKey, digest, parsed.signature)
    ? ok(parsed.ownership)
    : fail({ kind: 'deviceAnswerInvalid', detail: 'ownership signature' })
}

/** The challenge of a request; undefined for anything but exactly 32 bytes. */
export function parseOwnershipRequest(body: CborMap): Bytes | undefined {
  return sized(readBytes(body, 'c'), CHALLENGE_LENGTH)
}

/** The device's answer, signed with its 32-byte scalar. */
export function ownershipAnswerBody(
  challenge: Uint8Array,
  deviceId: DeviceId,
  ownership: Ownership,
  secretKey: Uint8Array,
): CborMap {
  const { ownerKeyHash, domain } = ownership
  const registry = domain && fromHex(domain.registry)
  return {
    v: VERSION,
    ...(ownerKeyHash && domain && registry ? { oh: ownerKeyHash, ch: domain.chainId, rg: registry } : {}),
    pc: ownership.pairingCounter,
    cc: ownership.claimCounter,
    cv: ownership.configVersion,
    ep: ownership.epoch,
    ab: (ownership.hasButton ? ABILITY.button : 0) + (ownership.hasClaimCode ? ABILITY.claimCode : 0),
    bs: ownership.buttonSeconds,
    cw: ownership.claimCodeWait,
    lm: ownership.longestMessage,
    sg: signDigest(ownershipDigest(challenge, deviceId, ownership), secretKey),
  }
}

/** undefined for another version, a missing field, a wrong length or a number out of range. */
export function parseOwnershipAnswer(
  body: CborMap,
): { readonly ownership: Ownership; readonly signature: Bytes } | undefined {
  if (readUint(body, 'v') !== VERSION) return undefined
  const pairingCounter = below(readUint(body, 'pc'), 2 ** 48)
  const claimCounter = below(readUint(body, 'cc'), 2 ** 48)
  const configVersion = below(readUint(body, 'cv'), 2 ** 32)
  const epoch = below(readUint(body, 'ep'), 2 ** 32)
  const abilities = readUint(body, 'ab')
  const buttonSeconds = readUint(body, 'bs')
  const claimCodeWait = readUint(body, 'cw')
  const longestMessage = readOptional(body, 'lm', readUint, LEAST_LONGEST_MESSAGE)
  const signature = sized(readBytes(body, 'sg'), 64)
  const owner = readOwner(body)
  if (pairingCounter === undefined || claimCounter === undefined || configVersion === undefined)
    return undefined
  if (epoch === undefined || abilities === undefined || buttonSeconds === undefined) return undefined
  if (claimCodeWait === undefined || longestMessage === undefined || !signature || !owner) return undefined
  const ownership = {
    ...owner,
    pairingCounter,
    claimCounter,
    configVersion,
    epoch,
    hasButton: (abilities & ABILITY.button) !== 0,
    hasClaimCode: (abilities & ABILITY.claimCode) !== 0,
    buttonSeconds,
    claimCodeWait,
    longestMessage,
  }
  return { ownership, signature }
}

/** Hash and domain stand together or not at all. */
function readOwner(body: CborMap): Pick<OwnershipClaim, 'ownerKeyHash' | 'domain'> | undefined {
  const hash = readOptional(body, 'oh', readBytes, null)
  const chainId = readOptional(body, 'ch', readUint, null)
  const registry = readOptional(body, 'rg', readBytes, null)
  if (hash === null && chainId === null && registry === null) return { ownerKeyHash: null, domain: null }
  if (!hash || !chainId || !registry || hash.length !== 32 || registry.length !== 20) return undefined
  return { ownerKeyHash: hash, domain: { chainId, registry: toHex(registry) } }
}

const sized = (bytes: Bytes | undefined, length: number): Bytes | undefined =>
  bytes?.length === length ? bytes : undefined

const below = (value: number | undefined, limit: number): number | undefined =>
  value !== undefined && value < limit ? value : undefined
