// Files from a seed and from other browsers, as the app fetches them, against the same bytes over a raw channel in the same run.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { webrtcDialFix } from '../../../node/build/webrtcDialFix.ts'
import { serveFolder } from '../../e2e/harness/serveFolder.ts'
import { openPlainChromium } from '../plainChromium.ts'
import type { Group, Row } from '../row.ts'
import { measureFromBrowsers } from '../swarm/fromBrowsers.ts'
import { measureFromSeed } from '../swarm/fromSeed.ts'
import { measurePayment } from '../swarm/payment.ts'
import { startBenchSeed } from '../swarm/seed.ts'
import { openSwarmPage } from '../swarm/swarmPage.ts'

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
  const chromium = await openPlainChromium()
  ends.push(() => chromium.close())
  // As a person's: the block store is on the disk.
  const fetcher = await openSwarmPage(chromium, site.url)
  return [
    ...(await measureFromSeed(fetcher, seed)),
    ...(await measureFromBrowsers(fetcher, () => openSwarmPage(chromium, site.url, true), seed)),
    ...(await measurePayment()),
  ]
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
