// A machine of motors or of one relay on this board's pins: what a paid order moves, and what counts that it came out.
import type { GiveEnd, HardwareSlot, VendingHardware } from '../../device/vending/hardware.ts'
import { NOT_COUNTED } from '../../device/vending/hardware.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import type { GpioOutput } from './gpio.ts'

interface CountCell {
  readonly read: () => number
  readonly write: (count: number) => void
}

/** Until what a motor has pushed has fallen past the sensor. */
const SETTLE_MS = 1_500
const MINUTE_MS = 60_000
/** Tenths of a degree Celsius; nothing here is chilled. */
const WARMEST = 1_000

abstract class GpioMachine implements VendingHardware {
  abstract readonly slots: readonly HardwareSlot[]
  abstract readonly canStop: boolean
  abstract readonly settleMs: number
  readonly warmest = WARMEST
  #cell: CountCell

  constructor() {
    let count = 0
    this.#cell = {
      read: () => count,
      write: next => {
        count = next
      },
    }
  }

  /** In flash: it goes on where it was after a power cut. */
  keepCountIn(cell: CountCell): void {
    this.#cell = cell
  }

  passed(): number {
    return this.#cell.read()
  }

  notePassed(): void {
    this.#cell.write(this.passed() + 1)
  }

  isDoorOpen(): boolean {
    return false
  }

  temperature(): null {
    return null
  }

  abstract give(slot: number, quantity: number, onEnd: (end: GiveEnd) => void): () => void
  abstract stop(): void
}

export interface MotorsOptions {
  /** One for each slot. */
  readonly motors: readonly GpioOutput[]
  /** Milliseconds that a motor is on for one product. */
  readonly turnMs: number
  /** Products that a slot holds. */
  readonly capacity: number
}

/** Spirals with a motor each. What has fallen is told by the drop sensor: `notePassed`. Empty until its owner says otherwise. */
export class MotorMachine extends GpioMachine {
  readonly slots: readonly HardwareSlot[]
  readonly canStop = false
  readonly settleMs = SETTLE_MS
  readonly #options: MotorsOptions

  constructor(options: MotorsOptions) {
    super()
    this.#options = options
    const { motors, capacity } = options
    this.slots = motors.map(() => ({ unit: 'product', isChilled: false, capacity, stock: 0 }))
  }

  give(slot: number, quantity: number, onEnd: (end: GiveEnd) => void): () => void {
    const motor = this.#options.motors[slot]
    let isStopped = false
    const turn = (left: number): void => {
      if (isStopped) onEnd('stopped')
      else if (left === 0) onEnd('given')
      else {
        const isTurning = motor?.drive(this.#options.turnMs, isDone => {
          if (isDone || isStopped) turn(left - 1)
          else onEnd('jam')
        })
        if (!isTurning) onEnd('jam')
      }
    }
    // Never within the call: whoever asks has not noted yet that it runs.
    setImmediate(() => turn(quantity))
    return () => {
      isStopped = true
      motor?.stop()
    }
  }

  stop(): void {
    for (const motor of this.#options.motors) motor.stop()
  }
}

/** One relay that is on for paid minutes. */
export class RelayMachine extends GpioMachine {
  readonly slots: readonly HardwareSlot[] = [
    { unit: 'minute', isChilled: false, capacity: NOT_COUNTED, stock: NOT_COUNTED },
  ]
  readonly canStop = true
  readonly settleMs = 0
  readonly #relay: GpioOutput
  readonly #timer: Timer
  readonly #minuteMs: number

  /** `minuteMs`: a shorter minute, for tests. */
  constructor(relay: GpioOutput, timer: Timer, minuteMs = MINUTE_MS) {
    super()
    this.#relay = relay
    this.#timer = timer
    this.#minuteMs = minuteMs
  }

  give(_slot: number, quantity: number, onEnd: (end: GiveEnd) => void): () => void {
    let counted = 0
    let cancel = () => {}
    let isStopped = false
    const count = (): void => {
      counted++
      this.notePassed()
      if (counted < quantity) cancel = this.#timer.after(this.#minuteMs, count)
    }
    const begin = (): void => {
      const isOn = this.#relay.drive(quantity * this.#minuteMs, isDone => {
        cancel()
        // The relay's own clock has run to the end: the last minute counts, whichever of both was first.
        if (isDone) while (counted < quantity) count()
        cancel()
        onEnd(isDone ? 'given' : isStopped ? 'stopped' : 'jam')
      })
      if (isOn) cancel = this.#timer.after(this.#minuteMs, count)
      else onEnd('jam')
    }
    setImmediate(() => (isStopped ? onEnd('stopped') : begin()))
    return () => {
      isStopped = true
      this.#relay.stop()
    }
  }

  stop(): void {
    this.#relay.stop()
  }
}
