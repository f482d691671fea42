// The rest of the browser that use cases need: time, randomness, locks between tabs, wake lock, storage, network.json.
import type { Bytes } from '../../core/bytes.ts'
import type { Timer } from '../../core/smp/transport.ts'

export interface Platform {
  readonly timer: Timer
  /** Unix time in seconds. */
  unixNow(): number
  randomBytes(length: number): Bytes
  randomId(): string
  /**
   * Runs `task` while no other tab holds `name`; undefined at once when one does. A tab that dies gives its locks back.
   */
  withLock<T>(name: string, task: () => Promise<T>): Promise<{ readonly value: T } | undefined>
  /** Whether some tab (this one included) holds `name`. */
  isLocked(name: string): Promise<boolean>
  /** Keeps the screen on until released; resolves also where the browser refuses. */
  keepAwake(): Promise<() => void>
  isOnline(): boolean
  onOnlineChange(listener: () => void): () => void
  /** Bytes used and still free for this origin, as the browser estimates; null where it does not tell. */
  storageEstimate(): Promise<{
    readonly used: number
    readonly free: number
    readonly persisted: boolean
  } | null>
  askForPersistence(): Promise<boolean>
  /** Fetches a small JSON document, at most `maxBytes`, never from a cache; undefined when it can't be had. */
  fetchJson(url: string, maxBytes: number): Promise<unknown>
}
