// One order after the other: written down, given out, judged by the drop sensor, signed, written down again. Never twice.
import { type Address, type Bytes, bytesEqual } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { signDigest } from '../../src/core/p256.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { MachineReading, MachineSlot, SlotFault } from '../../src/core/vending/machine.ts'
import {
  type MeterPart,
  type MeterTerms,
  type MeterVoucher,
  paidUnits,
} from '../../src/core/vending/meterPart.ts'
import { isSameOrder, VEND_MARGIN_S, type VendOrder } from '../../src/core/vending/vendOrder.ts'
import { recordDigest, type VendCause, type VendRecord } from '../../src/core/vending/vendRecord.ts'
import { METERED, type SignedVendTerms, VendUse } from '../../src/core/vending/vendTerms.ts'
import { isSignedByKey, voucherDigest } from '../../src/core/voucher/channel.ts'
import { uintBytes } from '../../src/core/wallet/byteReader.ts'
import type { DeviceClock } from '../lock/clock.ts'
import type { Openings, SessionRights } from '../lock/openings.ts'
import { type OwnerState, Setting } from '../owner/ownerState.ts'
import { DayCounts } from './dayCounts.ts'
import { Giving } from './giving.ts'
import type { VendingHardware } from './hardware.ts'
import { SlotStates } from './slotStates.ts'
import { type Change, type StoredVend, VendRecords } from './vendRecords.ts'
import { isTooWarm, NO_MARKET, refusalOfOrder, refusalOfSlot } from './vendRefusals.ts'

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

/** A run that vouchers pay for, as it is asked for. */
export interface AskedRun extends Pick<VendOrder, 'orderId' | 'slot' | 'notAfter'> {
  readonly terms: MeterTerms
  readonly paymentChannels: Address
}

interface Running {
  readonly vend: StoredVend
  readonly giving: Giving
}

