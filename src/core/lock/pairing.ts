// Pairing pins an owner key on a device; the present owner's word changes it or takes it away.
import type { Bytes } from '../bytes.ts'
import { hashTypedData, type TypedData, type TypedDefinitions, type TypedValue } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBytes } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { type ClaimCode, claimCodeKey, claimProof } from './claimCode.ts'
import { sized } from './layout.ts'
import { type LongCallOptions, sendLong } from './longMessage.ts'
import { keyHash } from './ownership.ts'
import { encodeOwnerKeyOrder, encodePairing } from './pairingMessage.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'

/** Signed by the owner key that a free device is to pin. The domain tells the device its DeviceRegistry. */
export interface DevicePairing {
  readonly deviceId: DeviceId
  /** P-256, x || y, 64 bytes. */
  readonly ownerKey: Uint8Array
  /** 16 bytes from `readPairingNonce` on this connection. */
  readonly nonce: Uint8Array
  /** uint48: `Ownership.pairingCounter` + 1. */
  readonly pairingCounter: number
}

/** Signed by the present owner key; any phone may carry it. */
export interface OwnerKeyChange {
  readonly deviceId: DeviceId
  /** P-256, x || y, 64 bytes. */
  readonly newOwnerKey: Uint8Array
  /** uint48: `Ownership.pairingCounter` + 1. */
  readonly pairingCounter: number
}

/** Signed by the present owner key: the device then is free, and anybody at its button may pair it. */
export interface FactoryReset {
  readonly deviceId: DeviceId
  /** uint48: `Ownership.pairingCounter` + 1. */
  readonly pairingCounter: number
}

export const PAIRING_NONCE_LENGTH = 16

const PAIRING_TYPES = {
  DevicePairing: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'ownerX', type: 'bytes32' },
    { name: 'ownerY', type: 'bytes32' },
    { name: 'nonce', type: 'bytes16' },
    { name: 'pairingCounter', type: 'uint48' },
  ],
} as const

const CHANGE_TYPES = {
  OwnerKeyChange: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'newOwnerX', type: 'bytes32' },
    { name: 'newOwnerY', type: 'bytes32' },
    { name: 'pairingCounter', type: 'uint48' },
  ],
} as const

const RESET_TYPES = {
  FactoryReset: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'pairingCounter', type: 'uint48' },
  ],
} as const

const TAKEN_TYPES = {
  OwnerKeyTaken: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'ownerKeyHash', type: 'bytes32' },
    { name: 'pairingCounter', type: 'uint48' },
  ],
} as const

/**
 * `DevicePairing(bytes32 deviceId,bytes32 ownerX,bytes32 ownerY,bytes16 nonce,uint48 pairingCounter)`. All statements
 * here are in the domain {name: 'Fob', version: '1', chainId, verifyingContract: DeviceRegistry}; their digests throw
 * Eip712Error where a field does not fit its type.
 */
export function pairingTypedData(domain: StatementDomain, pairing: DevicePairing): TypedData {
  const { deviceId, nonce, pairingCounter } = pairing
  const [ownerX, ownerY] = coordinates(pairing.ownerKey)
  return typedData(domain, PAIRING_TYPES, 'DevicePairing', {
    deviceId,
    ownerX,
    ownerY,
    nonce,
    pairingCounter,
  })
}

/** `OwnerKeyChange(bytes32 deviceId,bytes32 newOwnerX,bytes32 newOwnerY,uint48 pairingCounter)` */
export function ownerKeyChangeTypedData(domain: StatementDomain, change: OwnerKeyChange): TypedData {
  const { deviceId, pairingCounter } = change
  const [newOwnerX, newOwnerY] = coordinates(change.newOwnerKey)
  return typedData(domain, CHANGE_TYPES, 'OwnerKeyChange', { deviceId, newOwnerX, newOwnerY, pairingCounter })
}

/** `FactoryReset(bytes32 deviceId,uint48 pairingCounter)` */
export function factoryResetTypedData(domain: StatementDomain, reset: FactoryReset): TypedData {
  const { deviceId, pairingCounter } = reset
  return typedData(domain, RESET_TYPES, 'FactoryReset', { deviceId, pairingCounter })
}

/**
 * The 32-byte digest that the device signs once it has stored whom it belongs to: `OwnerKeyTaken(bytes32 deviceId,bytes32
 * ownerKeyHash,uint48 pairingCounter)`, without the line break. `ownerKey` null: nobody (the hash is zero).
 */
export function ownerKeyTakenDigest(
  domain: StatementDomain,
  deviceId: DeviceId,
  ownerKey: Uint8Array | null,
  pairingCounter: number,
): Bytes {
  const ownerKeyHash = ownerKey ? keyHash(ownerKey) : new Uint8Array(32)
  return hashTypedData(
    typedData(domain, TAKEN_TYPES, 'OwnerKeyTaken', { deviceId, ownerKeyHash, pairingCounter }),
  )
}

