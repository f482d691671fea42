// The CIDs of files: the same from the command's importer, from what the browser reads and lays out, and from the specifications.
import { MemoryBlockstore } from 'blockstore-core'
import { describe, expect, it } from 'vitest'
import { firmwareCid } from '../../../node/seed/firmwareFile.ts'
import { parseFileCid } from '../../../src/core/ipfs/block.ts'
import { layOutFile } from '../../../src/core/ipfs/unixfs.ts'
import { fetchFile } from '../../../src/io/ipfs/fetchFile.ts'
import { createStoredBlocks } from '../../../src/io/ipfs/storedBlocks.ts'
import cids from '../../vectors/ipfs/cids.json' with { type: 'json' }

const fileOf = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8) + (i >> 16) * 5
  return bytes
}

describe.each(cids.vectors)('a file of $length bytes', ({ length, cid }) => {
  const file = fileOf(length)
  const { root, blocks } = layOutFile(file)

  it('has the CID that the specifications give it, from the command and from the app', async () => {
    expect(root.toString()).toBe(cid)
    expect((await firmwareCid(file)).toString()).toBe(cid)
  })

  it('is read back from its blocks', async () => {
    const store = new MemoryBlockstore()
    for (const block of blocks) store.put(block.cid, block.bytes)
    const parsed = parseFileCid(cid)
    if (!parsed.ok) throw new Error(parsed.error.detail)
    const read = await fetchFile({
      root: parsed.value,
      maxSize: length,
      stored: createStoredBlocks(store),
      openPool: () => {
        throw new Error('nothing is missing')
      },
      ensureRoom: async () => ({ ok: true, value: null }),
      onProgress: () => {},
    })
    expect(read.ok && Buffer.from(read.value).equals(file)).toBe(true)
  })
})
