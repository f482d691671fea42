// The browser's block store, in IndexedDB. Small: it opens without the IPFS node, so that held firmware is there offline.
import { MemoryBlockstore } from 'blockstore-core'
import { GroupedBlocks } from './groupedBlocks.ts'
import type { Blockstore } from './stores.ts'

/** In memory where the browser refuses storage (a private window): an update still works, nothing is kept for later. */
export async function openBrowserBlocks(): Promise<Blockstore> {
  const store = new GroupedBlocks('fob-blocks')
  try {
    await store.open()
    return store
  } catch {
    return new MemoryBlockstore()
  }
}