/** 16 bytes for one pairing on this connection; an earlier one of the connection is void. */
export async function readPairingNonce(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<Bytes, LockFailure>> {
  const request = { op: 'read', group: SmpGroup.fob, command: FobCommand.pairing, body: {} } as const
  const reply = await client.request({ ...request, ...options })
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const nonce = readBytes(reply.value, 'n')
  return nonce?.length === PAIRING_NONCE_LENGTH ? ok(nonce) : fail({ kind: 'malformed', detail: 'field n' })
}

export interface PairRequest {
  readonly domain: StatementDomain
  readonly devicePublicKey: Uint8Array
  readonly pairing: DevicePairing
  /** The owner key's, over `pairingTypedData`: r || s, 64 bytes. */
  readonly signature: Uint8Array
  /** The code that is printed on the device; null where its button was pressed. */
  readonly claimCode: ClaimCode | null
}

/** Resolves with the device's signature over `ownerKeyTakenDigest`, once that was verified. */
export async function pairDevice(
  client: SmpClient,
  request: PairRequest,
  options: LongCallOptions = {},
): Promise<Result<Bytes, LockFailure>> {
  const { domain, devicePublicKey, pairing, signature, claimCode } = request
  const digest = hashTypedData(pairingTypedData(domain, pairing))
  const proof = claimCode && claimProof(claimCodeKey(claimCode, pairing.deviceId), digest)
  const message = encodePairing({ ...pairing, domain, signature, proof })
  const reply = await sendLong(client, FobCommand.pairing, message, options)
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const taken = { domain, devicePublicKey, ownerKey: pairing.ownerKey, counter: pairing.pairingCounter }
  return verifyTaken(reply.value, taken)
}

export interface OwnerKeyRequest<T> {
  readonly domain: StatementDomain
  readonly devicePublicKey: Uint8Array
  readonly statement: T
  /** The present owner key's: r || s, 64 bytes. */
  readonly signature: Uint8Array
}

/** Carries an owner key change to the device, whoever calls. Resolves as `pairDevice`. */
export async function changeOwnerKey(
  client: SmpClient,
  { domain, devicePublicKey, statement, signature }: OwnerKeyRequest<OwnerKeyChange>,
  options: LongCallOptions = {},
): Promise<Result<Bytes, LockFailure>> {
  const { newOwnerKey, pairingCounter } = statement
  const message = encodeOwnerKeyOrder({ newOwnerKey, pairingCounter, signature })
  const reply = await sendLong(client, FobCommand.ownerKey, message, options)
  if (!reply.ok) return fail(explainRefusal(reply.error))
  return verifyTaken(reply.value, { domain, devicePublicKey, ownerKey: newOwnerKey, counter: pairingCounter })
}

/** Carries a factory reset to the device, whoever calls. Resolves as `pairDevice`. */
export async function resetToFactory(
  client: SmpClient,
  { domain, devicePublicKey, statement, signature }: OwnerKeyRequest<FactoryReset>,
  options: LongCallOptions = {},
): Promise<Result<Bytes, LockFailure>> {
  const { pairingCounter } = statement
  const message = encodeOwnerKeyOrder({ newOwnerKey: null, pairingCounter, signature })
  const reply = await sendLong(client, FobCommand.ownerKey, message, options)
  if (!reply.ok) return fail(explainRefusal(reply.error))
  return verifyTaken(reply.value, { domain, devicePublicKey, ownerKey: null, counter: pairingCounter })
}

interface Taken {
  readonly domain: StatementDomain
  readonly devicePublicKey: Uint8Array
  readonly ownerKey: Uint8Array | null
  readonly counter: number
}

function verifyTaken(answer: CborMap, taken: Taken): Result<Bytes, LockFailure> {
  const { domain, devicePublicKey, ownerKey, counter } = taken
  const signature = readBytes(answer, 'sg')
  if (signature?.length !== 64) return fail({ kind: 'malformed', detail: 'field sg' })
  const digest = ownerKeyTakenDigest(domain, deviceIdOf(devicePublicKey), ownerKey, counter)
  return isDigestSignedBy(devicePublicKey, digest, signature)
    ? ok(signature)
    : fail({ kind: 'deviceAnswerInvalid', detail: 'owner key signature' })
}

function coordinates(key: Uint8Array): [Uint8Array, Uint8Array] {
  const whole = sized(key, 64)
  return [whole.subarray(0, 32), whole.subarray(32)]
}

function typedData(
  { chainId, registry }: StatementDomain,
  types: TypedDefinitions,
  primaryType: string,
  message: { readonly [field: string]: TypedValue },
): TypedData {
  const domain = { name: 'Fob', version: '1', chainId, verifyingContract: registry }
  return { domain, types, primaryType, message }
}
