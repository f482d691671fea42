// Sessions of one connection: Challenge, Open, Result, and the managed messages that may follow.
import type { Bytes } from '../../src/core/bytes.ts'
import { type DeviceId, devicePublicKey } from '../../src/core/identity.ts'
import {
  type Challenge,
  challengeBody,
  challengeDigest,
  NONCE_LENGTH,
} from '../../src/core/lock/challenge.ts'
import { decodeOpen, SessionAction } from '../../src/core/lock/openMessage.ts'
import { encodeResult, resultDigest } from '../../src/core/lock/openResult.ts'
import {
  deriveSessionKeys,
  MAX_COUNTER,
  type SessionKeys,
  seal,
  unseal,
} from '../../src/core/lock/sessionCipher.ts'
import { signDigest } from '../../src/core/p256.ts'
import { type CborMap, readBytes, readUint } from '../../src/core/smp/cbor.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import { Reassembler, type SmpMessage } from '../../src/core/smp/message.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { SignedVendTerms } from '../../src/core/vending/vendTerms.ts'
import { type Owner, type OwnerState, Setting } from '../owner/ownerState.ts'
import type { DeviceRandom } from '../random.ts'
import { body, groupError, type SmpAnswer, type SmpReply } from '../smpDispatch.ts'
import type { DeviceClock } from './clock.ts'
import type { ConnectionMemory } from './connectionMemory.ts'
import type { Opening, Openings, SessionRights } from './openings.ts'

export interface SessionOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly clock: DeviceClock
  readonly timer: Timer
  readonly random: DeviceRandom
  readonly openings: Openings
  readonly memory: ConnectionMemory
  /** The server inside a session, which answers what its rights allow. */
  readonly answerManaged: (request: SmpMessage, session: LiveSession) => SmpAnswer | undefined
}

/** What the server inside knows of the session. */
export interface LiveSession {
  readonly rights: SessionRights
  /** In a session for vending, once its user has shown them. */
  terms: SignedVendTerms | null
}

/** Its nonce, keys and digest are in the connection's memory. */
interface PendingChallenge {
  readonly owner: Owner
  readonly pairingCounter: number
  readonly madeAt: number
}

/** Its keys are in the connection's memory. */
interface SealedSession extends LiveSession {
  readonly pairingCounter: number
  lastCounter: number
  lastUsed: number
}

const CHALLENGE_MS = 30_000
const IDLE_MS = 600_000
const KEY_LENGTH = 64

/** One for each connection, so that a nonce is its connection's alone and everything ends with the link. */
export class ConnectionSessions {
  readonly #options: SessionOptions
  #challenge: PendingChallenge | undefined
  #session: SealedSession | undefined

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** A new Challenge; one that was not answered yet is void. */
  challenge(): SmpReply {
    const { state, deviceId, key, clock, timer, random, memory } = this.#options
    const { owner, pairingCounter, epoch, configVersion } = state
    if (!owner) return groupError(FobError.NOT_PAIRED)
    const { ephemeralSecret, deviceKey, nonce, challengeDigest: digest } = memory.held
    ephemeralSecret.set(random.scalar())
    deviceKey.set(devicePublicKey(ephemeralSecret))
    nonce.set(random.bytes(NONCE_LENGTH))
    const challenge: Challenge = {
      deviceId,
      nonce,
      bootCounter: state.counter(Setting.bootCounter),
      ...clock.now(),
      epoch,
      configVersion,
      ephemeralKey: deviceKey,
    }
    digest.set(challengeDigest(owner.domain, challenge))
    this.#challenge = { owner, pairingCounter, madeAt: timer.now() }
    return body(challengeBody(challenge, signDigest(digest, key)))
  }

