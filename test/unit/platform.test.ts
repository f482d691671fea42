// The browser's platform port where Node.js has the same interfaces: locks, JSON documents, wake lock on a fake page.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createPlatform } from '../../src/io/platform.ts'

const platform = createPlatform()
const cleanups: (() => void)[] = []
afterEach(() => {
  vi.unstubAllGlobals()
  for (const stop of cleanups.splice(0)) stop()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/network.json`
}

describe('locks', () => {
  test('a second holder is turned away at once, and let in when the first is done', async () => {
    let finish = () => {}
    const first = platform.withLock(
      'flash',
      () => new Promise<string>(resolve => (finish = () => resolve('done'))),
    )
    await expect.poll(() => platform.isLocked('flash')).toBe(true)
    expect(await platform.withLock('flash', async () => 'never')).toBeUndefined()
    expect(await platform.isLocked('other')).toBe(false)
    finish()
    expect(await first).toEqual({ value: 'done' })
    expect(await platform.withLock('flash', async () => 'now')).toEqual({ value: 'now' })
  })

  test('a task that throws gives its lock back', async () => {
    await expect(
      platform.withLock('fails', async () => {
        throw new Error('a bug')
      }),
    ).rejects.toThrow('a bug')
    expect(await platform.isLocked('fails')).toBe(false)
  })
})

describe('fetchJson', () => {
  test('gives the document, and asks for no cached one', async () => {
    const url = await serve((_request, response) => response.end('{"chainId":31337,"name":"Zürich"}'))
    expect(await platform.fetchJson(url, 100)).toEqual({ chainId: 31337, name: 'Zürich' })
  })

  const bad: Record<string, RequestListener> = {
    'a longer one': (_request, response) => response.end(JSON.stringify('x'.repeat(200))),
    'an endless one': (_request, response) => {
      const send = () => void (response.destroyed || response.write('x'.repeat(4096), send))
      send()
    },
    'no JSON': (_request, response) => response.end('<!doctype html>'),
    'no UTF-8': (_request, response) => response.end(Buffer.from([0x22, 0xff, 0x22])),
    'an error': (_request, response) => response.writeHead(500).end('{}'),
    'a hang-up': request => request.socket.destroy(),
  }
  test.each(Object.keys(bad))('%s is undefined', async kind => {
    const url = await serve(bad[kind] ?? (() => {}))
    expect(await platform.fetchJson(url, 100)).toBeUndefined()
  })
})

describe('wake lock', () => {
  function fakePage() {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const sentinels: { released: boolean; release(): Promise<void> }[] = []
    vi.stubGlobal('document', page)
    vi.stubGlobal('navigator', {
      wakeLock: {
        request: async () => {
          const sentinel = {
            released: false,
            release: async () => {
              sentinel.released = true
            },
          }
          sentinels.push(sentinel)
          return sentinel
        },
      },
    })
    const show = (state: string) => {
      page.visibilityState = state
      // The browser releases it with the page hidden.
      if (state === 'hidden') for (const sentinel of sentinels) sentinel.released = true
      page.dispatchEvent(new Event('visibilitychange'))
    }
    return { sentinels, show }
  }

  test('is taken again when the page comes back, until it is released', async () => {
    const { sentinels, show } = fakePage()
    const release = await platform.keepAwake()
    expect(sentinels.length).toBe(1)
    show('hidden')
    expect(sentinels.length).toBe(1)
    show('visible')
    await expect.poll(() => sentinels.filter(sentinel => !sentinel.released).length).toBe(1)
    release()
    await expect.poll(() => sentinels.every(sentinel => sentinel.released)).toBe(true)
    show('hidden')
    show('visible')
    expect(sentinels.length).toBe(2)
  })

  test('a browser that refuses or has none does not stop the update', async () => {
    fakePage()
    vi.stubGlobal('navigator', { wakeLock: { request: async () => Promise.reject(new Error('refused')) } })
    expect(await platform.keepAwake()).toBeTypeOf('function')
    vi.stubGlobal('navigator', {})
    expect(await platform.keepAwake()).toBeTypeOf('function')
  })
})
