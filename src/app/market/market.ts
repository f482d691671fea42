// Paid unlocks as the ui sees them: letting a lock, booking one, and the keys that this phone opens with. See Fob.market.
import type { Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { OpenRefusal } from '../../core/lock/openResult.ts'
import type { HourRange, HoursWord } from '../../core/registry/deviceHours.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { OfferId, OfferTerms, OrderId } from '../../core/registry/marketStatements.ts'
import type { OrderFault } from '../../core/registry/offerRules.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { Readable } from '../observable.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { DeviceTaskFailure } from '../wallet/deviceOwnership.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../wallet/wallet.ts'
import type { FreeVending, FreeVends } from './freeVending.ts'
import type { Letting } from './letting.ts'

/** Stable, for addresses within the app. */
export type KeyId = string

/** Who signs the grants of a device: named by the Config that the device has signed for and that is filed. */
export type Signer =
  /** A key of the owner's own choice: his phone, or a box of his that nobody else knows of. */
  | { readonly kind: 'owner' }
  /** One of the agents that the network names. */
  | { readonly kind: 'agent'; readonly name: string }

export type OfferState =
  | 'live'
  /** The owner takes no new orders. */
  | 'paused'
  /** The device has changed hands since, or is reported lost or stolen. */
  | 'ended'
  /** Orders would be taken, and nobody be paid: the device deals in another Market, or the owner filed no Config. */
  | 'unfulfillable'

export interface OfferView {
  readonly offerId: OfferId
  readonly terms: OfferTerms
  /** Of one unit. */
  readonly price: Amount
  readonly state: OfferState
  /** Units in all, refunds not counted. */
  readonly sold: bigint
  /** How state and numbers were read. The terms are checked by their hash, whoever handed them over. */
  readonly evidence: Evidence
  /** null where the agents that the network names could not be asked. */
  readonly signer: Signer | null
  /**
   * Of the attestors that the filed Config names, how many together could open the lock by what they sign of the chain.
   * null: none can. `unknown`: the Config is filed, and no endpoint handed its text out.
   */
  readonly attestors: { readonly threshold: number; readonly of: number } | null | 'unknown'
  /** Whether `attestors` was found in a final block, by its roots; else it is what one endpoint says. */
  readonly areAttestorsProven: boolean
  /** Seconds from a payment until it is final, most likely; null where nothing is known. */
  readonly finalitySeconds: number | null
}

export type OfferFailure =
  | ChainFailure
  | { readonly kind: 'notOnThisNetwork' }
  /** No endpoint knows it; or what they know does not hash to it. */
  | { readonly kind: 'offerNotFound' }
  /** An event tells of it, and no final block has it: it was made a moment ago, or never was. */
  | { readonly kind: 'offerNotFinal' }

/** What a code or a link names. */
export interface OfferReference {
  readonly offerId: OfferId
  /** Block in which it was made, where the link tells: saves the search. */
  readonly block: number | null
}

/** A lock near us, before anybody pays. */
export interface NearbyLock {
  readonly deviceKey: string
  readonly deviceId: DeviceId
  readonly offers: readonly OfferView[]
  /** Whether it has room for a proof of payment, which instant offers need. */
  readonly takesProofs: boolean
  /** Whether anybody owns it, as the device says. */
  readonly isPaired: boolean
}

export interface HoursReading {
  /** Word of the calendar that holds these hours; what was not read is closed. */
  readonly wordAt: (word: number) => HoursWord
  readonly evidence: Evidence
}

export interface OrderRequest {
  readonly offer: OfferView
  /** Unix seconds. */
  readonly start: number
  readonly quantity: number
}

/** What the person looks at next. The last one is always the order itself. */
export type OrderStep =
  /** `wallet.confirm` pays; the key is in `keys` under `keyId` from then on. */
  | { readonly kind: 'pay'; readonly proposal: Proposal; readonly keyId: KeyId }
  /** A statement that lets the Market take just this price: `confirmPermit` signs it and gives the next step. */
  | { readonly kind: 'permit'; readonly proposal: Proposal; readonly keyId: KeyId }
  /** The token knows no such statement: a transaction that allows it (`wallet.confirm`); ask again once it is mined. */
  | { readonly kind: 'allow'; readonly proposal: Proposal; readonly keyId: KeyId }

export type OrderFailure =
  | ProposeFailure
  | OfferFailure
  | { readonly kind: 'orderInvalid'; readonly detail: OrderFault }
  /** Somebody was quicker, or the hours are not for sale. */
  | { readonly kind: 'hoursTaken' }
  | { readonly kind: 'offerNotLive'; readonly detail: OfferState }
  /** It has begun, or begins before it could be signed. */
  | { readonly kind: 'tooLate' }
  | { readonly kind: 'keyNotStored'; readonly detail: string }

export type KeyState =
  /** Its payment is on its way. */
  | { readonly kind: 'paying'; readonly paymentId: string }
  /** It failed, or was cancelled: nothing was bought. */
  | { readonly kind: 'notPaid'; readonly paymentId: string }
  /** Paid; in a block that is not final yet. */
  | { readonly kind: 'confirming' }
  /** Paid and final; whoever signs has not yet, and has until `deadline` (Unix seconds; 0: the order can't be refunded). */
  | { readonly kind: 'waitingForSigner'; readonly deadline: number }
  /** Nobody signed in time: `proposeRefund`. `failedPaymentId`: the payment that was to bring it back, and did not. */
  | { readonly kind: 'refundDue'; readonly failedPaymentId: string | null }
  | { readonly kind: 'refunding'; readonly paymentId: string }
  | { readonly kind: 'refunded' }
  /** Opens now. */
  | { readonly kind: 'ready' }
  /** The key is here, and it is not its time: `from` in Unix seconds. */
  | { readonly kind: 'notYet'; readonly from: number }
  | { readonly kind: 'closedHours' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'spent' }
  /** The lock said so: the owner has ended it. A key that was paid for can be had again from its signer. */
  | { readonly kind: 'revoked' }
  | { readonly kind: 'moving'; readonly paymentId: string }
  /** It lives on another phone. `code`: for that phone to find it by. */
  | { readonly kind: 'moved'; readonly code: string }

export interface KeyView {
  readonly id: KeyId
  /** `own`: of the owner, without an end. */
  readonly kind: 'own' | 'lent' | 'bought'
  /** A key of staff, which takes from a machine for nothing, and opens no door; null of every other. */
  readonly vends: FreeVends | null
  readonly deviceId: DeviceId
  /** Record of the device list through which the lock is reached; null where this browser has to choose it first. */
  readonly deviceKey: string | null
  readonly deviceName: string
  readonly state: KeyState
  /** Unix seconds; null: without beginning or end. */
  readonly from: number | null
  readonly until: number | null
  /** 21 bytes, as in Grant: hours of the week in UTC; all zero: any. */
  readonly weeklyHours: Bytes
  /** null: as often as one likes. `left`: as far as this phone knows. */
  readonly uses: { readonly of: number; readonly left: number } | null
  /** Minutes to be added to UTC, of the lock; null where nobody told. */
  readonly utcOffset: number | null
  /** What was bought; null for others, and while only its id is known. */
  readonly offer: { readonly offerId: OfferId; readonly orderId: OrderId; readonly terms: OfferTerms } | null
  readonly paid: Amount | null
  /** Of the wallet's payments; null for what another phone paid. */
  readonly paymentId: string | null
  /** By whose word it opens; null while there is none. */
  readonly authorisedBy: 'owner' | 'issuer' | 'chain' | null
  /** All that the lock asks for is on this phone. */
  readonly isOffline: boolean
  /** Why the last look for it failed; null where it did not. */
  readonly lastFailure: { readonly kind: string; readonly detail?: string } | null
  readonly addedAt: number
}

/** What is being done while a lock is opened. */
export type OpeningStep = 'connecting' | 'asking' | 'proving' | 'timing' | 'opening'

/** What the lock said and signed. */
export interface ReceiptView {
  readonly id: string
  readonly keyId: KeyId
  readonly deviceId: DeviceId
  readonly deviceName: string
  /** Unix seconds, by this phone's clock. */
  readonly at: number
  readonly status: 'done' | 'interrupted' | 'failed' | OpenRefusal
  /** Of what the device did, one more with each; 0 for refusals. */
  readonly counter: number
  /** Decimal text; `0` for a key that nobody paid for. */
  readonly orderId: string
  /** The device's signature, r || s, and what it is of: to be shown to whoever doubts it. */
  readonly signature: Hex
  readonly digest: Hex
}

/** What a device has said to this phone, in all; and what of it is anchored in our owner account's name. */
export interface ServiceLogView {
  readonly size: number
  /** `isOurs`: by this phone's log, and not by that of another phone with the same words. `at`: Unix seconds. */
  readonly anchored: { readonly size: number; readonly at: number; readonly isOurs: boolean } | null
  readonly evidence: Evidence
}

/** A receipt that somebody has shown us: signed by the device, and in the log that the author has anchored. */
export interface CheckedReceipt {
  readonly deviceId: DeviceId
  /** Account in whose name it was anchored. */
  readonly author: Hex
  /** What the device has signed; as `ReceiptView.digest`. */
  readonly digest: Hex
  readonly status: ReceiptView['status']
  /** As `ReceiptView.counter`. */
  readonly counter: number
  /** null: a key that nobody paid for. */
  readonly orderId: OrderId | null
  /** Unix seconds: it was said by then. null where a later root has taken its place, and nobody proves when. */
  readonly anchoredAt: number | null
  /** null: as endpoints report. */
  readonly evidence: Evidence | null
}

export interface OpeningReport {
  readonly status: 'done' | 'interrupted' | 'failed'
  /** It was asked before, and nothing was done or counted now. */
  readonly isRepeated: boolean
  readonly receipt: ReceiptView
}

export type OpenFailure =
  /** Of the link, the identity, the device's refusal, the store, the vault. */
  | DeviceTaskFailure
  | { readonly kind: 'keyNotReady' }
  /** Its secret is not in this browser any more, whose data was cleared: the lock would refuse any other. */
  | { readonly kind: 'keyGone' }
  /** The device that was chosen is not the lock of this key. */
  | { readonly kind: 'otherLock' }
  /** The lock refused, and signed why. */
  | { readonly kind: 'lockRefused'; readonly reason: OpenRefusal; readonly receipt: ReceiptView }
  /**
   * The link broke after the lock was asked: it may be open. Opened again within the minute, the same request is
   * repeated, and counts no second use.
   */
  | { readonly kind: 'outcomeUnknown'; readonly detail?: string }

export interface KeyRequest {
  /** Of the code: shown by the phone that is to get a key, scanned by whoever lends or moves one. */
  readonly text: string
  readonly userKeyHash: Hex
}

export type KeyCodeFailure =
  | { readonly kind: 'notAKeyCode' }
  | { readonly kind: 'otherNetwork' }
  /** It was made for another phone. */
  | { readonly kind: 'notForUs' }
  /** Its time is over. */
  | { readonly kind: 'keyEnded' }
  | { readonly kind: 'keyNotStored'; readonly detail: string }

/** What any of this app's codes about locks is. */
export type ScannedCode =
  | { readonly kind: 'offer'; readonly reference: OfferReference }
  /** Lent, signed again, or moved here: `takeKey`. */
  | { readonly kind: 'key' }
  /** Somebody's phone asks for a key: lend, or move one to it. */
  | { readonly kind: 'request'; readonly userKeyHash: Hex }
  /** A box that can sign. */
  | { readonly kind: 'box'; readonly url: string }

export interface Market extends Letting, FreeVending {
  /** Whether this network has a Market at all. */
  readonly isThere: boolean

  // --- anybody, without a wallet ------------------------------------------------------------------------------------
  /** Reads terms, state and who could open. From the chain each time. */
  readOffer(reference: OfferReference): Promise<Result<OfferView, OfferFailure>>
  /** Those of a device that can be ordered now, and its owner's others. Newest first. */
  offersOf(deviceId: DeviceId): Promise<Result<readonly OfferView[], OfferFailure>>
  /** Connects to a device of the list, and asks it and the chain what it sells. */
  meetLock(deviceKey: string): Promise<Result<NearbyLock, DeviceTaskFailure | OfferFailure>>
  /** Seconds from a payment until it is final, most likely. */
  readonly readFinality: () => Promise<Result<number, ChainFailure | { readonly kind: 'notOnThisNetwork' }>>
  readHours(deviceId: DeviceId, range: HourRange): Promise<Result<HoursReading, OfferFailure>>
  /** SHA-256 of a document with terms, to be compared with `terms.legalHash`; nothing leaves this phone. */
  hashDocument(document: Uint8Array): Hex
  /** What a scanned or pasted text is: a code, or a link to an offer. */
  readCode(
    text: string,
  ): Result<ScannedCode, { readonly kind: 'notAMarketCode' } | { readonly kind: 'otherNetwork' }>
  /** `text`: for a QR code. `path`: within the app, for a link. */
  offerCode(reference: OfferReference): { readonly text: string; readonly path: string }

  // --- the renter ---------------------------------------------------------------------------------------------------
  /** Those that open now first. Kept on this phone, also offline. */
  readonly keys: Readable<readonly KeyView[]>
  /** By key: what is being done to open with it. */
  readonly openings: Readable<ReadonlyMap<KeyId, OpeningStep>>
  proposeOrder(request: OrderRequest): Promise<Result<OrderStep, OrderFailure>>
  /** Signs the permit that was proposed. */
  confirmPermit(proposal: Proposal): Promise<Result<OrderStep, OrderFailure | ConfirmFailure>>
  /** Looks for what is missing: finality, the signature, the proof. Also by itself while the app is looked at. */
  refreshKeys(): Promise<void>
  /**
   * Opens the lock over `deviceKey` of the device list (chosen before, for the browser wants a click for that). Tells the
   * lock the time where it does not know it and the attestors can be reached.
   */
  open(keyId: KeyId, deviceKey: string): Promise<Result<OpeningReport, OpenFailure>>
  /** Newest first. */
  receipts(keyId: KeyId): Readable<readonly ReceiptView[]>
  /** Whether receipts can be anchored on this network. */
  readonly canAnchor: boolean
  /** The log of a device's receipts on this phone. */
  serviceLog(deviceId: DeviceId): Promise<Result<ServiceLogView, Failure>>
  /** Writes the root of the log down on chain; costs a fee. */
  proposeAnchor(deviceId: DeviceId): Promise<Result<Proposal, ProposeFailure | Failure>>
  /** Text of a file that shows a receipt to anybody, once it is anchored (`notAnchoredYet`). */
  proveReceipt(receiptId: string): Promise<Result<string, Failure>>
  /** Checks such a file, of anybody: signature, way to the root, and the root on chain. */
  checkReceipt(text: string): Promise<Result<CheckedReceipt, Failure>>
  proposeRefund(keyId: KeyId): Promise<Result<Proposal, ProposeFailure>>
  /** Binds what was bought to the other phone's key. `userKeyHash` from its code. */
  proposeMove(keyId: KeyId, userKeyHash: Hex): Promise<Result<Proposal, ProposeFailure>>
  /** The code by which this phone asks for a key; the same until one came for it. */
  keyRequest(): Promise<Result<KeyRequest, { readonly kind: string; readonly detail?: string }>>
  /** Takes a key that was lent to this phone, signed again for it, or moved to it. */
  takeKey(text: string): Promise<Result<KeyId, KeyCodeFailure>>
  /** Removes it from this phone. What was paid for it is not given back. */
  forgetKey(keyId: KeyId): Promise<void>
}