  /**
   * An Open: the phone's ephemeral key (64), then the sealed message, which is opened where it lies. What can be unsealed is
   * answered sealed.
   */
  open(message: Bytes): SmpReply {
    const { state, timer, openings, memory } = this.#options
    const challenge = this.#challenge
    // Whatever comes of it, this nonce and this ephemeral key are used up.
    this.#challenge = undefined
    if (!challenge || timer.now() - challenge.madeAt >= CHALLENGE_MS)
      return groupError(FobError.NONCE_INVALID)
    if (challenge.pairingCounter !== state.pairingCounter) return groupError(FobError.NONCE_INVALID)
    const { owner } = challenge
    const { nonce, deviceKey, ephemeralSecret, challengeDigest: digest } = memory.held
    const phoneKey = message.subarray(0, KEY_LENGTH)
    const keys = deriveSessionKeys(ephemeralSecret, phoneKey, digest, phoneKey)
    ephemeralSecret.fill(0)
    const plain = keys && unsealInPlace(keys, message.subarray(KEY_LENGTH), phoneKey)
    if (!plain) return groupError(FobError.CIPHER_INVALID)
    const open = decodeOpen(plain)
    if (!open) return groupError(FobError.MALFORMED)
    const opening = openings.carryOut(open, { owner, nonce, deviceKey, phoneKey })
    this.#begin(opening, keys)
    return body({ r: seal(keys.toPhone, 'result', 0, this.#result(opening, owner)) })
  }

  /** `{c: counter, d: sealed SMP message}`; the answer `{d}` is sealed with the same counter. */
  managed(request: CborMap | undefined): SmpReply {
    const session = this.#liveSession()
    if (!session) return groupError(FobError.NO_SESSION)
    const counter = request && readUint(request, 'c')
    const sealed = request && readBytes(request, 'd')
    if (counter === undefined || !sealed) return groupError(FobError.MALFORMED)
    if (counter <= session.lastCounter || counter > MAX_COUNTER) return groupError(FobError.CIPHER_INVALID)
    const { toDevice, toPhone } = this.#options.memory.held
    const plain = unseal(toDevice, 'managed', counter, sealed)
    if (!plain) return groupError(FobError.CIPHER_INVALID)
    session.lastCounter = counter
    session.lastUsed = this.#options.timer.now()
    const message = wholeMessage(plain)
    const answer = message && this.#options.answerManaged(message, session)
    if (!answer) return groupError(FobError.MALFORMED)
    return body({ d: seal(toPhone, 'managed', counter, answer.message) }, answer.busyMs)
  }

  #begin({ record, isRepeated, rights }: Opening, keys: SessionKeys): void {
    if (record.action === SessionAction.open || record.status !== 'done' || isRepeated) return
    const { state, timer, memory } = this.#options
    const { pairingCounter } = state
    const lastUsed = timer.now()
    memory.held.toDevice.set(keys.toDevice)
    memory.held.toPhone.set(keys.toPhone)
    this.#session = { rights, terms: null, pairingCounter, lastCounter: 0, lastUsed }
  }

  /** Ends it after ten idle minutes, when the device changes hands, and when its grant ends or is revoked. */
  #liveSession(): SealedSession | undefined {
    const { state, timer, clock } = this.#options
    const session = this.#session
    const isLive =
      session !== undefined &&
      timer.now() - session.lastUsed < IDLE_MS &&
      session.pairingCounter === state.pairingCounter &&
      session.rights.grant.epoch >= state.epoch &&
      session.rights.grant.notAfter > clock.now().time
    if (!isLive) this.#session = undefined
    return this.#session
  }

  #result({ record, isRepeated }: Opening, owner: Owner): Bytes {
    const { deviceId, key } = this.#options
    const { requestId, action, status, counter, orderId, grantDigest } = record
    const result = { deviceId, requestId, action, status, counter, orderId, grantDigest }
    const signature = signDigest(resultDigest(owner.domain, result), key)
    return encodeResult({ status, action, counter, orderId, requestId, grantDigest, isRepeated, signature })
  }
}

/** The plain text takes the cipher text's place, so that the longest message is held once. */
function unsealInPlace({ toDevice }: SessionKeys, sealed: Bytes, phoneKey: Bytes): Bytes | undefined {
  const plain = unseal(toDevice, 'open', 0, sealed, phoneKey)
  if (!plain) return undefined
  sealed.set(plain)
  return sealed.subarray(0, plain.length)
}

/** Exactly one SMP message, and nothing after it. */
function wholeMessage(bytes: Uint8Array): SmpMessage | undefined {
  const reassembler = new Reassembler(bytes.length)
  const pushed = reassembler.push(bytes)
  if (!pushed.ok || reassembler.isPartial || pushed.value.length !== 1) return undefined
  return pushed.value[0]
}
