// The block store as other peers see it: empty, unless this browser serves.
import type { Blockstore } from './stores.ts'

/**
 * For the IPFS node, whose bitswap looks whether a block is there before it sends it (@helia/bitswap 4.0.19, ledger.js).
 * The app reads its own blocks from `store` itself.
 */
export function servedStore(store: Blockstore, isServing: () => boolean): Blockstore {
  return {
    has: async (cid, options) => isServing() && (await store.has(cid, options)),
    get: (cid, options) => store.get(cid, options),
    getMany: (cids, options) => store.getMany(cids, options),
    getAll: options => store.getAll(options),
    put: (cid, bytes, options) => store.put(cid, bytes, options),
    putMany: (pairs, options) => store.putMany(pairs, options),
    delete: (cid, options) => store.delete(cid, options),
    deleteMany: (cids, options) => store.deleteMany(cids, options),
  }
}
