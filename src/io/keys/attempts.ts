// Makes guessing slow: after a few wrong passphrases each next one has to wait. Survives reloads, and asks no clock that
// a person could set: waiting counts only while the app is open.
import type { Timer } from '../../core/smp/transport.ts'
import { type KeyStore, stored } from './keyDatabase.ts'

export interface Attempts {
  /** Milliseconds that are left to wait; 0: a passphrase may be tried. */
  remaining(): Promise<number>
  /** To be called before each try, so that a reload in its midst does not make it uncounted. */
  begin(): Promise<void>
  /** The begun try never came to the passphrase. */
  takeBack(): Promise<void>
  succeeded(): Promise<void>
  /** Writes down how much was waited, so that a reload has not to wait for it again. */
  noteProgress(): Promise<void>
}

const KEY = 'vault-attempts'

interface Count {
  readonly failures: number
  /** What was left to wait when this was stored, in milliseconds. */
  readonly waitMs: number
}

/** After so many wrong ones; the last for all more. Three slips are free. */
const WAITS_MS = [0, 0, 0, 0, 10_000, 30_000, 60_000, 120_000, 300_000] as const
const LONGEST_MS = 300_000

export function createAttempts(store: KeyStore, timer: Timer): Attempts {
  let known: Count = { failures: 0, waitMs: 0 }
  let since = timer.now()
  /** The last count could not be stored: then this tab counts alone. */
  let isAlone = false

  /** What another tab counted counts here; where nothing can be read, what this tab knows. */
  async function refresh(): Promise<Count> {
    const read = await stored(() => store.get(KEY))
    if (!read.ok || isAlone) return known
    const count = readCount(read.value)
    if (count.failures !== known.failures) {
      known = count
      since = timer.now()
    }
    return known
  }

  async function write(count: Count): Promise<void> {
    known = count
    since = timer.now()
    // A full disk must not lock anybody out.
    const written = await stored(() => (count.failures === 0 ? store.delete(KEY) : store.put(KEY, count)))
    isAlone = !written.ok
  }

  const left = (count: Count): number => Math.max(0, count.waitMs - (timer.now() - since))

  return {
    remaining: async () => left(await refresh()),
    async begin() {
      const failures = (await refresh()).failures + 1
      await write({ failures, waitMs: WAITS_MS[failures] ?? LONGEST_MS })
    },
    async takeBack() {
      const failures = Math.max(0, (await refresh()).failures - 1)
      await write({ failures, waitMs: 0 })
    },
    succeeded: () => write({ failures: 0, waitMs: 0 }),
    async noteProgress() {
      const count = await refresh()
      if (count.waitMs > 0) await write({ failures: count.failures, waitMs: left(count) })
    },
  }
}

/** Anything else than our own record means that somebody edited it: the longest wait. */
function readCount(value: unknown): Count {
  if (value === undefined) return { failures: 0, waitMs: 0 }
  if (typeof value === 'object' && value !== null && 'failures' in value && 'waitMs' in value) {
    const { failures, waitMs } = value
    if (isCount(failures) && isCount(waitMs) && waitMs <= LONGEST_MS) return { failures, waitMs }
  }
  return { failures: WAITS_MS.length, waitMs: LONGEST_MS }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(Math.floor(value)) && value >= 0
