// Where a page can have passkeys at all: under a name, never under an address.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserPasskeys } from '../../../src/io/keys/passkeys.ts'

const randomBytes = (length: number) => new Uint8Array(length)

function pageAt(hostname: string): void {
  vi.stubGlobal('PublicKeyCredential', class {})
  vi.stubGlobal('location', { hostname })
  vi.stubGlobal('navigator', { credentials: { create: async () => null, get: async () => null } })
}

afterEach(() => vi.unstubAllGlobals())

describe('passkeys of a page', () => {
  it.each(['localhost', 'fob.example', '10.example', 'xn--fiqs8s.example'])('are there at %s', async host => {
    pageAt(host)
    expect(await browserPasskeys(randomBytes).isAvailable()).toBe(true)
  })

  it.each(['127.0.0.1', '192.168.1.20', '[::1]'])('are not offered at %s, and asking says so', async host => {
    pageAt(host)
    const passkeys = browserPasskeys(randomBytes)
    expect(await passkeys.isAvailable()).toBe(false)
    expect(await passkeys.ask([])).toEqual({ ok: false, error: { kind: 'passkeyUnavailable' } })
  })

  it('are not there in a browser without WebAuthn', async () => {
    pageAt('localhost')
    vi.stubGlobal('PublicKeyCredential', undefined)
    expect(await browserPasskeys(randomBytes).isAvailable()).toBe(false)
  })
})
