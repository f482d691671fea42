// The service worker in a real browser: the whole build offline, updates that wait, and no way to lock anybody out.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { quietArgs } from './harness/quietArgs.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

let work: string
let server: Awaited<ReturnType<typeof startHost>>
let browser: BrowserContext

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'fob-sw-'))
  server = await startHost(inject('appFolder'))
  browser = await openBrowser()
})

afterEach(async () => {
  await browser.close()
  await server.stop()
  await rm(work, { recursive: true, force: true })
})

/** A static host whose build can be exchanged and whose network can be cut. */
async function startHost(build: string) {
  const host = { folder: build, isDown: false, network: '{"copy":1}', requests: [] as string[] }
  const http = createServer(async (request, response) => {
    if (host.isDown) {
      request.socket.destroy()
      return
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    host.requests.push(pathname)
    if (pathname === '/network.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(host.network)
      return
    }
    const path = extname(pathname) ? pathname : '/index.html'
    const body = await readFile(join(host.folder, path)).catch(() => undefined)
    const type = types[extname(path)] ?? 'application/octet-stream'
    if (body) response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(body)
    else response.writeHead(404).end()
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(http.address() as AddressInfo).port}`
  const stop = () =>
    new Promise<void>(resolve => {
      http.close(() => resolve())
      http.closeAllConnections()
    })
  return { host, url, stop }
}

const openBrowser = () =>
  chromium.launchPersistentContext(join(work, 'profile'), {
    executablePath: inject('chromiumPath'),
    args: ['--no-sandbox', ...quietArgs],
  })

/** Opens a path and waits until the app drew something. */
async function open(path: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(server.url + path)
  await page.waitForFunction(() => document.querySelector('#root')?.childElementCount)
  return page
}

async function visitOnce(): Promise<Page> {
  const page = await open('/')
  await page.waitForFunction(() => navigator.serviceWorker?.controller)
  return page
}

/** A build of the same files under another revision, told apart by a mark in its page. */
async function nextBuild(mark: string): Promise<string> {
  const folder = join(work, mark)
  await cp(inject('appFolder'), folder, { recursive: true })
  const index = await readFile(join(folder, 'index.html'), 'utf8')
  await writeFile(join(folder, 'index.html'), index.replace('<html', `<html data-build="${mark}"`))
  const worker = await readFile(join(folder, 'sw.js'), 'utf8')
  const listed =
    /(revision:"|"revision":")([0-9a-f]{32})("[^}]*index\.html)|(index\.html[^}]*revision"?:")([0-9a-f]{32})/
  expect(worker).toMatch(listed)
  const revision = listed.exec(worker)
  const old = revision?.[2] ?? revision?.[5] ?? ''
  await writeFile(join(folder, 'sw.js'), worker.replaceAll(old, old.split('').reverse().join('')))
  return folder
}

/** Whether nothing was loaded for a while. */
const hasComeToRest = (page: Page) =>
  page.evaluate(async () => {
    const count = performance.getEntriesByType('resource').length
    await new Promise(resolve => setTimeout(resolve, 1_500))
    return performance.getEntriesByType('resource').length === count
  })

const buildOf = (page: Page) => page.evaluate(() => document.documentElement.dataset.build ?? 'first')

test('after one visit the whole build is there without a network, in a browser that was closed', async () => {
  await visitOnce()
  await browser.close()
  server.host.isDown = true
  browser = await openBrowser()

  const page = await open('/device/somewhere/deep')
  const assets = (await readdir(join(inject('appFolder'), 'assets'))).map(name => `/assets/${name}`)
  const missing = await page.evaluate(async paths => {
    const had = await Promise.all(
      paths.map(path =>
        fetch(path).then(
          response => response.ok,
          () => false,
        ),
      ),
    )
    return paths.filter((_, i) => !had[i])
  }, assets)
  expect(assets.length).toBeGreaterThan(5)
  expect(missing).toEqual([])
})

test('network.json is the last copy without a network, and the new one as soon as there is one', async () => {
  const page = await visitOnce()
  const read = () => page.evaluate(() => fetch('/network.json', { cache: 'no-store' }).then(r => r.json()))
  expect(await read()).toEqual({ copy: 1 })
  server.host.isDown = true
  expect(await read()).toEqual({ copy: 1 })
  server.host.isDown = false
  server.host.network = '{"copy":2}'
  expect(await read()).toEqual({ copy: 2 })
})

test('blocks of a gateway on the same host are never kept', async () => {
  const page = await visitOnce()
  await page.evaluate(() => fetch('/ipfs/bafkqaaa?format=raw').then(r => r.arrayBuffer()))
  const kept = await page.evaluate(async () => {
    const urls: string[] = []
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(request.url)
    return urls.filter(url => url.includes('/ipfs/'))
  })
  expect(kept).toEqual([])
})

test('a new version waits until the page says so, and then leaves nothing of the old one', async () => {
  await (await visitOnce()).close()
  server.host.folder = await nextBuild('second')
  const page = await open('/')
  const isWaiting = () =>
    page.evaluate(async () => !!(await navigator.serviceWorker.getRegistration())?.waiting)
  await expect.poll(isWaiting, { timeout: 20_000 }).toBe(true)
  await page.reload()
  expect(await buildOf(page)).toBe('first')
  // A worker gives way once it answers nothing any more. With the debugger attached, Chromium looks only once whether that is
  // so: the rest of the app, which is loaded in idle time, has to be there by then.
  await page.waitForLoadState('networkidle')
  await expect.poll(() => hasComeToRest(page), { timeout: 20_000 }).toBe(true)

  await page.evaluate(async () => {
    const taken = new Promise(resolve => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve)
    })
    const registration = await navigator.serviceWorker.getRegistration()
    registration?.waiting?.postMessage({ type: 'SKIP_WAITING' })
    await taken
  })
  await page.reload()
  expect(await buildOf(page)).toBe('second')
  const shells = () =>
    page.evaluate(async () => {
      let count = 0
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
          if (request.url.includes('/index.html')) count++
      return count
    })
  await expect.poll(shells).toBe(1)
})

test('holes in what is held, on a host that moved on, mend themselves at the next start', async () => {
  const page = await visitOnce()
  server.host.folder = await nextBuild('second')
  // The browser lost the scripts, and the host no longer has them under these names.
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys())
        if (request.url.includes('/assets/')) await cache.delete(request)
    }
  })
  const [script] =
    /\/assets\/index-[^"]+\.js/.exec(await readFile(join(server.host.folder, 'index.html'), 'utf8')) ?? []
  const renamed = String(script).replace('index-', 'newer-')
  await cp(join(server.host.folder, String(script)), join(server.host.folder, renamed))
  await rm(join(server.host.folder, String(script)))
  const index = await readFile(join(server.host.folder, 'index.html'), 'utf8')
  await writeFile(join(server.host.folder, 'index.html'), index.replaceAll(String(script), renamed))
  await page.goto(`${server.url}/`)
  await page.waitForLoadState('networkidle')

  const next = await open('/')
  expect(await buildOf(next)).toBe('second')
})
