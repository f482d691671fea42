// The buyer's side of a kiosk in the normal app: from the code on the kiosk's screen to the product, or the money back.
import type { Bytes } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { KioskText } from '../../../core/kiosk/catalogue.ts'
import type { Evidence } from '../../../core/registry/evidence.ts'
import type { OfferTerms, Order, OrderId } from '../../../core/registry/marketStatements.ts'
import type { Failure, Result } from '../../../core/result.ts'
import type { Amount } from '../../../core/wallet/sentence.ts'
import type { Readable } from '../../observable.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../../wallet/wallet.ts'

/** What the owner's catalogue says of a product, signed by the account that offers it. */
export interface SoldProduct {
  readonly name: KioskText
  readonly note: KioskText
  /** CID; `SaleBuyer.picture` fetches it. */
  readonly picture: string | null
}

/** What a kiosk's code asks for: the terms are proven to be the offer's that it names. */
export interface SaleRequest {
  readonly code: string
  readonly deviceId: DeviceId
  readonly terms: OfferTerms
  readonly quantity: number
  /** null: the box could not be asked in time, or says nothing of it that holds. */
  readonly product: SoldProduct | null
  readonly total: Amount
  /** Unix seconds: until then the kiosk takes it. */
  readonly until: number
  readonly state: 'live' | 'paused' | 'ended'
  readonly evidence: Evidence
  /** Whether the kiosk takes an order that is paid at once, into escrow. */
  readonly order: boolean
  /** The prepaid balance that would do, where the kiosk sells on a signature; null: by order alone. */
  readonly instant: { readonly prepaid: Amount; readonly isEnough: boolean } | null
}

export type SaleStep =
  | { readonly kind: 'pay'; readonly proposal: Proposal; readonly saleId: string }
  /** A statement that lets the Market take just this price: `confirmPermit` signs it and gives the next step. */
  | { readonly kind: 'permit'; readonly proposal: Proposal; readonly saleId: string }
  /** The token knows no such statement: a transaction that allows it; ask again once it is mined. */
  | { readonly kind: 'allow'; readonly proposal: Proposal; readonly saleId: string }
  /** Signed with the account, and given to the kiosk. Nothing is charged unless the product drops. */
  | { readonly kind: 'sign'; readonly proposal: Proposal; readonly saleId: string }

export interface BoughtView {
  readonly id: string
  readonly deviceId: DeviceId
  readonly orderId: OrderId
  readonly terms: OfferTerms
  readonly order: Order
  readonly product: SoldProduct | null
  readonly total: Amount
  /** Unix seconds. */
  readonly at: number
  readonly state:
    | { readonly kind: 'paying' }
    /** On chain, and the machine has not said anything yet. `final`: by proof. */
    | { readonly kind: 'paid'; readonly isFinal: boolean; readonly deadline: number }
    /** The kiosk has the signed order, by its own word; or its owner's box, where it looks. */
    | {
        readonly kind: 'signed'
        readonly at: 'kiosk' | 'box'
        readonly code: string
        readonly validUntil: number
      }
    /** Nobody has the signed order yet: its text, for a kiosk that reads it from this screen; or `handIn`. */
    | { readonly kind: 'toShow'; readonly code: string; readonly validUntil: number }
    /** The kiosk said no to the signed order, and why: an `InstantRefusal`'s kind. Nothing is charged. */
    | { readonly kind: 'refused'; readonly why: string }
    /** Paid for: so many units at most; what did not drop of them came back with the same transaction. */
    | { readonly kind: 'dropped'; readonly dropped: number; readonly evidence: Evidence }
    | { readonly kind: 'refunded'; readonly evidence: Evidence }
    /** The deadline is over: anybody may have it sent back, `proposeRefund`. */
    | { readonly kind: 'refundable' }
    /** The payment failed, or the signed order ended: nothing was charged. */
    | { readonly kind: 'notCharged' }
}

/** What kiosks are paid from on a signature, once a product has dropped. */
export interface PrepaidPurse {
  read(): Promise<
    Result<
      {
        readonly balance: Amount
        /** It was asked back: Unix seconds from which it can be taken. Until it is taken, what was signed can be charged. */
        readonly leaving: { readonly at: number; readonly isDue: boolean } | null
        readonly evidence: Evidence
      },
      Failure
    >
  >
  /** In the coin's smallest unit; not zero. What was being asked back stays. */
  proposeDeposit(amount: bigint): Promise<Result<Proposal, ProposeFailure | Failure>>
  proposeReturn(): Promise<Result<Proposal, ProposeFailure | Failure>>
  proposeTakeBack(): Promise<Result<Proposal, ProposeFailure | Failure>>
}

export interface SaleBuyer {
  readonly prepaid: PrepaidPurse
  read(code: string): Promise<Result<SaleRequest, Failure>>
  propose(request: SaleRequest, way: 'order' | 'instant'): Promise<Result<SaleStep, ProposeFailure | Failure>>
  confirmPermit(proposal: Proposal): Promise<Result<SaleStep, ConfirmFailure | ProposeFailure | Failure>>
  confirmSigned(proposal: Proposal): Promise<Result<null, ConfirmFailure | Failure>>
  /** Of a product of this code: verified bytes, from whoever has them. */
  picture(code: string, cid: string): Promise<Result<Bytes, Failure>>
  readonly bought: Readable<readonly BoughtView[]>
  /** A signed order, once more to the kiosk or its box. */
  handIn(id: string): Promise<Result<null, Failure>>
  proposeRefund(id: string): Promise<Result<Proposal, ProposeFailure | Failure>>
  /** A receipt's code from a kiosk's screen, checked against device and chain. */
  readReceipt(code: string): Promise<
    Result<
      {
        readonly deviceId: DeviceId
        readonly orderId: OrderId
        readonly slot: number
        readonly quantity: number
        readonly outcome: 'dropped' | 'failed'
      },
      Failure
    >
  >
  forget(id: string): Promise<void>
}
