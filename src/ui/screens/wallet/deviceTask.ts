// What a person has asked of a device or of the chain: busy, then done or failed. Of the screen that asked for it, and not longer.
import { Observable } from '../../../app/observable.ts'
import type { Result } from '../../../core/result.ts'
import type { ShownFailure } from './WalletFailure.tsx'

interface TaskState {
  readonly isBusy: boolean
  readonly failure: ShownFailure | null
}

export class DeviceTask {
  readonly state = new Observable<TaskState>({ isBusy: false, failure: null })
  readonly #unlock: () => Promise<boolean>
  #running = 0
  #isThere = true

  /** `unlock` as `useUnlocked` gives it. */
  constructor(unlock: () => Promise<boolean>) {
    this.#unlock = unlock
  }

  readonly run = async <T>(
    task: () => Promise<Result<T, ShownFailure>>,
    needsVault = true,
  ): Promise<{ readonly value: T } | undefined> => {
    this.clear()
    if (needsVault && !(await this.#unlock())) return undefined
    // Left while the wallet was asked to be opened: nothing is begun for a screen that is gone.
    if (!this.#isThere) return undefined
    this.#count(1)
    try {
      const result = await task()
      if (!this.#isThere) return undefined
      if (result.ok) return { value: result.value }
      this.fail(result.error)
      return undefined
    } finally {
      this.#count(-1)
    }
  }

  readonly fail = (failure: ShownFailure): void => this.state.update(state => ({ ...state, failure }))

  readonly clear = (): void => this.state.update(state => ({ ...state, failure: null }))

  /** The screen is there, or is gone. */
  setThere(isThere: boolean): void {
    this.#isThere = isThere
  }

  #count(change: 1 | -1): void {
    this.#running += change
    this.state.update(state => ({ ...state, isBusy: this.#running > 0 }))
  }
}
