// How soon a mid phone on a slow network shows the app and can scan, against an empty page of the same server.
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { freePort } from '../../../node/http.ts'
import { networkConfig } from '../../../node/local/network.ts'
import { startAppServer } from '../../../node/web/appServer.ts'
import { networkPath } from '../../../src/core/network.ts'
import { en } from '../../../src/ui/i18n/en.ts'
import { findChromium } from '../../chromium.ts'
import { openPhone, type Phone } from '../../e2e/harness/phone.ts'
import { builtApp } from '../builtApp.ts'
import { median } from '../medians.ts'
import type { Group, Row } from '../row.ts'

const runs = 5
const host = '127.0.0.1'
/** Times slower than this machine. */
const cpuSlowdown = 4
const network = {
  offline: false,
  /** Milliseconds. */
  latency: 100,
  /** Bytes per second: 9 and 4 Mbit/s. */
  downloadThroughput: 9_000_000 / 8,
  uploadThroughput: 4_000_000 / 8,
}
const emptyPage =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Empty</title><p>Empty'
const readyMark = 'ready-to-scan'

export const group: Group = {
  name: 'First screen on an emulated mid phone: 4x slower CPU, 9 Mbit/s, 100 ms',
  async run() {
    const chromiumPath = await findChromium()
    const server = await serve()
    const firsts: Visit[] = []
    const laters: Visit[] = []
    const empties: number[] = []
    // A fresh phone for every visit: neither a connection nor a cached byte is there before it.
    const onPhone = async (measure: (page: Page) => Promise<void>) => {
      const phone = await openPhone({ chromiumPath, url: 'about:blank', installs: true })
      try {
        await emulate(phone)
        await measure(phone.page)
      } finally {
        await phone.discard()
      }
    }
    try {
      for (let run = 0; run < runs; run++) {
        await onPhone(async page => {
          await page.goto(`${server.url}/empty.html`)
          empties.push(await firstPaint(page))
        })
        await onPhone(async page => {
          firsts.push(await visit(page, server.url))
          await page.evaluate(async () => void (await navigator.serviceWorker.ready))
          await page.goto('about:blank')
          laters.push(await visit(page, server.url))
        })
      }
    } finally {
      await server.stop()
    }
    const row = (name: string, values: readonly number[]): Row => ({
      name,
      value: median(values),
      unit: 'ms',
      reference: { name: 'an empty page, first paint', value: median(empties) },
      better: 'lower',
      runs,
    })
    return [
      row(
        'first visit: first paint',
        firsts.map(({ paint }) => paint),
      ),
      row(
        'first visit: ready to scan',
        firsts.map(({ ready }) => ready),
      ),
      row(
        'later visit: first paint',
        laters.map(({ paint }) => paint),
      ),
      row(
        'later visit: ready to scan',
        laters.map(({ ready }) => ready),
      ),
    ]
  },
}

/** Milliseconds from the start of the navigation. */
interface Visit {
  /** First contentful paint. */
  readonly paint: number
  /** When the button that opens the chooser could be pressed, and was painted. */
  readonly ready: number
}

/** The build with an empty page beside it; a copy, for the build may be made anew in the meantime. */
async function serve() {
  const directory = await mkdtemp(join(tmpdir(), 'fob-paint-'))
  await cp(await builtApp(), directory, { recursive: true })
  await writeFile(join(directory, 'empty.html'), emptyPage)
  const port = await freePort()
  const url = `http://${host}:${port}`
  const config = networkConfig(
    {
      chainId: 31_337,
      registry: `0x${'2b'.repeat(20)}`,
      // Nothing is asked of the chain before a device was chosen.
      endpoints: [`${url}/one`, `${url}/two`],
      gateway: url,
      maker: `0x${'1a'.repeat(20)}`,
      firmwareKey: '0x00',
      models: [],
    },
    [],
  )
  return startAppServer({
    host,
    port,
    directory,
    documents: new Map([[networkPath, () => config]]),
    files: new Map(),
  })
}

async function emulate(phone: Phone): Promise<void> {
  const session: CDPSession = await phone.browser.newCDPSession(phone.page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', network)
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
  await phone.page.addInitScript(markWhenReady, { label: en.devices.add, mark: readyMark })
}

/** Runs in the page, before anything of the page itself. */
function markWhenReady({ label, mark }: { readonly label: string; readonly mark: string }): void {
  const look = () => {
    const buttons = [...document.querySelectorAll('button')]
    if (!buttons.some(button => button.textContent?.trim() === label && !button.disabled)) return
    observer.disconnect()
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(mark)))
  }
  const observer = new MutationObserver(look)
  observer.observe(document, { subtree: true, childList: true, attributes: true })
}

async function visit(page: Page, url: string): Promise<Visit> {
  await page.goto(url)
  await page.waitForFunction(mark => performance.getEntriesByName(mark).length > 0, readyMark)
  const ready = await page.evaluate(mark => performance.getEntriesByName(mark)[0]?.startTime, readyMark)
  if (ready === undefined) throw new Error('never ready to scan')
  const paint = await firstPaint(page)
  // A frame's scripts run a moment before it is on the screen.
  return { paint, ready: Math.max(ready, paint) }
}

async function firstPaint(page: Page): Promise<number> {
  const name = 'first-contentful-paint'
  await page.waitForFunction(paint => performance.getEntriesByName(paint).length > 0, name)
  const at = await page.evaluate(paint => performance.getEntriesByName(paint)[0]?.startTime, name)
  if (at === undefined) throw new Error('never painted')
  return at
}
