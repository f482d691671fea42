// The phone's side of Challenge -> Open -> Result: once for everything that a grant lets somebody do.
import { type Bytes, bytesEqual, concat } from '../bytes.ts'
import { devicePublicKey as publicKeyOf } from '../identity.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import { fail, ok, type Result } from '../result.ts'
import { readBytes } from '../smp/cbor.ts'
import type { SmpClient } from '../smp/client.ts'
import { FobCommand } from '../smp/fob.ts'
import { SmpGroup } from '../smp/message.ts'
import { type Challenge, verifyChallenge } from './challenge.ts'
import { type Grant, grantDigest } from './grant.ts'
import { type LongCallOptions, sendLong } from './longMessage.ts'
import {
  type Authorisation,
  AuthorisationKind,
  type ChainAuthorisation,
  encodeOpen,
  openDigest,
  type SentAuthorisation,
  SessionAction,
} from './openMessage.ts'
import {
  decodeResult,
  isRefusal,
  isResultSignedBy,
  type OpenRefusal,
  type ResultMessage,
  type SignedResult,
} from './openResult.ts'
import { explainRefusal, type LockFailure } from './refusal.ts'
import { deriveSessionKeys, type SessionKeys, seal, unseal } from './sessionCipher.ts'

/** Who acts: a LockKey fits. */
interface SessionUser {
  /** P-256, x || y, 64 bytes; the grant names its hash. */
  readonly publicKey: Bytes
  /** ECDSA with SHA-256 over the 32-byte digest, r || s, low s. */
  sign(digest: Bytes): Promise<Bytes>
}

export interface SessionRequest {
  /** The DeviceRegistry that the device was told at its pairing. */
  readonly domain: StatementDomain
  /** As `verifyIdentity` found it, of the device that is meant. */
  readonly devicePublicKey: Uint8Array
  readonly action: SessionAction
  readonly grant: Grant
  readonly authorisation: Authorisation | ChainAuthorisation
  readonly user: SessionUser
  /**
   * 16 random bytes, new for each thing that the person asks for. Asked again with the same after a lost link, the device
   * says what came of it, and counts no use again. For a session (`manage`, `vend`) always new ones.
   */
  readonly requestId: Bytes
  /** 32 random bytes that are a P-256 scalar (not zero, below the group order); used for this call alone. */
  readonly ephemeralSecret: Uint8Array
}

export interface SessionReport extends SignedResult {
  readonly challenge: Challenge
  /** The request was carried out before; nothing was done now. */
  readonly isRepeated: boolean
  /** For a ManagedTransport, where the action was `manage` or `vend`; else null. */
  readonly keys: SessionKeys | null
}

export type SessionFailure =
  | LockFailure
  /** The device refused, and has signed why. */
  | {
      readonly kind: 'openRefused'
      readonly reason: OpenRefusal
      readonly signed: SignedResult
      readonly challenge: Challenge
    }
  /** The request id of a session was used before: ask with a new one. */
  | { readonly kind: 'sessionRepeated' }

/**
 * One session. Resolves with what the device has done (`result.status` is `done`, `failed` or `interrupted`). Throws
 * RangeError or Eip712Error where a field of the grant does not fit: that is a bug of the caller.
 */
export async function openSession(
  client: SmpClient,
  request: SessionRequest,
  options: LongCallOptions = {},
): Promise<Result<SessionReport, SessionFailure>> {
  const { domain, devicePublicKey, action, grant, authorisation, user, requestId } = request
  const { bufSize: _, ...call } = options
  const ask = { op: 'read', group: SmpGroup.fob, command: FobCommand.challenge, body: {} } as const
  const answer = await client.request({ ...ask, ...call })
  if (!answer.ok) return fail(explainRefusal(answer.error))
  const verified = verifyChallenge(answer.value, domain, devicePublicKey)
  if (!verified) return fail({ kind: 'deviceAnswerInvalid', detail: 'challenge' })
  const { challenge, digest } = verified

  const phoneKey = publicKeyOf(request.ephemeralSecret)
  const keys = deriveSessionKeys(request.ephemeralSecret, challenge.ephemeralKey, digest, phoneKey)
  if (!keys) return fail({ kind: 'deviceAnswerInvalid', detail: 'ephemeral key' })
  const grantHash = grantDigest({ chainId: domain.chainId, market: authorisation.market }, grant)
  const { deviceId, nonce, ephemeralKey: deviceKey } = challenge
  const statement = { deviceId, nonce, deviceKey, phoneKey, action, grantDigest: grantHash, requestId }
  const userSignature = await user.sign(openDigest(domain, statement))
  const open = encodeOpen({
    action,
    requestId,
    userKey: user.publicKey,
    userSignature,
    grant,
    authorisation: sentAuthorisation(authorisation),
  })
  const message = concat(phoneKey, seal(keys.toDevice, 'open', 0, open, phoneKey))
  const reply = await sendLong(client, FobCommand.open, message, options)
  if (!reply.ok) return fail(explainRefusal(reply.error))

  const sealed = readBytes(reply.value, 'r')
  const plain = sealed && unseal(keys.toPhone, 'result', 0, sealed)
  const said = plain && decodeResult(plain)
  if (!said) return fail({ kind: 'deviceAnswerInvalid', detail: 'result' })
  return conclude(request, { said, challenge, grantDigest: grantHash, keys })
}

interface Said {
  readonly said: ResultMessage
  readonly challenge: Challenge
  readonly grantDigest: Bytes
  readonly keys: SessionKeys
}

function conclude(
  { domain, devicePublicKey, action, grant, requestId }: SessionRequest,
  { said, challenge, grantDigest, keys }: Said,
): Result<SessionReport, SessionFailure> {
  const { status, counter, isRepeated, signature } = said
  if (said.action !== action || said.orderId !== grant.orderId || !bytesEqual(said.requestId, requestId)) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'result of another request' })
  }
  // A refusal may be of a grant that the device reads otherwise, for another Market; what it did was what was asked.
  if (!isRefusal(status) && !bytesEqual(said.grantDigest, grantDigest)) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'result of another grant' })
  }
  const { deviceId } = challenge
  const { orderId, grantDigest: understood } = said
  const result = { deviceId, requestId, action, status, counter, orderId, grantDigest: understood }
  const signed = { result, signature }
  if (!isResultSignedBy(devicePublicKey, domain, signed)) {
    return fail({ kind: 'deviceAnswerInvalid', detail: 'result signature' })
  }
  if (isRefusal(status)) return fail({ kind: 'openRefused', reason: status, signed, challenge })
  const isSession = action !== SessionAction.open
  if (isSession && isRepeated) return fail({ kind: 'sessionRepeated' })
  return ok({ ...signed, challenge, isRepeated, keys: isSession ? keys : null })
}

const NO_MARKET = /^0x0{40}$/

function sentAuthorisation(authorisation: Authorisation | ChainAuthorisation): SentAuthorisation {
  if (authorisation.by === 'chain') return { kind: AuthorisationKind.chain, proof: authorisation.proof }
  const { by, market, signature } = authorisation
  if (by === 'issuer') return { kind: AuthorisationKind.issuer, signature }
  const { owner, ownerWithoutMarket } = AuthorisationKind
  return { kind: NO_MARKET.test(market) ? ownerWithoutMarket : owner, signature }
}
