// Opening a lock with a key of this phone: one press, one request, one use, whatever happens to the link on the way.
import { type Bytes, bytesEqual, fromHex, toHex } from '../../core/bytes.ts'
import type { Grant } from '../../core/lock/grant.ts'
import { type OpenLockFailure, type OpenLockReport, openLock } from '../../core/lock/openLock.ts'
import type { OpenRefusal, SignedResult } from '../../core/lock/openResult.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { readParams } from '../../core/smp/os.ts'
import { Observable } from '../observable.ts'
import type { KeyRecord, ReceiptRecord, StoredGrant } from '../ports/marketStore.ts'
import type { LockKey } from '../ports/vault.ts'
import type { DeviceTaskFailure } from '../wallet/deviceOwnership.ts'
import { type MetDevice, meetDevice } from '../wallet/ownership/meet.ts'
import { Tasks } from '../wallet/ownership/tasks.ts'
import type { KeyRecords } from './keyRecords.ts'
import type { KeyId, OpenFailure, OpeningReport, OpeningStep } from './market.ts'
import { ownGrant } from './ownKeys.ts'
import { bytesOf, type MarketParts, randomScalar } from './parts.ts'
import { receiptOf, receiptView } from './receipts.ts'
import { tellTimeTo, timeSource } from './timeSource.ts'

/** Seconds for which an unanswered request is repeated: pressed later than that, somebody wants the door to open again. */
const REPEAT_FOR = 60

/** Milliseconds. */
const MEET_AGAIN_AFTER = 1_500

/** A receipt that has no place in the log yet. */
type Said = Omit<ReceiptRecord, 'logIndex'>

type LinkFailure = OpenLockFailure | DeviceTaskFailure

export class OpenKeys {
  readonly steps = new Observable<ReadonlyMap<KeyId, OpeningStep>>(new Map())
  readonly #parts: MarketParts
  readonly #records: KeyRecords
  readonly #onReceipt: (receipt: Said) => Promise<void>
  readonly #tasks = new Tasks()

  constructor(parts: MarketParts, records: KeyRecords, onReceipt: (receipt: Said) => Promise<void>) {
    this.#parts = parts
    this.#records = records
    this.#onReceipt = onReceipt
  }

  async open(keyId: KeyId, deviceKey: string): Promise<Result<OpeningReport, OpenFailure>> {
    if (this.steps.get().has(keyId)) return fail({ kind: 'busyElsewhere' })
    this.#show(keyId, 'connecting')
    try {
      const first = await this.#onceMetAgain(keyId, deviceKey)
      // Whether the lock heard it nobody knows: asked again at once, with the same request.
      if (!isLinkLost(first)) return first
      const second = await this.#once(keyId, deviceKey)
      return second.ok || second.error.kind === 'lockRefused' ? second : first
    } finally {
      this.steps.update(steps => new Map([...steps].filter(([id]) => id !== keyId)))
    }
  }

