// Taking something from a machine for nothing, with a key of staff: written down, asked for, until the machine has signed what came of it.
import { toHex } from '../../core/bytes.ts'
import { uintOf } from '../../core/lock/layout.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import { readMachine } from '../../core/vending/readMachine.ts'
import { acknowledge, vend } from '../../core/vending/vend.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import { recordDigest, type VendReceipt } from '../../core/vending/vendRecord.ts'
import { openVendSession, type VendSession, type VendSessionFailure } from '../../core/vending/vendSession.ts'
import { hasSlot } from '../../core/vending/vendTerms.ts'
import type { KeyRecord, TakenRecord } from '../ports/marketStore.ts'
import { type MetDevice, meetDevice } from '../wallet/ownership/meet.ts'
import { Tasks } from '../wallet/ownership/tasks.ts'
import type { FreeVendView, StaffReading } from './freeVending.ts'
import type { KeyRecords } from './keyRecords.ts'
import { freeVendView } from './keyViews.ts'
import { LASTING } from './openKey.ts'
import { bytesOf, type MarketParts, randomScalar } from './parts.ts'
import { timeSource } from './timeSource.ts'

/** Seconds, by the machine's clock, for which it may be begun; its own margin is one minute of these. */
const VALID_FOR = 600
/** Receipts on this phone, and at the machine before we tell it to forget ours: until then a kiosk can collect and count them. */
const KEPT = 50
const MANY_PENDING = 12

export class TakeFree {
  readonly #parts: MarketParts
  readonly #records: KeyRecords
  readonly #tasks = new Tasks()

  constructor(parts: MarketParts, records: KeyRecords) {
    this.#parts = parts
    this.#records = records
  }

