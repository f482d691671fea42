// How the use cases get firmware bytes: the in-browser IPFS node with its block store, peers and gateways.
import type { Address, Bytes } from '../../core/bytes.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { PaidPeer } from '../../core/voucher/buyBlocks.ts'
import type { ChannelDomain } from '../../core/voucher/channel.ts'
import type { SaleOptions } from '../../core/voucher/sellBlocks.ts'
import type { ServeOffer } from '../../core/voucher/serveMessage.ts'
import type { OrderPeers } from './orderPeers.ts'

export interface FetchRequest {
  readonly cid: string
  /** From the manifest: more bytes than this are refused, and never stored. */
  readonly size: number
  /** Multiaddrs from the manifest, dialled in addition to the network's peers. */
  readonly peers: readonly string[]
  /** Base URLs of trustless gateways beside the network's. */
  readonly gateways?: readonly string[]
}

export interface FetchProgress {
  readonly received: number
  readonly total: number
  /** Where the latest block came from, in the order in which sources are tried. */
  readonly from: 'stored' | 'peer' | 'gateway'
}

export type FetchFailure =
  /** No source had it before the deadline. `tried` names peers and gateways without paths. */
  | { readonly kind: 'firmwareUnavailable'; readonly tried: readonly string[]; readonly detail?: string }
  | { readonly kind: 'firmwareTooLarge' }
  | { readonly kind: 'storageFull'; readonly needed: number; readonly free: number }
  | { readonly kind: 'fetchCancelled' }

export interface PeerStatus {
  readonly id: string
  readonly address: string
  readonly direction: 'in' | 'out'
}

/** What one peer was given, of one file. */
export interface Served {
  readonly peer: string
  /** The root of the file that the blocks are of. */
  readonly cid: string
  readonly blocks: number
  readonly bytes: number
}

export type ServeFailure =
  /** No IPFS node could be started: its code did not load, or its store can't be opened. */
  { readonly kind: 'servingUnavailable'; readonly detail: string }

/** A block that is here already. */
export type Held = Parameters<PaidPeer['begin']>[1]['held']

/** Pays sellers, within what the person has agreed to. */
export interface BlockBuyer {
  /** null where this network has no contract to be paid by. */
  domain(): ChannelDomain | null
  /** Whether blocks of this file (its root) may be paid for at all: asked before anybody is. */
  wants(cid: string): Promise<boolean>
  /** Meets the seller under a channel; `end` when nothing more is wanted. `kind` notAgreed: it is not he who may be paid. */
  begin(peer: PaidPeer, cid: string, held: Held): Promise<Result<{ end(): void }, Failure>>
  /** The purchase stopped in the midst of it. */
  failed(cid: string, failure: Failure): void
}

/** On what terms blocks are sold, and by which ledger. */
export type BlockSale = Omit<SaleOptions, 'readBlock' | 'onSold'>

/** Blocks for vouchers, between peers. */
export interface BlockTrade {
  /** What those ask who sell this file: peers of the network, of the manifest, and those who hold it as far as anybody knows. */
  findSellers(
    request: FetchRequest,
    domain: ChannelDomain,
    signal: AbortSignal,
  ): Promise<readonly ServeOffer[]>
  /**
   * Talks to the peer that is paid at this account, whether or not it has a block to sell: it is looked for among the network's
   * peers and those who hold one of these files. `kind` payeeNotThere: it was not found.
   */
  meetPayee<T>(
    request: { readonly cids: readonly string[]; readonly payee: Address; readonly domain: ChannelDomain },
    talk: (peer: PaidPeer, held: Held) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>>
  /** How many blocks of 64 KiB, and nodes above them, would have to be paid for what is missing of this file. */
  missingBlocks(file: Pick<FetchRequest, 'cid' | 'size'>): Promise<number>
  /** Who pays for blocks that nobody gives away: loaded when there is nobody else left to ask. Without it nobody pays. */
  buyWith(buyer: () => Promise<BlockBuyer>): void
  /** Served files are sold, and not given away; null: given away. */
  sell(sale: BlockSale | null): void
}

export interface FirmwareSource extends BlockTrade {
  /** Over the same node. */
  readonly orders: OrderPeers
  /** Blocks are checked against the CID as they come and kept at once: a killed tab loses no verified block. */
  fetch(
    request: FetchRequest,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: FetchProgress) => void },
  ): Promise<Result<Bytes, FetchFailure>>
  /** Whether the whole file is in the local store (no network is touched). */
  holds(cid: string): Promise<boolean>
  /** Removes a file's blocks. */
  drop(cid: string): Promise<void>
  /** Removes every block but those of these files: what earlier releases left as well. */
  clear(except: readonly string[]): Promise<void>
  /**
   * From now on gives the blocks of these files, and of no others, to whoever asks, and tells the network's relays that it
   * holds them; the node is started for it. After `maxBytes` from now on (null: no limit) it looks empty, but for the rest of
   * one block. null instead of files ends it: a source that was just made serves nothing.
   */
  serve(cids: readonly string[] | null, maxBytes?: number | null): Promise<Result<null, ServeFailure>>
  /** Calls back after blocks went out; the stop is returned. */
  onServed(listener: (served: Served) => void): () => void
  /** null until the node was needed: it is started lazily. */
  peers(): readonly PeerStatus[] | null
  stop(): Promise<void>
}
