// How the use cases get firmware bytes: the in-browser IPFS node with its block store, peers and gateways.
import type { Bytes } from '../../core/bytes.ts'
import type { Result } from '../../core/result.ts'

interface FetchRequest {
  readonly cid: string
  /** From the manifest: more bytes than this are refused, and never stored. */
  readonly size: number
  /** Multiaddrs from the manifest, dialled in addition to the network's peers. */
  readonly peers: readonly string[]
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

export interface FirmwareSource {
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
