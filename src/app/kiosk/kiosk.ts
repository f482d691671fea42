// The kiosk as its screens see it: values to watch and things to do. Implemented by createKiosk over the ports.
import type { Address, Bytes } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { KioskText } from '../../core/kiosk/catalogue.ts'
import type { Depth, PaidBy, RefundReason } from '../../core/kiosk/sale.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { OfferId, OfferTerms, OrderId } from '../../core/registry/marketStatements.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { SlotFault, VendUnit } from '../../core/vending/machine.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { Readable } from '../observable.ts'
import type { StepName } from './rounds.ts'

export type { KioskText } from '../../core/kiosk/catalogue.ts'
export type { PaidBy as PayWay, RefundReason } from '../../core/kiosk/sale.ts'

export type KioskSetup =
  | { readonly kind: 'loading' }
  /** This network has no Market or no Tills: nothing can be sold. */
  | { readonly kind: 'noMarket' }
  | { readonly kind: 'noMachine' }
  /** The machine was met and the keys are made: the owner's app takes `code`, and gives an answer that `takeAnswer` takes. */
  | (KioskMachine & { readonly kind: 'awaitingOwner' })
  | (KioskMachine & {
      readonly kind: 'ready'
      /** Whose machine it is, as the chain proved when the kiosk was set up. */
      readonly owner: Address
      readonly grant: {
        /** Unix seconds. */
        readonly notAfter: number
        readonly slots: readonly number[]
        readonly perDay: number
      }
      /** Where the owner's catalogue is fetched. */
      readonly boxUrl: string
    })

export interface KioskMachine {
  readonly deviceId: DeviceId
  /** Of the app's list of devices. */
  readonly deviceKey: string
  readonly name: string
  /** FOB:KIOSK:… */
  readonly code: string
  /** Pays the gas of handing receipts in, and nothing else: what it holds is all that this tablet could lose. */
  readonly gasAddress: Address
}

export interface KioskProduct {
  /** Its place in the catalogue and in the Till, 0 to 99. */
  readonly number: number
  readonly slot: number
  readonly name: KioskText
  readonly note: KioskText
  /** null: none. `Kiosk.picture` fetches it. */
  readonly picture: string | null
  readonly price: Amount
  /** What one unit is; `product` until the machine has said. */
  readonly unit: VendUnit
  readonly offerId: OfferId
  readonly terms: OfferTerms
  /** Of the machine, less what others have paid for and not got yet; null while the machine does not answer. */
  readonly left: number | null
  readonly state:
    | 'forSale'
    | 'soldOut'
    /** The machine says that the slot is out of order. */
    | 'outOfOrder'
    /** The owner paused it, it ended with a change of hands, or it was never made: nobody could pay. */
    | 'notOffered'
    /** Neither chain nor machine can be asked just now. */
    | 'unknown'
}

export interface ShownCatalogue {
  readonly version: number
  readonly title: KioskText
  readonly products: readonly KioskProduct[]
  readonly ways: readonly PaidBy[]
  /** Why the newest one that was found was not taken, and the present one stays. */
  readonly refused: Failure | null
}

interface InSale {
  /** Of the sale: the same from `paying` to its end. */
  readonly id: string
  readonly product: KioskProduct
  readonly quantity: number
  readonly total: Amount
}

interface PaidSale extends InSale {
  readonly way: PaidBy | 'staff'
  readonly orderId: OrderId
  readonly payer: Address
}

export type SaleTrouble =
  /** The machine can't be reached: nothing is sold meanwhile. What was paid is tried again or goes back. */
  | 'machineUnreachable'
  /** No endpoint answers: a payment can't be seen. It is found when they answer again, or goes back. */
  | 'chainUnreachable'
  /** Endpoints contradict each other, or too few of them answer: nothing is safe enough to sell on. */
  | 'chainUnproven'
  /** Dropped, and the payment vanished from the chain or can't be charged any more. The owner's loss. */
  | 'notPaid'

