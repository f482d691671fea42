// Who gives blocks away: trustless gateways over HTTP, and peers over bitswap. They are asked before anybody is paid.
import type { HeliaWithLibp2p } from '@helia/libp2p'
import type { ServiceMap } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { type Bytes, concat } from '../../src/core/bytes.ts'
import { isBlockOf, MAX_BLOCK_BYTES } from '../../src/core/ipfs/block.ts'

export interface FreeSource {
  readonly name: string
  /** A verified block; undefined where this source has none, or takes too long. */
  get(cid: CID, signal: AbortSignal): Promise<Bytes | undefined>
}

/** `base` as in network.json: `{base}/ipfs/{cid}?format=raw`. */
export function gatewaySource(base: string): FreeSource {
  return {
    name: base,
    async get(cid, signal) {
      try {
        const response = await fetch(`${base.replace(/\/+$/, '')}/ipfs/${cid}?format=raw`, { signal })
        if (!response.ok || response.body === null) return undefined
        const chunks: Uint8Array[] = []
        let length = 0
        for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
          length += chunk.length
          if (length > MAX_BLOCK_BYTES) return undefined
          chunks.push(chunk)
        }
        const bytes = concat(...chunks)
        return isBlockOf(cid, bytes) ? bytes : undefined
      } catch {
        // Unreachable, or too slow: another source is asked.
        return undefined
      }
    },
  }
}

export function bitswapSource(node: HeliaWithLibp2p<ServiceMap>, address: Multiaddr): FreeSource {
  return {
    name: address.toString(),
    async get(cid, signal) {
      try {
        const connection = await node.libp2p.dial(address, { signal })
        const session = node.blockstore.createSession(cid, {
          providers: [connection.remotePeer.toCID()],
          minProviders: 1,
          maxProviders: 1,
        })
        const parts: Uint8Array[] = []
        for await (const part of session.get(cid, { signal })) parts.push(part)
        const bytes = concat(...parts)
        return isBlockOf(cid, bytes) ? bytes : undefined
      } catch {
        // Unreachable, speaks no bitswap, or does not have it: another source is asked.
        return undefined
      }
    },
  }
}
