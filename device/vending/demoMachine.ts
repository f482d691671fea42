// A machine without hardware: motors that take their time, a drop sensor that counts, and whatever a test or a person breaks.
import type { Timer } from '../../src/core/smp/transport.ts'
import { type GiveEnd, type HardwareSlot, NOT_COUNTED, type VendingHardware } from './hardware.ts'

/** Tenths of a degree Celsius, where nothing is broken. */
const COLD = 45

export interface DemoMachineOptions {
  readonly timer: Timer
  readonly slots: readonly HardwareSlot[]
  /** Energy or time, instead of products. */
  readonly isMeter?: boolean
  /** Milliseconds of a motor's turn, or of one unit of the meter. */
  readonly unitMs: number
  readonly settleMs?: number
}

export type MotorFault =
  /** It does not get through. */
  | 'jam'
  /** It turns, and nothing falls: the spiral is empty, whatever was counted. */
  | 'noDrop'

export class DemoMachine implements VendingHardware {
  readonly slots: readonly HardwareSlot[]
  readonly canStop: boolean
  readonly settleMs: number
  /** 12.0 °C: a drink that is sold as cold is not warmer. */
  readonly warmest = 120
  /** What has come out, slot by slot, since this object was made. */
  readonly out: number[] = []
  /** How often a motor was begun. */
  turns = 0
  doorOpen = false
  /** Tenths of a degree Celsius; null without a thermometer. */
  degrees: number | null
  /** Of the next turns, in their order. */
  readonly faults: MotorFault[] = []
  readonly #timer: Timer
  readonly #unitMs: number
  #cell = { read: () => this.out.length, write: (_count: number): void => {} }

  constructor({ timer, slots, isMeter = false, unitMs, settleMs = isMeter ? 0 : 400 }: DemoMachineOptions) {
    this.#timer = timer
    this.slots = slots
    this.canStop = isMeter
    this.#unitMs = unitMs
    this.settleMs = settleMs
    this.degrees = isMeter ? null : COLD
  }

  keepCountIn(cell: { readonly read: () => number; readonly write: (count: number) => void }): void {
    this.#cell = cell
  }

  passed(): number {
    return this.#cell.read()
  }

  isDoorOpen(): boolean {
    return this.doorOpen
  }

  temperature(): number | null {
    return this.degrees
  }

  /** `jam`: of the next turn alone; `door` and `warm` last until `none`. */
  disturb(disturbance: 'jam' | 'door' | 'warm' | 'none'): void {
    if (disturbance === 'jam') this.faults.push('jam')
    else if (disturbance === 'door') this.doorOpen = true
    else if (disturbance === 'warm') this.degrees = this.degrees === null ? null : this.warmest + 40
    else {
      this.faults.length = 0
      this.doorOpen = false
      this.degrees = this.degrees === null ? null : COLD
    }
  }

  give(slot: number, quantity: number, onEnd: (end: GiveEnd) => void): () => void {
    let left = quantity
    this.turns++
    const turn = (): void => {
      const fault = this.doorOpen ? 'doorOpened' : this.faults.shift()
      if (fault === 'doorOpened' || fault === 'jam') {
        onEnd(fault)
        return
      }
      left--
      if (left > 0) cancel = this.#timer.after(this.#unitMs, turn)
      if (fault !== 'noDrop') this.#pass(slot)
      if (left === 0) onEnd('given')
    }
    let cancel = this.#timer.after(this.#unitMs, turn)
    return () => cancel()
  }

  #pass(slot: number): void {
    const count = this.passed() + 1
    this.out.push(slot)
    this.#cell.write(count)
  }
}

const DRINKS = 12
const SNACKS = 12

/** 24 spirals: twelve of cold drinks, twelve of snacks, filled. */
export const DEMO_SPIRALS: readonly HardwareSlot[] = Array.from({ length: DRINKS + SNACKS }, (_, slot) => ({
  unit: 'product',
  isChilled: slot < DRINKS,
  capacity: 8,
  stock: 8,
}))

/** What an outlet gives: in slot 0 energy, in slot 1 time. */
export const DEMO_OUTLET: readonly HardwareSlot[] = (['tenWattHours', 'minute'] as const).map(unit => ({
  unit,
  isChilled: false,
  capacity: NOT_COUNTED,
  stock: NOT_COUNTED,
}))
