// Making room: what goes and what stays, in the store of the browser and in the one in memory.
import 'fake-indexeddb/auto'
import { MemoryBlockstore } from 'blockstore-core'
import { describe, expect, test } from 'vitest'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { createFirmwareSource } from '../../../src/io/ipfs/firmwareSource.ts'
import { GroupedBlocks } from '../../../src/io/ipfs/groupedBlocks.ts'
import type { Blockstore } from '../../../src/io/ipfs/stores.ts'
import { firmwareBytes } from '../../fixtures/ipfsSeed.ts'

const layouts = [90_000, 150_000, 210_000].map(length => layOutFile(firmwareBytes(length)))

const platform = {
  timer: { now: () => 0, after: () => () => {} },
  storageEstimate: async () => null,
  onOnlineChange: () => () => {},
}

async function holding(store: Blockstore) {
  for (const { blocks } of layouts) for (const { cid, bytes } of blocks) await store.put(cid, bytes)
  return createFirmwareSource({
    network: () => ({ peers: [], gateways: [] }),
    platform,
    openBlocks: async () => store,
    startNode: async () => {
      throw new Error('no node is needed for this')
    },
  })
}

describe.each([
  [
    'in the browser',
    async () => {
      const store = new GroupedBlocks(`blocks-${Math.random()}`)
      await store.open()
      return store
    },
  ],
  ['in memory', async () => new MemoryBlockstore()],
] as const)('the store %s', (_where, open) => {
  test('keeps the files that are still needed, whole, and drops all others', async () => {
    const source = await holding(await open())
    const [first, second, third] = layouts.map(({ root }) => root.toString())
    if (!first || !second || !third) throw new Error('three files')
    await source.clear([second, 'not a cid'])
    expect(await Promise.all([first, second, third].map(cid => source.holds(cid)))).toEqual([
      false,
      true,
      false,
    ])
  })

  test('is empty when nothing is needed', async () => {
    const store = await open()
    await (await holding(store)).clear([])
    let left = 0
    for await (const _ of store.getAll()) left++
    expect(left).toBe(0)
  })
})
