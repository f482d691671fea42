// What a seed keeps of its blocks in memory: the newest, within a bound, and nothing that the store never had.
import { MemoryBlockstore } from 'blockstore-core'
import { describe, expect, it } from 'vitest'
import { keepRecent } from '../../../node/seed/recentBlocks.ts'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'

const blocks = [1, 2, 3, 4].map(i => {
  const bytes = new Uint8Array(1_000).fill(i)
  return { cid: cidOf(RAW, bytes), bytes }
})

function counted() {
  const store = new MemoryBlockstore()
  for (const { cid, bytes } of blocks) store.put(cid, bytes)
  let reads = 0
  const read = keepRecent(
    {
      has: cid => store.has(cid),
      get(cid) {
        reads++
        return store.get(cid)
      },
    },
    2_500,
  )
  return { read, reads: () => reads }
}

const at = (i: number) => blocks[i] ?? { cid: cidOf(RAW, new Uint8Array()), bytes: new Uint8Array() }

describe('recent blocks', () => {
  it('are read once while they are asked for again, and anew when two others were wanted since', async () => {
    const { read, reads } = counted()
    for (const i of [0, 0, 1, 0, 1])
      expect(Buffer.from((await read(at(i).cid)) ?? [])).toEqual(Buffer.from(at(i).bytes))
    expect(reads()).toBe(2)
    // The third pushes out the one that was wanted longest ago, which is the first.
    await read(at(2).cid)
    await read(at(1).cid)
    expect(reads()).toBe(3)
    await read(at(0).cid)
    expect(reads()).toBe(4)
  })

  it('are none where the store has none, and a store that fails is not taken for an empty one', async () => {
    const { read } = counted()
    expect(await read(cidOf(RAW, Uint8Array.of(9)))).toBeUndefined()
    const broken = keepRecent(
      {
        has: () => true,
        get: () => {
          throw new Error('disk')
        },
      },
      1_000,
    )
    await expect(broken(at(0).cid)).rejects.toThrow('disk')
  })
})
