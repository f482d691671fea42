// One order after the other: written down, given out, judged by the drop sensor, signed, written down again. Never twice.
import type { Address } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { signDigest } from '../../src/core/p256.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { MachineReading, MachineSlot, SlotFault } from '../../src/core/vending/machine.ts'
import {
  isSameOrder,
  LONGEST_ORDER_S,
  VEND_MARGIN_S,
  type VendOrder,
} from '../../src/core/vending/vendOrder.ts'
import { recordDigest, type VendCause, type VendRecord } from '../../src/core/vending/vendRecord.ts'
import { hasSlot, type SignedVendTerms, VendUse } from '../../src/core/vending/vendTerms.ts'
import { uintBytes } from '../../src/core/wallet/byteReader.ts'
import type { DeviceClock } from '../lock/clock.ts'
import type { Openings, SessionRights } from '../lock/openings.ts'
import { type OwnerState, Setting } from '../owner/ownerState.ts'
import { DayCounts } from './dayCounts.ts'
import type { GiveEnd, VendingHardware } from './hardware.ts'
import { SlotStates } from './slotStates.ts'
import { type Change, type StoredVend, VendRecords } from './vendRecords.ts'

export interface VendingMachineOptions {
  readonly state: OwnerState
  readonly deviceId: DeviceId
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly clock: DeviceClock
  readonly timer: Timer
  readonly openings: Openings
  readonly hardware: VendingHardware
  /** Hears of each order when it is begun, and when it has ended. */
  readonly onVend: (record: VendRecord) => void
}

/** Who asks, as the session has shown. */
export interface Asker {
  readonly rights: SessionRights
  readonly terms: SignedVendTerms
}

/** A FobError where nothing was done. */
export type Answered = VendRecord | number

/** A motor that has not come to rest by then is jammed. */
const MOTOR_LIMIT_MS = 60_000
const NO_MARKET: Address = `0x${'0'.repeat(40)}`

interface Running {
  readonly vend: StoredVend
  /** Stops motor and timers. */
  readonly halt: () => void
}

export class VendingMachine {
  readonly records: VendRecords
  readonly #options: VendingMachineOptions
  readonly #slots: SlotStates
  readonly #days: DayCounts
  #running: Running | undefined

  /** At each start: what was running when the power went is ended by what the sensor has counted. */
  constructor(options: VendingMachineOptions) {
    const { state, hardware } = options
    this.#options = options
    this.records = new VendRecords(state)
    this.#slots = new SlotStates(state.settings, hardware.slots)
    this.#days = new DayCounts(state.settings)
    hardware.keepCountIn?.({
      read: () => state.counter(Setting.passedUnits),
      write: count => state.settings.write(new Map([[Setting.passedUnits, uintBytes(count, 6)]])),
    })
    const cut = this.records.running()
    if (cut) this.#end(cut, 'powerCut')
  }

  /** Begins to give an order out, or says what came of it before. */
  vend(order: VendOrder, asker: Asker): Answered {
    const known = this.#known(order, asker)
    if (known !== undefined) return known
    const refusal = this.#refusalOf(order, asker) ?? this.#refusalOfSlot(order)
    if (refusal !== null) return refusal
    const uses = this.#options.openings.use(asker.rights)
    if (typeof uses === 'string') return FobError.GRANT_OVER
    const { time } = this.#options.clock.now()
    const { grantDigest } = asker.rights
    const { quantity } = order
    const counted = this.#days.count(grantDigest, { time, units: quantity, perDay: asker.terms.perDay })
    if (typeof counted === 'string') return FobError.DAY_LIMIT
    const room = this.records.room()
    if (!room) return FobError.RECEIPTS_FULL
    const vend: StoredVend = {
      place: room.place,
      record: this.#newRecord(order, asker),
      passedBefore: this.#options.hardware.passed(),
    }
    // In one write, before anything moves: after a power cut the order is known, its use is counted, and it never begins again.
    this.#write([...room.changes, ...uses, counted, ...this.records.changes(vend)])
    this.#begin(vend)
    this.#options.onVend(vend.record)
    return vend.record
  }

