// A seed's sale of its blocks: streams of /fob/serve/1.0.0, so many at once and no more.
import type { Connection, Stream } from '@libp2p/interface'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import type { Bytes } from '../../src/core/bytes.ts'
import { refuse, type SaleOptions, sellOver } from '../../src/core/voucher/sellBlocks.ts'
import { maxPayerMessage, serveProtocol } from '../../src/core/voucher/serveMessage.ts'
import { type ServeStream, serveStream } from '../channels/serveStream.ts'
import { type BlockSource, readBlock } from './gateway.ts'

export interface SellOptions extends Omit<SaleOptions, 'readBlock'> {
  readonly blocks: BlockSource
  readonly limits?: Partial<SellLimits>
}

export interface SellLimits {
  /** Streams at once, in all and of one peer. */
  readonly streams: number
  readonly streamsPerPeer: number
  /** Milliseconds without a message from the payer. */
  readonly silenceMs: number
}

const usual: SellLimits = { streams: 64, streamsPerPeer: 4, silenceMs: 30_000 }

export interface Seller {
  /** Streams that are open now. */
  streams(): number
  stop(): Promise<void>
}

export async function sellBlocks(libp2p: Libp2p, options: SellOptions): Promise<Seller> {
  const limits = { ...usual, ...options.limits }
  const open = new Set<ServeStream>()
  const handle = (stream: Stream, _connection: Connection): void => {
    const messages = serveStream(stream, {
      messageBytes: maxPayerMessage,
      queued: 2,
      sendMs: limits.silenceMs,
    })
    if (open.size >= limits.streams) {
      void refuse(messages, 'busy', 'too many streams').then(() => messages.close())
      return
    }
    open.add(messages)
    sellOver(messages, { ...options, readBlock: cid => readIfThere(options.blocks, cid) }, limits.silenceMs)
      // A block that can't be read, a disk that can't be written: said to the payer, and over.
      .catch(() => refuse(messages, 'unable', 'an unexpected error'))
      .finally(() => {
        open.delete(messages)
        void messages.close()
      })
  }
  await libp2p.handle(serveProtocol, handle, { maxInboundStreams: limits.streamsPerPeer })
  return {
    streams: () => open.size,
    async stop() {
      await libp2p.unhandle(serveProtocol)
      for (const stream of open) stream.abort('the seed ends')
    },
  }
}

const readIfThere = async (blocks: BlockSource, cid: CID): Promise<Bytes | undefined> =>
  (await blocks.has(cid)) ? Uint8Array.from(await readBlock(blocks, cid)) : undefined
