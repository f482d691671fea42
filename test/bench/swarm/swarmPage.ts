// A page of the swarm bench, called from outside.

import { median } from '../medians.ts'
import type { PlainChromium } from '../plainChromium.ts'
import type { Row } from '../row.ts'
import type { Fetched, SwarmPage } from './page.ts'

export interface OpenSwarmPage {
  call<Name extends keyof SwarmPage>(
    name: Name,
    ...args: Parameters<SwarmPage[Name]>
  ): Promise<Awaited<ReturnType<SwarmPage[Name]>>>
  /** From now on what goes out and what comes in is no faster, data channels included. Bytes per second. */
  narrow(perSecond: number): Promise<void>
  /** Bytes of the page's heap, buffers included, at their highest above what it has now. */
  watchMemory(): Promise<{ stop(): Promise<number> }>
}

/** `isApart`: another browser's, with storage of its own. */
export async function openSwarmPage(
  chromium: PlainChromium,
  url: string,
  isApart = false,
): Promise<OpenSwarmPage> {
  const page = await chromium.open(url, isApart)
  for (let tries = 0; (await page.evaluate(`'swarm' in window`)) !== true; tries++) {
    if (tries > 200) throw new Error('the page did not start')
    await pause(50)
  }
  async function usedBytes(): Promise<number> {
    const { usedSize, backingStorageSize = 0 } = (await page.command('Runtime.getHeapUsage')) as {
      readonly usedSize: number
      readonly backingStorageSize?: number
    }
    return usedSize + backingStorageSize
  }
  return {
    call: async (name, ...args) =>
      (await page.evaluate(`window.swarm.${name}(...${JSON.stringify(args)})`)) as never,
    async narrow(perSecond) {
      // Without it the next is taken note of, and does nothing.
      await page.command('Network.enable')
      await page.command('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: perSecond,
        uploadThroughput: perSecond,
      })
    },
    async watchMemory() {
      await page.command('HeapProfiler.collectGarbage')
      const idle = await usedBytes()
      let peak = 0
      let isOver = false
      const watching = (async () => {
        while (!isOver) {
          // A page that is gone has failed elsewhere, and says why there.
          peak = Math.max(peak, (await usedBytes().catch(() => undefined)) ?? 0)
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
    },
  }
}

/** Milliseconds from the first block on: what it takes to start a node and to find somebody is a row of its own. */
export const streamed = ({ whole, firstBlock }: Fetched): number => whole - firstBlock

/** Bytes in so many milliseconds, in MB/s, to so many. */
export function speedRow(
  name: string,
  length: number,
  {
    took,
    reference,
    runs,
  }: { readonly took: number; readonly reference: [string, number]; readonly runs: number },
): Row {
  const [referenceName, referenceTook] = reference
  return {
    name,
    value: length / 1e3 / took,
    unit: 'MB/s',
    reference: { name: referenceName, value: length / 1e3 / referenceTook },
    better: 'higher',
    runs,
  }
}

/** `channel`: what the same bytes went over, and in how many milliseconds. */
export function firstBlockRow(
  from: string,
  fetches: readonly Fetched[],
  [channel, took]: readonly [string, number],
): Row {
  return {
    name: `${from} to browser, time to the first block, with the node’s start`,
    value: median(fetches.map(it => it.firstBlock)),
    unit: 'ms',
    reference: { name: `whole file, ${channel}`, value: took },
    better: 'lower',
    runs: fetches.length,
  }
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

declare global {
  interface Window {
    readonly swarm: SwarmPage
  }
}
