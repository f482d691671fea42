// Keeps the connection to one of the network's peers: a seed that was restarted does not call back by itself.
import type { Timer } from '../../core/smp/transport.ts'

const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 60_000

export interface Redialler {
  /** The connection was lost: dial again, soon at first, then ever less often. */
  lost(): void
  /** There is reason to hope (the browser went online): dial now. */
  hurry(): void
  stop(): void
}

/** `dial` resolves with whether it is connected now; it never rejects. */
export function createRedialler(timer: Timer, dial: () => Promise<boolean>): Redialler {
  let pause = FIRST_PAUSE
  let isDialling = false
  let isStopped = false
  let cancel: (() => void) | undefined

  function schedule(ms: number): void {
    cancel?.()
    cancel = timer.after(ms, () => void attempt())
  }

  async function attempt(): Promise<void> {
    cancel = undefined
    if (isDialling || isStopped) return
    isDialling = true
    const isConnected = await dial()
    isDialling = false
    if (isConnected) pause = FIRST_PAUSE
    else if (!isStopped) {
      schedule(pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    }
  }

  return {
    lost: () => {
      if (!isStopped && !isDialling && cancel === undefined) schedule(pause)
    },
    hurry: () => {
      pause = FIRST_PAUSE
      if (!isStopped) schedule(0)
    },
    stop: () => {
      isStopped = true
      cancel?.()
    },
  }
}
