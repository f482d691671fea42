// A seed that gives its blocks away: streams of /fob/serve/1.0.0, so many at once, and no peer more than its share.
import type { Libp2p } from 'libp2p'
import { createServeStreams, usualServeLimits } from '../../src/core/p2p/serveStreams.ts'
import { createUploadBudget } from '../../src/core/p2p/uploadBudget.ts'
import { fail, ok } from '../../src/core/result.ts'
import { serveProtocol } from '../../src/core/voucher/serveMessage.ts'
import { systemTimer } from '../systemTimer.ts'
import type { BlockSource } from './gateway.ts'
import { keepRecent } from './recentBlocks.ts'

/** A peer gets so much as quickly as it can take it, and then no more than a rate: a seed has others to serve. */
const eachPeer = { burst: 512 << 20, perSecond: 8 << 20 }
const allPeers = { burst: 4 * 2 ** 30, perSecond: 128 << 20 }
/** Of blocks that are kept in memory: a few firmwares. */
const RECENT_BYTES = 64 << 20

export interface Giver {
  stop(): Promise<void>
}

export async function giveBlocks(libp2p: Libp2p, blocks: BlockSource): Promise<Giver> {
  const read = keepRecent(blocks, RECENT_BYTES)
  const budget = createUploadBudget(systemTimer, eachPeer, allPeers)
  const streams = createServeStreams({
    timer: systemTimer,
    giver: {
      room: peer => budget.room(peer),
      async read(cid) {
        const bytes = await read(cid)
        return bytes ? ok(bytes) : fail({ kind: 'notHere' })
      },
      given: (peer, _cid, bytes) => budget.spend(peer, bytes),
    },
    seller: () => null,
    limits: { streams: 256 },
  })
  await libp2p.handle(
    serveProtocol,
    (stream, { remotePeer }) => streams.accept(stream, remotePeer.toString()),
    { maxInboundStreams: usualServeLimits.streamsPerPeer },
  )
  return {
    async stop() {
      await libp2p.unhandle(serveProtocol)
      streams.stop()
    },
  }
}
