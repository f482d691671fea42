// The service worker: holds the whole build for use without a network, and gives way to a new one when the page says so.
import { cleanupOutdatedCaches, getCacheKeyForURL, matchPrecache, precache } from 'workbox-precaching'
import { createAnswer } from './answer.ts'

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build: each file of it, with its revision where the name has none. */
  readonly __WB_MANIFEST: Parameters<typeof precache>[0]
}

const NETWORK_CACHE = 'fob-network'

// Installs all or nothing: a half-loaded build never replaces a whole one.
precache(self.__WB_MANIFEST)
cleanupOutdatedCaches()

const answer = createAnswer({
  scope: self.registration.scope,
  fetch: request => fetch(request),
  isPrecached: url => getCacheKeyForURL(url) !== undefined,
  fromPrecache: matchPrecache,
  openNetworkCache: () => caches.open(NETWORK_CACHE),
  networkJsonPatience: 3_000,
  async onBroken() {
    const shell = getCacheKeyForURL(new URL('index.html', self.registration.scope).href)
    for (const name of await caches.keys()) {
      if (shell && name !== NETWORK_CACHE) await (await caches.open(name)).delete(shell)
    }
    // Not awaited: the page's request would wait for the whole new build.
    void self.registration.update().catch(() => {})
  },
})

self.addEventListener('fetch', event => {
  const answered = answer(event.request)
  if (answered) event.respondWith(answered)
})

self.addEventListener('message', event => {
  // workbox-window's messageSkipWaiting(). Never of our own accord: the page may be flashing.
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting()
})

self.addEventListener('activate', event => {
  // The first visit's page is served from here at once, its lazy chunks included.
  event.waitUntil(self.clients.claim())
})
