// What a vault needs from the browser, as arguments: tests bring their own, with the same code between.
import type { Bytes } from '../../core/bytes.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { type AutoLockSettings, documentEvents, type PageEvents } from './autoLock.ts'
import { type KeyStore, openKeyStore } from './keyDatabase.ts'
import { browserPasskeys, type Passkeys } from './passkeys.ts'
import { type Stretch, stretchInWorker } from './stretch.ts'

export interface VaultWorld {
  readonly store: KeyStore
  readonly stretch: Stretch
  readonly passkeys: Passkeys
  readonly randomBytes: (length: number) => Bytes
  readonly timer: Timer
  /** Wall clock, Unix milliseconds: for dates that are shown, and nothing that protects. */
  readonly wallNow: () => number
  readonly page: PageEvents
  readonly autoLock?: AutoLockSettings
  /** Runs one task at a time in all tabs of the origin. */
  exclusively<T>(task: () => Promise<T>): Promise<T>
  /** Tells other tabs that the stored vault changed. */
  readonly otherTabs: { tell(): void; onChange(listener: () => void): () => void }
}

export function browserWorld(timer: Timer): VaultWorld {
  const randomBytes = (length: number): Bytes => crypto.getRandomValues<Bytes>(new Uint8Array(length))
  const channel = new BroadcastChannel('fob-vault')
  return {
    store: openKeyStore(),
    stretch: stretchInWorker,
    passkeys: browserPasskeys(randomBytes),
    randomBytes,
    timer,
    wallNow: () => Date.now(),
    page: documentEvents,
    exclusively: async task => navigator.locks.request('fob-vault', task),
    otherTabs: {
      tell: () => channel.postMessage('changed'),
      onChange(listener) {
        channel.addEventListener('message', listener)
        return () => channel.removeEventListener('message', listener)
      },
    },
  }
}
