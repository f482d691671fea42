// The device's time: it only grows, is stored every ten minutes, and is uncertain from a power loss until it is told again.
import type { Timer } from '../../src/core/smp/transport.ts'
import { ByteReader, uintBytes } from '../../src/core/wallet/byteReader.ts'
import { Setting } from '../owner/ownerState.ts'
import type { Settings } from '../owner/settings.ts'

/** Unix seconds: the last time that is certain to have passed, and whether it is the present one. */
export interface DeviceTime {
  readonly time: number
  readonly isTimeCertain: boolean
}

const STORE_EVERY_S = 600

export class DeviceClock {
  readonly #settings: Settings
  readonly #timer: Timer
  #stored: number
  /** Unix time in milliseconds less the timer's; undefined while the time is uncertain. */
  #offset: number | undefined
  #cancel: (() => void) | undefined

  constructor(settings: Settings, timer: Timer) {
    this.#settings = settings
    this.#timer = timer
    const bytes = settings.get(Setting.time)
    this.#stored = bytes ? new ByteReader(bytes).uint(5) : 0
  }

  now(): DeviceTime {
    if (this.#offset === undefined) return { time: this.#stored, isTimeCertain: false }
    return { time: Math.floor((this.#timer.now() + this.#offset) / 1000), isTimeCertain: true }
  }

  /** Time that was proven to the device, Unix seconds. One that lies before what is known is not taken. */
  take(time: number): void {
    if (time < this.now().time) return
    this.#offset = time * 1000 - this.#timer.now()
    this.#store()
  }

  stop(): void {
    this.#cancel?.()
  }

  #store(): void {
    const { time } = this.now()
    if (time > this.#stored) this.#settings.write(new Map([[Setting.time, uintBytes(time, 5)]]))
    this.#stored = time
    this.#cancel?.()
    this.#cancel = this.#timer.after(STORE_EVERY_S * 1000, () => this.#store())
  }
}
