// Giving out what one order pays for: the motor's rounds, and what ends them. Everything of it ends with the power.
import type { Timer } from '../../src/core/smp/transport.ts'
import type { VendCause } from '../../src/core/vending/vendRecord.ts'
import type { VendingHardware } from './hardware.ts'

export interface GivingOptions {
  readonly hardware: VendingHardware
  readonly timer: Timer
  readonly slot: number
  /** Milliseconds until the order's deadline comes near. */
  readonly leftMs: number
  /** Whether more may be paid for meanwhile. */
  readonly isMetered: boolean
  /** Once, when everything stands still and what has passed is counted. */
  readonly onEnd: (cause: VendCause) => void
}

/** A motor that has not come to rest by then is jammed. */
const MOTOR_LIMIT_MS = 60_000
/** How long an outlet waits for the next voucher before it gives itself free. */
const UNPAID_MS = 60_000

export class Giving {
  readonly #options: GivingOptions
  readonly #cancels: (() => void)[] = []
  #stopMotor: (() => void) | undefined
  #stopWaiting: (() => void) | undefined
  #queued = 0
  #isHalted = false

  constructor(options: GivingOptions) {
    const { hardware, leftMs, isMetered } = options
    this.#options = options
    if (hardware.canStop) this.#later(leftMs, () => this.#end('deadline'))
    else this.#later(MOTOR_LIMIT_MS, () => this.#end('jam'))
    if (isMetered) this.#wait()
  }

  /** So many units more, after those that are being given. */
  give(units: number): void {
    this.#queued += units
    if (this.#isHalted || this.#stopMotor || this.#queued === 0) return
    this.#stopWaiting?.()
    const { hardware, slot, isMetered } = this.#options
    const round = this.#queued
    this.#queued = 0
    this.#stopMotor = hardware.give(slot, round, end => {
      if (this.#isHalted) return
      this.#stopMotor = undefined
      if (end !== 'given') this.#settle(end)
      else if (this.#queued > 0) this.give(0)
      else if (isMetered) this.#wait()
      else this.#settle('none')
    })
  }

  /** Motor and timers stand still. */
  halt(): void {
    this.#isHalted = true
    this.#stopMotor?.()
    this.#stopWaiting?.()
    for (const cancel of this.#cancels) cancel()
  }

  #wait(): void {
    this.#stopWaiting = this.#options.timer.after(UNPAID_MS, () => this.#end('unpaid'))
  }

  /** What the motor has pushed may still be falling. */
  #settle(cause: VendCause): void {
    this.#later(this.#options.hardware.settleMs, () => this.#end(cause))
  }

  #end(cause: VendCause): void {
    if (this.#isHalted) return
    this.halt()
    this.#options.onEnd(cause)
  }

  #later(ms: number, task: () => void): void {
    this.#cancels.push(this.#options.timer.after(ms, task))
  }
}
