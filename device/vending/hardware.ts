// What the firmware of a machine finds in front of it: motors or a relay, the drop sensor or meter, a door, a thermometer.
import type { VendUnit } from '../../src/core/vending/machine.ts'

export interface HardwareSlot {
  readonly unit: VendUnit
  readonly isChilled: boolean
  /** Units; NOT_COUNTED where it never runs out. */
  readonly capacity: number
  /** Units that are in it when it leaves the factory. */
  readonly stock: number
}

/** What the flash for settings has room to count, beside grants, orders and receipts. */
export const MAX_SLOTS = 32

/** Of energy and time there is always more: stock and capacity are this, and are not counted. */
export const NOT_COUNTED = 0xffff

export type GiveEnd =
  /** The motor has turned for each unit, or the meter has counted them; what has passed is the sensor's to say. */
  'given' | 'jam' | 'doorOpened' | 'stopped'

export interface VendingHardware {
  /** At most MAX_SLOTS. */
  readonly slots: readonly HardwareSlot[]
  /** Whether what is given can be stopped half-way, as energy and time can, and a product that falls can't. */
  readonly canStop: boolean
  /** Milliseconds from the motor's rest until what it has pushed has fallen. */
  readonly settleMs: number
  /** Tenths of a degree Celsius above which chilled slots give nothing. */
  readonly warmest: number
  /**
   * Units that have passed the drop sensor, or the meter, since it was built. It counts by itself, also while the firmware
   * does not run, and never goes back: what a power cut leaves open is decided by it.
   */
  passed(): number
  /** Begins to give out, one at a time; calls back once, later, when it is at rest. Returns what stops it at once. */
  give(slot: number, quantity: number, onEnd: (end: GiveEnd) => void): () => void
  isDoorOpen(): boolean
  /** Tenths of a degree Celsius; null without a thermometer. */
  temperature(): number | null
  /** Asked at each start of the firmware by a sensor that needs a place to keep its count in. */
  keepCountIn?(cell: { readonly read: () => number; readonly write: (count: number) => void }): void
}
