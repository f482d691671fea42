// Fetching over one long stream for each peer, from real nodes on loopback: what is asked of whom, and peers that misbehave.
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemTimer } from '../../../node/systemTimer.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { createFirmwareSource, type FetchTimes } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'
import {
  firmwareBytes,
  newSeedState,
  type ServeHabit,
  startBadServer,
  startSeed,
  type TestSeedOptions,
} from '../../fixtures/ipfsSeed.ts'

const FILE = firmwareBytes(1_500_000)
const { root, blocks: BLOCKS } = layOutFile(FILE)
const NAMES = BLOCKS.map(({ cid }) => cid.toString()).sort()
const TIMES: Partial<FetchTimes> = {
  gatewayHeadStart: 100,
  patience: 500,
  silence: 1_000,
  backOff: 50,
  stall: 6_000,
}
/** Nobody is asked twice for a block within a test. */
const PATIENT: Partial<FetchTimes> = { patience: 60_000, silence: 60_000, stall: 60_000 }

vi.setConfig({ testTimeout: 20_000 })

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of cleanups.splice(0).reverse()) await stop()
})

async function running<T extends { stop(): Promise<unknown> }>(started: Promise<T>): Promise<T> {
  const thing = await started
  cleanups.push(() => thing.stop())
  return thing
}

async function seedOf(file: Uint8Array = FILE, options: TestSeedOptions = {}) {
  const seed = await running(startSeed({ serves: true, ...options }))
  await seed.add(file)
  return seed
}

function browser(
  peers: readonly string[],
  options: { blocks?: MemoryBlockstore; times?: Partial<FetchTimes> } = {},
) {
  const store = options.blocks ?? new MemoryBlockstore()
  const source = createFirmwareSource({
    network: () => ({ peers, gateways: [] }),
    platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
    openBlocks: async () => store,
    startNode: blockstore =>
      startNode({ blockstore, webRtc: false, timer: systemTimer, onOnlineChange: () => () => {} }),
    times: { ...TIMES, ...options.times },
  })
  cleanups.push(() => source.stop())
  const fetch = (onProgress: (received: number) => void = () => {}, signal = new AbortController().signal) =>
    source.fetch(
      { cid: root.toString(), size: FILE.length, peers: [] },
      { signal, onProgress: ({ received }) => onProgress(received) },
    )
  return { source, store, fetch }
}

describe('over a stream', () => {
  test('a file comes over one of them, each block asked for once', async () => {
    const seed = await seedOf()
    const { fetch } = browser([seed.address], { times: PATIENT })
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect([...seed.gets()].sort()).toEqual(NAMES)
    expect(seed.streams()).toBe(1)
  })

  test('of several peers each block is asked of one, and all have a part in it', async () => {
    const seeds = await Promise.all([0, 1, 2].map(() => seedOf(FILE, { delay: 3 })))
    const { fetch } = browser(
      seeds.map(({ address }) => address),
      { times: PATIENT },
    )
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(seeds.flatMap(seed => seed.gets()).sort()).toEqual(NAMES)
    for (const seed of seeds) expect(seed.gets().length).toBeGreaterThan(1)
  })

  test('ten peers at once are served by one', async () => {
    const seed = await seedOf()
    const all = await Promise.all(
      Array.from({ length: 10 }, () => browser([seed.address], { times: PATIENT }).fetch()),
    )
    for (const fetched of all) expect(fetched.ok && Buffer.from(fetched.value).equals(FILE)).toBe(true)
    expect(seed.streams()).toBe(10)
  })

  test('a fetch that goes on asks for what is missing alone', async () => {
    const first = await seedOf(FILE, { delay: 20 })
    const ended = new AbortController()
    const before = browser([first.address], { times: PATIENT })
    await before.fetch(received => received > 300_000 && ended.abort(), ended.signal)
    await before.source.stop()
    const held: string[] = []
    for await (const { cid } of before.store.getAll()) held.push(cid.toString())
    expect(held.length).toBeGreaterThan(4)
    expect(held.length).toBeLessThan(NAMES.length)

    const second = await seedOf()
    const after = browser([second.address], { blocks: before.store, times: PATIENT })
    expect((await after.fetch()).ok).toBe(true)
    expect(second.gets()).toHaveLength(NAMES.length - held.length)
  })

  test('a fetch that is cancelled ends what is on its way', async () => {
    const seed = await seedOf(FILE, { delay: 20 })
    const { fetch, source } = browser([seed.address], { times: PATIENT })
    const ended = new AbortController()
    await fetch(() => ended.abort(), ended.signal)
    // As long as all that had been asked for would have taken.
    await new Promise(resolve => setTimeout(resolve, 24 * 20))
    expect(seed.gets().length).toBeLessThan(NAMES.length / 2)
    expect(source.peers()).toHaveLength(1)
    // And begins again on the same connection.
    expect((await fetch()).ok).toBe(true)
  })

  test('a seed that restarts in the middle is dialled again, and gives the rest', async () => {
    const state = await newSeedState()
    const first = await startSeed({ state, serves: true, delay: 5 })
    await first.add(FILE)
    const port = Number(/tcp\/(\d+)/.exec(first.address)?.[1])
    const { fetch } = browser([first.address])
    let again: ReturnType<typeof seedOf> | undefined
    const fetched = await fetch(received => {
      if (received > 300_000) again ??= first.stop().then(() => seedOf(FILE, { state, port }))
    })
    expect(fetched).toEqual({ ok: true, value: FILE })
    const second = await again
    expect(second?.gets().length).toBeGreaterThan(0)
    expect(second?.gets().length).toBeLessThan(NAMES.length)
  })

  test('a peer that speaks bitswap alone is asked over that', async () => {
    const old = await running(startSeed())
    await old.add(FILE)
    expect(await browser([old.address]).fetch()).toEqual({ ok: true, value: FILE })
    expect(old.streams()).toBe(0)
  })
})

describe.each<ServeHabit>(['garbage', 'silence', 'endless', 'chatter', 'vanish'])('a peer of %s', habit => {
  test('is replaced by another, and never harms the file', async () => {
    const bad = await running(startBadServer(habit))
    const seed = await seedOf()
    const { fetch, store } = browser([bad.address, seed.address])
    expect(await fetch()).toEqual({ ok: true, value: FILE })
    expect(bad.requests()).toBeGreaterThan(0)
    let held = 0
    for await (const _ of store.getAll()) held++
    expect(held).toBe(NAMES.length)
  })
})

describe('what a peer did', () => {
  test.each<ServeHabit>(['garbage', 'chatter', 'silence'])(
    'is remembered in later fetches: %s',
    async habit => {
      const bad = await running(startBadServer(habit))
      const seed = await seedOf()
      const { fetch, source } = browser([bad.address, seed.address], {
        times: { patience: 2_000, silence: 400 },
      })
      expect((await fetch()).ok).toBe(true)
      await source.drop(root.toString())
      const asked = bad.requests()
      expect((await fetch()).ok).toBe(true)
      expect(bad.requests()).toBe(asked)
    },
  )

  test('silence alone does not keep a peer out for good: it is asked again, later than others', async () => {
    const mute = await running(startBadServer('silence'))
    const { fetch } = browser([mute.address], { times: { silence: 300, patience: 300 } })
    expect((await fetch()).ok).toBe(false)
    const asked = mute.requests()
    expect((await fetch()).ok).toBe(false)
    expect(mute.requests()).toBeGreaterThan(asked)
  })
})
