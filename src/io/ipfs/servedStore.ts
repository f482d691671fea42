// The block store as other peers see it: empty, but for the files that this browser serves.
import type { CID } from 'multiformats/cid'
import type { OnTheWay } from './onTheWay.ts'
import type { Blockstore } from './stores.ts'

/**
 * For the IPFS node, whose bitswap looks whether a block is there before it reads and sends it (@helia/bitswap 4.0.19,
 * ledger.js), one after the other for each peer: what has to wait here makes that peer wait. The app reads its own blocks
 * from `store` itself.
 */
export function servedStore(
  store: Blockstore,
  isServed: (cid: CID) => boolean,
  onTheWay?: OnTheWay,
  onRead: (bytes: number) => void = () => {},
): Blockstore {
  return {
    has: async (cid, options) => isServed(cid) && (await store.has(cid, options)),
    async *get(cid, options) {
      await onTheWay?.room()
      for await (const part of store.get(cid, options)) {
        onTheWay?.read(part.length)
        onRead(part.length)
        yield part
      }
    },
    getMany: (cids, options) => store.getMany(cids, options),
    getAll: options => store.getAll(options),
    put: (cid, bytes, options) => store.put(cid, bytes, options),
    putMany: (pairs, options) => store.putMany(pairs, options),
    delete: (cid, options) => store.delete(cid, options),
    deleteMany: (cids, options) => store.deleteMany(cids, options),
  }
}
