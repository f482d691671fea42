// What a script that got into the page could still start, where the browser has Trusted Types: nothing but the app's own workers.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { freePort } from '../../node/http.ts'
import { startAppServer } from '../../node/web/appServer.ts'
import type {} from '../../src/io/trustedScripts.ts'
import { openPhone } from './harness/phone.ts'
import { serveFolder } from './harness/serveFolder.ts'

/** As the build names a worker, and as it names everything else. */
const worker = 'assets/probeWorker-Ab12Cd34.js'
const other = 'assets/probe-Ab12Cd34.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fob-policy-'))
  await cp(inject('appFolder'), folder, { recursive: true })
  for (const name of [worker, other]) await writeFile(join(folder, name), "postMessage('up')")
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function appServer() {
  const server = await startAppServer({
    host: '127.0.0.1',
    port: await freePort(),
    directory: folder,
    documents: new Map(),
    files: new Map(),
  })
  return { url: `${server.url}/`, close: () => server.stop() }
}

it.each([
  ['the server of npm start', appServer],
  ['any static host', () => serveFolder(folder)],
])('a page from %s starts its own workers and no other code', async (_host, serve) => {
  const host = await serve()
  const phone = await openPhone({ chromiumPath: inject('chromiumPath'), url: host.url, installs: true })
  try {
    // Nobody serves a network.json here; what is refused is told in the console.
    phone.allowErrors(/404|Trusted|Content Security Policy|unsafe-eval/i)
    const { page } = phone
    // The service worker's own address passes the policy.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    const start = (url: string) =>
      page.evaluate(
        address =>
          new Promise<unknown>(resolve => {
            try {
              const started = new Worker(address, { type: 'module' })
              started.onmessage = ({ data }) => resolve(data)
              started.onerror = () => resolve('did not load')
            } catch (error) {
              resolve(error instanceof Error ? error.name : error)
            }
          }),
        url,
      )
    expect(await start(`${host.url}${worker}`)).toBe('up')
    expect(await start(`/${worker}`)).toBe('up')
    for (const url of [
      `${host.url}${other}`,
      `${host.url}assets/../${other}`,
      `https://other.example/${worker}`,
      `/x/${worker}`,
      `/${worker}?${other}`,
      "data:text/javascript,postMessage('up')",
      await page.evaluate(() => URL.createObjectURL(new Blob(["postMessage('up')"]))),
    ]) {
      expect([url, await start(url)]).toEqual([url, 'TypeError'])
    }
    const refused = await page.evaluate(() => {
      const attempts: Record<string, () => unknown> = {
        html: () => {
          document.body.innerHTML = '<b>x</b>'
        },
        outer: () => document.body.insertAdjacentHTML('beforeend', '<i>x</i>'),
        frame: () => {
          document.createElement('iframe').srcdoc = '<script>1</script>'
        },
        source: () => {
          document.createElement('script').src = '/assets/probe-Ab12Cd34.js'
        },
        text: () => {
          document.createElement('script').text = '1'
        },
        policy: () => globalThis.trustedTypes?.createPolicy('mine', { createScriptURL: url => url }),
        again: () => globalThis.trustedTypes?.createPolicy('default', { createScriptURL: url => url }),
      }
      return Object.entries(attempts).map(([name, attempt]) => {
        try {
          attempt()
          return `${name}: done`
        } catch (error) {
          return `${name}: ${error instanceof Error ? error.name : error}`
        }
      })
    })
    expect(refused).toEqual(
      ['html', 'outer', 'frame', 'source', 'text', 'policy', 'again'].map(name => `${name}: TypeError`),
    )
    await phone.close()
  } finally {
    await phone.discard()
    await host.close()
  }
})
