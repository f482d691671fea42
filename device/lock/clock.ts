// The device's time: it only grows, is stored every ten minutes, and is uncertain from a power loss until it is told again.
import type { ToldTime } from '../../src/core/lock/timeToken.ts'
import type { Timer } from '../../src/core/smp/transport.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import { Setting } from '../owner/ownerState.ts'
import type { Settings } from '../owner/settings.ts'

const STORE_EVERY_S = 600

export class DeviceClock {
  readonly #settings: Settings
  readonly #timer: Timer
  #stored: number
  /** The last time that is certain to have passed, where the present one is not known. */
  #passed: number
  /** Unix time in milliseconds less the timer's; undefined while the time is uncertain. */
  #offset: number | undefined
  #cancel: (() => void) | undefined

  constructor(settings: Settings, timer: Timer) {
    this.#settings = settings
    this.#timer = timer
    const bytes = settings.get(Setting.time)
    this.#stored = bytes ? new ByteReader(bytes).uint(5) : 0
    this.#passed = this.#stored
  }

  now(): ToldTime {
    if (this.#offset === undefined) return { time: this.#passed, isTimeCertain: false }
    return { time: Math.floor((this.#timer.now() + this.#offset) / 1000), isTimeCertain: true }
  }

  /** The present time was proven, Unix seconds. One that lies before what is known is not taken. */
  take(time: number): void {
    const now = this.now()
    // The very second that it is already would begin anew with each word: whoever brings many could stop the clock.
    if (time < now.time || (now.isTimeCertain && time === now.time)) return
    this.#offset = time * 1000 - this.#timer.now()
    this.#keep()
  }

  /** A time was proven to have passed, Unix seconds: it is later than that, and as certain or uncertain as before. */
  hear(time: number): void {
    if (time <= this.now().time) return
    if (this.#offset !== undefined) this.take(time)
    else {
      this.#passed = time
      this.#keep()
    }
  }

  stop(): void {
    this.#cancel?.()
  }

  /** Not at every word: whoever brings many would wear the flash out. */
  #keep(): void {
    const { time, isTimeCertain } = this.now()
    if (time - this.#stored >= STORE_EVERY_S) {
      this.#settings.write(new Map([[Setting.time, uintBytes(time, 5)]]))
      this.#stored = time
    }
    this.#cancel?.()
    if (!isTimeCertain) return
    const wait = (this.#stored + STORE_EVERY_S - time) * 1000
    this.#cancel = this.#timer.after(wait, () => this.#keep())
  }
}
