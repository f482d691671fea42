// How the use cases read the FirmwareRegistry: every deciding value verified locally, with the level it reached.
import type { Hex } from '../../core/bytes.ts'
import type { HeaderFailure } from '../../core/proof/headerSource.ts'
import type { EndpointVerdict } from '../../core/registry/evidence.ts'
import type { HeadReading, ReleaseEntry } from '../../core/registry/release.ts'
import type { Result } from '../../core/result.ts'

export type ChainFailure =
  | HeaderFailure
  /** The head is proven, but no endpoint hands out the manifest (or the revocations) that hashes to it. */
  | { readonly kind: 'manifestMissing'; readonly endpoints: readonly EndpointVerdict[] }

export interface ChainPort {
  /** `modelId` and channel name (`stable`, `beta`: at most 31 bytes of UTF-8). */
  readHead(modelId: Hex, channel: string): Promise<Result<HeadReading, ChainFailure>>
  /** Newest first. The head is as proven as `readHead` says; earlier entries are what endpoints report. */
  listReleases(modelId: Hex, channel: string): Promise<Result<readonly ReleaseEntry[], ChainFailure>>
  /** Quick look for the network page: which endpoints answer, at which finalized block. */
  probe(): Promise<readonly EndpointStatus[]>
}

export interface EndpointStatus {
  readonly host: string
  readonly state: 'ok' | 'unreachable' | 'wrongChain'
  readonly finalizedBlock: number | null
}
