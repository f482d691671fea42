// Whether an Open is granted, and doing it: uses and result are stored before anything moves. Refusal is every branch's default.
import type { Address, Bytes } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { verifyChainProof } from '../../src/core/lock/chainProof.ts'
import { type Grant, GrantAction, grantDigest, type MarketDomain } from '../../src/core/lock/grant.ts'
import { grantRefusal } from '../../src/core/lock/grantRules.ts'
import {
  AuthorisationKind,
  type OpenMessage,
  openDigest,
  SessionAction,
} from '../../src/core/lock/openMessage.ts'
import type { OpenRefusal, OpenStatus } from '../../src/core/lock/openResult.ts'
import { keyHash } from '../../src/core/lock/ownership.ts'
import { LONGEST_STEP_S } from '../../src/core/lock/timeToken.ts'
import { isDigestSignedBy } from '../../src/core/p256.ts'
import type { Owner, OwnerState } from '../owner/ownerState.ts'
import type { SettingKey } from '../owner/settings.ts'
import type { DeviceClock } from './clock.ts'
import { type CountedUse, countName, GrantUses } from './grantUses.ts'
import { type OpenRecord, OpenRecords } from './openRecords.ts'

/** What the device is to do, as it was granted. */
export interface GrantedAct {
  readonly action: SessionAction
  readonly orderId: bigint
  readonly userKeyHash: Bytes
}

export interface OpeningsOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  readonly clock: DeviceClock
  /** Moves the bolt and says whether it moved; undefined for a device that has none. */
  readonly open?: ((act: GrantedAct) => boolean) | undefined
  /** Whether it has something to give out. */
  readonly canVend: boolean
}

/** What a session lets its user do. */
export interface SessionRights {
  readonly action: SessionAction
  readonly grant: Grant
  readonly grantDigest: Bytes
  readonly domain: MarketDomain
  /** The key that signed the grant, 64 bytes; null where the chain has granted it. */
  readonly signer: Uint8Array | null
  /** By the owner key itself, with `GrantAction.own`. */
  readonly isOwner: boolean
}

interface AskedGrant {
  readonly grant: Grant
  readonly domain: MarketDomain
  readonly digest: Bytes
}

/** What binds an Open to its connection. */
export interface OpenContext {
  readonly owner: Owner
  readonly nonce: Bytes
  readonly deviceKey: Bytes
  readonly phoneKey: Bytes
}

export interface Opening {
  readonly record: OpenRecord
  readonly isRepeated: boolean
  readonly rights: SessionRights
}

/** Refusals of a grant that holds, but not now: it has superseded those before it all the same. */
const HOLDS_ANOTHER_TIME: ReadonlySet<OpenRefusal> = new Set([
  'notYet',
  'outsideHours',
  'timeUncertain',
  'usesSpent',
])

const NO_MARKET: Address = `0x${'0'.repeat(40)}`

const isOwnersWord = (kind: AuthorisationKind): boolean =>
  kind === AuthorisationKind.owner || kind === AuthorisationKind.ownerWithoutMarket

export class Openings {
  readonly #options: OpeningsOptions
  readonly #uses: GrantUses
  readonly #records: OpenRecords

  constructor(options: OpeningsOptions) {
    this.#options = options
    this.#uses = new GrantUses(options.state.settings)
    this.#records = new OpenRecords(options.state)
  }

