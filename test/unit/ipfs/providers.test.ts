// Finding who holds a file: relays are told, asked, and ask each other.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../node/http.ts'
import { type Seed, startSeed } from '../../../node/seed/seed.ts'
import { systemTimer } from '../../../node/systemTimer.ts'
import { concat } from '../../../src/core/bytes.ts'
import { bytesField, varintField } from '../../../src/core/ipfs/protobuf.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { type IpfsNode, startNode } from '../../../src/io/ipfs/node.ts'
import { blocksIn } from '../../../src/io/ipfs/servedBlocks.ts'
import { servedStore } from '../../../src/io/ipfs/servedStore.ts'
import { firmwareBytes } from '../../fixtures/ipfsSeed.ts'
import { soon } from '../../fixtures/soon.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const file = layOutFile(firmwareBytes(100_000)).root

async function relay(neighbours: readonly string[] = []): Promise<Seed> {
  const directory = await mkdtemp(join(tmpdir(), 'fob-relay-'))
  cleanups.push(() => rm(directory, { recursive: true, force: true }))
  const [port, gatewayPort] = [await freePort(), await freePort()]
  const seed = await startSeed({
    directory,
    host: '127.0.0.1',
    port,
    gatewayPort,
    neighbours: () => neighbours,
    log: () => {},
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= seed.stop()
    return stopped
  }
  cleanups.push(stop)
  return { ...seed, stop }
}

const addressOf = (seed: Seed): string => seed.addresses().find(address => address.includes('/ws/')) ?? ''

async function browser(...relays: readonly Seed[]): Promise<IpfsNode> {
  const node = await startNode({
    blockstore: new MemoryBlockstore(),
    webRtc: false,
    timer: systemTimer,
    onOnlineChange: () => () => {},
  })
  cleanups.push(() => node.stop())
  for (const seed of relays) await node.reach([addressOf(seed)])
  return node
}

const ID = /\/p2p\/([^/]+)$/

describe('who holds a file', () => {
  it('is told to the relay, and found there until it is taken back', async () => {
    const seed = await relay()
    const [holder, seeker] = [await browser(seed), await browser(seed)]
    expect(await seeker.findProviders(file)).toEqual([])

    void holder.serve([file])
    const found = await soon(async () => {
      const ways = await seeker.findProviders(file)
      return ways.length > 0 ? ways : undefined
    })
    expect(found).toEqual([expect.stringMatching(`^${addressOf(seed)}/p2p-circuit/webrtc/p2p/`)])
    expect(ID.exec(found[0] ?? '')?.[1]).not.toBe(seed.peerId)
    // Nobody is sent to itself.
    expect(await holder.findProviders(file)).toEqual([])

    void holder.serve(null)
    await soon(async () => (await seeker.findProviders(file)).length === 0)
  })

  it('is forgotten when the holder is gone', async () => {
    const seed = await relay()
    const [holder, seeker] = [await browser(seed), await browser(seed)]
    void holder.serve([file])
    await soon(async () => (await seeker.findProviders(file)).length === 1)
    await holder.stop()
    await soon(async () => (await seeker.findProviders(file)).length === 0)
  })

  it('is found through another relay when one vanishes', async () => {
    const [first, second] = [await relay(), await relay()]
    const [holder, seeker] = [await browser(first, second), await browser(first, second)]
    void holder.serve([file])
    await soon(async () => (await seeker.findProviders(file)).length === 1)
    await first.stop()
    const [way] = await soon(async () => {
      const ways = await seeker.findProviders(file)
      return ways[0]?.startsWith(addressOf(second)) ? ways : undefined
    })
    expect(way).toMatch(/\/p2p-circuit\/webrtc\/p2p\//)
    // The holder needs no telling: it was announced to both.
    expect(holder.peers().map(({ id }) => id)).toEqual([second.peerId])
  })

  it('is told to a relay that is met later', async () => {
    const seed = await relay()
    const holder = await browser()
    void holder.serve([file])
    await holder.reach([addressOf(seed)])
    const seeker = await browser(seed)
    await soon(async () => (await seeker.findProviders(file)).length === 1)
  })

  it('is found through a relay that asks another one, where that is a host that the network names', async () => {
    const far = await relay()
    const near = await relay([addressOf(far)])
    const [holder, seeker] = [await browser(far), await browser(near)]
    void holder.serve([file])
    await soon(async () => (await (await browser(far)).findProviders(file)).length === 1)
    // A stranger’s word must not make this browser knock at the local network.
    expect(await seeker.findProviders(file)).toEqual([])
    seeker.peer(addressOf(far))
    const [way] = await soon(async () => {
      const ways = await seeker.findProviders(file)
      return ways.length > 0 ? ways : undefined
    })
    expect(way).toMatch(new RegExp(`^${addressOf(far)}/p2p-circuit/webrtc/p2p/`))
  })

  it('is asked of a relay that does not answer without harm', async () => {
    const seed = await relay([
      '/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWBhV9dp6FDvi4D4dQkJVj7wZ2mcjp7s7iA8R7WbHdpMPU',
    ])
    const [holder, seeker] = [await browser(seed), await browser(seed)]
    void holder.serve([file])
    await soon(async () => (await seeker.findProviders(file)).length === 1)
  })
})

describe('a browser that does not serve', () => {
  it('looks empty to others, and takes blocks all the same', async () => {
    const store = new MemoryBlockstore()
    let isServing = false
    const seen = servedStore(store, () => isServing)
    await seen.put(file, Uint8Array.of(1))
    expect(await seen.has(file)).toBe(false)
    isServing = true
    expect(await seen.has(file)).toBe(true)
  })
})

describe('what goes out', () => {
  const block = (data: Uint8Array) =>
    bytesField(3, concat(bytesField(1, Uint8Array.of(1, 0x55, 0x12, 32)), bytesField(2, data)))
  const framed = (...fields: Uint8Array[]) => bytesField(0, concat(...fields)).subarray(1)

  it('is counted by the block, and nothing but blocks', () => {
    const wants = bytesField(1, bytesField(1, varintField(3, 1)))
    expect(blocksIn(framed(wants))).toEqual([])
    const sent = framed(wants, block(new Uint8Array(70_000)), block(new Uint8Array(5)))
    expect(blocksIn(sent).map(({ length }) => length)).toEqual([70_000, 5])
  })

  it('is nothing where it is no message', () => {
    expect(blocksIn(Uint8Array.of(255, 255, 255))).toEqual([])
    expect(blocksIn(new Uint8Array())).toEqual([])
  })
})
