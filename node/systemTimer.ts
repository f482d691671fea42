// The clock of this machine: it only runs forward.
import type { Timer } from '../src/core/smp/transport.ts'

/** Milliseconds since the process began. A waiting task keeps the process alive. */
export const systemTimer: Timer = {
  now: () => performance.now(),
  after(ms, task) {
    const handle = setTimeout(task, ms)
    return () => clearTimeout(handle)
  },
}
