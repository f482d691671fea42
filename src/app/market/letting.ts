// Letting as its owner sees it: offers, who signs, stays and income, lent keys. Part of `Market`.
import type { Address, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { HourRange } from '../../core/registry/deviceHours.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { OfferId, OfferTerms, OrderId } from '../../core/registry/marketStatements.ts'
import type { Result } from '../../core/result.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { Readable } from '../observable.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../wallet/wallet.ts'
import type { HoursReading, OfferView } from './market.ts'

/** What a device still needs before it can be let; in this order. */
export type Readiness =
  | 'ready'
  | 'noMarket'
  /** It is not ours by the registry. */
  | 'notOwned'
  /** `tellMarket` signs the Config that names the Market; then as for any Config. */
  | 'marketNotTold'
  /** `bringSettings` next to it. */
  | 'configNotDelivered'
  /** `wallet.proposeFileConfig`. */
  | 'configNotFiled'

/** Who signs the grants: by the Config that is wanted. */
export type SignerView =
  | { readonly kind: 'phone' }
  | {
      readonly kind: 'box'
      /** Of the network's list; null for one's own. */
      readonly name: string | null
      readonly url: string
      /** What it says of itself; null where it did not answer. */
      readonly isOn: boolean | null
    }
  /** A key that this app did not choose. */
  | { readonly kind: 'unknown'; readonly issuerKey: Hex }

export interface OwnOfferView extends Omit<OfferView, 'state'> {
  /** `making`: its transaction is not final yet. */
  readonly state: OfferView['state'] | 'making'
  /** What its orders brought, in all. */
  readonly earned: Amount
  /** By share: what this wallet's accounts got or can get of it. */
  readonly block: number | null
}

export interface StayView {
  readonly orderId: OrderId
  readonly offerId: OfferId
  readonly payer: Address
  /** Unix seconds. */
  readonly from: number
  readonly until: number
  readonly orderedAt: number
  readonly paid: Amount
  readonly state: /** Not final yet: nothing is signed for it. */
    | { readonly kind: 'waiting' }
    /** Final, and nobody has signed: this phone has to, before `deadline` (Unix seconds). */
    | { readonly kind: 'toSign'; readonly deadline: number }
    /** Final, and the box signs it. */
    | { readonly kind: 'withBox'; readonly deadline: number }
    | { readonly kind: 'signing'; readonly paymentId: string }
    | { readonly kind: 'signed' }
    /** Nobody signed in time: the payer can take the money back. */
    | { readonly kind: 'missed' }
    | { readonly kind: 'refunded' }
  /** The key that it is bound to now was signed under an older epoch, or not at all: `signAgain`. */
  readonly needsNewKey: boolean
}

export interface LentKeyView {
  readonly id: string
  /** For the owner alone. */
  readonly name: string
  readonly userKeyHash: Hex
  readonly from: number
  readonly until: number
  readonly maxUses: number
  readonly weeklyHours: Uint8Array
  readonly canManage: boolean
  /** It takes from a machine for nothing, and opens no door. */
  readonly takesFree: boolean
  /** To be shown again. */
  readonly code: string
  /** Its epoch is over: all keys were ended since. Whether the lock has heard of it, `wallet.devices` tells by its Config. */
  readonly isRevoked: boolean
}

export interface LettingView {
  readonly deviceId: DeviceId
  readonly readiness: Readiness
  readonly signer: SignerView
  /** The wanted Config lets k of the attestors open the lock by proof of payment: instant offers need it. */
  readonly takesProofs: boolean
  /** As the network names them; null where it names none: then there are no instant offers. */
  readonly attestors: { readonly threshold: number; readonly of: number } | null
  readonly offers: readonly OwnOfferView[]
  /** Newest first. */
  readonly stays: readonly StayView[]
  /** What this wallet's accounts can withdraw, by account and token. */
  readonly withdrawable: readonly { readonly account: Address; readonly amount: Amount }[]
  /** Held for orders that nobody has signed for. */
  readonly escrow: readonly Amount[]
  readonly lent: readonly LentKeyView[]
  /** Whether some hours are for sale. */
  readonly hasOpenHours: boolean
  readonly evidence: Evidence | null
  /** Unix seconds; null before it was read once. */
  readonly readAt: number | null
  readonly lastFailure: { readonly kind: string; readonly detail?: string } | null
}

export interface LendRequest {
  readonly deviceId: DeviceId
  /** For the owner alone; it is not in the key. */
  readonly name: string
  /** From the code that the other phone shows. */
  readonly userKeyHash: Hex
  /** Unix seconds. */
  readonly from: number
  readonly until: number
  /** 21 bytes, as in Grant. */
  readonly weeklyHours: Uint8Array
  /** 0: as often as they like. */
  readonly maxUses: number
  readonly canManage: boolean
}

/** `kind`s of the vault, the registry and of Config changes; besides these. */
export type LettingFailure =
  | { readonly kind: string; readonly detail?: string }
  | { readonly kind: 'boxUnreachable'; readonly detail?: string }
  /** It answered with a refusal of its own; `detail` is its kind. */
  | { readonly kind: 'boxRefused'; readonly detail: string }
  /** It could not prove to itself who the owner is: to be asked again. */
  | { readonly kind: 'boxUnproven'; readonly detail: string }

export interface Letting {
  /** Known at once by subscription, newer when it was read. */
  letting(deviceId: DeviceId): Readable<LettingView>
  /** Reads offers, orders, income from the chain; also by itself while it is looked at. */
  readLetting(deviceId: DeviceId): Promise<void>
  /** The first field that the Market would refuse; null where it takes them. */
  termsFault(terms: OfferTerms): keyof OfferTerms | null
  /** `open`: from now on exactly these hours are for sale; null leaves the calendar as it is. */
  proposeOffer(
    terms: OfferTerms,
    open: readonly HourRange[] | null,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  proposePause(
    offerId: OfferId,
    isPaused: boolean,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  /** From now on exactly these hours are for sale. Those that are booked stay booked. */
  proposeHours(
    deviceId: DeviceId,
    open: readonly HourRange[],
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  readOwnHours(deviceId: DeviceId, range: HourRange): Promise<Result<HoursReading, LettingFailure>>

  /** Boxes that the network names, and what a person's own box prints as its code (`readCode`). */
  readonly boxes: readonly { readonly name: string; readonly url: string }[]
  /** Signs the Config with the network's Market and attestors where the device was not told them. */
  tellMarket(deviceId: DeviceId): Promise<Result<null, LettingFailure>>
  /**
   * Next to the lock: brings the wanted Config (as `wallet.deliverConfig`), and tells the lock the time where it does not
   * know it, which for the first time only its owner can: with the vault open.
   */
  bringSettings(deviceId: DeviceId): Promise<Result<null, LettingFailure>>
  /**
   * Lets a box sign: asks it for its key of this device, signs the next Config with it. It holds once the device and the
   * chain have it; then `proposeBoxOn`.
   */
  chooseBox(deviceId: DeviceId, url: string): Promise<Result<null, LettingFailure>>
  choosePhone(deviceId: DeviceId): Promise<Result<null, LettingFailure>>
  /** A statement of the owner account that the box may sign for this device, or has to stop: `confirmBox` signs and sends it. */
  proposeBox(deviceId: DeviceId, isOn: boolean): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  confirmBox(proposal: Proposal): Promise<Result<null, ConfirmFailure | LettingFailure>>
  /** The next Config lets the attestors open by proof, or does not any more. */
  setTakesProofs(deviceId: DeviceId, takes: boolean): Promise<Result<null, LettingFailure>>
  /** The next Config has a higher epoch: every key that was lent or let is void once the device has it. */
  revokeAll(deviceId: DeviceId): Promise<Result<null, LettingFailure>>

  /** Signs the grant with the owner key, and proposes to hand it in: the money is earned then. */
  proposeSign(
    deviceId: DeviceId,
    orderId: OrderId,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  /** The key of a paid stay once more, after all were ended or it was moved: text of a code for the renter's phone. */
  signAgain(deviceId: DeviceId, orderId: OrderId): Promise<Result<string, LettingFailure>>
  /** Pays out to `account` (one of ours) what it can withdraw of this device's offers. */
  proposeWithdraw(
    deviceId: DeviceId,
    account: Address,
    token: Address | null,
  ): Promise<Result<Proposal, ProposeFailure | LettingFailure>>
  /** Signs a free key with the owner key. */
  lend(request: LendRequest): Promise<Result<LentKeyView, LettingFailure>>
  /** Removes it from the list; it goes on opening until its end, or until all keys are ended. */
  forgetLent(id: string): Promise<void>
}
