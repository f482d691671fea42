// The blocks that this browser holds: checked when they are read, so that a damaged one counts as missing.

import type { CID } from 'multiformats/cid'
import { concat, toHex } from '../../core/bytes.ts'
import { RAW } from '../../core/ipfs/block.ts'
import { MAX_DEPTH, readFileBlock } from '../../core/ipfs/unixfs.ts'
import { matchesCid } from './matchesCid.ts'
import type { Blockstore } from './stores.ts'

export interface StoredBlocks {
  has(cid: CID): Promise<boolean>
  /** undefined where it is missing or damaged; a damaged one is removed. */
  get(cid: CID): Promise<Uint8Array | undefined>
  /** Rejects with the store's error, a full quota for one. */
  put(cid: CID, bytes: Uint8Array): Promise<void>
  delete(cid: CID): Promise<void>
}

export function createStoredBlocks(store: Blockstore): StoredBlocks {
  return {
    has: async cid => await store.has(cid),
    async get(cid) {
      if (!(await store.has(cid))) return undefined
      const parts: Uint8Array[] = []
      for await (const part of store.get(cid)) parts.push(part)
      const bytes = parts.length === 1 && parts[0] ? parts[0] : concat(...parts)
      if (await matchesCid(cid, bytes)) return bytes
      await store.delete(cid)
      return undefined
    },
    async put(cid, bytes) {
      await store.put(cid, bytes)
    },
    async delete(cid) {
      if (await store.has(cid)) await store.delete(cid)
    },
  }
}

/** Whether every block of the file is there. Leaves are looked up, not read. */
export async function holdsFile(blocks: StoredBlocks, root: CID, depth = 0): Promise<boolean> {
  const bytes = await blocks.get(root)
  if (!bytes || depth > MAX_DEPTH) return false
  const node = readFileBlock(root, bytes)
  if (!node.ok) return false
  const held = await Promise.all(
    node.value.children.map(({ cid }) =>
      cid.code === RAW ? blocks.has(cid) : holdsFile(blocks, cid, depth + 1),
    ),
  )
  return held.every(Boolean)
}

/** Removes the file's blocks that are there, leaves first: what is left after a crash can still be found and removed. */
export async function dropFile(blocks: StoredBlocks, root: CID, depth = 0): Promise<void> {
  const bytes = await blocks.get(root)
  const node = bytes && readFileBlock(root, bytes)
  if (node?.ok && depth <= MAX_DEPTH) {
    await Promise.all(node.value.children.map(child => dropFile(blocks, child.cid, depth + 1)))
  }
  await blocks.delete(root)
}

/** Leaves the blocks of these files, as far as they are there, and nothing else. */
export async function dropAllBut(store: Blockstore, roots: readonly CID[]): Promise<void> {
  const kept = new Set<string>()
  const blocks = createStoredBlocks(store)
  for (const root of roots) await collectBlocks(blocks, root, kept)
  const dropped: CID[] = []
  // Stores know blocks by their multihash: the codec of what they list is not that of the link.
  for await (const { cid } of store.getAll()) if (!kept.has(hashOf(cid))) dropped.push(cid)
  await Promise.all(dropped.map(async cid => store.delete(cid)))
}

/** Adds the multihashes of the file's blocks, as `toHex` writes them, as far as those that name them are there. */
export async function collectBlocks(
  blocks: StoredBlocks,
  root: CID,
  found: Set<string>,
  depth = 0,
): Promise<void> {
  found.add(hashOf(root))
  if (root.code === RAW || depth > MAX_DEPTH) return
  const bytes = await blocks.get(root)
  const node = bytes && readFileBlock(root, bytes)
  if (!node?.ok) return
  for (const child of node.value.children) await collectBlocks(blocks, child.cid, found, depth + 1)
}

const hashOf = (cid: CID): string => toHex(cid.multihash.bytes)
