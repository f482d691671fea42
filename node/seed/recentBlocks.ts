// The blocks that were last asked for, in memory: many phones want the same firmware on the same day.
import type { CID } from 'multiformats/cid'
import { readyToGive } from '../../src/core/voucher/serveMessage.ts'
import { type BlockSource, readBlock } from './gateway.ts'

/** Reads from the store what is not among the last `maxBytes` bytes of blocks. undefined where it has none. */
export function keepRecent(
  blocks: BlockSource,
  maxBytes: number,
): (cid: CID) => Promise<Uint8Array | undefined> {
  const recent = new Map<string, Uint8Array>()
  let held = 0

  function keep(key: string, bytes: Uint8Array): void {
    // Two may have read it at once.
    if (recent.delete(key)) held -= bytes.length
    recent.set(key, bytes)
    held += bytes.length
    for (const [oldest, { length }] of recent) {
      if (held <= maxBytes) break
      recent.delete(oldest)
      held -= length
    }
  }

  return async cid => {
    const key = cid.toString()
    const known = recent.get(key)
    const read = known ? undefined : await readIfThere(blocks, cid)
    const bytes = known ?? (read && readyToGive(read))
    if (bytes) keep(key, bytes)
    return bytes
  }
}

async function readIfThere(blocks: BlockSource, cid: CID): Promise<Uint8Array | undefined> {
  try {
    return await readBlock(blocks, cid)
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundError') return undefined
    throw error
  }
}
