// Serving onward: what is given away, to whom, what is counted, and how much is on its way at a time.
import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemTimer } from '../../../node/systemTimer.ts'
import type { Served } from '../../../src/app/ports/firmware.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { startNode } from '../../../src/io/ipfs/node.ts'
import { createOnTheWay } from '../../../src/io/ipfs/onTheWay.ts'
import { firmwareBytes, startSeed } from '../../fixtures/ipfsSeed.ts'
import { soon } from '../../fixtures/soon.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const served = layOutFile(firmwareBytes(200_000))
const secret = layOutFile(firmwareBytes(100_000, 7))

/** A browser that holds both files, connected to a peer that asks. */
async function holder() {
  const peer = await startSeed()
  cleanups.push(() => peer.stop())
  const store = new MemoryBlockstore()
  for (const { cid, bytes } of [...served.blocks, ...secret.blocks]) store.put(cid, bytes)
  let selfId = ''
  const source = createFirmwareSource({
    network: () => ({ peers: [peer.address], gateways: [] }),
    platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
    openBlocks: async () => store,
    startNode: async (blockstore, onServed) => {
      const node = await startNode({
        blockstore,
        webRtc: false,
        timer: systemTimer,
        onOnlineChange: () => () => {},
        onServed,
      })
      selfId = node.id
      return node
    },
  })
  cleanups.push(() => source.stop())
  const counted: Served[] = []
  source.onServed(it => counted.push(it))
  return {
    source,
    counted,
    connected: () => soon(() => peer.connections() > 0),
    ask: (cid: (typeof served)['root']) => peer.ask(selfId, cid),
    take: (cids: readonly (typeof served)['root'][]) => peer.take(selfId, cids),
    peerId: peer.peerId,
  }
}

describe('serving', () => {
  it('gives the blocks of the files that are served, and no others, and counts them', async () => {
    const { source, counted, connected, ask, peerId } = await holder()
    expect(await source.serve([served.root.toString()])).toEqual({ ok: true, value: null })
    await connected()
    for (const { cid, bytes } of served.blocks) expect(await ask(cid)).toEqual(bytes)
    for (const { cid } of secret.blocks) expect(await ask(cid)).toBeUndefined()
    const size = served.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)
    await soon(() => counted.reduce((sum, { bytes }) => sum + bytes, 0) >= size)
    expect(counted.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(size)
    expect(new Set(counted.map(it => `${it.peer} ${it.cid}`))).toEqual(
      new Set([`${peerId} ${served.root.toString()}`]),
    )

    // Switched off, it looks empty; the connection stays.
    expect(await source.serve(null)).toEqual({ ok: true, value: null })
    expect(source.peers()).toHaveLength(1)
  })

  it('gives them over one stream as well, many at a time, until what may be given is spent', async () => {
    const { source, counted, connected, take, peerId } = await holder()
    await source.serve([served.root.toString()])
    await connected()
    const cids = [...served.blocks, ...secret.blocks].map(({ cid }) => cid)
    expect(await take(cids)).toEqual([
      ...served.blocks.map(({ bytes }) => bytes),
      ...secret.blocks.map(() => 'notHere'),
    ])
    const size = served.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const root = served.root.toString()
    await soon(() => counted.length > 0)
    // Told together: no screen is drawn anew for each block.
    expect(counted).toEqual([{ peer: peerId, cid: root, blocks: served.blocks.length, bytes: size }])

    await source.serve([root], 1)
    const [first, second] = served.blocks
    if (!first || !second) throw new Error('there are blocks')
    expect(await take([first.cid, second.cid, first.cid])).toEqual([first.bytes, 'notHere', 'notHere'])
    await source.serve(null)
    expect(await take([first.cid])).toEqual(['notHere'])
  })

  it('starts no node to be told that nothing is served', async () => {
    const startNode = vi.fn()
    const source = createFirmwareSource({
      network: () => ({ peers: [], gateways: [] }),
      platform: { timer: systemTimer, storageEstimate: async () => null, onOnlineChange: () => () => {} },
      openBlocks: async () => new MemoryBlockstore(),
      startNode,
    })
    expect(await source.serve(null)).toEqual({ ok: true, value: null })
    expect(startNode).not.toHaveBeenCalled()
    startNode.mockRejectedValue(new Error('no code'))
    expect(await source.serve([])).toEqual({
      ok: false,
      error: { kind: 'servingUnavailable', detail: 'no code' },
    })
  })
})

describe('what is on its way', () => {
  it('is bounded: the next block waits until another is gone, or given up', async () => {
    vi.useFakeTimers()
    const timer = { now: () => Date.now(), after: systemTimer.after }
    const onTheWay = createOnTheWay(timer, 100, 1_000)
    await onTheWay.room()
    onTheWay.read(100)
    let entered = 0
    const enter = async (bytes: number) => {
      await onTheWay.room()
      onTheWay.read(bytes)
      entered++
    }
    for (let i = 0; i < 3; i++) void enter(100)
    await vi.advanceTimersByTimeAsync(10)
    expect(entered).toBe(0)
    onTheWay.gone(60)
    await vi.advanceTimersByTimeAsync(10)
    expect(entered).toBe(1)
    // The rest of the first, and the second, are never sent: after a second they count no more.
    await vi.advanceTimersByTimeAsync(1_100)
    expect(entered).toBeGreaterThan(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(entered).toBe(3)
  })
})
