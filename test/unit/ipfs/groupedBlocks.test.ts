// The block store in IndexedDB: what is there when, in how many transactions, and that it is the same store as before.
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { IDBBlockstore } from 'blockstore-idb'
import { openDB } from 'idb'
import type { CID } from 'multiformats/cid'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cidOf, MAX_BLOCK_BYTES, RAW } from '../../../src/core/ipfs/block.ts'
import { GroupedBlocks } from '../../../src/io/ipfs/groupedBlocks.ts'
import { createStoredBlocks } from '../../../src/io/ipfs/storedBlocks.ts'

const blocks = Array.from({ length: 50 }, (_, i) => {
  const bytes = new Uint8Array(100).fill(i)
  return { cid: cidOf(RAW, bytes), bytes }
})
const absent = cidOf(RAW, Uint8Array.of(1))

const part = 32 * 1024
const leaf = new Uint8Array(1 << 16).map((_, at) => at % 253)
const whole = { cid: cidOf(RAW, leaf), bytes: leaf }

const opened: GroupedBlocks[] = []
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(async () => {
  for (const store of opened.splice(0)) store.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function openStore(): Promise<GroupedBlocks> {
  const store = new GroupedBlocks('blocks')
  await store.open()
  opened.push(store)
  return store
}

async function listed(store: GroupedBlocks): Promise<string[]> {
  const all: string[] = []
  for await (const { cid } of store.getAll()) all.push(String(cid))
  return all.sort()
}

async function recordsOf(name: string): Promise<Uint8Array[]> {
  const database = await openDB(name)
  const records: unknown[] = await database.getAll(name)
  database.close()
  return records.filter(record => record instanceof Uint8Array)
}

async function read(store: GroupedBlocks, cid: CID): Promise<Uint8Array | undefined> {
  for await (const part of store.get(cid)) return part
  return undefined
}

describe('blocks in IndexedDB', () => {
  it('are there when they were put, all of those that came at once', async () => {
    const store = await openStore()
    await Promise.all(blocks.map(({ cid, bytes }) => store.put(cid, bytes)))
    const held = await Promise.all(blocks.map(({ cid }) => read(store, cid)))
    expect(held).toEqual(blocks.map(({ bytes }) => bytes))
    expect(await store.has(absent)).toBe(false)
    await expect(read(store, absent)).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(await createStoredBlocks(store).get(absent)).toBeUndefined()
  })

  it('take two transactions to write fifty, and one to look for fifty', async () => {
    const store = await openStore()
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await Promise.all(blocks.map(({ cid, bytes }) => store.put(cid, bytes)))
    expect(begun).toHaveBeenCalledTimes(2)
    begun.mockClear()
    expect((await Promise.all(blocks.map(({ cid }) => store.has(cid)))).every(Boolean)).toBe(true)
    expect(begun).toHaveBeenCalledTimes(1)
  })

  it('take two transactions to remove fifty, which are gone then, and the others not', async () => {
    const store = await openStore()
    await Promise.all(blocks.map(({ cid, bytes }) => store.put(cid, bytes)))
    const [kept, ...gone] = blocks
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await Promise.all(gone.map(({ cid }) => store.delete(cid)))
    expect(begun).toHaveBeenCalledTimes(2)
    const held = await Promise.all(blocks.map(({ cid }) => store.has(cid)))
    expect(held).toEqual(blocks.map(block => block === kept))
    // What was asked last holds.
    const [, block] = blocks
    if (!block) throw new Error('there are blocks')
    await Promise.all([store.put(block.cid, block.bytes), store.delete(block.cid)])
    expect(await store.has(block.cid)).toBe(false)
  })

  it('that the store before this one has kept are found, listed and removed', async () => {
    const [first, second] = blocks
    if (!first || !second) throw new Error('there are blocks')
    const before = new IDBBlockstore('blocks')
    await before.open()
    await before.put(first.cid, first.bytes)
    await before.put(whole.cid, whole.bytes)
    const store = await openStore()
    expect(await read(store, first.cid)).toEqual(first.bytes)
    expect(await createStoredBlocks(store).get(whole.cid)).toEqual(whole.bytes)
    await store.put(second.cid, second.bytes)
    expect(await listed(store)).toEqual([first, second, whole].map(({ cid }) => String(cid)).sort())
    await Promise.all([store.delete(first.cid), store.delete(whole.cid)])
    expect(await listed(store)).toEqual([String(second.cid)])
    await before.close()
  })

  it.each([0, 1, part - 1, part, part + 1, 2 * part, 2 * part + 1, MAX_BLOCK_BYTES])(
    'of %i bytes come back as they were, are listed once, and leave nothing behind',
    async length => {
      const store = await openStore()
      const around = new Uint8Array(length + 20).map((_, at) => at % 251)
      const bytes = around.subarray(10, 10 + length)
      const cid = cidOf(RAW, bytes)
      await Promise.all([store.put(cid, bytes), store.put(whole.cid, whole.bytes)])
      const back: number[] = []
      for await (const piece of store.get(cid)) back.push(...piece)
      expect(Buffer.from(back).equals(bytes)).toBe(true)
      expect(await listed(store)).toEqual([String(cid), String(whole.cid)].sort())
      await store.delete(cid)
      expect(await store.has(cid)).toBe(false)
      expect(await createStoredBlocks(store).get(whole.cid)).toEqual(whole.bytes)
      await store.delete(whole.cid)
      expect(await recordsOf('blocks')).toEqual([])
    },
  )

  it('take less than 64 KiB in each record, with whatever they are views of', async () => {
    const store = await openStore()
    const around = new Uint8Array(1 << 20).fill(7)
    const bytes = around.subarray(99, 99 + (1 << 16))
    await store.put(cidOf(RAW, bytes), bytes)
    const records = await recordsOf('blocks')
    expect(records.map(({ buffer }) => buffer.byteLength)).toEqual([part, part])
  })

  it('say so when they can not be kept, and take the next', async () => {
    const store = await openStore()
    const [first] = blocks
    if (!first) throw new Error('there are blocks')
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
    ) {
      this.transaction.abort()
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(store.put(first.cid, first.bytes)).rejects.toThrow()
    full.mockRestore()
    expect(await store.has(first.cid)).toBe(false)
    await store.put(first.cid, first.bytes)
    expect(await store.has(first.cid)).toBe(true)
  })

  it('are not kept by a store that is closed', async () => {
    const store = new GroupedBlocks('blocks')
    const [first] = blocks
    if (!first) throw new Error('there are blocks')
    await expect(store.put(first.cid, first.bytes)).rejects.toThrow('not open')
    await expect(store.has(first.cid)).rejects.toThrow('not open')
  })
})
