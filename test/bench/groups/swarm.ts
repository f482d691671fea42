// Files from a seed and from other browsers, as the app fetches them, against the same bytes over a raw channel in the same run.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { webrtcDialFix } from '../../../node/build/webrtcDialFix.ts'
import { findChromium } from '../../chromium.ts'
import { quietArgs } from '../../e2e/harness/quietArgs.ts'
import { serveFolder } from '../../e2e/harness/serveFolder.ts'
import { median } from '../medians.ts'
import type { Group, Row } from '../row.ts'
import type { Fetched, SwarmPage } from '../swarm/page.ts'
import { measurePayment } from '../swarm/payment.ts'
import { type BenchSeed, startBenchSeed } from '../swarm/seed.ts'

const runs = 3
/** A seed is quick, and each run another's: more of them. */
const seedRuns = 9
const MIB = 1 << 20
const sizes = [1, 10]
const swarms = [1, 2, 4]
const dials = 50
/** A dial that failed at first and worked when it was tried again takes longer than this. Milliseconds. */
const firstDialMs = 5_000
const HELPERS = 4

export const group: Group = {
  name: 'Firmware from a seed and from browsers, as the app fetches it, on loopback',
  async run() {
    const ends: (() => unknown)[] = []
    try {
      return await measure(ends)
    } finally {
      for (const end of ends.toReversed()) await end()
    }
  },
}

async function measure(ends: (() => unknown)[]): Promise<readonly Row[]> {
  const seed = await startBenchSeed()
  ends.push(() => seed.stop())
  const site = await serveFolder(await builtPage())
  ends.push(() => site.close())
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', ...quietArgs],
  })
  ends.push(() => browser.close())
  const open = () => openPage(browser, site.url)

  const fetcher = await open()
  const rows = [...(await fromSeed(fetcher, seed, seed.plain))]
  const holders = await Promise.all(Array.from({ length: HELPERS }, open))
  rows.push(...(await fromBrowsers(fetcher, holders, seed)), ...(await measurePayment()))
  return rows
}

async function fromSeed(page: Page, seed: BenchSeed, plain: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const mib of sizes) {
    const length = mib * MIB
    const cid = await seed.add(length)
    const fetches: Fetched[] = []
    const raw: number[] = []
    const kept: number[] = []
    const socket = { url: `${plain}/${String(length)}`, length }
    for (let run = 0; run < seedRuns; run++) {
      fetches.push(await fetchOnce(page, seed, cid, length))
      raw.push(await page.evaluate(receiveSocket, socket))
      kept.push(await page.evaluate(receiveAndKeep, socket))
    }
    const name = `seed to browser, ${String(mib)} MiB`
    rows.push(
      speedRow(name, length, fetches, raw, 'raw WebSocket'),
      speedRow(`${name}, again`, length, fetches, kept, 'raw WebSocket, deciphered, hashed, kept'),
    )
    if (mib === 1) rows.push(firstBlockRow('seed to browser', fetches, raw, 'whole file, raw WebSocket'))
  }
  return rows
}

async function fromBrowsers(
  page: Page,
  [first, ...others]: readonly Page[],
  seed: BenchSeed,
): Promise<readonly Row[]> {
  if (!first) throw new Error('no browser to fetch from')
  const rows: Row[] = []
  let alone: readonly number[] = []
  let cid = ''
  for (const mib of sizes) {
    // Another file than the seed's: only browsers have it.
    const length = mib * MIB - 7
    cid = await hold(first, seed, length)
    const fetches: Fetched[] = []
    const raw: number[] = []
    const memory = await watchMemory(page)
    for (let run = 0; run < runs; run++) {
      fetches.push(await fetchOnce(page, seed, cid, length))
      raw.push(await rawChannel(first, page, length))
    }
    const peak = await memory.stop()
    rows.push(speedRow(`browser to browser, ${String(mib)} MiB`, length, fetches, raw, 'raw RTCDataChannel'))
    if (mib === 1)
      rows.push(firstBlockRow('browser to browser', fetches, raw, 'whole file, raw RTCDataChannel'))
    alone = fetches.map(it => it.whole - it.firstBlock)
    if (mib === 10) {
      rows.push({
        name: 'peak memory above idle, 10 MiB, with the file itself',
        value: peak / 1e6,
        unit: 'MB',
        reference: { name: 'the aim', value: 64 },
        better: 'lower',
        runs: 1,
      })
    }
  }
  rows.push(
    ...(await swarm(page, others, seed, cid, 10 * MIB - 7, alone)),
    await firstDials(page, first, seed),
  )
  return rows
}

