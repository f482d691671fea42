// The wallet as the ui sees it: values to watch and things to do. Loaded when first asked for; see Fob.wallet.
import type { Address, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Result } from '../../core/result.ts'
import type { AccountName } from '../../core/wallet/accounts.ts'
import type { SigningRefusal } from '../../core/wallet/door.ts'
import type { Amount, Sentence, Warning } from '../../core/wallet/sentence.ts'
import type { Readable } from '../observable.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { InjectedFailure, InjectedWalletInfo } from '../ports/injectedWallets.ts'
import type { VaultPort } from '../ports/vault.ts'
import type { BroadcastFailure, Movement, SimulationFailure } from '../ports/walletChain.ts'
import type { ContactRecord } from '../ports/walletStore.ts'
import type { DeviceOwnership } from './deviceOwnership.ts'

/** The vault without its signing: whatever is signed goes through `propose` and `confirm`. */
export type WalletVault = Omit<VaultPort, 'sign' | 'signWithOwnerKey' | 'address'>

/** `owner`, `device/3`, `external`: stable, for addresses within the app. */
export type AccountId = string

export interface AccountView {
  readonly id: AccountId
  /** `external`: the owner account is that of an injected wallet, and the vault has no key of it. */
  readonly name: AccountName | { readonly kind: 'external'; readonly walletName: string }
  readonly address: Address
  /** The device whose account it is. */
  readonly deviceId: DeviceId | null
  /** The person's name of that device; null for the owner. */
  readonly deviceName: string | null
  /** The chain's coin first, then the network's tokens; null until they were read once. */
  readonly balances: readonly Amount[] | null
  /** When and how the coin's balance was proven; null until it was read once. Tokens are what endpoints report. */
  readonly evidence: Evidence | null
  /** Sums of the known movements, in the order of `balances`; null until they were read once. */
  readonly earned: readonly Amount[] | null
  readonly spent: readonly Amount[] | null
}

/** Something to be sent. `from` is an account's id. */
export type WriteRequest =
  | {
      readonly kind: 'send'
      readonly from: AccountId
      readonly to: Address
      /** null for the chain's coin. */
      readonly token: Address | null
      /** `all`: what is left once the fee is paid. */
      readonly amount: bigint | 'all'
    }
  | {
      readonly kind: 'call'
      readonly from: AccountId
      readonly to: Address
      readonly value: bigint
      readonly data: Hex
    }
  | { readonly kind: 'report'; readonly deviceId: DeviceId; readonly report: 'none' | 'lost' | 'stolen' }
  | {
      readonly kind: 'setUser'
      readonly deviceId: DeviceId
      readonly user: Address
      /** Unix seconds. */
      readonly expires: number
    }

export type Speed = 'slow' | 'normal' | 'fast'

export interface FeeChoice {
  readonly speed: Speed
  /** What it will cost most likely, and at most. */
  readonly expected: Amount
  readonly atMost: Amount
  /** Until it is in a block, most likely. */
  readonly seconds: number
}

/** How one account's holdings would change. The fee is not part of `after`. */
export interface Effect {
  readonly account: Address
  /** The account's id where it is one of ours. */
  readonly id: AccountId | null
  readonly before: Amount
  readonly after: Amount
}

/**
 * What is about to be signed, decoded and simulated; `confirm` signs exactly this. Dies after two minutes: what was
 * simulated then says nothing of now.
 */
export interface Proposal {
  readonly id: string
  readonly from: AccountView
  /** A statement is signed and not sent: it costs nothing by itself. */
  readonly kind: 'transaction' | 'statement'
  readonly sentence: Sentence
  readonly warnings: readonly Warning[]
  /** null where no endpoint could tell more than that it does not fail; empty for statements. */
  readonly effects: readonly Effect[] | null
  /** Empty for statements, and where an injected wallet chooses by itself. */
  readonly fees: readonly FeeChoice[]
  /** It stands in for this payment: the faster one, or the one that cancels it. */
  readonly replaces: string | null
  /** Unix seconds. */
  readonly validUntil: number
}

export type ProposeFailure =
  | SigningRefusal
  | SimulationFailure
  | { readonly kind: 'vaultLocked' }
  | { readonly kind: 'walletMissing' }
  /** More than there is; `missing` with the fee. */
  | { readonly kind: 'notEnough'; readonly missing: Amount }
  /** The network names no such contract. */
  | { readonly kind: 'notOnThisNetwork' }
  | { readonly kind: 'unknownAccount' }
  | { readonly kind: 'deviceNotOwned' }
  /** To be replaced, and already in a block. */
  | { readonly kind: 'alreadyMined' }

export type ConfirmFailure =
  | BroadcastFailure
  | InjectedFailure
  | { readonly kind: 'vaultLocked' }
  | { readonly kind: 'proposalExpired' }
  /** Another tab sends from this account just now. */
  | { readonly kind: 'sendingElsewhere' }
  /** Nothing was sent: it could not be written down first. */
  | { readonly kind: 'notStored'; readonly detail: string }
  | { readonly kind: 'wrongSigner'; readonly detail: string }

