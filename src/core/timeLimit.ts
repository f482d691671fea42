// Waiting on an injected timer: pauses, and promises that may take only so long.
import type { Timer } from './smp/transport.ts'

export const pause = (timer: Timer, ms: number): Promise<void> =>
  new Promise(resolve => {
    timer.after(ms, resolve)
  })

/** What `within` rejects with. What was begun goes on: a promise can't be cancelled. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/** Settles as `task` does, or rejects with TimeLimitError after `ms`. */
export function within<T>(timer: Timer, ms: number, what: string, task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer.after(ms, () => reject(new TimeLimitError(`${what}: no answer within ${ms} ms`)))
    task.then(
      value => {
        cancel()
        resolve(value)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
