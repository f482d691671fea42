// What a browser fetches from other browsers over WebRTC: as fast as this machine can, and where each of them has a narrow link.
import { median } from '../medians.ts'
import type { Row } from '../row.ts'
import type { Fetched } from './page.ts'
import type { BenchSeed } from './seed.ts'
import { firstBlockRow, type OpenSwarmPage, pause, speedRow, streamed } from './swarmPage.ts'

const MIB = 1 << 20
const runs = 3
const sizes = [1, 10]
/** Another file than the seed's: only browsers have it. */
const sizeOf = (mib: number) => mib * MIB - 7
const LARGE = sizeOf(10)
const swarms = [2, 4]
/** What a phone sends over mobile data, or in a busy Wi-Fi. Mbit/s. */
const NARROW = 20
const dials = 50
/** A dial that failed at first and worked when it was tried again takes longer than this. Milliseconds. */
const firstDialMs = 5_000

export async function measureFromBrowsers(
  page: OpenSwarmPage,
  open: () => Promise<OpenSwarmPage>,
  seed: BenchSeed,
): Promise<readonly Row[]> {
  const holders = await Promise.all(Array.from({ length: Math.max(...swarms) }, open))
  const [first] = holders
  if (!first) throw new Error('no browser to fetch from')
  const rows = [...(await fromOne(page, first, seed)), await firstDials(page, first, seed)]
  rows.push(...(await fromSeveral(page, holders, seed)))
  for (const holder of holders) await holder.narrow((NARROW * 1e6) / 8)
  rows.push(...(await overNarrowLinks(page, holders, seed)))
  return rows
}

async function fromOne(page: OpenSwarmPage, holder: OpenSwarmPage, seed: BenchSeed): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const mib of sizes) {
    const length = sizeOf(mib)
    const cid = await hold(holder, seed, length)
    const fetches: Fetched[] = []
    const raw: number[] = []
    const memory = await page.watchMemory()
    for (let run = 0; run < runs; run++) {
      fetches.push(await page.call('fetchFile', seed.way.peers, cid, length))
      raw.push(await rawChannel(holder, page, length))
    }
    const peak = await memory.stop()
    const took = median(fetches.map(streamed))
    const name = `browser to browser, ${String(mib)} MiB`
    rows.push(speedRow(name, length, { took, reference: ['raw RTCDataChannel', median(raw)], runs }))
    if (mib === 1) rows.push(firstBlockRow('browser', fetches, ['raw RTCDataChannel', median(raw)]))
    if (length === LARGE) {
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
  return rows
}

/** All of them share the processors: more of them are hardly faster. */
async function fromSeveral(
  page: OpenSwarmPage,
  holders: readonly OpenSwarmPage[],
  seed: BenchSeed,
): Promise<readonly Row[]> {
  const alone = await fetchFrom(page, holders.slice(0, 1), seed)
  const rows: Row[] = []
  for (const sources of swarms) {
    const took = await fetchFrom(page, holders.slice(0, sources), seed)
    const name = `${String(sources)} browsers to one, 10 MiB`
    rows.push(speedRow(name, LARGE, { took, reference: ['one browser', alone], runs }))
  }
  return rows
}

async function overNarrowLinks(
  page: OpenSwarmPage,
  holders: readonly OpenSwarmPage[],
  seed: BenchSeed,
): Promise<readonly Row[]> {
  const [first] = holders
  if (!first) return []
  const raw = await rawChannel(first, page, LARGE)
  const alone = await fetchFrom(page, [first], seed)
  const link = `links of ${String(NARROW)} Mbit/s`
  const rows = [
    speedRow(`browser to browser, 10 MiB, ${link}`, LARGE, {
      took: alone,
      reference: ['raw RTCDataChannel', raw],
      runs,
    }),
  ]
  for (const sources of swarms) {
    const took = await fetchFrom(page, holders.slice(0, sources), seed)
    const name = `${String(sources)} browsers to one, 10 MiB, ${link}`
    rows.push(speedRow(name, LARGE, { took, reference: ['one browser', alone], runs }))
  }
  return rows
}

let made = 0

/** Median of milliseconds for a file that these alone hold. */
async function fetchFrom(
  page: OpenSwarmPage,
  holders: readonly OpenSwarmPage[],
  seed: BenchSeed,
): Promise<number> {
  const length = LARGE - ++made
  let cid = ''
  for (const holder of holders) cid = await hold(holder, seed, length)
  const took: number[] = []
  for (let run = 0; run < runs; run++)
    took.push(streamed(await page.call('fetchFile', seed.way.peers, cid, length)))
  return median(took)
}

/** Milliseconds for so many bytes over a data channel that was just opened, as that of a fetch is. */
async function rawChannel(from: OpenSwarmPage, to: OpenSwarmPage, length: number): Promise<number> {
  const answer = await to.call('answer', await from.call('offer'))
  await from.call('accept', answer)
  const received = to.call('receiveRaw', length)
  await from.call('sendRaw', length)
  return received
}

/** Each under a new peer id, by way of the relay. */
async function firstDials(page: OpenSwarmPage, holder: OpenSwarmPage, seed: BenchSeed): Promise<Row> {
  const length = 60_000
  const cid = await hold(holder, seed, length)
  let quick = 0
  for (let dial = 0; dial < dials; dial++) {
    const fetched = await page.call('fetchFile', seed.way.peers, cid, length).catch(() => undefined)
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

async function hold(page: OpenSwarmPage, seed: BenchSeed, length: number): Promise<string> {
  const cid = await page.call('hold', seed.way.peers, length)
  // Announced, and met at the relay: both are there when the first reservation is.
  for (let tries = 0; tries < 100 && (await seed.reservations()) === 0; tries++) await pause(50)
  await pause(500)
  return cid
}
