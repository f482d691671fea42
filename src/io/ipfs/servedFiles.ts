// Which blocks are given away: those of the files that are served, and of no others; and whose block it was that left.
import type { CID } from 'multiformats/cid'
import { concat, toHex } from '../../core/bytes.ts'
import { collectBlocks, createStoredBlocks } from './storedBlocks.ts'
import type { Blockstore } from './stores.ts'

/** Of a multihash, SHA-256 and 32 bytes: https://github.com/multiformats/multicodec/blob/master/table.csv */
const SHA2_256 = Uint8Array.of(0x12, 32)

export interface ServedFiles {
  /** Resolves when the blocks of these files are known, with whether they count; a later call wins. */
  choose(roots: readonly CID[] | null, maxBytes: number | null): Promise<boolean>
  /** False for all when as much was read as may be. */
  has(cid: CID): boolean
  /** So many bytes were read to be given away. */
  read(bytes: number): void
  /** The root of the file that this block is of; undefined where it is served no more. A block of two files is the first one's. */
  rootOf(cid: CID): CID | undefined
  /** The same for a block whose name is not known. */
  fileOf(block: Uint8Array): Promise<CID | undefined>
}

export function createServedFiles(store: Blockstore): ServedFiles {
  /** By multihash. */
  let files: ReadonlyMap<string, CID> = new Map()
  let turn = 0
  let left = 0
  return {
    async choose(roots, maxBytes) {
      const mine = ++turn
      const found = new Map<string, CID>()
      const stored = createStoredBlocks(store)
      for (const root of roots ?? []) {
        const blocks = new Set<string>()
        await collectBlocks(stored, root, blocks)
        for (const block of blocks) if (!found.has(block)) found.set(block, root)
      }
      if (mine === turn) {
        files = found
        left = maxBytes ?? Number.POSITIVE_INFINITY
      }
      return mine === turn
    },
    read(bytes) {
      left -= bytes
    },
    has: cid => left > 0 && files.has(toHex(cid.multihash.bytes)),
    rootOf: cid => files.get(toHex(cid.multihash.bytes)),
    async fileOf(block) {
      // Copied at once: what is being sent may be gone when the digest is there.
      const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(block))
      return files.get(toHex(concat(SHA2_256, new Uint8Array(digest))))
    },
  }
}
