// The app's own server: types, caching, security headers, and nothing from outside its directory.
import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { type AppServer, startAppServer } from '../../../node/web/appServer.ts'
import { temporaryDirectory } from './temporary.ts'

let server: AppServer
let counter = 0
let asked: unknown[] = []

beforeAll(async () => {
  const parent = temporaryDirectory()
  const directory = join(parent, 'dist')
  mkdirSync(join(directory, 'assets'), { recursive: true })
  writeFileSync(join(parent, 'secret.txt'), 'secret')
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Fob</title>')
  writeFileSync(join(directory, 'sw.js'), 'self')
  writeFileSync(join(directory, 'assets', 'main-Ab12Cd34.js'), `export const text = '${'a'.repeat(5000)}'`)
  server = await startAppServer({
    host: '127.0.0.1',
    port: await freePort(),
    directory,
    documents: new Map([['/network.json', () => ({ counter: counter++ })]]),
    files: new Map([['/demo/lock.bin', Uint8Array.of(1, 2, 3)]]),
    actions: new Map([
      [
        '/demo/faucet',
        async (body: unknown) => {
          asked.push(body)
          if (body === 'fail') throw new Error('a reason that nobody is told')
          return 204
        },
      ],
    ]),
  })
})
beforeEach(() => {
  asked = []
})
afterAll(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })

/** fetch would tidy the path before it is sent. */
function getRaw(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the app’s server', () => {
  it('serves the page for the start and for every route of the app', async () => {
    for (const path of ['/', '/devices', '/update/some-device']) {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(await response.text()).toContain('<title>Fob</title>')
    }
  })

  it('never serves the page for a script that is missing', async () => {
    for (const path of ['/assets/gone-12345678.js', '/missing.js', '/assets/gone', '/.well-known/other']) {
      const response = await get(path)
      expect(response.status).toBe(404)
      await response.arrayBuffer()
    }
  })

  it('lets hashed files be kept for ever, and the service worker not', async () => {
    const hashed = await get('/assets/main-Ab12Cd34.js')
    expect(hashed.headers.get('cache-control')).toContain('immutable')
    expect(hashed.headers.get('content-type')).toContain('text/javascript')
    await hashed.arrayBuffer()
    const worker = await get('/sw.js')
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    await worker.arrayBuffer()
  })

  it('sends a strict content security policy with everything', async () => {
    for (const path of ['/', '/network.json', '/demo/lock.bin', '/missing.js']) {
      const response = await get(path)
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("worker-src 'self';")
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types default")
      expect(policy).not.toContain('unsafe')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      await response.arrayBuffer()
    }
  })

  it('compresses, with the same bytes behind it', async () => {
    const plain = await get('/assets/main-Ab12Cd34.js', { 'accept-encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).toBeNull()
    const body = await plain.text()
    for (const encoding of ['br', 'gzip']) {
      const compressed = await get('/assets/main-Ab12Cd34.js', { 'accept-encoding': encoding })
      expect(compressed.headers.get('content-encoding')).toBe(encoding)
      expect(Number(compressed.headers.get('content-length'))).toBeLessThan(body.length / 4)
      expect(await compressed.text()).toBe(body)
    }
  })

  it('answers 304 to whoever has the file', async () => {
    const first = await get('/sw.js')
    await first.arrayBuffer()
    const second = await get('/sw.js', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect(second.status).toBe(304)
  })

  it('makes documents anew each time, never to be stored', async () => {
    const first = await get('/network.json')
    expect(first.headers.get('cache-control')).toBe('no-store')
    const second = await get('/network.json')
    expect(await second.json()).not.toEqual(await first.json())
  })

  it('serves demo firmware as it is', async () => {
    const response = await get('/demo/lock.bin')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3))
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '/%00',
    '/%zz',
  ])('gives nothing from outside its directory for %s', async path => {
    expect([400, 404]).toContain(await getRaw(path))
  })

  it('takes nothing', async () => {
    const response = await fetch(`${server.url}/`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('an action of the app’s server', () => {
  const path = '/demo/faucet'
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${server.url}${path}`, { method: 'POST', body, headers })
  const fromPage = (body: string, origin = server.url) =>
    post(body, { origin, 'content-type': 'application/json' })

  it('is done for the app’s own page, by whichever loopback name it was opened', async () => {
    for (const origin of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
      const response = await fromPage('{"a":1}', origin)
      expect(response.status).toBe(204)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
    const described = { origin: server.url, 'content-type': 'application/json; charset=utf-8' }
    expect((await post('[]', described)).status).toBe(204)
    expect(asked).toEqual([{ a: 1 }, { a: 1 }, []])
  })

  it.each([
    ['another site', 'https://evil.example'],
    ['another port', 'http://127.0.0.1:1'],
    ['a page without an origin', 'null'],
    ['a name that starts alike', 'http://127.0.0.1.evil.example'],
  ])('is not done for %s', async (_who, origin) => {
    expect((await fromPage('{}', origin)).status).toBe(403)
    expect(asked).toEqual([])
  })

  it('is not done for whom a browser does not vouch, nor for a name that merely leads here', async () => {
    const json = { 'content-type': 'application/json' }
    expect((await post('{}', json)).status).toBe(403)
    const { port } = new URL(server.url)
    const status = await postRaw(path, {
      host: `rebound.example:${port}`,
      origin: `http://rebound.example:${port}`,
      ...json,
    })
    expect(status).toBe(403)
    expect(asked).toEqual([])
  })

  it('takes small JSON only', async () => {
    const origin = server.url
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
      expect((await post('{}', { origin, 'content-type': type })).status).toBe(415)
    }
    expect((await fromPage('{')).status).toBe(400)
    expect((await fromPage('')).status).toBe(400)
    expect((await fromPage(JSON.stringify('x'.repeat(2000)))).status).toBe(413)
    expect(asked).toEqual([])
  })

  it('says that it failed, and not why', async () => {
    const response = await fromPage('"fail"')
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('')
  })

  it('is nothing to be fetched', async () => {
    const response = await get(path)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect((await fetch(`${server.url}${path}`, { method: 'OPTIONS' })).status).toBe(405)
  })
})

/** fetch would set `host` itself. */
function postRaw(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method: 'POST', headers }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end('{}')
  })
}
