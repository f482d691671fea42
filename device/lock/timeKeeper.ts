// Whose word on the time a device takes: of the Config's attestors, and of its owner where the step is long.
import type { Bytes } from '../../src/core/bytes.ts'
import { hashTypedData } from '../../src/core/eip712.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { areAttested, deviceTimeDigest } from '../../src/core/lock/attestation.ts'
import { readAttestedHeader } from '../../src/core/lock/blockHeader.ts'
import {
  decodeTime,
  LONGEST_STEP_S,
  ownerTimeTypedData,
  TIME_NONCE_LENGTH,
  type TimeMessage,
  toldTimeBody,
} from '../../src/core/lock/timeToken.ts'
import { isDigestSignedBy } from '../../src/core/p256.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { Owner, OwnerState } from '../owner/ownerState.ts'
import type { DeviceRandom } from '../random.ts'
import { body, groupError, type SmpReply } from '../smpDispatch.ts'
import type { DeviceClock } from './clock.ts'
import type { ConnectionMemory } from './connectionMemory.ts'

export interface TimeOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  readonly clock: DeviceClock
  readonly timer: Timer
  readonly random: DeviceRandom
  readonly memory: ConnectionMemory
}

type TokenMessage = Extract<TimeMessage, { kind: 'token' }>

/** A token that was asked for and held back makes the clock late by no more than this. */
const NONCE_MS = 60_000
/** By so much the device's own clock may have run fast before its power went; what it knew then stands. */
const TOLERANCE_S = 600

/** One for each connection: the nonce is its alone. */
export class TimeKeeper {
  readonly #options: TimeOptions
  /** When the nonce in memory was given out; undefined where there is none, or it was used. */
  #askedAt: number | undefined

  constructor(options: TimeOptions) {
    this.#options = options
  }

  /** A new nonce; the one before it is void. */
  ask(): SmpReply {
    const { state, clock, timer, random, memory } = this.#options
    if (!state.owner) return groupError(FobError.NOT_PAIRED)
    memory.held.timeNonce.set(random.bytes(TIME_NONCE_LENGTH))
    this.#askedAt = timer.now()
    return body({ n: Uint8Array.from(memory.held.timeNonce), ...toldTimeBody(clock.now()) })
  }

  /** A token or a header, as `encodeTime` lays it out. */
  tell(message: Bytes): SmpReply {
    const { state, clock } = this.#options
    const told = decodeTime(message)
    if (!told) return groupError(FobError.MALFORMED)
    const { owner } = state
    if (!owner) return groupError(FobError.NOT_PAIRED)
    const refusal = told.kind === 'token' ? this.#takeToken(told, owner) : this.#hearHeader(told, owner)
    return refusal === null ? body(toldTimeBody(clock.now())) : groupError(refusal)
  }

  #takeToken({ time, attestations, ownerSignature }: TokenMessage, owner: Owner): number | null {
    const { state, deviceId, clock, timer, memory } = this.#options
    const askedAt = this.#askedAt
    // Whatever comes of it, the nonce is used up.
    this.#askedAt = undefined
    if (askedAt === undefined || timer.now() - askedAt >= NONCE_MS) return FobError.NONCE_INVALID
    const statement = { deviceId, nonce: memory.held.timeNonce, time }
    const attestors = state.config?.config.attestors ?? { threshold: 0, keys: [] }
    const isTimeless = attestors.threshold === 0
    const isAttested = isTimeless
      ? attestations.length === 0
      : areAttested(deviceTimeDigest(statement), attestations, attestors)
    if (!isAttested) return FobError.SIGNATURE_INVALID
    const hasOwnersWord = ownerSignature !== null
    if (hasOwnersWord) {
      const digest = hashTypedData(ownerTimeTypedData(owner.domain, statement))
      if (!isDigestSignedBy(owner.key, digest, ownerSignature)) return FobError.SIGNATURE_INVALID
    }
    const known = clock.now().time
    if (time < known - TOLERANCE_S) return FobError.TIME_PASSED
    if (!hasOwnersWord && (isTimeless || time - known > LONGEST_STEP_S)) return FobError.OWNER_TIME_NEEDED
    clock.take(Math.max(time, known))
    return null
  }

  /** An old header proves nothing of the present, so it makes no time certain. */
  #hearHeader(
    { header, attestations }: Extract<TimeMessage, { kind: 'header' }>,
    owner: Owner,
  ): number | null {
    const { state, clock } = this.#options
    const attestors = state.config?.config.attestors
    const { chainId } = owner.domain
    const read = attestors && readAttestedHeader(header, attestations, { chainId, attestors })
    if (!read) return FobError.SIGNATURE_INVALID
    if (read.timestamp - clock.now().time > LONGEST_STEP_S) return FobError.OWNER_TIME_NEEDED
    clock.hear(read.timestamp)
    return null
  }
}
