// Fetching firmware from real sockets: a Helia seed, peers and gateways that lie, stall and vanish.
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { FetchProgress } from '../../../src/app/ports/firmware.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { createFirmwareSource, type FetchTimes } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'
import {
  firmwareBytes,
  honest,
  newSeedState,
  startBadPeer,
  startGateway,
  startSeed,
} from '../../fixtures/ipfsSeed.ts'

const FILE = firmwareBytes(300_000)
const CID = layOutFile(FILE).root.toString()
const FAST: Partial<FetchTimes> = {
  gatewayHeadStart: 200,
  patience: 400,
  silence: 1_000,
  backOff: 50,
  stall: 4_000,
}
/** Nobody is given up on or replaced within a test: what is soon then, is soon by itself. */
const PATIENT: Partial<FetchTimes> = { patience: 60_000, silence: 60_000, stall: 60_000 }

vi.setConfig({ testTimeout: 20_000 })

const timer = {
  now: () => performance.now(),
  after: (ms: number, task: () => void) => {
    const id = setTimeout(task, ms)
    return () => clearTimeout(id)
  },
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of cleanups.splice(0).reverse()) await stop()
})

async function running<T extends { stop(): Promise<void> }>(started: Promise<T>): Promise<T> {
  const thing = await started
  cleanups.push(() => thing.stop())
  return thing
}

function makeSource(
  settings: {
    peers?: readonly string[]
    gateways?: readonly string[]
    blocks?: MemoryBlockstore
    free?: number
    times?: Partial<FetchTimes>
  } = {},
) {
  let nodesStarted = 0
  const blocks = settings.blocks ?? new MemoryBlockstore()
  const source = createFirmwareSource({
    network: () => ({ peers: settings.peers ?? [], gateways: settings.gateways ?? [] }),
    platform: {
      timer,
      storageEstimate: async () =>
        settings.free === undefined ? null : { used: 0, free: settings.free, persisted: true },
      onOnlineChange: () => () => {},
    },
    openBlocks: async () => blocks,
    startNode: async blockstore => {
      nodesStarted++
      return startNode({
        blockstore,
        webRtc: false,
        timer,
        onOnlineChange: () => () => {},
      })
    },
    times: { ...FAST, ...settings.times },
  })
  cleanups.push(() => source.stop())
  const progress: FetchProgress[] = []
  const fetch = (request: { cid?: string; size?: number; peers?: string[] } = {}, signal?: AbortSignal) =>
    source.fetch(
      { cid: request.cid ?? CID, size: request.size ?? FILE.length, peers: request.peers ?? [] },
      { signal: signal ?? new AbortController().signal, onProgress: p => progress.push(p) },
    )
  return { source, fetch, progress, blocks, nodesStarted: () => nodesStarted }
}

const countBlocks = async (blocks: MemoryBlockstore) => {
  let count = 0
  for await (const _ of blocks.getAll()) count++
  return count
}

