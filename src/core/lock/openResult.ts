// The third message of a session: what came of it, signed by the device. The same again where a request is repeated.
import { type Bytes, concat } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import { type DeviceId, deviceIdOf } from '../identity.ts'
import { isDigestSignedBy } from '../p256.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import { decodeLayout, sized, uint256Bytes, uintOf } from './layout.ts'
import { REQUEST_ID_LENGTH } from './openMessage.ts'

/** One byte on the wire. Below 16 the use was counted, from 16 on nothing was done and nothing counted. */
const STATUS_CODES = {
  /** The bolt was moved; or the session has begun. */
  done: 1,
  /** The use was counted, and the device lost power before it knew what came of it: look at the bolt. */
  interrupted: 2,
  /** The use was counted, and the bolt did not move: it is jammed, or its drive is broken. */
  failed: 3,
  userSignatureInvalid: 16,
  /** Not signed by the issuer or owner key, or for another device, user, Market, or with other fields. */
  authorisationInvalid: 17,
  /** The owner has revoked it by a higher epoch. */
  epochStale: 18,
  /** Another key took its place: the order's grant with a higher `seq` was seen. */
  superseded: 19,
  usesSpent: 20,
  actionNotGranted: 21,
  notYet: 22,
  expired: 23,
  outsideHours: 24,
  /** The device does not know the time since a power loss, and the grant does not hold without it. */
  timeUncertain: 25,
  /** No room is left to count uses in: the owner has to end old grants with a higher epoch. */
  noRoom: 26,
  /** The device can't do it. */
  actionUnavailable: 27,
  /** The request id was used for something else. */
  requestIdTaken: 28,
} as const

export type OpenStatus = keyof typeof STATUS_CODES
export type OpenRefusal = Exclude<OpenStatus, 'done' | 'interrupted' | 'failed'>

export const isRefusal = (status: OpenStatus): status is OpenRefusal => STATUS_CODES[status] >= 16

/** What the device signs. */
export interface OpenResult {
  readonly deviceId: DeviceId
  /** 16 bytes, the phone's. */
  readonly requestId: Bytes
  /** uint8, as asked for. */
  readonly action: number
  readonly status: OpenStatus
  /** uint48: of what the device did, one more with each; 0 for a refusal. */
  readonly counter: number
  /** uint256, of the grant. */
  readonly orderId: bigint
  /** 32 bytes. */
  readonly grantDigest: Bytes
}

/** On the wire the device leaves out its id, which the phone knows. */
export interface ResultMessage {
  readonly status: OpenStatus
  readonly action: number
  readonly counter: number
  readonly orderId: bigint
  readonly requestId: Bytes
  /** 32 bytes, as the device understood the grant: another one than the phone's where it has another Market. */
  readonly grantDigest: Bytes
  /** The request was carried out before, and nothing was done now: no use counted, no session begun. */
  readonly isRepeated: boolean
  /** The device's, over `resultDigest`: r || s, 64 bytes. */
  readonly signature: Bytes
}

const VERSION = 1
const REPEATED = 0x01

const TYPES = {
  OpenResult: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'requestId', type: 'bytes16' },
    { name: 'action', type: 'uint8' },
    { name: 'status', type: 'uint8' },
    { name: 'counter', type: 'uint48' },
    { name: 'orderId', type: 'uint256' },
    { name: 'grantDigest', type: 'bytes32' },
  ],
} as const

/**
 * The 32-byte EIP-712 digest, in the domain {name: 'Fob', version: '1', chainId, verifyingContract: DeviceRegistry}, of
 * `OpenResult(bytes32 deviceId,bytes16 requestId,uint8 action,uint8 status,uint48 counter,uint256 orderId,bytes32
 * grantDigest)`, without the line break.
 */
export function resultDigest({ chainId, registry }: StatementDomain, result: OpenResult): Bytes {
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: registry },
    types: TYPES,
    primaryType: 'OpenResult',
    message: { ...result, status: STATUS_CODES[result.status] },
  })
}

/** A Result as it is kept, shown and handed on: by whom it was signed is seen from it alone. */
export interface SignedResult {
  readonly result: OpenResult
  /** r || s, 64 bytes, over `resultDigest`. */
  readonly signature: Bytes
}

/** Whether the device with this key (x || y, 64 bytes) has said so, for this registry. */
export const isResultSignedBy = (
  devicePublicKey: Uint8Array,
  domain: StatementDomain,
  { result, signature }: SignedResult,
): boolean =>
  deviceIdOf(devicePublicKey) === result.deviceId &&
  isDigestSignedBy(devicePublicKey, resultDigest(domain, result), signature)

/**
 * version 1 (1 byte), flags (1; bit 0: repeated), status (1), action (1), counter (6), order id (32), request id (16),
 * grant's digest (32), the device's signature (64). Throws RangeError for fields of another size or range.
 */
export function encodeResult(result: ResultMessage): Bytes {
  return concat(
    Uint8Array.of(VERSION, result.isRepeated ? REPEATED : 0, STATUS_CODES[result.status]),
    uintBytes(result.action, 1),
    uintBytes(result.counter, 6),
    uint256Bytes(result.orderId),
    sized(result.requestId, REQUEST_ID_LENGTH),
    sized(result.grantDigest, 32),
    sized(result.signature, 64),
  )
}

/** undefined for anything that `encodeResult` does not make. */
export function decodeResult(message: Uint8Array): ResultMessage | undefined {
  return decodeLayout(message, VERSION, reader => {
    const flags = reader.uint(1)
    const status = statusOf(reader.uint(1))
    if (flags > REPEATED || status === undefined) return undefined
    return {
      isRepeated: flags === REPEATED,
      status,
      action: reader.uint(1),
      counter: reader.uint(6),
      orderId: uintOf(reader.bytes(32)),
      requestId: reader.bytes(REQUEST_ID_LENGTH),
      grantDigest: reader.bytes(32),
      signature: reader.bytes(64),
    }
  })
}

/** For a device's own records. */
export const statusCode = (status: OpenStatus): number => STATUS_CODES[status]

export const statusOf = (code: number): OpenStatus | undefined => NAMES.get(code)

const NAMES: ReadonlyMap<number, OpenStatus> = new Map<number, OpenStatus>(
  Object.entries(STATUS_CODES).flatMap(([name, code]) => (isStatus(name) ? [[code, name] as const] : [])),
)

function isStatus(name: string): name is OpenStatus {
  return Object.hasOwn(STATUS_CODES, name)
}