interface Serviced {
  readonly slot: number
  /** null: as it was counted. */
  readonly stock: number | null
  readonly isCleared: boolean
  readonly isClosed: boolean
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
    this.records = new VendRecords(state, hardware.canStop)
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
    const refusal = this.#refusalOf(order, asker) ?? this.#refusalToGive(order)
    return refusal ?? this.#begin(this.#newRecord(order, asker), asker, order.quantity)
  }

  /** Ends an order with what was given out by now: with nothing, where it was never begun. */
  cancel(order: VendOrder, asker: Asker): Answered {
    const known = this.#known(order, asker)
    if (known !== undefined) return typeof known === 'number' ? known : this.#stopped(order.orderId, known)
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

  /** Writes a run down, and waits for its first voucher. */
  startMeter({ terms, paymentChannels, ...asked }: AskedRun, asker: Asker): Answered {
    const order: VendOrder = { ...asked, quantity: 0 }
    const found = this.records.find(order.orderId)
    if (found) {
      const isSame = isSameRun(found.record, order, terms) && found.record.contract === paymentChannels
      return isSame ? this.#present(found) : FobError.ORDER_DIFFERS
    }
    if (!this.#options.hardware.canStop) return FobError.NOT_METERED
    // What is paid for bit by bit is not for nothing.
    if (asker.terms.use !== VendUse.sell) return FobError.VEND_TERMS_MISSING
    const refusal = this.#refusalOf(order, asker) ?? this.#refusalToGive(order)
    if (refusal !== null) return refusal
    const meter: MeterPart = { ...terms, paid: terms.floor, voucher: null }
    const record = {
      ...this.#newRecord(order, asker),
      use: METERED,
      contract: paymentChannels,
      meter,
    } as const
    return this.#begin(record, asker, 0)
  }

  /** Goes on as far as the voucher pays; it is stored before anything more is given. */
  payMeter(runId: bigint, { amount, signature }: MeterVoucher, asker: Asker): Answered {
    const found = this.records.find(runId)
    const { meter } = found?.record ?? {}
    if (!found || !meter) return FobError.ORDER_UNKNOWN
    if (amount <= meter.paid) return this.#present(found)
    const running = this.#running
    if (running?.vend.record.orderId !== runId) return FobError.METER_STOPPED
    if (amount > meter.deposit) return FobError.VOUCHER_TOO_HIGH
    const { chainId, contract: paymentChannels } = found.record
    const digest = voucherDigest({ chainId, paymentChannels }, { channelId: meter.channelId, amount })
    if (!isSignedByKey(meter.signer, digest, signature)) return FobError.VOUCHER_INVALID
    const paid = { ...meter, paid: amount, voucher: signature }
    const record: VendRecord = { ...found.record, quantity: paidUnits(paid), meter: paid }
    const more = record.quantity - found.record.quantity
    const counted = this.#count(asker, more)
    if (typeof counted === 'number') return counted
    const vend = { ...found, record }
    this.#write([...counted, ...this.records.changes(vend)])
    this.#running = { ...running, vend }
    running.giving.give(more)
    return this.#present(vend)
  }

  stopMeter(runId: bigint): Answered {
    const found = this.records.find(runId)
    return found?.record.meter ? this.#stopped(runId, this.#present(found)) : FobError.ORDER_UNKNOWN
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
      isTooWarm: isTooWarm(hardware),
      isBusy: this.#running !== undefined,
      canStop: hardware.canStop,
      pendingReceipts: this.records.pending().length,
      receiptCounter: this.records.receiptCounter,
      time: clock.now(),
    }
  }

  /** Somebody has filled a slot, mended or shut it. False where there is none, or where so much does not fit. */
  service({ slot, stock, isCleared, isClosed }: Serviced): boolean {
    const state = this.#slots.get(slot)
    if (!state || (stock !== null && stock > state.capacity)) return false
    const fault = isCleared ? 'none' : isClosed ? 'closed' : state.fault
    this.#write([this.#slots.change({ ...state, stock: stock ?? state.stock, fault })])
    return true
  }

  /** The power goes, or another firmware starts: everything stands still. */
  stop(): void {
    this.#running?.giving.halt()
    this.#running = undefined
  }

  #known(order: VendOrder, { rights, terms }: Asker): Answered | undefined {
    const found = this.records.find(order.orderId)
    if (!found) return undefined
    const { use, userKeyHash } = found.record
    const isAskers = userKeyHash === null || bytesEqual(userKeyHash, rights.grant.userKeyHash)
    const isSame = use === terms.use && isAskers && isSameOrder(found.record, order)
    return isSame ? this.#present(found) : FobError.ORDER_DIFFERS
  }

  #present(vend: StoredVend): VendRecord {
    const { record } = vend
    return record.state === 'running' ? { ...record, dropped: this.#passedOf(vend) } : record
  }

  #refusalOf(order: VendOrder, { terms }: Asker): number | null {
    const { state, clock } = this.#options
    return refusalOfOrder(order, terms, { state, clock, records: this.records })
  }

  #refusalToGive({ slot, quantity }: VendOrder): number | null {
    const state = this.#slots.get(slot)
    if (!state) return FobError.SLOT_UNKNOWN
    if (this.#running) return FobError.MACHINE_BUSY
    return refusalOfSlot(state, quantity, this.#options.hardware)
  }

  #newRecord(order: VendOrder, { rights, terms }: Asker): VendRecord {
    const { owner, config } = this.#options.state
    const isFree = terms.use === VendUse.free
    const market = config?.config.market ?? NO_MARKET
    return {
      ...order,
      use: terms.use,
      state: 'running',
      dropped: 0,
      cause: 'none',
      counter: 0,
      isAcknowledged: false,
      chainId: owner?.domain.chainId ?? 0,
      contract: isFree ? (owner?.domain.registry ?? NO_MARKET) : market,
      userKeyHash: isFree ? rights.grant.userKeyHash : null,
      signature: null,
    }
  }

  /** In one write, before anything moves: after a power cut the order is known, its use is counted, and it never begins again. */
  #begin(record: VendRecord, asker: Asker, units: number): Answered {
    const { hardware, openings, timer, clock, onVend } = this.#options
    const uses = openings.use(asker.rights)
    if (typeof uses === 'string') return FobError.GRANT_OVER
    const counted = this.#count(asker, units)
    if (typeof counted === 'number') return counted
    const room = this.records.room()
    if (!room) return FobError.RECEIPTS_FULL
    const vend: StoredVend = { place: room.place, record, passedBefore: hardware.passed() }
    this.#write([...room.changes, ...uses, ...counted, ...this.records.changes(vend)])
    const giving = new Giving({
      ...{ hardware, timer, slot: record.slot, isMetered: record.meter !== undefined },
      leftMs: (record.notAfter - VEND_MARGIN_S - clock.now().time) * 1000,
      onEnd: cause => {
        if (this.#running) this.#end(this.#running.vend, cause)
      },
    })
    this.#running = { vend, giving }
    giving.give(units)
    onVend(record)
    return record
  }

  /** Units against the day's limit. */
  #count({ rights, terms }: Asker, units: number): readonly Change[] | number {
    if (units === 0) return []
    const { time } = this.#options.clock.now()
    const counted = this.#days.count(rights.grantDigest, { time, units, perDay: terms.perDay })
    return typeof counted === 'string' ? FobError.DAY_LIMIT : [counted]
  }

  /** Stops what can be stopped half-way. */
  #stopped(orderId: bigint, known: VendRecord | number): Answered {
    const running = this.#running
    const isRunning = running?.vend.record.orderId === orderId
    if (!isRunning || !this.#options.hardware.canStop) return known
    running.giving.halt()
    return this.#end(running.vend, 'stopped')
  }

  #passedOf({ record, passedBefore }: StoredVend): number {
    const passed = this.#options.hardware.passed() - passedBefore
    return Math.max(0, Math.min(passed, record.quantity))
  }

  /** The sensor's word is the outcome; `cause` says why it is not more. The receipt is stored before anybody hears of it. */
  #end(vend: StoredVend, cause: VendCause): VendRecord {
    const dropped = this.#passedOf(vend)
    const isWhole = dropped === vend.record.quantity && !vend.record.meter
    const isShort = cause === 'none' && !isWhole
    const why = isWhole ? 'none' : isShort ? 'noDrop' : cause
    const state = dropped > 0 ? 'dropped' : 'failed'
    const record = this.#signed({ ...vend.record, state, dropped, cause: why })
    const slot = this.#slots.get(record.slot)
    const changes = this.records.changes({ ...vend, record })
    const after = slot && this.#slots.after(slot, dropped, faultOf(why, slot))
    this.#write(after ? [...changes, this.#slots.change(after)] : changes)
    this.#running = undefined
    this.#options.onVend(record)
    return record
  }

  #signed(record: VendRecord): VendRecord {
    const { deviceId, key } = this.#options
    const counted = { ...record, counter: this.records.nextCounter() }
    const signature: Bytes = signDigest(recordDigest(deviceId, counted), key)
    return { ...counted, signature }
  }

  #write(changes: readonly Change[]): void {
    this.#options.state.settings.write(new Map(changes))
  }
}

/** What somebody has to look at: a product may hang half-way. */
function faultOf(cause: VendCause, { unit }: MachineSlot): SlotFault {
  const isSuspect = cause === 'jam' || cause === 'noDrop' || cause === 'powerCut'
  return isSuspect && unit === 'product' ? cause : 'none'
}

function isSameRun({ slot, notAfter, meter }: VendRecord, asked: VendOrder, terms: MeterTerms): boolean {
  if (!meter || slot !== asked.slot || notAfter !== asked.notAfter) return false
  const { channelId, signer, floor, deposit, price } = meter
  if (channelId !== terms.channelId || signer !== terms.signer) return false
  return floor === terms.floor && deposit === terms.deposit && price === terms.price
}
