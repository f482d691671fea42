// The second message of a session: what is to be done, by whom, and by whose leave. Sealed, but for the ephemeral key.
import { type Address, type Bytes, concat } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { uintBytes } from '../wallet/byteReader.ts'
import { LONGEST_PROOF } from './chainProof.ts'
import { type Grant, GrantAction } from './grant.ts'
import { decodeLayout, sized, uint256Bytes, uintOf } from './layout.ts'
import { TAG_LENGTH } from './sessionCipher.ts'

/** What one Open asks for; the byte is the grant's bit for it. */
export const SessionAction = {
  open: GrantAction.open,
  vend: GrantAction.vend,
  manage: GrantAction.manage,
} as const
export type SessionAction = (typeof SessionAction)[keyof typeof SessionAction]

/** Who has signed the grant, and for which Market. `market`: as in the domain that was signed. */
export interface Authorisation {
  readonly by: 'issuer' | 'owner'
  readonly market: Address
  /** r || s, 64 bytes, over `grantDigest`. */
  readonly signature: Uint8Array
}

/** The Market itself has granted it: nobody's signature, but what attestors have signed of the chain. */
export interface ChainAuthorisation {
  readonly by: 'chain'
  readonly market: Address
  /** As `encodeChainProof` lays it out. */
  readonly proof: Uint8Array
}

/**
 * How a device is to check the grant, so that it verifies one signature and no more. `issuer` and `owner`: in the domain of
 * the Market of its Config, as is `chain`; `ownerWithoutMarket`: with the zero address, whatever the Config says, for free
 * grants alone.
 */
export const AuthorisationKind = { issuer: 1, owner: 2, ownerWithoutMarket: 3, chain: 4 } as const
export type AuthorisationKind = (typeof AuthorisationKind)[keyof typeof AuthorisationKind]

/** As it is sent; what a kind is followed by follows from it. */
export type SentAuthorisation =
  | {
      readonly kind: Exclude<AuthorisationKind, typeof AuthorisationKind.chain>
      /** r || s, 64 bytes. */
      readonly signature: Uint8Array
    }
  | { readonly kind: typeof AuthorisationKind.chain; readonly proof: Uint8Array }

/** A grant without what the device puts there itself: its own id, and the hash of the user's key. */
export type GrantTerms = Omit<Grant, 'deviceId' | 'userKeyHash'>

export interface OpenMessage {
  readonly action: SessionAction
  /** 16 bytes, new for each thing that is asked for, and the same when it is asked for again. */
  readonly requestId: Bytes
  /** P-256, x || y, 64 bytes. */
  readonly userKey: Bytes
  /** The user key's, over `openDigest`: r || s, 64 bytes. */
  readonly userSignature: Bytes
  readonly grant: GrantTerms
  readonly authorisation: SentAuthorisation
}

/** What the user's key signs: this opening on this connection, and no other. */
export interface OpenStatement {
  readonly deviceId: DeviceId
  readonly nonce: Uint8Array
  /** x || y, 64 bytes each. */
  readonly deviceKey: Uint8Array
  readonly phoneKey: Uint8Array
  readonly action: SessionAction
  readonly grantDigest: Uint8Array
  readonly requestId: Uint8Array
}

export const REQUEST_ID_LENGTH = 16
const VERSION = 1
/** Of an Open without what its authorisation is followed by. */
const FIXED_LENGTH = 1 + 1 + REQUEST_ID_LENGTH + 64 + 64 + (32 + 5 + 5 + 21 + 2 + 1 + 4 + 4) + 1
/** Of a whole Open on the wire, with the phone's ephemeral key and the tag: by a signature, and by the longest proof. */
export const OPEN_LENGTH = 64 + FIXED_LENGTH + 64 + TAG_LENGTH
export const LONGEST_OPEN = 64 + FIXED_LENGTH + LONGEST_PROOF + TAG_LENGTH

