// Fob's own SMP group on the device: who it is, whom it belongs to, and sessions with it. Lives from one boot to the next.
import { type Bytes, fromHex } from '../src/core/bytes.ts'
import { type DeviceId, deviceIdOf, devicePublicKey, signIdentity } from '../src/core/identity.ts'
import { LONGEST_OPEN, SessionAction } from '../src/core/lock/openMessage.ts'
import { keyHash, ownershipAnswerBody, parseOwnershipRequest } from '../src/core/lock/ownership.ts'
import { PAIRING_NONCE_LENGTH } from '../src/core/lock/pairing.ts'
import { LONGEST_TIME } from '../src/core/lock/timeToken.ts'
import type { Model } from '../src/core/registry/model.ts'
import { type CborMap, readUint } from '../src/core/smp/cbor.ts'
import { FobError, MgmtError } from '../src/core/smp/errors.ts'
import { FobCommand, identityAnswerBody, parseIdentityRequest } from '../src/core/smp/fob.ts'
import { SmpGroup } from '../src/core/smp/message.ts'
import type { Timer } from '../src/core/smp/transport.ts'
import type { VendRecord } from '../src/core/vending/vendRecord.ts'
import type { Flash } from './flash.ts'
import { Arena, ArenaOverflow, LOCK_MEMORY } from './lock/arena.ts'
import { DeviceClock } from './lock/clock.ts'
import { ConnectionMemory, longestMessage } from './lock/connectionMemory.ts'
import { type GrantedAct, Openings } from './lock/openings.ts'
import { ConnectionSessions, type LiveSession, type SessionOptions } from './lock/session.ts'
import { TimeKeeper } from './lock/timeKeeper.ts'
import { readTakenConfig, takeConfig } from './owner/config.ts'
import { OwnerState, Setting } from './owner/ownerState.ts'
import { Pairing, type PairingNonce } from './owner/pairing.ts'
import { Settings } from './owner/settings.ts'
import { signClaim, signHandOver } from './owner/statements.ts'
import { DeviceRandom, type NoiseSource } from './random.ts'
import {
  body,
  groupError,
  mgmtError,
  type SmpCommand,
  type SmpGroupServer,
  type SmpReply,
} from './smpDispatch.ts'
import type { VendingHardware } from './vending/hardware.ts'
import { openVendCommands, sessionVendCommands } from './vending/vendCommands.ts'
import { VendingMachine } from './vending/vendingMachine.ts'

export interface FobGroupOptions {
  readonly model: Model
  readonly chainId: number
  readonly registry: Model['maker']
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly flash: Flash
  readonly timer: Timer
  /** `claimCodeKey` of the code that is printed on it; null where none is. */
  readonly claimCodeKey: Uint8Array | null
  readonly hasButton: boolean
  readonly noise: NoiseSource | undefined
  /** What the lock works in; `LOCK_MEMORY` bytes where left out. */
  readonly memory?: Bytes | undefined
  /** Moves the bolt and says whether it moved. */
  readonly open: ((act: GrantedAct) => boolean) | undefined
  /** What it gives out; left out for a device that is no machine. */
  readonly vending?: VendingHardware | undefined
  readonly onVend?: ((record: VendRecord) => void) | undefined
  /** Hears of everything that is stored of owner, Config, uses and counters. */
  readonly onStored: () => void
}

/** What a connection needs of the device around: its buffer, and the server inside a session. */
export interface FobConnectionOptions {
  readonly bufSize: number
  readonly memory: ConnectionMemory
  readonly answerManaged: SessionOptions['answerManaged']
}

/** Longer than a pairing (177 bytes) and a Config with all its attestors (671). */
const LONGEST_MESSAGE = 1024
/** Numbers of the commands inside a session begin here, so that no part of theirs is taken for one of outside. */
const INSIDE = 0x100
/** SMP's header, and a map of `rc`, `l` and `d`, around a part of a Config. */
const PART_OVERHEAD = 8 + 1 + 4 + 5 + 5

/** From one boot to the next; throws RangeError for a maker or registry that is no address. */
export class FobService {
  readonly state: OwnerState
  readonly clock: DeviceClock
  readonly pairing: Pairing
  readonly #machine: VendingMachine | undefined
  readonly #options: FobGroupOptions
  readonly #deviceId: DeviceId
  readonly #openings: Openings
  readonly #random: DeviceRandom
  readonly #arena: Arena
  readonly #maker: Bytes
  readonly #registry: Bytes

