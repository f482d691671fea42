// Telling a device the time: what attestors and, for long jumps, the owner sign, and carrying it there.
import { type Bytes, concat } from '../bytes.ts'
import type { TypedData } from '../eip712.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBool, readBytes, readUint } from '../smp/cbor.ts'
import type { SmpClient, SmpFailure } from '../smp/client.ts'
import { FobError } from '../smp/errors.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import type { CallOptions } from '../smp/os.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import {
  type Attestation,
  type DeviceTime,
  encodeAttestations,
  readAttestations,
  TIME_FIELDS,
} from './attestation.ts'
import { decodeLayout, sized } from './layout.ts'
import { type LongCallOptions, sendLong } from './longMessage.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'

export const TIME_NONCE_LENGTH = 16
/** A device takes no longer step without its owner's word. */
export const LONGEST_STEP_S = 30 * 86_400

/** What a device says of the time; not signed, for its next Challenge says the same and is. */
export interface ToldTime {
  /** Unix seconds: the last time that it is certain to have passed; 0 where it never knew one. */
  readonly time: number
  /** Whether that is the present time too. */
  readonly isTimeCertain: boolean
}

export type TimeMessage =
  /** The present time, for the nonce of this connection. */
  | {
      readonly kind: 'token'
      /** uint40, Unix seconds. */
      readonly time: number
      /** Over `deviceTimeDigest`: as many as the Config asks for, in the order of their places; none where it names nobody. */
      readonly attestations: readonly Attestation[]
      /** The owner key's, over `ownerTimeTypedData`, 64 bytes; null where the step is short and attestors have signed. */
      readonly ownerSignature: Uint8Array | null
    }
  /** A time that has passed: of a block whose header attestors have signed, however long ago. */
  | { readonly kind: 'header'; readonly header: Uint8Array; readonly attestations: readonly Attestation[] }

export type TimeFailure =
  | LockFailure
  /** The device is certain that it is later already. */
  | { readonly kind: 'timePassed' }
  /** More than 30 days on from what the device knows, or nobody is named to tell the time: the owner key has to sign too. */
  | { readonly kind: 'ownerTimeNeeded' }

const VERSION = 1
const KIND = { token: 1, header: 2 } as const
const UINT40 = 2 ** 40
/** Bytes of the longest message: with eight attestors, and a header with more than any chain puts into it. */
export const LONGEST_TIME = 1 + 1 + 1 + 8 * 65 + 1024

/**
 * What the owner key signs where a device is to take a long step, in the domain {name: 'Fob', version: '1', chainId,
 * verifyingContract: DeviceRegistry}: `OwnerTime(bytes32 deviceId,bytes16 nonce,uint40 time)`, of the same nonce and time
 * as the attestors' `DeviceTime`.
 */
export function ownerTimeTypedData({ chainId, registry }: StatementDomain, time: DeviceTime): TypedData {
  const { deviceId, nonce, time: seconds } = time
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: registry },
    types: { OwnerTime: TIME_FIELDS },
    primaryType: 'OwnerTime',
    message: { deviceId, nonce, time: seconds },
  }
}

/** A nonce of 16 bytes for this connection: for one token, for 60 s. The one before it is void. */
export async function readTimeNonce(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<ToldTime & { readonly nonce: Bytes }, LockFailure>> {
  const request = { op: 'read', group: SmpGroup.fob, command: FobCommand.time, body: {} } as const
  const reply = await client.request({ ...request, ...options })
  if (!reply.ok) return fail(explainRefusal(reply.error))
  const nonce = readBytes(reply.value, 'n')
  const told = readTold(reply.value)
  if (nonce?.length !== TIME_NONCE_LENGTH || !told) return fail({ kind: 'malformed', detail: 'time answer' })
  return ok({ ...told, nonce })
}

/** Needs no session: the signatures are the authorisation. Resolves with what the device then knows. */
export async function deliverTime(
  client: SmpClient,
  message: TimeMessage,
  options: LongCallOptions = {},
): Promise<Result<ToldTime, TimeFailure>> {
  const reply = await sendLong(client, FobCommand.time, encodeTime(message), options)
  if (!reply.ok) return fail(explainTime(reply.error))
  const told = readTold(reply.value)
  return told ? ok(told) : fail({ kind: 'malformed', detail: 'time answer' })
}

function explainTime(failure: SmpFailure): TimeFailure {
  if (failure.kind === 'deviceError' && failure.group === SmpGroup.fob) {
    if (failure.rc === FobError.TIME_PASSED) return { kind: 'timePassed' }
    if (failure.rc === FobError.OWNER_TIME_NEEDED) return { kind: 'ownerTimeNeeded' }
  }
  return explainRefusal(failure)
}

/** `{t: time, tc: is the time certain}`, and with it `n` where a nonce was asked for. */
export const toldTimeBody = ({ time, isTimeCertain }: ToldTime): CborMap => ({ t: time, tc: isTimeCertain })

function readTold(body: CborMap): ToldTime | undefined {
  const time = readUint(body, 't')
  const isTimeCertain = readBool(body, 'tc')
  if (time === undefined || time >= UINT40 || isTimeCertain === undefined) return undefined
  return { time, isTimeCertain }
}

/**
 * version 1 (1 byte), kind (1), attestations as `encodeAttestations`; of a token (1): time (5), and with the owner's word
 * its signature (64); of a header (2): the header to the end. Throws RangeError for fields of another size or range.
 */
export function encodeTime(message: TimeMessage): Bytes {
  const { kind, attestations } = message
  const rest =
    message.kind === 'header'
      ? [message.header]
      : [uintBytes(message.time, 5), ...(message.ownerSignature ? [sized(message.ownerSignature, 64)] : [])]
  return concat(Uint8Array.of(VERSION, KIND[kind]), encodeAttestations(attestations), ...rest)
}

/** undefined for anything that `encodeTime` does not make. Header and attestations are views of `bytes`. */
export function decodeTime(bytes: Uint8Array): TimeMessage | undefined {
  return decodeLayout(bytes, VERSION, (reader): TimeMessage | undefined => {
    const kind = reader.uint(1)
    const attestations = readAttestations(reader)
    if (kind === KIND.header) return { kind: 'header', attestations, header: reader.view(reader.left) }
    if (kind !== KIND.token) return undefined
    const time = reader.uint(5)
    const ownerSignature = reader.left === 0 ? null : reader.bytes(64)
    return { kind: 'token', time, attestations, ownerSignature }
  })
}
