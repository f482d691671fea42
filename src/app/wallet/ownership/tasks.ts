// What is being done with a device near us, for the screen that waits, and a way to stop it.
import { Observable } from '../../observable.ts'
import type { DeviceTask } from '../deviceOwnership.ts'

export interface RunningTask {
  readonly signal: AbortSignal
  show(task: DeviceTask): void
  end(): void
}

export class Tasks {
  readonly running = new Observable<ReadonlyMap<string, DeviceTask>>(new Map())
  readonly #aborts = new Map<string, AbortController>()

  begin(deviceKey: string): RunningTask {
    const abort = new AbortController()
    this.#aborts.set(deviceKey, abort)
    this.#show(deviceKey, { kind: 'connecting' })
    return {
      signal: abort.signal,
      show: task => {
        if (this.#aborts.get(deviceKey) === abort) this.#show(deviceKey, task)
      },
      end: () => {
        if (this.#aborts.get(deviceKey) !== abort) return
        this.#aborts.delete(deviceKey)
        this.running.update(tasks => new Map([...tasks].filter(([key]) => key !== deviceKey)))
      },
    }
  }

  cancel(deviceKey: string): void {
    this.#aborts.get(deviceKey)?.abort()
  }

  #show(deviceKey: string, task: DeviceTask): void {
    this.running.update(tasks => new Map(tasks).set(deviceKey, task))
  }
}
