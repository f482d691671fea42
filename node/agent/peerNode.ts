// The agent's own IPFS node: dials peers, keeps verified blocks, listens nowhere.
import { mkdirSync } from 'node:fs'
import { withBitswap } from '@helia/bitswap'
import { type HeliaWithLibp2p, withLibp2pLight } from '@helia/libp2p'
import { identify } from '@libp2p/identify'
import type { ServiceMap } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { FsBlockstore } from 'blockstore-fs'
import { createHeliaLight } from 'helia'
import type { CID } from 'multiformats/cid'
import { concat } from '../../src/core/bytes.ts'
import type { BlockKeeper } from './fetchFirmware.ts'

export interface PeerNode {
  readonly helia: HeliaWithLibp2p<ServiceMap>
  readonly blocks: BlockKeeper
  stop(): Promise<void>
}

export async function startPeerNode(directory: string): Promise<PeerNode> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const blockstore = new FsBlockstore(directory)
  await blockstore.open()
  const peer = withLibp2pLight(createHeliaLight({ blockstore }), {
    addresses: { listen: [] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // The network's peers may be on this very machine.
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  const helia = (await withBitswap(peer).start()) as HeliaWithLibp2p<ServiceMap>
  return {
    helia,
    blocks: {
      async get(cid: CID) {
        if (!(await blockstore.has(cid))) return undefined
        const parts: Uint8Array[] = []
        for await (const part of blockstore.get(cid)) parts.push(part)
        return concat(...parts)
      },
      async put(cid, bytes) {
        await blockstore.put(cid, bytes)
      },
    },
    async stop() {
      await helia.stop()
      await blockstore.close()
    },
  }
}