/** What is before the customer now. */
export type KioskSale =
  | { readonly kind: 'idle' }
  | (InSale & {
      readonly kind: 'paying'
      readonly offers: readonly PayOffer[]
      /** Unix seconds: afterwards no payment is taken. */
      readonly until: number
      /** Of watching for the payment. */
      readonly trouble: SaleTrouble | null
      /** A signed order was refused for this, and the customer may try again. */
      readonly refused: InstantRefusal | null
    })
  /** The time is over, and nobody has paid. */
  | (InSale & { readonly kind: 'timedOut' })
  | (PaidSale & {
      readonly kind: 'seen'
      /** Blocks on top of the payment's own; of `final`, how many there are is no measure. */
      readonly has: number
      readonly needs: Depth
      readonly trouble: SaleTrouble | null
    })
  /** The payment is safe, and the machine is on it. */
  | (PaidSale & {
      readonly kind: 'dispensing'
      readonly evidence: Evidence | null
      readonly trouble: SaleTrouble | null
      /** Of what is metered, once it runs: units that were given by now, and whether it is being stopped. */
      readonly metered: { readonly given: number; readonly isStopping: boolean } | null
    })
  | (PaidSale & {
      readonly kind: 'dropped'
      /** Fewer than were paid for: the rest goes back with the same transaction. */
      readonly dropped: number
      readonly receipt: KioskReceipt
      /** Proven to be the payees'. */
      readonly isSettled: boolean
    })
  | (PaidSale & {
      readonly kind: 'refunding'
      readonly why: RefundReason
      /** Unix seconds: when it goes back at the latest without the machine's word; null: the word is there. */
      readonly at: number | null
    })
  /** Proven. Of an instant sale: nothing was ever charged. */
  | (PaidSale & { readonly kind: 'refunded'; readonly why: RefundReason; readonly wasCharged: boolean })
  | (InSale & { readonly kind: 'trouble'; readonly why: SaleTrouble })

export type PayOffer =
  | {
      readonly way: 'till'
      /** Price and tag, in the coin's smallest unit: exactly that, and nothing else. The tag comes back at once. */
      readonly exact: Amount
      readonly to: Address
      /** EIP-681. */
      readonly uri: string
    }
  | {
      readonly way: 'order' | 'instant'
      /** FOB:SALE:…; the same for both: the app asks which one where both are offered. */
      readonly code: string
    }

export interface KioskReceipt {
  /** FOB:SOLD:…, with the machine's signature: a Fob app checks it. */
  readonly code: string
  readonly orderId: OrderId
  readonly slot: number
  readonly quantity: number
  readonly counter: number
}

export type BeginFailure =
  | { readonly kind: 'productUnknown' }
  | { readonly kind: 'soldOut' }
  | { readonly kind: 'slotOutOfOrder' }
  | { readonly kind: 'notOffered' }
  | { readonly kind: 'quantityTooLarge' }
  /** Another sale has to end first: the machine has one motor. */
  | { readonly kind: 'kioskBusy' }
  /** The kiosk's gas is out: what it sells could not be settled. */
  | { readonly kind: 'gasEmpty' }
  | { readonly kind: 'machineUnreachable' }
  | { readonly kind: 'chainUnreachable' }
  | { readonly kind: 'chainUnproven' }
  /** What the kiosk has to write down first could not be stored. */
  | { readonly kind: 'notStored'; readonly detail: string }

export type InstantRefusal =
  | { readonly kind: 'notASignedOrder' }
  /** For another kiosk, sale, product or quantity. */
  | { readonly kind: 'otherSale' }
  /** Not signed by the account that it names. */
  | { readonly kind: 'signatureInvalid' }
  /** It ends too soon, or too late. */
  | { readonly kind: 'validityUnfit' }
  /** Proven: the prepaid balance is less than this and what else is open of it. */
  | { readonly kind: 'balanceTooLow' }
  /** The buyer has asked for his balance back, and could have it before this is settled. */
  | { readonly kind: 'balanceLeaving' }
  | { readonly kind: 'overSaleLimit' }
  | { readonly kind: 'overBuyerLimit' }
  | { readonly kind: 'overOpenLimit' }
  | { readonly kind: 'alreadyOrdered' }
  | { readonly kind: 'instantOff' }
  | { readonly kind: 'chainUnreachable' }
  | { readonly kind: 'chainUnproven' }