  /** Ends an order with what was given out by now: with nothing, where it was never begun. */
  cancel(order: VendOrder, asker: Asker): Answered {
    const known = this.#known(order, asker)
    const running = this.#running
    if (known !== undefined) {
      const isStopped = running?.vend.record.orderId === order.orderId && this.#options.hardware.canStop
      if (typeof known === 'number' || known.state !== 'running' || !isStopped) return known
      running.halt()
      return this.#end(running.vend, 'stopped')
    }
    const refusal = this.#refusalOf(order, asker)
    // It is never too late to say that nothing was given out.
    if (refusal !== null && refusal !== FobError.DEADLINE_NEAR) return refusal
    const room = this.records.room()
    if (!room) return FobError.RECEIPTS_FULL
    const record = this.#signed({ ...this.#newRecord(order, asker), state: 'failed', cause: 'cancelled' })
    this.#write([...room.changes, ...this.records.changes({ place: room.place, record, passedBefore: 0 })])
    this.#options.onVend(record)
    return record
  }

  /** What became of an order, with what was given out so far. */
  read(orderId: bigint): Answered {
    const found = this.records.find(orderId)
    return found ? this.#present(found) : FobError.ORDER_UNKNOWN
  }

  /** null once it is acknowledged. */
  acknowledge(orderId: bigint, counter: number): number | null {
    const found = this.records.find(orderId)
    if (!found) return FobError.ORDER_UNKNOWN
    if (found.record.state === 'running') return FobError.VEND_RUNNING
    if (found.record.counter !== counter) return FobError.ORDER_DIFFERS
    if (!found.record.isAcknowledged) {
      this.#write(this.records.changes({ ...found, record: { ...found.record, isAcknowledged: true } }))
    }
    return null
  }

  reading(): MachineReading {
    const { hardware, clock } = this.#options
    const slots = Array.from({ length: this.#slots.count }, (_, slot) => this.#slots.get(slot))
    return {
      slots: slots.filter(slot => slot !== undefined),
      isDoorOpen: hardware.isDoorOpen(),
      temperature: hardware.temperature(),
      isTooWarm: this.#isTooWarm(),
      isBusy: this.#running !== undefined,
      canStop: hardware.canStop,
      pendingReceipts: this.records.pending().length,
      receiptCounter: this.records.receiptCounter,
      time: clock.now(),
    }
  }

  /** Somebody has filled a slot, or mended it. False where there is none, or where so much does not fit. */
  service(slot: number, stock: number | null, isCleared: boolean): boolean {
    const state = this.#slots.get(slot)
    if (!state || (stock !== null && stock > state.capacity)) return false
    const fault = isCleared ? 'none' : state.fault
    this.#write([this.#slots.change({ ...state, stock: stock ?? state.stock, fault })])
    return true
  }

  /** The power goes, or another firmware starts: everything stands still. */
  stop(): void {
    this.#running?.halt()
    this.#running = undefined
  }

  #known(order: VendOrder, { rights, terms }: Asker): Answered | undefined {
    const found = this.records.find(order.orderId)
    if (!found) return undefined
    const { use, userKeyHash } = found.record
    const isAskers =
      use === terms.use && (userKeyHash?.every((byte, i) => byte === rights.grant.userKeyHash[i]) ?? true)
    return isAskers && isSameOrder(found.record, order) ? this.#present(found) : FobError.ORDER_DIFFERS
  }

  #present(vend: StoredVend): VendRecord {
    const { record } = vend
    return record.state === 'running' ? { ...record, dropped: this.#passedOf(vend) } : record
  }

  /** Of the order itself, whoever is to give it out. */
  #refusalOf({ slot, notAfter }: VendOrder, { terms }: Asker): number | null {
    const { clock, state } = this.#options
    if (!hasSlot(terms.slots, slot)) return FobError.SLOT_NOT_GRANTED
    if (terms.use === VendUse.sell && this.#market() === NO_MARKET) return FobError.NO_MARKET
    if (!state.owner) return FobError.NOT_PAIRED
    if (this.records.mayBeForgotten(notAfter)) return FobError.ORDER_FORGOTTEN
    const { time, isTimeCertain } = clock.now()
    if (!isTimeCertain) return FobError.TIME_UNCERTAIN
    if (notAfter > time + LONGEST_ORDER_S) return FobError.DEADLINE_FAR
    return notAfter - VEND_MARGIN_S <= time ? FobError.DEADLINE_NEAR : null
  }

  #refusalOfSlot({ slot, quantity }: VendOrder): number | null {
    const state = this.#slots.get(slot)
    if (!state) return FobError.SLOT_UNKNOWN
    if (this.#running) return FobError.MACHINE_BUSY
    if (state.fault !== 'none') return FobError.SLOT_FAULTY
    if (state.stock < quantity) return FobError.SLOT_EMPTY
    if (this.#options.hardware.isDoorOpen()) return FobError.DOOR_OPEN
    return state.isChilled && this.#isTooWarm() ? FobError.TOO_WARM : null
  }

  #isTooWarm(): boolean {
    const { hardware } = this.#options
    const temperature = hardware.temperature()
    return temperature !== null && temperature > hardware.warmest
  }

  #market(): Address {
    return this.#options.state.config?.config.market ?? NO_MARKET
  }

