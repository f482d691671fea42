// Payment channels as the ui sees them: what is put aside for whom, what others have paid, and buying a file by the block.
import type { Address } from '../../core/bytes.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { ChannelId } from '../../core/voucher/channel.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { Readable } from '../observable.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { StorageFailure } from '../ports/vault.ts'
import type { ConfirmFailure, PaymentView, Proposal, ProposeFailure, Speed } from '../wallet/wallet.ts'

export type ChannelState =
  /** Written down; the chain does not show it yet, as a final one. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  /** The payer asked for the rest. Unix seconds from which he can take it. */
  | { readonly kind: 'leaving'; readonly until: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'closed' }
  /** It could not be read since the app was opened. */
  | { readonly kind: 'unread' }

export interface ChannelView {
  readonly channelId: ChannelId
  /** What this browser's person is in it. */
  readonly role: 'payer' | 'payee'
  readonly other: Address
  readonly deposit: Amount
  /** In vouchers, in all: signed by us, or taken by us. */
  readonly promised: Amount
  /** Of that, what went to the payee on chain. */
  readonly claimed: Amount
  /** Seconds. */
  readonly exitDelay: number
  readonly state: ChannelState
  readonly evidence: Evidence | null
  /** Of a payee: what claiming brings now; null where there is nothing to claim. */
  readonly claim: Claim | null
  /** Its end at once: wished for by the payer, agreed to by the payee; for both sides as far as this browser knows. */
  readonly closing: 'none' | 'asked' | 'agreed'
  /** Of a payer: whether this browser has the key that pays from it. */
  readonly canPay: boolean
}

/** Of an account of ours, under keys that are not in this browser. */
export interface PaidElsewhere {
  readonly channels: readonly {
    readonly channelId: ChannelId
    readonly payee: Address
    readonly deposit: Amount
    /** What the payee has got on chain, of which there can be more in vouchers. */
    readonly claimed: Amount
    readonly state: ChannelState
  }[]
  /** null where there is nothing to be proven. */
  readonly evidence: Evidence | null
}

interface Claim {
  readonly gain: Amount
  /** Of the transaction, most likely; null where it could not be estimated. */
  readonly cost: Amount | null
  /** It brings at least twice what it costs. */
  readonly isWorthIt: boolean
}

export interface ChannelsView {
  readonly channels: readonly ChannelView[]
  /** Vouchers that this browser was ever given, in all. */
  readonly earned: Amount
  /** What the contract keeps for the owner account until it is withdrawn. */
  readonly kept: Amount | null
  readonly lastFailure: ChainFailure | null
  /** Unix seconds; null until the chain was read. */
  readonly readAt: number | null
}

/** What may be signed away without asking again; smallest unit of the coin. */
export interface PayingLimits {
  readonly perFile: bigint
  readonly perDay: bigint
}

/** A file that a device is to get. */
export interface WantedFile {
  readonly cid: string
  /** Bytes. */
  readonly size: number
  readonly peers: readonly string[]
}

/** One who sells the file. */
export interface Quote {
  readonly file: WantedFile
  readonly payee: Address
  readonly pricePerUnit: bigint
  /** Seconds. */
  readonly minExitDelay: number
  /** The most that what is missing of the file can cost. */
  readonly atMost: Amount
  /** What the person has agreed to pay at most, where he has. */
  readonly agreed: Amount | null
  /** The first limit of the person's that stands in the way. */
  readonly tooDear: 'perFile' | 'perDay' | null
}

export type ChannelFailure =
  | ProposeFailure
  | StorageFailure
  | { readonly kind: 'channelUnknown' }
  | { readonly kind: 'channelNotStored'; readonly detail: string }
  | { readonly kind: 'limitTooLow' }
  | { readonly kind: 'unproven'; readonly detail: string }

/** How buying a file ended, or stopped. `kind`: one of the purse's, the stream's or the protocol's failures. */
export interface PurchaseTrouble {
  readonly cid: string
  readonly kind: string
  readonly detail: string | null
}

export interface Channels {
  /** Whether this network has a contract for it. */
  readonly isThere: boolean
  /** Read again while it is watched. */
  readonly view: Readable<ChannelsView>
  readonly limits: Readable<PayingLimits>
  readonly trouble: Readable<PurchaseTrouble | null>
  changeLimits(limits: PayingLimits): Promise<void>
  refresh(): Promise<void>
  /** Channels that the owner account opened elsewhere, or that this browser has forgotten: their rest can be taken back. */
  findOwn(): Promise<Result<number, ChainFailure | { readonly kind: 'walletMissing' }>>

  /** What an account of ours pays without this browser; asks every endpoint for all that it has opened. */
  paidElsewhere(payer: Address): Promise<Result<PaidElsewhere, ChainFailure>>

  /** Who sells this file, the cheapest first. Nothing is opened or paid. */
  quotes(file: WantedFile, signal: AbortSignal): Promise<Result<readonly Quote[], ChainFailure>>
  /** To be confirmed by `confirmOpen`, which writes the channel down before it is sent. */
  proposeOpen(quote: Quote, deposit: bigint): Promise<Result<Proposal, ChannelFailure>>
  confirmOpen(
    proposal: Proposal,
    speed: Speed | null,
  ): Promise<Result<PaymentView, ConfirmFailure | ChannelFailure>>
  /** From now on these sellers may be paid for blocks of this file, up to the highest `atMost` of them in all, without unlocking anything. */
  agree(quotes: readonly Quote[]): Promise<Result<null, ChannelFailure>>
  withdrawAgreement(cid: string): Promise<void>

  proposeTopUp(channelId: ChannelId, amount: bigint): Promise<Result<Proposal, ChannelFailure>>
  proposeLeave(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  /**
   * By the payer: asks the payee to agree to its end at once. `ok`: it has, and `proposeCloseNow` carries it out. `kind`
   * askedToClose: it was told, and its person has to agree first; payeeNotThere: it could not be asked.
   */
  askToClose(channelId: ChannelId): Promise<Result<null, Failure>>
  proposeCloseNow(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  /** By the payee, whom the payer has asked; a statement, confirmed by `agreeToClose`. The payer then carries it out. */
  proposeAgreeing(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  agreeToClose(proposal: Proposal): Promise<Result<null, ConfirmFailure | ChannelFailure>>
  proposeEmpty(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  proposeClaim(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  /** By the payee: takes what is paid, and gives the rest back at once. */
  proposeClose(channelId: ChannelId): Promise<Result<Proposal, ChannelFailure>>
  proposeWithdraw(): Promise<Result<Proposal, ChannelFailure>>
  /** Takes a closed channel off the list. */
  forget(channelId: ChannelId): Promise<void>
}
