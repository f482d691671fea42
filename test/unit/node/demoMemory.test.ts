// The place where all browsers of a local instance keep the demo devices' flash: whoever is later than another one is told.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryFlash } from '../../../device/flash.ts'
import { decodeSnapshot, encodeSnapshot } from '../../../device/snapshotFile.ts'
import { freePort } from '../../../node/http.ts'
import { type AppServer, startAppServer } from '../../../node/web/appServer.ts'
import { createDemoMemory } from '../../../node/web/demoMemory.ts'
import type { Stores } from '../../../src/app/ports/store.ts'
import type { NetworkConfig } from '../../../src/core/network.ts'
import { DemoMemory } from '../../../src/demoMemory.ts'

const id = 'Fob Lock One/rev B'

let directory: string
let server: AppServer
let origin: string
/** Milliseconds, of whoever keeps them. */
let now = 0

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fob-demo-'))
  const port = await freePort()
  server = await startAppServer({
    host: '127.0.0.1',
    port,
    directory,
    documents: new Map(),
    files: new Map(),
    demoMemory: createDemoMemory(
      join(directory, 'devices'),
      new Set([id]),
      new Set(['Own/rev A']),
      () => now,
    ),
  })
  origin = server.url
})

afterEach(async () => {
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

const url = (name = id) => `${origin}/demo/memory/${encodeURIComponent(name)}`
const put = (body: string, headers: Record<string, string>, name = id) =>
  fetch(url(name), { method: 'PUT', body, headers: { origin, ...headers } })

describe('the shared memory of demo devices', () => {
  it('takes the first, then only what was made of the latest', async () => {
    expect((await fetch(url())).status).toBe(204)
    const first = await put('one', { 'if-none-match': '*' })
    expect(first.status).toBe(204)
    const tag = first.headers.get('etag') ?? ''
    const read = await fetch(url())
    expect([await read.text(), read.headers.get('etag')]).toEqual(['one', tag])
    expect((await fetch(url(), { headers: { 'if-none-match': tag } })).status).toBe(304)

    expect((await put('late', { 'if-none-match': '*' })).status).toBe(412)
    expect((await put('two', { 'if-match': tag })).status).toBe(204)
    expect((await put('late', { 'if-match': tag })).status).toBe(412)
    expect(await (await fetch(url())).text()).toBe('two')
  })

  it('takes nothing from other pages, nothing too large, and no devices of other names', async () => {
    expect((await put('x', { 'if-none-match': '*', origin: 'https://evil.example' })).status).toBe(403)
    expect((await put('x', { 'if-none-match': '*' }, '../../etc/passwd')).status).toBe(404)
    const large = await put('x'.repeat(4 * 1024 * 1024 + 1), { 'if-none-match': '*' }).catch(() => undefined)
    expect(large?.status ?? 413).toBe(413)
    expect((await fetch(url())).status).toBe(204)
    // Of what each browser has for itself nothing is kept, and nobody is told of an error.
    expect((await put('x'.repeat(3 * 1024 * 1024), { 'if-none-match': '*' }, 'Own/rev A')).status).toBe(204)
    expect((await fetch(url('Own/rev A'))).status).toBe(204)
  })
})

/** A browser: a store of its own, and a connection that can be taken away. */
function browser() {
  const kept = new Map<string, unknown>()
  const values = {
    get: async (key: string) => structuredClone(kept.get(key)),
    put: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
    delete: async (key: string) => void kept.delete(key),
  } as unknown as Stores['values']
  const config = { chain: { registry: '0x01' }, demo: { memory: `${origin}/demo/memory` } }
  let isOnline = true
  const memory = new DemoMemory(config as unknown as NetworkConfig, { values } as Stores, {
    isOnline: () => isOnline,
    randomId: () => randomUUID(),
  })
  return {
    memory,
    goOffline: () => {
      isOnline = false
    },
    goOnline: () => {
      isOnline = true
    },
  }
}

const key = new Uint8Array(32).fill(7)

function flashWith(byte: number) {
  const flash = new MemoryFlash({ slotSize: 8192 })
  flash.write('settings', 0, Uint8Array.of(byte))
  return flash.snapshot()
}

/** fetch in Node says no origin by itself, a page does. */
const pageFetch = globalThis.fetch
beforeEach(() => {
  globalThis.fetch = (input, init) =>
    pageFetch(input, { ...init, headers: { origin, ...(init?.headers as Record<string, string>) } })
})
afterEach(() => {
  globalThis.fetch = pageFetch
})

describe('a demo device', () => {
  it('is the same in every browser, also for one that has lost its connection since', async () => {
    const [anna, ben] = [browser(), browser()]
    expect(await anna.memory.read(id)).toBeUndefined()
    await anna.memory.write(id, 1, { key, flash: flashWith(1) })
    expect(await ben.memory.read(id)).toMatchObject({ key, flash: flashWith(1) })

    await anna.memory.write(id, 2, { key, flash: flashWith(2) })
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(2))
    ben.goOffline()
    await anna.memory.write(id, 3, { key, flash: flashWith(3) })
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(2))
    await ben.memory.write(id, 9, { key, flash: flashWith(9) })
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(9))

    // Back again, the one that went on meanwhile is believed: two pasts of one device can't both be true.
    ben.goOnline()
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(3))
    await ben.memory.write(id, 12, { key, flash: flashWith(4) })
    expect((await anna.memory.read(id))?.flash).toEqual(flashWith(4))
  })

  it('is in one browser’s hands at a time, until that one lets go or has gone', async () => {
    const [anna, ben] = [browser(), browser()]
    expect(await anna.memory.hold(id)).toBe(true)
    expect(await anna.memory.hold(id)).toBe(true)
    await anna.memory.write(id, 1, { key, flash: flashWith(1) })
    expect(await ben.memory.hold(id)).toBe(false)
    // What somebody else makes of it meanwhile is not what became of it.
    await ben.memory.read(id)
    await ben.memory.write(id, 9, { key, flash: flashWith(9) })
    await anna.memory.write(id, 2, { key, flash: flashWith(2) })
    await anna.memory.letGo(id)
    expect(await ben.memory.hold(id)).toBe(true)
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(2))
    // A browser that was killed says nothing any more.
    expect(await anna.memory.hold(id)).toBe(false)
    now += 10_001
    expect(await anna.memory.hold(id)).toBe(true)
    // Nobody else lets go of it in its place, and without a connection everybody has a device of his own.
    await ben.memory.letGo(id)
    expect(await ben.memory.hold(id)).toBe(false)
    ben.goOffline()
    expect(await ben.memory.hold(id)).toBe(true)
  })

  it('that was used without a connection is shared when there is one again', async () => {
    const [anna, ben] = [browser(), browser()]
    await anna.memory.write(id, 1, { key, flash: flashWith(1) })
    anna.goOffline()
    await anna.memory.write(id, 2, { key, flash: flashWith(2) })
    anna.goOnline()
    await anna.memory.write(id, 3, { key, flash: flashWith(3) })
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(3))
  })

  it('that was used without a connection is shared by whoever looks after it, although nothing is written any more', async () => {
    const [anna, ben] = [browser(), browser()]
    await anna.memory.write(id, 1, { key, flash: flashWith(1) })
    anna.goOffline()
    await anna.memory.write(id, 2, { key, flash: flashWith(2) })
    expect((await anna.memory.read(id))?.flash).toEqual(flashWith(2))
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(1))

    anna.goOnline()
    expect((await anna.memory.read(id))?.flash).toEqual(flashWith(2))
    expect((await ben.memory.read(id))?.flash).toEqual(flashWith(2))
    // Once is enough: who went on with it since is not undone.
    await ben.memory.write(id, 5, { key, flash: flashWith(5) })
    expect((await anna.memory.read(id))?.flash).toEqual(flashWith(5))
  })

  it('that was written where it may not be, while another browser has it, is not shared later', async () => {
    const [anna, ben] = [browser(), browser()]
    await anna.memory.write(id, 1, { key, flash: flashWith(1) })
    await ben.memory.read(id)
    expect(await anna.memory.hold(id)).toBe(true)
    await ben.memory.write(id, 9, { key, flash: flashWith(9) })
    await anna.memory.letGo(id)
    await ben.memory.read(id)
    expect((await anna.memory.read(id))?.flash).toEqual(flashWith(1))
  })
})

describe('a snapshot as bytes', () => {
  it('comes back as it was, and nothing else does', () => {
    const bytes = encodeSnapshot(flashWith(5))
    expect(decodeSnapshot(bytes)).toEqual(flashWith(5))
    const { settings: _, ...areas } = flashWith(5).areas
    expect(decodeSnapshot(encodeSnapshot({ ...flashWith(5), areas }))).toEqual({ ...flashWith(5), areas })
    for (const length of [0, 3, 4, 7, 100, bytes.length - 1]) {
      expect(decodeSnapshot(bytes.subarray(0, length))).toBeUndefined()
    }
    expect(decodeSnapshot(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })
})
