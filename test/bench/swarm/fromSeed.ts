// What a browser fetches from a seed over a WebSocket, as fast as this machine can, and over links of a given speed.
import { median } from '../medians.ts'
import type { Row } from '../row.ts'
import type { Fetched } from './page.ts'
import type { BenchSeed } from './seed.ts'
import type { Way } from './seedProcess.ts'
import { firstBlockRow, type OpenSwarmPage, speedRow, streamed } from './swarmPage.ts'

const MIB = 1 << 20
const sizes = [1, 10]
/** A seed is quick, and each run another's: many of them. */
const runs = 9
const narrowRuns = 3
/** Mbit/s: a home's Internet access, a good Wi-Fi. */
const links = [100, 300]

export async function measureFromSeed(page: OpenSwarmPage, seed: BenchSeed): Promise<readonly Row[]> {
  const rows: Row[] = []
  const cids = new Map<number, string>()
  for (const mib of sizes) {
    const length = mib * MIB
    const cid = await seed.add(length)
    cids.set(mib, cid)
    const { fetches, raw, kept } = await takeTurns(page, seed.way, cid, length, runs)
    const name = `seed to browser, ${String(mib)} MiB`
    const took = median(fetches.map(streamed))
    rows.push(
      speedRow(name, length, { took, reference: ['raw WebSocket', median(raw)], runs }),
      speedRow(`${name}, again`, length, {
        took,
        reference: ['raw WebSocket, deciphered, hashed, kept', median(kept)],
        runs,
      }),
    )
    if (mib === 1) rows.push(firstBlockRow('seed', fetches, ['raw WebSocket', median(raw)]))
  }
  const large = Math.max(...sizes)
  for (const link of links) {
    const way = await seed.narrowWay((link * 1e6) / 8)
    const { fetches, raw } = await takeTurns(page, way, cids.get(large) ?? '', large * MIB, narrowRuns)
    const took = median(fetches.map(streamed))
    const name = `seed to browser, ${String(large)} MiB, link of ${String(link)} Mbit/s`
    const reference: [string, number] = ['raw WebSocket', median(raw)]
    rows.push(speedRow(name, large * MIB, { took, reference, runs: narrowRuns }))
  }
  return rows
}

async function takeTurns(page: OpenSwarmPage, way: Way, cid: string, length: number, turns: number) {
  const fetches: Fetched[] = []
  const raw: number[] = []
  const kept: number[] = []
  const url = `${way.plain}/${String(length)}`
  for (let turn = 0; turn < turns; turn++) {
    fetches.push(await page.call('fetchFile', way.peers, cid, length))
    raw.push(await page.call('receiveWebSocket', url, length))
    kept.push(await page.call('receiveAndKeep', url, length))
  }
  return { fetches, raw, kept }
}
