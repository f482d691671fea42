// Every kind of failure that paying for blocks can end in, beside the wallet’s own, collected from where they arise.
import type { ChannelFailure } from '../../app/channels/channels.ts'
import type { StorageFailure } from '../../app/ports/vault.ts'
import type { ProposeFailure } from '../../app/wallet/wallet.ts'

export type ChannelsFailureKind =
  | Exclude<ChannelFailure['kind'], ProposeFailure['kind'] | StorageFailure['kind']>
  | 'noChannel'
  | 'depositExhausted'
  | 'budgetExhausted'
  | 'payingElsewhere'
  | 'offerChanged'
  | 'channelNotOpen'
  | 'purseUnreadable'
  | 'keyLost'
  | 'standingForged'
  | 'debtTooLarge'
  | 'overcharged'
  | 'wrongBlock'
  | 'payeeNotThere'
  | 'peerRefused'
  | 'consentForged'