  constructor(options: FobGroupOptions) {
    const { key, flash, timer, claimCodeKey, noise, open, vending, onVend = () => {} } = options
    this.#options = options
    this.#maker = addressBytes(options.model.maker)
    this.#registry = addressBytes(options.registry)
    this.#deviceId = deviceIdOf(devicePublicKey(key))
    const deviceId = this.#deviceId
    this.state = new OwnerState(new Settings(flash, options.onStored))
    this.clock = new DeviceClock(this.state.settings, timer)
    this.pairing = new Pairing({ state: this.state, deviceId, key, claimCodeKey, timer })
    const { state, clock } = this
    const openings = new Openings({ state, deviceId, clock, open, canVend: vending !== undefined })
    this.#openings = openings
    this.#machine =
      vending &&
      new VendingMachine({ state, deviceId, key, clock, timer, openings, hardware: vending, onVend })
    this.#random = new DeviceRandom(key, this.state.next(Setting.bootCounter), noise)
    this.#arena = new Arena(options.memory ?? new Uint8Array(LOCK_MEMORY))
  }

  /** The power goes: motors and timers stop. */
  stop(): void {
    this.clock.stop()
    this.#machine?.stop()
  }

  /** For a new connection; what the one before it held is gone. */
  beginConnection(): ConnectionMemory {
    return new ConnectionMemory(this.#arena)
  }

  /** The group for one connection: nonces, half messages and sessions are its own. */
  connection({ bufSize, memory, answerManaged }: FobConnectionOptions): SmpGroupServer {
    const { key } = this.#options
    const { state, clock } = this
    const nonce: PairingNonce = { nonce: null }
    const common = {
      ...{ state, clock, memory },
      deviceId: this.#deviceId,
      timer: this.#options.timer,
      random: this.#random,
    }
    const sessions = new ConnectionSessions({ ...common, key, answerManaged, openings: this.#openings })
    const time = new TimeKeeper(common)
    const long = longCommands(memory, 0)
    return group([
      ...this.#openCommands(bufSize, long),
      ...(this.#machine ? openVendCommands(this.#machine) : []),
      [
        FobCommand.pairing,
        {
          read: () => {
            nonce.nonce = this.#random.bytes(PAIRING_NONCE_LENGTH)
            return body({ n: nonce.nonce })
          },
          write: long(FobCommand.pairing, message => this.pairing.pair(message, nonce)),
        },
      ],
      [FobCommand.challenge, { read: () => sessions.challenge() }],
      [FobCommand.open, { write: long(FobCommand.open, message => sessions.open(message), LONGEST_OPEN) }],
      [
        FobCommand.time,
        { read: () => time.ask(), write: long(FobCommand.time, message => time.tell(message), LONGEST_TIME) },
      ],
      [FobCommand.managed, { write: request => sessions.managed(request) }],
    ])
  }

  /** The group inside a session; `bufSize` is that of the session. */
  insideSession(bufSize: number, memory: ConnectionMemory): (session: LiveSession) => SmpGroupServer {
    const { key, model } = this.#options
    const options = { state: this.state, deviceId: this.#deviceId, key, model }
    const common = this.#openCommands(bufSize, longCommands(memory, INSIDE))
    return session => {
      const vending = this.#machine ? sessionVendCommands(this.#machine, session, bufSize) : []
      if (session.rights.action === SessionAction.vend) return group([...common, ...vending])
      const { isOwner } = session.rights
      const forOwner =
        (sign: typeof signClaim) =>
        (request: CborMap | undefined): SmpReply =>
          isOwner ? sign(request, options) : groupError(FobError.NOT_OWNER)
      return group([
        ...common,
        ...vending,
        [FobCommand.claim, { write: forOwner(signClaim) }],
        [FobCommand.handOver, { write: forOwner(signHandOver) }],
      ])
    }
  }

  /** What carries its own authorisation, or needs none: the same inside a session and outside. */
  #openCommands(bufSize: number, long: LongCommands): readonly (readonly [number, SmpCommand])[] {
    const config = { state: this.state, deviceId: this.#deviceId, key: this.#options.key }
    return [
      [FobCommand.identity, { read: request => this.#identity(request) }],
      [FobCommand.ownership, { read: request => this.#ownership(request) }],
      [
        FobCommand.ownerKey,
        { write: long(FobCommand.ownerKey, message => this.pairing.changeOwnerKey(message)) },
      ],
      [
        FobCommand.config,
        {
          read: request => {
            const offset = request && readUint(request, 'o')
            if (offset === undefined) return groupError(FobError.MALFORMED)
            return readTakenConfig(offset, bufSize - PART_OVERHEAD, config)
          },
          write: long(FobCommand.config, message => takeConfig(message, config)),
        },
      ],
    ]
  }

  #identity(request: CborMap | undefined): SmpReply {
    const { model, chainId, registry, key } = this.#options
    const challenge = request && parseIdentityRequest(request)
    if (!challenge) return mgmtError(MgmtError.EINVAL)
    const { publicKey, signature } = signIdentity({ challenge, model, chainId, registry }, key)
    return body(
      identityAnswerBody({
        maker: this.#maker,
        model: model.name,
        hardware: model.hardware,
        chainId,
        registry: this.#registry,
        publicKey: Uint8Array.from(publicKey),
        signature: Uint8Array.from(signature),
      }),
    )
  }

  #ownership(request: CborMap | undefined): SmpReply {
    const { state, pairing } = this
    const { key, hasButton, claimCodeKey } = this.#options
    const challenge = request && parseOwnershipRequest(request)
    if (!challenge) return mgmtError(MgmtError.EINVAL)
    const { owner, pairingCounter, configVersion, epoch } = state
    const ownership = {
      ownerKeyHash: owner && keyHash(owner.key),
      domain: owner?.domain ?? null,
      claimCounter: state.counter(Setting.claimCounter),
      ...{ pairingCounter, configVersion, epoch },
      ...{ hasButton, hasClaimCode: claimCodeKey !== null },
      buttonSeconds: pairing.buttonSeconds,
      claimCodeWait: pairing.claimCodeWait,
      longestMessage: longestMessage(this.#arena.size),
    }
    return body(ownershipAnswerBody(challenge, this.#deviceId, ownership, key))
  }
}

type LongCommands = (
  command: number,
  handle: (message: Bytes) => SmpReply,
  longest?: number,
) => (request: CborMap | undefined) => SmpReply

/** Commands of one connection whose messages come in parts, and are forgotten once they were answered. */
function longCommands({ parts }: ConnectionMemory, offset: number): LongCommands {
  return (command, handle, longest = LONGEST_MESSAGE) =>
    request => {
      try {
        const taken = parts.take(offset + command, request, longest)
        if (taken.kind === 'malformed') return groupError(FobError.MALFORMED)
        if (taken.kind === 'part') return body({ o: taken.received })
        const reply = handle(taken.message)
        parts.release()
        return reply
      } catch (error) {
        if (!(error instanceof ArenaOverflow)) throw error
        parts.release()
        return mgmtError(MgmtError.ENOMEM)
      }
    }
}

function group(commands: readonly (readonly [number, SmpCommand])[]): SmpGroupServer {
  return { id: SmpGroup.fob, commands: new Map(commands), toMgmtError }
}

/** For clients of version 1, which know no other errors. */
function toMgmtError(rc: number): number {
  switch (rc) {
    case FobError.MALFORMED:
      return MgmtError.EINVAL
    case FobError.SIGNATURE_INVALID:
    case FobError.NO_SESSION:
    case FobError.NOT_OWNER:
    case FobError.PAIRING_CLOSED:
    case FobError.CLAIM_CODE_WRONG:
      return MgmtError.EACCESSDENIED
    case FobError.CLAIM_CODE_WAIT:
      return MgmtError.EBUSY
    case FobError.NO_CONFIG:
      return MgmtError.ENOENT
    case FobError.UNKNOWN:
      return MgmtError.EUNKNOWN
    default:
      return MgmtError.EBADSTATE
  }
}

function addressBytes(address: Model['maker']): Bytes {
  const bytes = fromHex(address)
  if (bytes?.length !== 20) throw new RangeError(`${address} is not an address`)
  return bytes
}
