// A peer that sells blocks, dialled.
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { fail, type Result } from '../../src/core/result.ts'
import { askSeller, type PaidFailure, type PaidPeer } from '../../src/core/voucher/buyBlocks.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import { maxServeMessage, serveProtocol } from '../../src/core/voucher/serveMessage.ts'
import { type ServeStream, serveStream } from './serveStream.ts'

export interface PaidPeerOptions {
  readonly libp2p: Libp2p
  readonly address: Multiaddr
  readonly domain: ChannelDomain
  /** The first block that is wanted: whether it is there is asked before anything is opened. */
  readonly root: CID
  /** It is met about a channel: whether it has that block does not matter. */
  readonly isAnyBlock?: boolean
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Dials and asks. Fails where nobody answers, the block is not there, or the offer is for another chain. */
export async function askPaidPeer(options: PaidPeerOptions): Promise<Result<PaidPeer, PaidFailure>> {
  const { libp2p, address, domain, root, timeoutMs = 15_000, isAnyBlock = false } = options
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit
  let stream: ServeStream
  try {
    const opened = await libp2p.dialProtocol(address, serveProtocol, { signal })
    stream = serveStream(opened, { messageBytes: maxServeMessage, queued: 2, sendMs: timeoutMs })
  } catch (error) {
    return fail({ kind: 'peerUnreachable', detail: error instanceof Error ? error.message : String(error) })
  }
  options.signal?.addEventListener('abort', () => stream.abort('no longer wanted'), { once: true })
  return askSeller(stream, { domain, root, timeoutMs, isAnyBlock })
}
