// What a machine says of itself: its slots, its errors, what it has counted. Read in a session, or it proves nothing.
import { type Bytes, concat } from '../bytes.ts'
import type { ToldTime } from '../lock/timeToken.ts'
import { type CborMap, readBool, readBytes, readInt, readOptional, readUint } from '../smp/cbor.ts'
import { ByteReader, uintBytes } from '../wallet/byteReader.ts'

/** What one unit of a slot is: the byte is its place here. */
export const VEND_UNITS = ['product', 'tenWattHours', 'minute'] as const
export type VendUnit = (typeof VEND_UNITS)[number]

export const SLOT_FAULTS = ['none', 'jam', 'noDrop', 'powerCut', 'closed'] as const
/** Why a slot gives nothing until somebody has looked at it; `closed`: somebody wants it so. */
export type SlotFault = (typeof SLOT_FAULTS)[number]

export interface MachineSlot {
  /** uint16, from 0. */
  readonly slot: number
  readonly unit: VendUnit
  /** Given out only while it is cold enough in the machine. */
  readonly isChilled: boolean
  readonly fault: SlotFault
  /** uint16 each: units, as they were told and counted since; of what is metered 65,535, which is not counted. */
  readonly stock: number
  readonly capacity: number
  /** uint32: units that it has given out in all. */
  readonly given: number
  /** uint32: orders that it has failed in all. */
  readonly failed: number
}

export interface MachineReading {
  readonly slots: readonly MachineSlot[]
  readonly isDoorOpen: boolean
  /** Tenths of a degree Celsius; null without a sensor. */
  readonly temperature: number | null
  /** Chilled slots give nothing. */
  readonly isTooWarm: boolean
  /** An order is running. */
  readonly isBusy: boolean
  /** Whether what it gives out can be stopped half-way: energy and time can. */
  readonly canStop: boolean
  /** Receipts that nobody has acknowledged. */
  readonly pendingReceipts: number
  /** uint48: receipts so far. */
  readonly receiptCounter: number
  readonly time: ToldTime
}

/** A part of it: as many slots as the buffer holds, from the one that was asked for. */
export interface MachinePart {
  readonly reading: MachineReading
  /** How many slots there are in all. */
  readonly slotCount: number
}

/** Bytes of one slot. */
export const SLOT_LENGTH = 1 + 1 + 2 + 2 + 4 + 4
/** Bytes around the slots: SMP's header, and all other fields at their longest. */
export const MACHINE_OVERHEAD = 8 + 76
const CHILLED = 0x80
/** The most slots that a machine can have. */
const MAX_SLOTS = 256

/** unit (1; highest bit: chilled), fault (1), stock (2), capacity (2), given (4), failed (4). */
export const encodeSlot = ({
  unit,
  isChilled,
  fault,
  stock,
  capacity,
  given,
  failed,
}: Omit<MachineSlot, 'slot'>): Bytes =>
  concat(
    Uint8Array.of(VEND_UNITS.indexOf(unit) | (isChilled ? CHILLED : 0), SLOT_FAULTS.indexOf(fault)),
    uintBytes(stock, 2),
    uintBytes(capacity, 2),
    uintBytes(given, 4),
    uintBytes(failed, 4),
  )

/** undefined for bytes that no `encodeSlot` makes. */
export function decodeSlot(bytes: Uint8Array, slot: number): MachineSlot | undefined {
  if (bytes.length !== SLOT_LENGTH) return undefined
  const reader = new ByteReader(bytes)
  const first = reader.uint(1)
  const unit = VEND_UNITS[first & ~CHILLED]
  const fault = SLOT_FAULTS[reader.uint(1)]
  if (!unit || !fault) return undefined
  const counts = {
    stock: reader.uint(2),
    capacity: reader.uint(2),
    given: reader.uint(4),
    failed: reader.uint(4),
  }
  return { slot, unit, isChilled: (first & CHILLED) !== 0, fault, ...counts }
}

/**
 * `{c: slots in all, f: the first of these, s: 14 bytes for each, do: door is open, tw: too warm, bs: busy, cs: can stop, pr: pending
 * receipts, rn: receipt counter, t: time, tc: is it certain}`, with a temperature sensor `tp: tenths of a degree`.
 */
export function machineBody({ reading, slotCount }: MachinePart): CborMap {
  const {
    slots,
    isDoorOpen,
    temperature,
    isTooWarm,
    isBusy,
    canStop,
    pendingReceipts,
    receiptCounter,
    time,
  } = reading
  return {
    c: slotCount,
    f: slots[0]?.slot ?? 0,
    s: concat(...slots.map(encodeSlot)),
    do: isDoorOpen,
    tw: isTooWarm,
    bs: isBusy,
    cs: canStop,
    pr: pendingReceipts,
    rn: receiptCounter,
    t: time.time,
    tc: time.isTimeCertain,
    ...(temperature !== null && { tp: temperature }),
  }
}

/** undefined where a field does not have its form, and for slots beyond the count. */
export function parseMachine(body: CborMap): MachinePart | undefined {
  const slotCount = readUint(body, 'c')
  const first = readUint(body, 'f')
  const bytes = readBytes(body, 's')
  const isDoorOpen = readBool(body, 'do')
  const isTooWarm = readBool(body, 'tw')
  const isBusy = readBool(body, 'bs')
  const canStop = readBool(body, 'cs')
  const pendingReceipts = readUint(body, 'pr')
  const receiptCounter = readUint(body, 'rn')
  const time = readUint(body, 't')
  const isTimeCertain = readBool(body, 'tc')
  const temperature = readOptional(body, 'tp', readInt, null)
  if (slotCount === undefined || first === undefined || !bytes || slotCount > MAX_SLOTS) return undefined
  if (isDoorOpen === undefined || isTooWarm === undefined || isBusy === undefined) return undefined
  if (canStop === undefined || pendingReceipts === undefined || receiptCounter === undefined) return undefined
  if (time === undefined || isTimeCertain === undefined || temperature === undefined) return undefined
  const count = bytes.length / SLOT_LENGTH
  if (!Number.isInteger(count) || first + count > slotCount) return undefined
  const slots: MachineSlot[] = []
  for (let i = 0; i < count; i++) {
    const slot = decodeSlot(bytes.subarray(i * SLOT_LENGTH, (i + 1) * SLOT_LENGTH), first + i)
    if (!slot) return undefined
    slots.push(slot)
  }
  const states = { isDoorOpen, temperature, isTooWarm, isBusy, canStop, pendingReceipts, receiptCounter }
  return { slotCount, reading: { slots, ...states, time: { time, isTimeCertain } } }
}
