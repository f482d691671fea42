// What can be asked for a block: a peer that gives it, a trustless gateway over HTTP, a peer that sells it.
import type { CID } from 'multiformats/cid'
import type { Result } from '../../core/result.ts'

export type BlockFailure =
  /** It answered that it does not have this block. */
  | { readonly kind: 'lacksBlock'; readonly detail: string }
  /** It answered with other bytes than the CID names, or with more than can be right: never asked again. */
  | { readonly kind: 'wrongBytes'; readonly detail: string }
  /** No connection, an error of its own, or no answer. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** The block came but this browser could not keep it. */
  | { readonly kind: 'notStored'; readonly detail: string }

export interface BlockRequest {
  /** More bytes than this can't be the block. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface BlockSource {
  /** Host (and port) for people; no path, no credentials. */
  readonly name: string
  /** A seller is asked for what nobody gives away. */
  readonly kind: 'peer' | 'gateway' | 'seller'
  /** How many requests it may have at a time. */
  readonly maxInFlight: number
  /** Connects, where that takes time: nothing is asked of it before. Absent: it can be asked at once. Never rejects. */
  reach?(): Promise<Result<null, BlockFailure>>
  /** Never rejects. What it returns is not to be trusted before it was compared with the CID. */
  get(cid: CID, request: BlockRequest): Promise<Result<Uint8Array, BlockFailure>>
}

/** Text of an unknown error for a failure's `detail`, its causes included (fetch hides the reason there). */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = error.message || error.name
  return error.cause instanceof Error && error.cause.message !== text
    ? `${text}: ${error.cause.message}`
    : text
}
