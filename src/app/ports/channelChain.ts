// How the use cases read payment channels: what they hold is proven, who opened them is told by events that hash to their ids.
import type { Address } from '../../core/bytes.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Result } from '../../core/result.ts'
import type { ChannelId, ChannelTerms } from '../../core/voucher/channel.ts'
import type { ChannelOnChain } from '../../core/voucher/standing.ts'
import type { ChainFailure } from './chain.ts'

export interface ChannelsReading {
  readonly channels: ReadonlyMap<ChannelId, ChannelOnChain>
  /** What PaymentChannels keeps for `account` of the coin, until it is withdrawn; smallest unit. */
  readonly kept: bigint
  readonly evidence: Evidence
}

export interface ChannelChain {
  /** A channel that was never opened is all zero. */
  read(
    channelIds: readonly ChannelId[],
    account: Address | null,
  ): Promise<Result<ChannelsReading, ChainFailure>>
  /** Every channel that this account ever opened, as far as any endpoint tells; the terms hash to their ids. */
  openedBy(payer: Address): Promise<Result<readonly ChannelTerms[], ChainFailure>>
}