  lookInto(keyId: string, deviceKey: string): Promise<Result<StaffReading, Failure>> {
    return this.#inside(keyId, deviceKey, async (session, { vends }) => {
      const read = await readMachine(session.client)
      if (!read.ok) return read
      const { slots, isDoorOpen, isBusy } = read.value
      return ok({ slots: slots.filter(({ slot }) => hasSlot(vends.terms.slots, slot)), isDoorOpen, isBusy })
    })
  }

  async takeFree(keyId: string, deviceKey: string, slot: number): Promise<Result<FreeVendView, Failure>> {
    const take = () => this.#inside(keyId, deviceKey, (session, record) => this.#take(session, record, slot))
    const first = await take()
    // Whether the machine heard it nobody knows: asked again at once, for the same order.
    if (first.ok || first.error.kind !== 'vendOutcomeUnknown') return first
    const second = await take()
    return second.ok ? second : first
  }

  async #take(
    session: VendSession,
    { id, vends }: StaffRecord,
    slot: number,
  ): Promise<Result<FreeVendView, Failure>> {
    const read = await readMachine(session.client)
    if (!read.ok) return read
    const asked = vends.asked ?? this.#newOrder(slot, read.value)
    const stored = await this.#store(id, now => ({ ...now, asked }))
    if (!stored.ok) return stored
    const answer = await vend(session, asked)
    if (!answer.ok) {
      if (LEAVE_OPEN.has(answer.error.kind))
        return fail({ kind: 'vendOutcomeUnknown', detail: answer.error.kind })
      // Refused: nothing was given out, and it is not asked for again by itself.
      await this.#store(id, now => ({ ...now, asked: null }))
      return answer
    }
    const receipt = answer.value
    const taken = takenOf(session, receipt, this.#parts.platform.unixNow())
    // The machine has spoken: that its word could not be stored must not hide what it said.
    const kept = await this.#store(id, now => ({
      ...now,
      asked: null,
      taken: [taken, ...now.taken.filter(({ counter }) => counter !== taken.counter)].slice(0, KEPT),
    }))
    if (kept.ok && read.value.pendingReceipts >= MANY_PENDING) await this.#makeRoom(session, id, receipt)
    return ok(freeVendView(taken))
  }

  /** Where no kiosk collects receipts the machine would be full of them: what this phone keeps, it may forget. */
  async #makeRoom(session: VendSession, id: string, latest: VendReceipt): Promise<void> {
    const taken = this.#records.get(id)?.vends?.taken ?? []
    for (const { orderId, counter } of taken) {
      const told = await acknowledge(session, { ...latest, orderId: uintOf(bytesOf(orderId)), counter })
      if (!told.ok && LEAVE_OPEN.has(told.error.kind)) return
    }
  }

  #newOrder(slot: number, { time }: MachineReading): VendOrder {
    const orderId = uintOf(this.#parts.platform.randomBytes(32)) || 1n
    return { orderId, slot, quantity: 1, notAfter: time.time + VALID_FOR }
  }

  async #inside<T>(
    keyId: string,
    deviceKey: string,
    task: (session: VendSession, record: StaffRecord) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    const record = this.#records.get(keyId)
    if (!record || !isStaff(record)) return fail({ kind: 'keyNotReady' })
    const key = await this.#parts.lockKeys.keyFor(record.lockKey)
    if (!key.ok) return key
    return meetDevice(this.#parts, this.#tasks, deviceKey, async (met): Promise<Result<T, Failure>> => {
      if (met.identity.deviceId !== record.deviceId) return fail({ kind: 'otherLock' })
      const session = await this.#enter(record, key.value, met)
      if (!session.ok) return this.#refused(keyId, session.error)
      try {
        return await task(session.value, record)
      } finally {
        session.value.client.dispose()
      }
    })
  }

  /** What does not pass by itself is remembered, and shown with the key. */
  async #refused(id: string, error: Failure | OpenRefused): Promise<Result<never, Failure>> {
    if (!('reason' in error)) return fail(error)
    const { reason } = error
    if (LASTING.has(reason)) await this.#records.change(id, () => ({ refused: reason })).catch(() => {})
    return fail({ kind: 'lockRefused', detail: reason })
  }

  #enter(
    { grant: { grant, market, by, evidence }, vends }: StaffRecord,
    user: Parameters<typeof openVendSession>[1]['user'],
    { link, domain, devicePublicKey }: MetDevice,
  ): Promise<Result<VendSession, Failure | OpenRefused>> {
    const { platform } = this.#parts
    return openVendSession(link, {
      ...{ domain, devicePublicKey, grant, user },
      authorisation: { by, market, signature: bytesOf(evidence) },
      terms: vends.terms,
      newEphemeralSecret: () => randomScalar(platform),
      newRequestId: () => platform.randomBytes(16),
      timeSource: timeSource(this.#parts, { onAsk: () => {}, ownDevice: null }),
      timer: platform.timer,
    })
  }

  async #store(
    id: string,
    change: (vends: StaffRecord['vends']) => StaffRecord['vends'],
  ): Promise<Result<null, Failure>> {
    try {
      await this.#records.change(id, ({ vends }) => (vends ? { vends: change(vends) } : {}))
      return ok(null)
    } catch (error) {
      return fail({ kind: 'keyNotStored', detail: error instanceof Error ? error.message : String(error) })
    }
  }
}

type OpenRefused = Extract<VendSessionFailure, { kind: 'openRefused' }>

type StaffRecord = KeyRecord & {
  readonly vends: NonNullable<KeyRecord['vends']>
  readonly grant: NonNullable<KeyRecord['grant']> & { readonly by: 'owner' | 'issuer' }
}

const isStaff = (record: KeyRecord): record is StaffRecord =>
  record.vends !== undefined && record.grant !== null && record.grant.by !== 'chain'

/** After these the machine may have given it out. */
const LEAVE_OPEN: ReadonlySet<string> = new Set(['linkLost', 'timeout', 'vendUnfinished', 'vendRunning'])

function takenOf({ deviceId }: VendSession, receipt: VendReceipt, at: number): TakenRecord {
  const { orderId, slot, state, cause, counter, signature } = receipt
  return {
    ...{ at, slot, outcome: state, cause, counter },
    orderId: `0x${orderId.toString(16).padStart(64, '0')}`,
    signature: toHex(signature),
    digest: toHex(recordDigest(deviceId, receipt)),
  }
}
