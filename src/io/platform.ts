// The browser as the use cases see it: time, randomness, locks between tabs, wake lock, storage, small JSON documents.
import type { Platform } from '../app/ports/platform.ts'
import type { Bytes } from '../core/bytes.ts'

/** `appUrl`: where the app is, which relative addresses are resolved against; the page itself may be screens deep. */
export function createPlatform(appUrl?: string): Platform {
  return {
    timer: {
      now: () => performance.now(),
      after(ms, task) {
        const id = setTimeout(task, ms)
        return () => clearTimeout(id)
      },
    },
    unixNow: () => Math.floor(Date.now() / 1000),
    randomBytes: length => crypto.getRandomValues<Bytes>(new Uint8Array(length)),
    randomId: () => crypto.randomUUID(),
    withLock,
    async isLocked(name) {
      const { held } = await navigator.locks.query()
      return held?.some(lock => lock.name === name) ?? false
    },
    keepAwake,
    isOnline: () => navigator.onLine,
    onOnlineChange(listener) {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    async storageEstimate() {
      const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {}
      if (usage === undefined || quota === undefined) return null
      const persisted = (await navigator.storage.persisted?.()) ?? false
      return { used: usage, free: Math.max(0, quota - usage), persisted }
    },
    askForPersistence: async () => (await navigator.storage?.persist?.()) ?? false,
    fetchJson: (url, maxBytes) => fetchJson(appUrl === undefined ? url : new URL(url, appUrl).href, maxBytes),
  }
}

async function withLock<T>(name: string, task: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
  return navigator.locks.request(name, { ifAvailable: true }, async lock =>
    lock ? { value: await task() } : undefined,
  )
}

/** Browsers take the wake lock away when the page is hidden, so it is asked for again each time it is shown. */
async function keepAwake(): Promise<() => void> {
  let sentinel: WakeLockSentinel | undefined
  let isReleased = false

  async function acquire(): Promise<void> {
    if (isReleased || document.visibilityState !== 'visible' || (sentinel && !sentinel.released)) return
    try {
      sentinel = await navigator.wakeLock?.request('screen')
      if (isReleased) await sentinel?.release()
    } catch {
      // Refused (battery saver, no permission): the update goes on, and the person keeps the screen on.
    }
  }

  document.addEventListener('visibilitychange', acquire)
  await acquire()
  return () => {
    isReleased = true
    document.removeEventListener('visibilitychange', acquire)
    void sentinel?.release().catch(() => {})
  }
}

const JSON_DEADLINE_MS = 10_000

/** A document that is too long, not JSON, late, or not there at all is simply not had. */
async function fetchJson(url: string, maxBytes: number): Promise<unknown> {
  try {
    const response = await fetch(url, {
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(JSON_DEADLINE_MS),
    })
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      return undefined
    }
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const reader = response.body.getReader()
    let text = ''
    let length = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > maxBytes) {
        await reader.cancel()
        return undefined
      }
      text += decoder.decode(value, { stream: true })
    }
    const document: unknown = JSON.parse(text + decoder.decode())
    return document
  } catch {
    return undefined
  }
}