export type KioskAlarm =
  | { readonly kind: 'machineUnreachable'; readonly since: number; readonly why: string }
  | { readonly kind: 'chainUnreachable'; readonly since: number }
  /** Too few endpoints agree, or none proves what it says: nothing drops meanwhile. */
  | { readonly kind: 'chainUnproven'; readonly since: number }
  /** A part of the kiosk's work fails each time, or has not come back. `why` is for whoever mends it. */
  | { readonly kind: 'stuck'; readonly step: StepName; readonly since: number; readonly why: string }
  | { readonly kind: 'gasLow'; readonly balance: bigint; readonly salesLeft: number }
  | { readonly kind: 'gasEmpty' }
  | { readonly kind: 'slotOutOfOrder'; readonly slot: number }
  | { readonly kind: 'slotEmpty'; readonly slot: number }
  | { readonly kind: 'doorOpen' }
  | { readonly kind: 'tooWarm' }
  | { readonly kind: 'grantEnding'; readonly notAfter: number }
  | { readonly kind: 'catalogueRefused'; readonly why: string }
  | { readonly kind: 'catalogueUnreachable'; readonly since: number }
  | { readonly kind: 'lossSuffered'; readonly count: number }

/** Behind the PIN. */
export interface KioskInside {
  readonly alarms: readonly KioskAlarm[]
  readonly slots: readonly {
    readonly slot: number
    /** Of what is metered nothing runs out: stock and capacity say nothing. */
    readonly unit: VendUnit
    readonly stock: number
    readonly capacity: number
    readonly vended: number
    readonly failed: number
    readonly fault: SlotFault
    /** Units that staff has taken for nothing; among `vended`. */
    readonly free: number
  }[]
  /** Tenths of a degree Celsius. */
  readonly temperature: number | null
  readonly isDoorOpen: boolean
  readonly gas: { readonly balance: Amount; readonly salesLeft: number | null } | null
  /** Newest first; nobody's name is among them. */
  readonly sales: readonly {
    readonly id: string
    readonly at: number
    readonly product: KioskText
    readonly quantity: number
    readonly total: Amount
    readonly way: PaidBy | 'staff'
    readonly state: KioskSale['kind']
  }[]
  /** Neither settled nor refunded yet. */
  readonly open: number
}

type SetupFailure =
  /** `kind` is one of the device's, chain's or stores' kinds. */
  Failure

export interface Kiosk {
  readonly setup: Readable<KioskSetup>
  /** Called from the click that chose a machine of the app's list (`fob.addBluetooth`, `fob.addDemo`). */
  chooseMachine(deviceKey: string): Promise<Result<null, SetupFailure>>
  /** The owner's answer, scanned or pasted: vend grant, its terms, owner key, box. */
  takeAnswer(text: string): Promise<Result<null, SetupFailure>>
  /** Forgets machine, grant and catalogue. Not while a sale is open; gas that is left is sent to `gasTo` first. */
  forget(gasTo: Address | null): Promise<Result<null, SetupFailure>>

  readonly catalogue: Readable<ShownCatalogue | null>
  /** Verified bytes of a picture; from the store where it was fetched before. */
  picture(cid: string): Promise<Result<Bytes, Failure>>

  readonly sale: Readable<KioskSale>
  begin(product: number, quantity: number): Promise<Result<null, BeginFailure>>
  /**
   * Puts away what is on the screen. What was paid goes on to its end without it, and what is paid now, within the time that
   * was shown, comes back to the screen.
   */
  startOver(): void
  /** Ends what is metered and runs on the screen: what was not given goes back. */
  stop(): Promise<void>
  /** A signed order that was scanned or came by a link. */
  takeSignedOrder(text: string): Promise<Result<null, InstantRefusal>>

  readonly inside: Readable<KioskInside>
  /** Somebody has filled a slot (`stock`: units in it now), or looked at one that was out of order and found that it works. */
  service(
    slot: number,
    change: { readonly stock?: number; readonly isCleared: boolean },
  ): Promise<Result<null, Failure>>
  /** Asks machine, chain and box now. */
  refresh(): Promise<void>

  readonly pin: KioskPin
  /** Something hangs for good, and a new page would go on from the disk: whoever shows the kiosk loads it anew. */
  readonly isLost: Readable<boolean>
  /** Stops watching; the link to the machine is let go of. */
  close(): Promise<void>
}

export interface KioskPin {
  readonly isSet: Readable<boolean>
  /** 4 to 12 digits. Only where none is set, or after `check`. */
  set(
    pin: string,
  ): Promise<Result<null, { readonly kind: 'pinTooSimple' } | { readonly kind: 'pinNotStored' }>>
  /** Each wrong one makes the wait longer; `until` in Unix seconds. Survives a restart. */
  check(
    pin: string,
  ): Promise<
    Result<null, { readonly kind: 'pinWrong' } | { readonly kind: 'pinWaiting'; readonly until: number }>
  >
}
