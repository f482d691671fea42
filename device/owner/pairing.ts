// Who may become a device's owner: whoever stands at its button, or has read its claim code; later only by the owner's word.
import type { Bytes } from '../../src/core/bytes.ts'
import { hashTypedData } from '../../src/core/eip712.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { claimProof, isClaimProof } from '../../src/core/lock/claimCode.ts'
import {
  factoryResetTypedData,
  ownerKeyChangeTypedData,
  ownerKeyTakenDigest,
  pairingTypedData,
} from '../../src/core/lock/pairing.ts'
import {
  decodeOwnerKeyOrder,
  decodePairing,
  type PairingMessage,
} from '../../src/core/lock/pairingMessage.ts'
import { isDigestSignedBy, isPublicKey, signDigest } from '../../src/core/p256.ts'
import type { StatementDomain } from '../../src/core/registry/deviceStatements.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import { body, groupError, type SmpReply } from '../smpDispatch.ts'
import { type OwnerState, Setting } from './ownerState.ts'

export interface PairingOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  /** `claimCodeKey` of the printed code; null where none is printed. */
  readonly claimCodeKey: Uint8Array | null
  readonly timer: Timer
}

/** A connection's pairing nonce, 16 bytes; null where none was asked for, or it was used. */
export interface PairingNonce {
  nonce: Bytes | null
}

const BUTTON_MS = 60_000
/** Slips are forgiven; from then on the wait doubles from 10 s to one hour. */
const FREE_ATTEMPTS = 3
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 3_600_000

/** One for as long as the device runs: the button's time and the waits outlive a connection. */
export class Pairing {
  readonly #options: PairingOptions
  #buttonUntil = Number.NEGATIVE_INFINITY
  #codeFrom: number

  constructor(options: PairingOptions) {
    this.#options = options
    // The wait begins anew after a reset, or pulling the plug would shorten it.
    this.#codeFrom = options.timer.now() + waitAfter(options.state.counter(Setting.claimAttempts))
  }

  pressButton(): void {
    this.#buttonUntil = this.#options.timer.now() + BUTTON_MS
  }

  /** Seconds for which the button still counts, rounded up; 0 on a paired device, whose button pairs nobody. */
  get buttonSeconds(): number {
    return this.#options.state.owner ? 0 : this.#secondsUntil(this.#buttonUntil)
  }

  get claimCodeWait(): number {
    return this.#options.claimCodeKey ? this.#secondsUntil(this.#codeFrom) : 0
  }

  /** A pairing, as `encodePairing` lays it out. */
  pair(message: Uint8Array, connection: PairingNonce): SmpReply {
    const { state, deviceId } = this.#options
    const request = decodePairing(message)
    if (!request || !isDomain(request.domain)) return groupError(FobError.MALFORMED)
    if (state.owner) return groupError(FobError.ALREADY_PAIRED)
    const { domain, ownerKey, pairingCounter, signature } = request
    if (pairingCounter !== state.pairingCounter + 1) return groupError(FobError.COUNTER_WRONG)
    if (!connection.nonce) return groupError(FobError.NONCE_INVALID)
    const pairing = { deviceId, ownerKey, nonce: connection.nonce, pairingCounter }
    const digest = hashTypedData(pairingTypedData(domain, pairing))
    if (!isDigestSignedBy(ownerKey, digest, signature)) return groupError(FobError.SIGNATURE_INVALID)
    const refusal = this.#refusalOfPresence(request, digest, connection)
    if (refusal !== null) return groupError(refusal)

    connection.nonce = null
    this.#buttonUntil = Number.NEGATIVE_INFINITY
    state.own({ key: Uint8Array.from(ownerKey), domain })
    return this.#taken(domain, ownerKey)
  }

  /** An owner key change or a factory reset, as `encodeOwnerKeyOrder` lays it out. */
  changeOwnerKey(message: Uint8Array): SmpReply {
    const { state, deviceId } = this.#options
    const order = decodeOwnerKeyOrder(message)
    if (!order) return groupError(FobError.MALFORMED)
    const { owner } = state
    if (!owner) return groupError(FobError.NOT_PAIRED)
    const { newOwnerKey, pairingCounter, signature } = order
    if (pairingCounter !== state.pairingCounter + 1) return groupError(FobError.COUNTER_WRONG)
    // A key that is no point could never be used: the device would belong to nobody for good.
    if (newOwnerKey && !isPublicKey(newOwnerKey)) return groupError(FobError.MALFORMED)
    const { domain } = owner
    const statement = newOwnerKey
      ? ownerKeyChangeTypedData(domain, { deviceId, newOwnerKey, pairingCounter })
      : factoryResetTypedData(domain, { deviceId, pairingCounter })
    if (!isDigestSignedBy(owner.key, hashTypedData(statement), signature)) {
      return groupError(FobError.SIGNATURE_INVALID)
    }
    if (newOwnerKey) state.own({ key: Uint8Array.from(newOwnerKey), domain })
    else state.reset()
    return this.#taken(domain, newOwnerKey)
  }

  #taken(domain: StatementDomain, ownerKey: Uint8Array | null): SmpReply {
    const { state, deviceId, key } = this.#options
    return body({
      sg: signDigest(ownerKeyTakenDigest(domain, deviceId, ownerKey, state.pairingCounter), key),
    })
  }

  #refusalOfPresence({ proof }: PairingMessage, digest: Bytes, connection: PairingNonce): number | null {
    const { state, claimCodeKey, timer } = this.#options
    if (!proof || !claimCodeKey) return this.buttonSeconds > 0 ? null : FobError.PAIRING_CLOSED
    if (this.claimCodeWait > 0) return FobError.CLAIM_CODE_WAIT
    // Counted before it is looked at, and with its nonce gone: a cut in between is an attempt.
    connection.nonce = null
    const attempts = state.next(Setting.claimAttempts)
    if (!isClaimProof(proof, claimProof(claimCodeKey, digest))) {
      this.#codeFrom = timer.now() + waitAfter(attempts)
      return FobError.CLAIM_CODE_WRONG
    }
    state.clear(Setting.claimAttempts)
    return null
  }

  #secondsUntil(time: number): number {
    return Math.max(0, Math.ceil((time - this.#options.timer.now()) / 1000))
  }
}

/** Milliseconds for which no code is tried after so many wrong ones in a row. */
function waitAfter(attempts: number): number {
  if (attempts < FREE_ATTEMPTS) return 0
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - FREE_ATTEMPTS))
}

function isDomain({ chainId, registry }: StatementDomain): boolean {
  return chainId > 0 && registry !== `0x${'0'.repeat(40)}`
}