  carryOut(open: OpenMessage, context: OpenContext): Opening {
    const { state, deviceId } = this.#options
    const userKeyHash = keyHash(open.userKey)
    const grant: Grant = { ...open.grant, deviceId, userKeyHash }
    const { kind } = open.authorisation
    const market =
      kind === AuthorisationKind.ownerWithoutMarket ? NO_MARKET : (state.config?.config.market ?? NO_MARKET)
    const domain = { chainId: context.owner.domain.chainId, market }
    const digest = grantDigest(domain, grant)
    const { action, requestId } = open
    const rights: SessionRights = {
      ...{ action, grant, domain, grantDigest: digest },
      signer: this.#signerOf(kind, context.owner),
      isOwner: isOwnersWord(kind) && (grant.actions & GrantAction.own) !== 0,
    }
    const asked = { requestId, userKeyHash, action, counter: 0, orderId: grant.orderId, grantDigest: digest }
    const outcome = (status: OpenStatus): Opening => ({
      record: { ...asked, status },
      isRepeated: false,
      rights,
    })

    const { nonce, deviceKey, phoneKey } = context
    const statement = { deviceId, nonce, deviceKey, phoneKey, action, grantDigest: digest, requestId }
    const userDigest = openDigest(context.owner.domain, statement)
    if (!isDigestSignedBy(open.userKey, userDigest, open.userSignature)) {
      // A grant that reads otherwise here than on the phone spoils both signatures: it is the one to be named.
      const isGranted = this.#authorise(open, context.owner, { grant, domain, digest }) !== null
      return outcome(isGranted ? 'userSignatureInvalid' : 'authorisationInvalid')
    }
    const earlier = this.#records.find(requestId, userKeyHash)
    if (earlier) {
      const isSame = earlier.action === action && earlier.grantDigest.every((byte, i) => byte === digest[i])
      return isSame
        ? { ...outcome(earlier.status), record: earlier, isRepeated: true }
        : outcome('requestIdTaken')
    }
    const authorised = this.#authorise(open, context.owner, { grant, domain, digest })
    if (!authorised) return outcome('authorisationInvalid')
    const { clock } = this.#options
    // What the chain has proven of the time counts before anything is decided by it.
    if (authorised.hasPassed - clock.now().time <= LONGEST_STEP_S) clock.hear(authorised.hasPassed)
    const name = countName(domain, grant, digest)
    const { uses, highestSeq } = this.#uses.find(name)
    const facts = { action, epoch: state.epoch, ...clock.now(), uses, highestSeq }
    const refusal = grantRefusal(grant, facts)
    if (refusal !== null) {
      if (HOLDS_ANOTHER_TIME.has(refusal)) this.#supersede(name, grant, highestSeq)
      return outcome(refusal)
    }
    const { open: bolt, canVend } = this.#options
    if ((action === SessionAction.vend && !canVend) || (action === SessionAction.open && !bolt)) {
      return outcome('actionUnavailable')
    }
    const stored = this.#store({ ...asked, status: 'interrupted' }, { name, grant })
    return stored ? { ...outcome('done'), record: this.#act(stored) } : outcome('noRoom')
  }

  /**
   * One more use of a session's grant, for something that is done in it: the changes to be written together with that; or
   * why the grant does not hold any more.
   */
  use({
    action,
    grant,
    domain,
    grantDigest: digest,
  }: SessionRights): OpenRefusal | readonly (readonly [SettingKey, Bytes])[] {
    const name = countName(domain, grant, digest)
    const { uses, highestSeq } = this.#uses.find(name)
    const { state, clock } = this.#options
    const refusal = grantRefusal(grant, { action, epoch: state.epoch, ...clock.now(), uses, highestSeq })
    if (refusal !== null) return refusal
    if (grant.maxUses === 0) return []
    const change = this.#uses.note(name, grant, 1, entry => this.#isVoid(entry))
    return change ? [change] : 'noRoom'
  }

  /** Whether somebody has granted it who may, and the time that has passed by what was shown for it; null if not. */
  #authorise(
    { authorisation }: OpenMessage,
    owner: Owner,
    { grant, domain, digest }: AskedGrant,
  ): { readonly hasPassed: number } | null {
    const { state, deviceId } = this.#options
    const config = state.config?.config
    if (authorisation.kind === AuthorisationKind.chain) {
      if (!config || domain.market === NO_MARKET) return null
      const subject = { ...domain, attestors: config.attestors, deviceId, grantDigest: digest }
      const proven = verifyChainProof(authorisation.proof, subject)
      return proven ? { hasPassed: proven.timestamp } : null
    }
    const { kind, signature } = authorisation
    // An order is always a Market's.
    if (kind === AuthorisationKind.ownerWithoutMarket && grant.orderId !== 0n) return null
    // 64 zeros are no point of the curve: nobody signs for them.
    const key = this.#signerOf(kind, owner)
    return key !== null && isDigestSignedBy(key, digest, signature) ? { hasPassed: 0 } : null
  }

  /** Whose signature a grant of this kind needs; null where it needs none, or nobody may sign it. */
  #signerOf(kind: AuthorisationKind, owner: Owner): Uint8Array | null {
    if (kind === AuthorisationKind.chain) return null
    return kind === AuthorisationKind.issuer
      ? (this.#options.state.config?.config.issuerKey ?? null)
      : owner.key
  }

  /** Whoever has the order's former key is shut out from the moment on at which the device has seen the next grant. */
  #supersede(name: Bytes, grant: Grant, highestSeq: number): void {
    if (grant.orderId === 0n || grant.seq <= highestSeq) return
    const change = this.#uses.note(name, grant, 0, entry => this.#isVoid(entry))
    if (change) this.#options.state.settings.write(new Map([change]))
  }

  /** Counts the use and stores what will have come of it should the power go, in one write; undefined where no room is. */
  #store(
    asked: OpenRecord,
    { name, grant }: { readonly name: Bytes; readonly grant: Grant },
  ): OpenRecord | undefined {
    const { settings } = this.#options.state
    const record = { ...asked, counter: this.#records.nextCounter() }
    const changes = new Map(this.#records.changes(record))
    const isCounted = grant.maxUses !== 0 || (grant.orderId !== 0n && grant.seq !== 0)
    if (isCounted) {
      // In a session for vending each vend is a use, and the session itself is none.
      const uses = asked.action === SessionAction.vend ? 0 : 1
      const change = this.#uses.note(name, grant, uses, entry => this.#isVoid(entry))
      if (!change) return undefined
      changes.set(...change)
    }
    settings.write(changes)
    return record
  }

  #act(stored: OpenRecord): OpenRecord {
    const { state, open } = this.#options
    const { action, orderId, userKeyHash } = stored
    const hasMoved =
      action !== SessionAction.open || open?.({ action: SessionAction.open, orderId, userKeyHash })
    const record: OpenRecord = { ...stored, status: hasMoved ? 'done' : 'failed' }
    state.settings.write(new Map(this.#records.changes(record)))
    return record
  }

  #isVoid({ epoch, notAfter }: CountedUse): boolean {
    return epoch < this.#options.state.epoch || notAfter <= this.#options.clock.now().time
  }
}