  #newRecord(order: VendOrder, { rights, terms }: Asker): VendRecord {
    const { owner } = this.#options.state
    const isFree = terms.use === VendUse.free
    return {
      ...order,
      use: terms.use,
      state: 'running',
      dropped: 0,
      cause: 'none',
      counter: 0,
      isAcknowledged: false,
      chainId: owner?.domain.chainId ?? 0,
      contract: isFree ? (owner?.domain.registry ?? NO_MARKET) : this.#market(),
      userKeyHash: isFree ? rights.grant.userKeyHash : null,
      signature: null,
    }
  }

  #begin(vend: StoredVend): void {
    const { hardware, timer, clock } = this.#options
    const { slot, quantity, notAfter } = vend.record
    let isHalted = false
    const cancels: (() => void)[] = []
    const later = (ms: number, task: () => void): void => {
      cancels.push(timer.after(ms, task))
    }
    const halt = (): void => {
      isHalted = true
      for (const cancel of cancels) cancel()
      stopMotor()
    }
    const judge = (cause: VendCause): void => {
      if (isHalted) return
      halt()
      this.#end(vend, cause)
    }
    const stopMotor = hardware.give(slot, quantity, end => {
      if (!isHalted) later(hardware.settleMs, () => judge(causeOf(end)))
    })
    this.#running = { vend, halt }
    const left = (notAfter - VEND_MARGIN_S - clock.now().time) * 1000
    if (hardware.canStop) later(left, () => judge('deadline'))
    else later(MOTOR_LIMIT_MS, () => judge('jam'))
  }

  #passedOf({ record, passedBefore }: StoredVend): number {
    const passed = this.#options.hardware.passed() - passedBefore
    return Math.max(0, Math.min(passed, record.quantity))
  }

  /** The sensor's word is the outcome; `cause` says why it is not more. The receipt is stored before anybody hears of it. */
  #end(vend: StoredVend, cause: VendCause): VendRecord {
    const dropped = this.#passedOf(vend)
    const isWhole = dropped === vend.record.quantity
    const isShort = cause === 'none' && !isWhole
    const why = isWhole ? 'none' : isShort ? 'noDrop' : cause
    const state = dropped > 0 ? 'dropped' : 'failed'
    const record = this.#signed({ ...vend.record, state, dropped, cause: why })
    const slot = this.#slots.get(record.slot)
    const changes = this.records.changes({ ...vend, record })
    const after = slot && this.#slots.after(slot, dropped, this.#faultOf(why, slot))
    this.#write(after ? [...changes, this.#slots.change(after)] : changes)
    this.#running = undefined
    this.#options.onVend(record)
    return record
  }

  /** What somebody has to look at: a product may hang half-way. */
  #faultOf(cause: VendCause, { unit }: MachineSlot): SlotFault {
    const isSuspect = cause === 'jam' || cause === 'noDrop' || cause === 'powerCut'
    return isSuspect && unit === 'product' ? cause : 'none'
  }

  #signed(record: VendRecord): VendRecord {
    const { deviceId, key } = this.#options
    const counted = { ...record, counter: this.records.nextCounter() }
    return { ...counted, signature: signDigest(recordDigest(deviceId, counted), key) }
  }

  #write(changes: readonly Change[]): void {
    this.#options.state.settings.write(new Map(changes))
  }
}

const causeOf = (end: GiveEnd): VendCause => (end === 'given' ? 'none' : end)