const TYPES = {
  DeviceOpen: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'nonce', type: 'bytes16' },
    { name: 'deviceX', type: 'bytes32' },
    { name: 'deviceY', type: 'bytes32' },
    { name: 'phoneX', type: 'bytes32' },
    { name: 'phoneY', type: 'bytes32' },
    { name: 'action', type: 'uint8' },
    { name: 'grantDigest', type: 'bytes32' },
    { name: 'requestId', type: 'bytes16' },
  ],
} as const

/**
 * The 32-byte EIP-712 digest, in the domain {name: 'Fob', version: '1', chainId, verifyingContract: DeviceRegistry}, of
 * `DeviceOpen(bytes32 deviceId,bytes16 nonce,bytes32 deviceX,bytes32 deviceY,bytes32 phoneX,bytes32 phoneY,uint8 action,
 * bytes32 grantDigest,bytes16 requestId)`, without the line break.
 */
export function openDigest({ chainId, registry }: StatementDomain, statement: OpenStatement): Bytes {
  const { deviceId, nonce, deviceKey, phoneKey, action, grantDigest, requestId } = statement
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: registry },
    types: TYPES,
    primaryType: 'DeviceOpen',
    message: {
      deviceId,
      nonce,
      deviceX: deviceKey.subarray(0, 32),
      deviceY: deviceKey.subarray(32),
      phoneX: phoneKey.subarray(0, 32),
      phoneY: phoneKey.subarray(32),
      action,
      grantDigest,
      requestId,
    },
  })
}

/**
 * version 1 (1 byte), action (1), request id (16), user key (64), user's signature (64); of the grant: order id (32), not
 * before (5), not after (5), weekly hours (21), max uses (2), actions (1), epoch (4), seq (4); kind of the authorisation
 * (1), its signature (64) or, of a chain's, the proof to the end. Throws RangeError for fields of another size or range.
 */
export function encodeOpen(open: OpenMessage): Bytes {
  const { grant, authorisation } = open
  return concat(
    Uint8Array.of(VERSION, open.action),
    sized(open.requestId, REQUEST_ID_LENGTH),
    sized(open.userKey, 64),
    sized(open.userSignature, 64),
    uint256Bytes(grant.orderId),
    uintBytes(grant.notBefore, 5),
    uintBytes(grant.notAfter, 5),
    sized(grant.weeklyHours, 21),
    uintBytes(grant.maxUses, 2),
    uintBytes(grant.actions, 1),
    uintBytes(grant.epoch, 4),
    uintBytes(grant.seq, 4),
    Uint8Array.of(authorisation.kind),
    authorisation.kind === AuthorisationKind.chain
      ? atMost(authorisation.proof, LONGEST_PROOF)
      : sized(authorisation.signature, 64),
  )
}

function atMost(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length > length) throw new RangeError(`${bytes.length} bytes, at most ${length}`)
  return bytes
}

/** undefined for anything that `encodeOpen` does not make. The proof is a view of `message`. */
export function decodeOpen(message: Uint8Array): OpenMessage | undefined {
  return decodeLayout(message, VERSION, reader => {
    const action = memberOf(SessionAction, reader.uint(1))
    const requestId = reader.bytes(REQUEST_ID_LENGTH)
    const userKey = reader.bytes(64)
    const userSignature = reader.bytes(64)
    const grant = {
      orderId: uintOf(reader.bytes(32)),
      notBefore: reader.uint(5),
      notAfter: reader.uint(5),
      weeklyHours: reader.bytes(21),
      maxUses: reader.uint(2),
      actions: reader.uint(1),
      epoch: reader.uint(4),
      seq: reader.uint(4),
    }
    const kind = memberOf(AuthorisationKind, reader.uint(1))
    if (action === undefined || kind === undefined || reader.left > LONGEST_PROOF) return undefined
    const authorisation =
      kind === AuthorisationKind.chain
        ? { kind, proof: reader.view(reader.left) }
        : { kind, signature: reader.bytes(64) }
    return { action, requestId, userKey, userSignature, grant, authorisation }
  })
}

/** The code that is one of the table's. */
function memberOf<T extends number>(table: Readonly<Record<string, T>>, code: number): T | undefined {
  return Object.values(table).find(member => member === code)
}