  /** A link that ends before anything was asked is tried once more: another phone may just have left the lock. */
  async #onceMetAgain(keyId: KeyId, deviceKey: string): Promise<Result<OpeningReport, OpenFailure>> {
    const first = await this.#once(keyId, deviceKey)
    if (first.ok || first.error.kind !== 'linkLost') return first
    this.#show(keyId, 'connecting')
    const { timer } = this.#parts.platform
    await new Promise<void>(resolve => timer.after(MEET_AGAIN_AFTER, resolve))
    return this.#once(keyId, deviceKey)
  }

  async #once(keyId: KeyId, deviceKey: string): Promise<Result<OpeningReport, OpenFailure>> {
    const record = this.#records.get(keyId)
    if (!record) return fail({ kind: 'keyNotReady' })
    if (record.kind !== 'own' && !record.grant) return fail({ kind: 'keyNotReady' })
    const key = await this.#parts.lockKeys.keyFor(record.lockKey)
    if (!key.ok) return key
    const bound = record.kind === 'own' ? undefined : record.grant?.grant.userKeyHash
    if (bound && !bytesEqual(bound, keyHash(key.value.publicKey))) return fail({ kind: 'keyGone' })
    return meetDevice(this.#parts, this.#tasks, deviceKey, met => this.#openOver(record, key.value, met))
  }

  async #openOver(
    record: KeyRecord,
    key: LockKey,
    met: MetDevice,
  ): Promise<Result<OpeningReport, OpenFailure>> {
    const { platform } = this.#parts
    if (met.identity.deviceId !== record.deviceId) return fail({ kind: 'otherLock' })
    this.#show(record.id, 'asking')
    const granted =
      record.kind === 'own' ? await ownGrant(this.#parts, this.#records, record, key, met) : ok(record.grant)
    if (!granted.ok) return granted
    if (!granted.value) return fail({ kind: 'keyNotReady' })
    const stored = granted.value
    const params = await readParams(met.link)
    if (!params.ok) return fail(params.error)
    const requestId = await this.#request(record)
    if (!requestId.ok) return requestId
    this.#show(record.id, 'opening')
    const ask = (as: StoredGrant) =>
      openLock(
        met.link,
        {
          ...asked(as),
          domain: met.domain,
          devicePublicKey: met.devicePublicKey,
          user: key,
          requestId: requestId.value,
          newEphemeralSecret: () => randomScalar(platform),
          timeSource: timeSource(this.#parts, {
            onAsk: () => this.#show(record.id, 'timing'),
            ownDevice: record.kind === 'own' ? record.deviceId : null,
          }),
        },
        { bufSize: params.value.bufSize },
      )
    const first = await ask(stored)
    // Signed by the owner before he let a box sign: what is his holds, whoever the issuer is by now.
    const isOthers = !first.ok && stored.by === 'issuer' && isUnauthorised(first.error)
    const opened = isOthers ? await ask({ ...stored, by: 'owner' }) : first
    if (!opened.ok) return this.#failed(record, met, opened.error)
    const outcome = await this.#done(record, met, opened.value)
    // Guests need a lock that knows the time; after a power loss, or for the first time, its owner is who can tell it.
    if (record.kind === 'own' && !opened.value.challenge.isTimeCertain) await tellTimeTo(this.#parts, met)
    return outcome
  }

  /** The same one until its answer came; on the disk before the lock hears it. */
  async #request({ id, unanswered }: KeyRecord): Promise<Result<Bytes, DeviceTaskFailure>> {
    const { platform } = this.#parts
    const now = platform.unixNow()
    const kept = unanswered && now - unanswered.at <= REPEAT_FOR ? fromHex(unanswered.requestId) : undefined
    if (kept) return ok(kept)
    const requestId = platform.randomBytes(16)
    try {
      await this.#records.change(id, () => ({ unanswered: { requestId: toHex(requestId), at: now } }))
    } catch (error) {
      return fail({ kind: 'keyNotStored', detail: error instanceof Error ? error.message : String(error) })
    }
    return ok(requestId)
  }

  async #done(
    record: KeyRecord,
    met: MetDevice,
    { result, signature, isRepeated }: OpenLockReport,
  ): Promise<Result<OpeningReport, OpenFailure>> {
    const { status } = result
    if (status !== 'done' && status !== 'failed' && status !== 'interrupted')
      throw new Error(`${status} is no outcome`)
    const receipt = await this.#keep(record, met, { result, signature })
    // A repeated answer may be the first that arrives: the use was counted with the request, and the request once.
    await this.#note(record.id, now => ({ unanswered: null, refused: null, uses: now.uses + 1 }))
    return ok({ status, isRepeated, receipt: receiptView(receipt) })
  }

  async #failed(
    record: KeyRecord,
    met: MetDevice,
    error: LinkFailure,
  ): Promise<Result<OpeningReport, OpenFailure>> {
    const refusal = error.kind === 'lockTimeUntold' && 'refusal' in error ? error.refusal : error
    if (refusal.kind === 'openRefused' && 'signed' in refusal) {
      const receipt = await this.#keep(record, met, refusal.signed)
      const { reason } = refusal
      await this.#note(record.id, () => ({
        unanswered: null,
        ...(LASTING.has(reason) ? { refused: reason } : {}),
        // The next time a new one is signed.
        ...(record.kind === 'own' ? { grant: null } : {}),
      }))
      return fail({ kind: 'lockRefused', reason, receipt: receiptView(receipt) })
    }
    if (isLinkFailure(error.kind)) return fail({ kind: 'outcomeUnknown', detail: error.kind })
    await this.#note(record.id, () => ({ unanswered: null }))
    return fail(
      'detail' in error && typeof error.detail === 'string'
        ? { kind: error.kind, detail: error.detail }
        : { kind: error.kind },
    )
  }

  /** The lock has spoken: that its word could not be stored must not hide what it said. */
  async #keep(record: KeyRecord, met: MetDevice, signed: SignedResult): Promise<Said> {
    const receipt = receiptOf(this.#parts, record, met, signed)
    await this.#onReceipt(receipt).catch(() => {})
    return receipt
  }

  async #note(id: string, change: (record: KeyRecord) => Partial<KeyRecord>): Promise<void> {
    await this.#records.change(id, change).catch(() => {})
  }

  #show(keyId: KeyId, step: OpeningStep): void {
    this.steps.update(steps => new Map(steps).set(keyId, step))
  }
}

/** What does not pass by itself. */
export const LASTING: ReadonlySet<OpenRefusal> = new Set(['epochStale', 'superseded', 'usesSpent', 'expired'])

const isUnauthorised = (error: OpenLockFailure): boolean =>
  error.kind === 'openRefused' && error.reason === 'authorisationInvalid'

const isLinkFailure = (kind: string): boolean => kind === 'linkLost' || kind === 'timeout'

const isLinkLost = (outcome: Result<OpeningReport, OpenFailure>): boolean =>
  !outcome.ok && outcome.error.kind === 'outcomeUnknown'

function asked({ grant, market, by, evidence }: StoredGrant): {
  readonly grant: Grant
  readonly authorisation: Parameters<typeof openLock>[1]['authorisation']
} {
  const bytes = bytesOf(evidence)
  return {
    grant,
    authorisation: by === 'chain' ? { by, market, proof: bytes } : { by, market, signature: bytes },
  }
}
