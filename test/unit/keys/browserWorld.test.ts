// The vault on what a browser itself offers: Web Locks, BroadcastChannel, IndexedDB, the document's own events.
import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { createVault } from '../../../src/io/keys/vault.ts'
import { browserWorld } from '../../../src/io/keys/world.ts'
import { FIRST, OWNER, outcome, ownerOf, secret, WORDS } from './browser.ts'

class TestDocument extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible'
}

const opened: { close(): void }[] = []
afterEach(() => {
  for (const vault of opened.splice(0)) vault.close()
  vi.unstubAllGlobals()
})

const timer = {
  now: () => performance.now(),
  after(ms: number, task: () => void) {
    const id = setTimeout(task, ms)
    return () => clearTimeout(id)
  },
}

function openTab() {
  const vault = createVault(browserWorld(timer))
  opened.push(vault)
  return vault
}

it('is made, heard of in another tab, locked by the document, and opened again', async () => {
  const document = new TestDocument()
  const page = new EventTarget()
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  const [vault, other] = [openTab(), openTab()]
  await vi.waitFor(() => expect(other.state.get().kind).toBe('none'), 30_000)

  // At full strength, in the page: Node.js has no Worker of the web's kind.
  expect(outcome(await vault.restore({ phrase: WORDS, passphrase: secret(FIRST) }))).toBe('ok')
  expect(await ownerOf(vault)).toBe(OWNER)
  await vi.waitFor(() => expect(other.state.get().kind).toBe('locked'), 30_000)
  expect(await other.canUsePasskeys()).toBe(false)
  expect(outcome(await other.addPasskey({ passphrase: secret(FIRST), label: 'Phone' }))).toBe(
    'passkeyUnavailable',
  )

  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(vault.state.get().kind).toBe('unlocked')
  page.dispatchEvent(new Event('pagehide'))
  expect(vault.state.get().kind).toBe('locked')
  expect(outcome(await other.unlock(secret(FIRST)))).toBe('ok')
  document.dispatchEvent(new Event('freeze'))
  expect(other.state.get().kind).toBe('locked')
}, 120_000)