/** A transaction of ours, from the moment that it was written down, before it was sent. */
export interface PaymentView {
  readonly id: string
  readonly from: AccountId
  readonly hash: Hex | null
  readonly sentence: Sentence
  readonly createdAt: number
  readonly state: /** Written down; no endpoint has taken it yet. It is sent again by itself. */
    | { readonly kind: 'stored'; readonly lastFailure: BroadcastFailure | null }
    | { readonly kind: 'waiting'; readonly since: number }
    | { readonly kind: 'mined'; readonly block: number }
    | { readonly kind: 'final'; readonly block: number; readonly fee: Amount; readonly evidence: Evidence }
    | { readonly kind: 'reverted'; readonly block: number; readonly fee: Amount; readonly isFinal: boolean }
    /** Another one of ours with the same nonce was mined. */
    | { readonly kind: 'replaced'; readonly by: string }
    /** Its nonce was used by a transaction that this app did not send (the same words in another app). */
    | { readonly kind: 'overtaken' }
  /** Waits longer than usual: a faster one, or one that cancels it, is offered. */
  readonly isStuck: boolean
}

export interface ActivityView {
  readonly movements: readonly Movement[]
  /** Oldest block that was searched; earlier movements are not known. */
  readonly since: { readonly block: number; readonly isFirst: boolean } | null
  readonly readAt: number | null
  readonly lastFailure: ChainFailure | null
}

/** What a scanned code, a link or typed text asks for (EIP-681, or a bare address). */
export interface PaymentRequest {
  readonly to: Address
  /** null where it names none. */
  readonly chainId: number | null
  /** null for the chain's coin. */
  readonly token: Address | null
  readonly amount: bigint | null
}

export type PaymentRequestFailure =
  | { readonly kind: 'notAPaymentRequest' }
  | { readonly kind: 'addressChecksum' }
  | { readonly kind: 'otherChain'; readonly chainId: number }
  | { readonly kind: 'unknownToken'; readonly address: Address }

export interface OwnerView {
  readonly kind: 'vault' | 'external'
  readonly address: Address
  /** Of the injected wallet. */
  readonly walletName: string | null
  /** False where the injected wallet is not there, or gives another account. */
  readonly isThere: boolean
}

export interface Wallet extends DeviceOwnership {
  readonly vault: WalletVault
  /**
   * The owner account of a vault that was in this browser and is not there any more, though nobody erased it; what belongs
   * to it is kept until it is brought back, or the person gives it up.
   */
  readonly lostVault: Readable<Address | null>
  /** What belonged to it is forgotten here. */
  forgetLostVault(): Promise<void>
  /** null before there is a wallet. Addresses and balances are shown while it is locked, too. */
  readonly owner: Readable<OwnerView | null>
  readonly accounts: Readable<readonly AccountView[]>
  /** Newest first; those under way and the last hundred. */
  readonly payments: Readable<readonly PaymentView[]>
  readonly contacts: Readable<readonly ContactRecord[]>
  readonly injected: Readable<readonly InjectedWalletInfo[]>
  /** The answer of `storage.persist()`; null until it was asked. */
  readonly isPersisted: Readable<boolean | null>
  /** Whether calls and messages may be signed that Fob can't decode; off until the person switched it on. */
  readonly isExpert: Readable<boolean>
  setExpert(isExpert: boolean): Promise<void>
  /** Why the last reading of balances failed, if it did. */
  readonly lastFailure: Readable<ChainFailure | null>

  /** Reads balances and payments again; also by itself while the wallet is looked at. */
  refresh(): Promise<void>
  propose(write: WriteRequest): Promise<Result<Proposal, ProposeFailure>>
  /** Signs and sends what was proposed; `speed` of one of its fees, null where it has none. */
  confirm(proposal: Proposal, speed: Speed | null): Promise<Result<PaymentView, ConfirmFailure>>
  proposeSpeedUp(paymentId: string): Promise<Result<Proposal, ProposeFailure>>
  proposeCancel(paymentId: string): Promise<Result<Proposal, ProposeFailure>>
  /**
   * Takes a payment off the list that an injected wallet was asked for and never answered: the person has looked there, and
   * it was not sent. False, and nothing is done, for every other payment.
   */
  forgetUnanswered(paymentId: string): Promise<boolean>
  /** Known movements at once by subscription, newer ones when they were read. */
  activity(account: AccountId): Readable<ActivityView>
  readActivity(account: AccountId): Promise<void>

  readPaymentRequest(text: string): Result<PaymentRequest, PaymentRequestFailure>
  /** EIP-681: `ethereum:0x…@chain`, with token and amount where given. */
  paymentRequestText(request: PaymentRequest): string
  saveContact(name: string, address: Address): Promise<void>
  removeContact(address: Address): Promise<void>

  /** To be called from a click. */
  connectInjected(id: string): Promise<Result<null, InjectedFailure>>
  switchToVaultOwner(): Promise<void>
  /** On a demo network: play money for the owner account. */
  askFaucet(): Promise<Result<null, { readonly kind: 'faucetUnavailable' | 'faucetEnough' }>>
  /** Whether this network has a faucet. */
  readonly hasFaucet: boolean
}