/** Milliseconds for so many bytes over a data channel that was just opened, as that of a fetch is. */
async function rawChannel(from: Page, to: Page, length: number): Promise<number> {
  const offer = await from.evaluate(() => window.swarm.offer())
  const answer = await to.evaluate(text => window.swarm.answer(text), offer)
  await from.evaluate(text => window.swarm.accept(text), answer)
  const received = to.evaluate(size => window.swarm.receiveRaw(size), length)
  await from.evaluate(size => window.swarm.sendRaw(size), length)
  return received
}

async function swarm(
  page: Page,
  others: readonly Page[],
  seed: BenchSeed,
  cid: string,
  length: number,
  alone: readonly number[],
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const sources of swarms) {
    if (sources === 1) continue
    for (const other of others.slice(0, sources - 1)) await hold(other, seed, length)
    const fetches: Fetched[] = []
    for (let run = 0; run < runs; run++) fetches.push(await fetchOnce(page, seed, cid, length))
    rows.push({
      name: `${String(sources)} browsers to one, 10 MiB`,
      value: length / 1e3 / median(fetches.map(it => it.whole - it.firstBlock)),
      unit: 'MB/s',
      reference: { name: 'one browser', value: length / 1e3 / median(alone) },
      better: 'higher',
      runs,
    })
  }
  return rows
}

/** Each under a new peer id, by way of the relay. */
async function firstDials(page: Page, holder: Page, seed: BenchSeed): Promise<Row> {
  const length = 60_000
  const cid = await hold(holder, seed, length)
  let quick = 0
  for (let dial = 0; dial < dials; dial++) {
    const fetched = await fetchOnce(page, seed, cid, length).catch(() => undefined)
    if (fetched && fetched.whole < firstDialMs) quick++
  }
  return {
    name: 'browsers reached by the first dial',
    value: quick,
    unit: 'dials',
    reference: { name: 'tried', value: dials },
    better: 'higher',
    runs: 1,
  }
}

async function hold(page: Page, seed: BenchSeed, length: number): Promise<string> {
  const cid = await page.evaluate(([peers, size]) => window.swarm.hold(peers, size), [
    await seed.addresses(),
    length,
  ] as const)
  // Announced, and met at the relay: both are there when the first reservation is.
  for (let tries = 0; tries < 100 && (await seed.reservations()) === 0; tries++) await pause(50)
  await pause(500)
  return cid
}

const fetchOnce = async (page: Page, seed: BenchSeed, cid: string, length: number): Promise<Fetched> =>
  page.evaluate(([peers, root, size]) => window.swarm.fetchFile(peers, root, size), [
    await seed.addresses(),
    cid,
    length,
  ] as const)

const receiveSocket = ({ url, length }: { readonly url: string; readonly length: number }) =>
  window.swarm.receiveWebSocket(url, length)

const receiveAndKeep = ({ url, length }: { readonly url: string; readonly length: number }) =>
  window.swarm.receiveAndKeep(url, length)

/** From the first block on: what it takes to start a node and to find somebody is a row of its own. */
function speedRow(
  name: string,
  length: number,
  fetches: readonly Fetched[],
  raw: readonly number[],
  reference: string,
): Row {
  return {
    name,
    value: length / 1e3 / median(fetches.map(it => it.whole - it.firstBlock)),
    unit: 'MB/s',
    reference: { name: reference, value: length / 1e3 / median(raw) },
    better: 'higher',
    runs: fetches.length,
  }
}

function firstBlockRow(
  name: string,
  fetches: readonly Fetched[],
  raw: readonly number[],
  reference: string,
): Row {
  return {
    name: `${name}, time to the first block, with the node's start`,
    value: median(fetches.map(it => it.firstBlock)),
    unit: 'ms',
    reference: { name: reference, value: median(raw) },
    better: 'lower',
    runs: fetches.length,
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'swarm' in window)
  return page
}

async function builtPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fob-swarm-page-'))
  await build({
    configFile: false,
    root: join(import.meta.dirname, '../swarm'),
    plugins: [webrtcDialFix()],
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'esnext' },
  })
  return folder
}

/** Bytes of the page's heap, buffers included, at their highest, above what it has now. */
async function watchMemory(page: Page): Promise<{ stop(): Promise<number> }> {
  const session = await page.context().newCDPSession(page)
  const used = async (): Promise<number> => {
    const { usedSize, ...rest } = await session.send('Runtime.getHeapUsage')
    const backing: unknown = Reflect.get(rest, 'backingStorageSize')
    return usedSize + (typeof backing === 'number' ? backing : 0)
  }
  await session.send('HeapProfiler.collectGarbage')
  const idle = await used()
  let peak = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      // A page that is gone has failed elsewhere, and says why there.
      peak = Math.max(peak, (await used().catch(() => undefined)) ?? 0)
      await pause(50)
    }
  })()
  return {
    async stop() {
      isOver = true
      await watching
      return peak - idle
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

declare global {
  interface Window {
    readonly swarm: SwarmPage
  }
}
