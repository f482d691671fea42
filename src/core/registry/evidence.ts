// How well a chain reading is proven; shown in words next to whatever was read, never as a bare tick.
import type { Hex } from '../bytes.ts'

/** Why a reading is not proven. */
export type UnprovenReason =
  /** Only one endpoint is configured, or only one answered. */
  | 'oneEndpoint'
  /** An endpoint refused eth_getProof, so its values were taken at its word. */
  | 'noProofs'
  /** An endpoint was caught lying (forged header or proof, other chain) and was left out; too few remain. */
  | 'endpointLied'
  /** The newest block on which the endpoints agree is older than the age limit. */
  | 'stale'
  /** That block is from the future by more than the age limit: this clock is behind, so that no age can be told. */
  | 'clockBehind'

interface BlockRef {
  readonly number: number
  readonly hash: Hex
  /** Unix time in seconds. */
  readonly timestamp: number
}

/** What one endpoint did in a reading: for the "how was this proven" view. `host` carries no path or credentials. */
export interface EndpointVerdict {
  readonly host: string
  readonly verdict:
    | 'agreed'
    | 'unreachable'
    | 'wrongChain'
    | 'badHeader'
    | 'badProof'
    | 'noProofs'
    | 'disagreed'
  readonly detail?: string
}

export type Evidence =
  | {
      readonly level: 'proven'
      readonly block: BlockRef
      readonly endpoints: readonly EndpointVerdict[]
      /** Unix time in seconds at which this app verified it. */
      readonly verifiedAt: number
    }
  | {
      readonly level: 'unproven'
      readonly reason: UnprovenReason
      readonly block: BlockRef
      readonly endpoints: readonly EndpointVerdict[]
      readonly verifiedAt: number
    }