describe('from a peer', () => {
  test('fetches the file over bitswap and says so', async () => {
    const seed = await running(startSeed())
    await seed.add(FILE)
    const { fetch, progress, source } = makeSource({ peers: [seed.address] })
    expect(source.peers()).toBeNull()
    const result = await fetch()
    expect(result).toEqual({ ok: true, value: FILE })
    expect(progress.at(-1)).toEqual({ received: FILE.length, total: FILE.length, from: 'peer' })
    expect(progress.map(p => p.received)).toEqual(progress.map(p => p.received).sort((a, b) => a - b))
    expect(source.peers()).toEqual([expect.objectContaining({ id: seed.peerId, direction: 'out' })])
  })

  test('dials the manifest’s peers in addition', async () => {
    const [empty, seed] = await Promise.all([running(startSeed()), running(startSeed())])
    await seed.add(FILE)
    const { fetch } = makeSource({ peers: [empty.address] })
    expect((await fetch({ peers: [seed.address] })).ok).toBe(true)
  })

  test('a file of one raw block works as well', async () => {
    const small = firmwareBytes(1_000, 9)
    const seed = await running(startSeed())
    const cid = (await seed.add(small)).toString()
    const { fetch } = makeSource({ peers: [seed.address] })
    expect(await fetch({ cid, size: small.length })).toEqual({ ok: true, value: small })
  })

  test('a second fetch touches no network', async () => {
    const seed = await running(startSeed())
    await seed.add(FILE)
    const blocks = new MemoryBlockstore()
    await makeSource({ peers: [seed.address], blocks }).fetch()
    const again = makeSource({ peers: [seed.address], blocks })
    expect((await again.fetch()).ok).toBe(true)
    expect(again.nodesStarted()).toBe(0)
    expect(again.progress.every(p => p.from === 'stored')).toBe(true)
  })

  test('fetches again what was dropped, on the same connection, at once', async () => {
    const seed = await running(startSeed())
    await seed.add(FILE)
    const { fetch, source } = makeSource({ peers: [seed.address], times: PATIENT })
    expect((await fetch()).ok).toBe(true)
    expect(await source.holds(CID)).toBe(true)
    await source.drop(CID)
    expect(await source.holds(CID)).toBe(false)
    expect(await fetch()).toEqual({ ok: true, value: FILE })
  })

  test('a peer that does not have it leads to a clear failure, soon', async () => {
    const empty = await running(startSeed())
    const { fetch } = makeSource({ peers: [empty.address], times: PATIENT })
    const result = await fetch()
    if (result.ok || result.error.kind !== 'firmwareUnavailable') throw new Error('expected unavailable')
    const host = new RegExp(`127\\.0\\.0\\.1:${/tcp\/(\d+)/.exec(empty.address)?.[1]}`)
    expect(result.error.tried).toEqual([expect.stringMatching(host)])
    expect(result.error.detail).toContain('does not have it')
  })

  test('a peer that has only some blocks is completed by another', async () => {
    const [half, whole] = await Promise.all([running(startSeed()), running(startSeed())])
    for (const seed of [half, whole]) await seed.add(FILE)
    for (const { cid } of layOutFile(FILE).blocks.slice(1, 3)) await half.remove(cid)
    const { fetch } = makeSource({ peers: [half.address, whole.address] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
  })

  test.each(['garbage', 'silence'] as const)(
    'a peer whose habit is %s is replaced by another',
    async habit => {
      const [bad, seed] = await Promise.all([running(startBadPeer(habit)), running(startSeed())])
      await seed.add(FILE)
      const { fetch, progress } = makeSource({ peers: [bad.address, seed.address] })
      expect(await fetch()).toEqual({ ok: true, value: FILE })
      expect(bad.wants()).toBeGreaterThan(0)
      expect(progress.at(-1)?.from).toBe('peer')
    },
  )

  test.each(['garbage', 'silence'] as const)('alone, a peer of %s leads to a clear failure', async habit => {
    const bad = await running(startBadPeer(habit))
    const { fetch, blocks } = makeSource({ peers: [bad.address] })
    const result = await fetch()
    expect(result.ok ? 'ok' : result.error.kind).toBe('firmwareUnavailable')
    expect(await countBlocks(blocks)).toBe(0)
  })

  test('a seed that restarts in the middle of the fetch is dialled again', async () => {
    const large = firmwareBytes(4_000_000, 5)
    const state = await newSeedState()
    const first = await startSeed({ state })
    const port = Number(/tcp\/(\d+)/.exec(first.address)?.[1])
    const cid = (await first.add(large)).toString()
    let restarted: Promise<unknown> | undefined
    const { source } = makeSource({ peers: [first.address] })
    const result = await source.fetch(
      { cid, size: large.length, peers: [] },
      {
        signal: new AbortController().signal,
        onProgress: () => {
          restarted ??= first.stop().then(() => running(startSeed({ state, port })))
        },
      },
    )
    await restarted
    expect(result.ok ? Buffer.compare(result.value, large) : result.error).toBe(0)
  })

  test('the connection comes back by itself after the seed restarted', async () => {
    const state = await newSeedState()
    const first = await startSeed({ state })
    const port = Number(/tcp\/(\d+)/.exec(first.address)?.[1])
    await first.add(FILE)
    const { fetch, source } = makeSource({ peers: [first.address] })
    await fetch()
    await first.stop()
    await expect.poll(() => source.peers()).toEqual([])
    await running(startSeed({ state, port }))
    await expect.poll(() => source.peers()?.length, { timeout: 6_000 }).toBe(1)
  })

  test('a fetch that was cancelled at any moment can begin again at once', async () => {
    const seed = await running(startSeed())
    await seed.add(FILE)
    const { fetch, source } = makeSource({ peers: [seed.address], times: PATIENT })
    await fetch()
    for (const ms of [0, 2, 4, 7, 10, 15, 20, 30]) {
      await source.drop(CID)
      const controller = new AbortController()
      const cancelled = fetch({}, controller.signal)
      setTimeout(() => controller.abort(), ms)
      await cancelled
      expect(await fetch()).toEqual({ ok: true, value: FILE })
    }
  })
})

describe('from a gateway', () => {
  test('fetches block by block, as a trustless client does', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const { fetch, progress, nodesStarted } = makeSource({ gateways: [gateway.url] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(progress.at(-1)?.from).toBe('gateway')
    expect(new Set(gateway.requests()).size).toBe(layOutFile(FILE).blocks.length)
    expect(nodesStarted()).toBe(0)
  })

  test('is asked when no peer has it', async () => {
    const [empty, gateway] = await Promise.all([running(startSeed()), running(startGateway(honest(FILE)))])
    const { fetch, progress } = makeSource({ peers: [empty.address], gateways: [gateway.url] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(progress.at(-1)?.from).toBe('gateway')
  })

  test('is left alone when a peer answers', async () => {
    const [seed, gateway] = await Promise.all([running(startSeed()), running(startGateway(honest(FILE)))])
    await seed.add(FILE)
    const { fetch } = makeSource({
      peers: [seed.address],
      gateways: [gateway.url],
      times: { gatewayHeadStart: 3_000 },
    })
    expect((await fetch()).ok).toBe(true)
    expect(gateway.requests()).toEqual([])
  })

  test('helps when the only peer is a host that is not there', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const gone = await startSeed()
    await gone.stop()
    const { fetch } = makeSource({ peers: [gone.address], gateways: [gateway.url] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
  })

  const lies: Record<string, Parameters<typeof startGateway>[0]> = {
    'other bytes': (_cid, _request, response) => response.writeHead(200).end(firmwareBytes(500, 7)),
    'an endless body': (_cid, _request, response) => {
      response.writeHead(200)
      const send = () => {
        if (!response.destroyed) response.write(new Uint8Array(65_536), send)
      }
      send()
    },
    'nothing, ever': () => {},
    'a body that stops': (_cid, _request, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write(new Uint8Array(10))
    },
    'not found': (_cid, _request, response) => response.writeHead(404).end(),
    'an error of its own': (_cid, _request, response) => response.writeHead(502).end(),
    'a truncated block': (cid, request, response) => {
      const { blocks } = layOutFile(FILE)
      const block = blocks.find(b => b.cid.toString() === cid)
      response.writeHead(200).end(block?.bytes.subarray(0, -1))
      request.resume()
    },
    'a redirect to nowhere': (_cid, _request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  }

  test.each(Object.keys(lies))('%s: another gateway is tried', async lie => {
    const [bad, good] = await Promise.all([
      running(startGateway(lies[lie] ?? (() => {}))),
      running(startGateway(honest(FILE))),
    ])
    const { fetch } = makeSource({ gateways: [bad.url, good.url] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(bad.requests().length).toBeGreaterThan(0)
  })

  test.each(Object.keys(lies))('%s, and nobody else: a clear failure, and nothing is kept', async lie => {
    const bad = await running(startGateway(lies[lie] ?? (() => {})))
    const { fetch, blocks } = makeSource({ gateways: [`${bad.url}/some/path`] })
    const result = await fetch()
    if (result.ok || result.error.kind !== 'firmwareUnavailable') throw new Error('expected unavailable')
    expect(result.error.tried).toEqual([bad.host])
    expect(result.error.detail).not.toContain('/some/path')
    expect(await countBlocks(blocks)).toBe(0)
  })

  test('one that lies in the middle keeps what was right before', async () => {
    let served = 0
    const answer = honest(FILE)
    const bad = await running(
      startGateway((cid, request, response) => {
        if (++served > 3) response.writeHead(200).end('no')
        else answer(cid, request, response)
      }),
    )
    const first = makeSource({ gateways: [bad.url] })
    expect((await first.fetch()).ok).toBe(false)
    const kept = await countBlocks(first.blocks)
    expect(kept).toBeGreaterThan(0)

    const good = await running(startGateway(honest(FILE)))
    const second = makeSource({ gateways: [good.url], blocks: first.blocks })
    expect(await second.fetch()).toEqual({ ok: true, value: FILE })
    expect(good.requests().length).toBe(layOutFile(FILE).blocks.length - kept)
  })
})

describe('limits', () => {
  test('a file that declares more than the manifest allows is refused before its leaves', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const { fetch, blocks } = makeSource({ gateways: [gateway.url] })
    const result = await fetch({ size: FILE.length - 1 })
    expect(result).toEqual({ ok: false, error: { kind: 'firmwareTooLarge' } })
    expect(gateway.requests().length).toBe(1)
    expect(await countBlocks(blocks)).toBe(0)
  })

  test('a single block that is larger than the manifest allows is refused and not kept', async () => {
    const small = firmwareBytes(2_000, 3)
    const [gateway, seed] = await Promise.all([running(startGateway(honest(small))), running(startSeed())])
    const cid = (await seed.add(small)).toString()
    for (const from of [{ gateways: [gateway.url] }, { peers: [seed.address] }]) {
      const { fetch, blocks } = makeSource(from)
      const result = await fetch({ cid, size: 1_999 })
      expect(result).toEqual({ ok: false, error: { kind: 'firmwareTooLarge' } })
      expect(await countBlocks(blocks)).toBe(0)
    }
  })

  test('a full storage is said before anything is fetched', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const { fetch } = makeSource({ gateways: [gateway.url], free: 1_000 })
    const result = await fetch()
    expect(result).toEqual({
      ok: false,
      error: { kind: 'storageFull', needed: FILE.length, free: 1_000 },
    })
    expect(gateway.requests()).toEqual([])
  })

  test('what is stored needs no room', async () => {
    const blocks = new MemoryBlockstore()
    for (const { cid, bytes } of layOutFile(FILE).blocks) blocks.put(cid, bytes)
    const { fetch } = makeSource({ blocks, free: 0 })
    expect((await fetch()).ok).toBe(true)
  })

  test('a quota that is hit while storing is a full storage', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const blocks = new MemoryBlockstore()
    blocks.put = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const result = await makeSource({ gateways: [gateway.url], blocks, free: 1e9 }).fetch()
    expect(result.ok ? 'ok' : result.error.kind).toBe('storageFull')
  })

  test('cancelling ends it at once', async () => {
    const stuck = await running(startGateway(() => {}))
    const controller = new AbortController()
    const { fetch } = makeSource({ gateways: [stuck.url] })
    const result = fetch({}, controller.signal)
    setTimeout(() => controller.abort(), 100)
    const startedAt = performance.now()
    expect(await result).toEqual({ ok: false, error: { kind: 'fetchCancelled' } })
    expect(performance.now() - startedAt).toBeLessThan(900)
  })

  test('the deadline ends a source that drips', async () => {
    const drip = await running(
      startGateway((_cid, _request, response) => {
        response.writeHead(200)
        const id = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(id))
      }),
    )
    const { fetch } = makeSource({ gateways: [drip.url], times: { overall: 500, silence: 10_000 } })
    const result = await fetch()
    expect(result.ok ? 'ok' : result.error.kind).toBe('firmwareUnavailable')
  })

  test('text that is no CID, and no source at all, are failures', async () => {
    const { fetch, source } = makeSource()
    const bad = await fetch({ cid: 'not a cid' })
    expect(bad.ok ? 'ok' : bad.error.kind).toBe('firmwareUnavailable')
    const nobody = await fetch()
    expect(nobody).toEqual({ ok: false, error: { kind: 'firmwareUnavailable', tried: [], detail: '' } })
    expect(await source.holds('not a cid')).toBe(false)
    await source.drop('not a cid')
  })
})

describe('what is held', () => {
  test('a damaged block counts as missing and is fetched anew', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const blocks = new MemoryBlockstore()
    const layout = layOutFile(FILE).blocks
    for (const [i, { cid, bytes }] of layout.entries()) blocks.put(cid, i === 1 ? firmwareBytes(9) : bytes)
    const { fetch } = makeSource({ blocks, gateways: [gateway.url] })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(gateway.requests().length).toBe(1)
  })

  test('a store that the browser took away is a failure, and is opened anew', async () => {
    const gateway = await running(startGateway(honest(FILE)))
    const blocks = new MemoryBlockstore()
    const { fetch, source } = makeSource({ blocks, gateways: [gateway.url] })
    const has = vi.spyOn(blocks, 'has').mockImplementation(() => {
      throw new DOMException('the connection is closing', 'InvalidStateError')
    })
    const result = await fetch()
    expect(result.ok ? 'ok' : result.error.kind).toBe('firmwareUnavailable')
    expect(await source.holds(CID)).toBe(false)
    has.mockRestore()
    expect((await fetch()).ok).toBe(true)
  })

  test('a file with one block missing is not held', async () => {
    const blocks = new MemoryBlockstore()
    const layout = layOutFile(FILE).blocks
    for (const { cid, bytes } of layout) blocks.put(cid, bytes)
    const { source, nodesStarted } = makeSource({ blocks })
    expect(await source.holds(CID)).toBe(true)
    for (const { cid, bytes } of layout) {
      blocks.delete(cid)
      expect(await source.holds(CID)).toBe(false)
      blocks.put(cid, bytes)
    }
    await source.drop(CID)
    expect(await countBlocks(blocks)).toBe(0)
    expect(nodesStarted()).toBe(0)
  })
})
