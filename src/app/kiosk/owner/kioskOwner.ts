// The owner's side of a kiosk, from anywhere: catalogue, Till, the kiosk's grant, stock and sales as the chain and the box tell them.
import type { Address, Bytes } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { KioskText } from '../../../core/kiosk/catalogue.ts'
import type { OwnerAct } from '../../../core/kiosk/ownerRequestMessage.ts'
import type { Depth, PaidBy } from '../../../core/kiosk/sale.ts'
import type { Evidence } from '../../../core/registry/evidence.ts'
import type { Share } from '../../../core/registry/marketStatements.ts'
import type { Failure, Result } from '../../../core/result.ts'
import type { SlotFault, VendUnit } from '../../../core/vending/machine.ts'
import type { Amount } from '../../../core/wallet/sentence.ts'
import type { Proposal } from '../../wallet/wallet.ts'

/** One line of the products' editor. */
export interface ProductDraft {
  /** 0 to 99: its place in the Till. */
  readonly number: number
  readonly slot: number
  readonly name: KioskText
  readonly note: KioskText
  readonly picture: string | null
  /** Of one unit, in the coin's or token's smallest unit; at a Till a multiple of `TILL_PRICE_UNIT`. */
  readonly price: bigint
  /** null: the chain's coin. */
  readonly token: Address | null
  /** At most 16, which add up to the price. */
  readonly shares: readonly Share[]
  readonly maxQuantity: number
}

export interface CatalogueDraft {
  readonly title: KioskText
  readonly products: readonly ProductDraft[]
  /** From the lowest price on: up to `upTo` so deep, above the last one `final`. In the smallest unit of coin (no token) or token. */
  readonly depths: readonly { readonly upTo: bigint; readonly depth: Depth; readonly token?: Address }[]
  readonly ways: readonly PaidBy[]
  /** What the owner risks by selling on a signature; in the coin's smallest unit. */
  readonly instant: { readonly perSale: bigint; readonly perBuyer: bigint; readonly open: bigint }
}

/** What is left to do until the draft is what the kiosk sells; each is one sheet of the wallet, in this order. */
export type PublishStep =
  /** Puts a Till on the chain, once for each machine. */
  | { readonly kind: 'openTill' }
  | { readonly kind: 'makeOffer'; readonly number: number; readonly name: KioskText }
  | { readonly kind: 'setProduct'; readonly number: number; readonly name: KioskText }
  | { readonly kind: 'removeProduct'; readonly number: number }
  | { readonly kind: 'sign' }

export interface KioskOwnerView {
  readonly deviceId: DeviceId
  /** What the box gives out; null: nothing yet. */
  readonly published: { readonly version: number; readonly draft: CatalogueDraft } | null
  readonly till: Address | null
  readonly evidence: Evidence | null
  readonly boxUrl: string | null
  /** As the kiosk has told the box, signed by its own key; null: never. */
  readonly report: {
    /** Unix seconds. */
    readonly at: number
    readonly slots: readonly {
      readonly slot: number
      readonly unit: VendUnit
      readonly stock: number
      readonly capacity: number
      readonly fault: SlotFault
      /** Units that staff has taken for nothing. */
      readonly free: number
    }[]
    readonly alarms: readonly string[]
    readonly gasBalance: Amount
    /** Its key is one that this wallet has let sell; of another nobody knows whose kiosk it is. */
    readonly isKnown: boolean
  } | null
  /** Newest first. */
  readonly asked: readonly AskedView[]
}

/** What an owner can ask of his kiosk from afar. */
export interface AskWish {
  readonly act: OwnerAct
  readonly slot: number
  /** Units that are in it now, of `fill`. */
  readonly stock: number
}

export interface AskedView extends AskWish {
  readonly number: number
  /** Unix seconds: when it was handed to the box, and until when a kiosk begins it. */
  readonly at: number
  readonly until: number
  /** `done` by the machine's word; `over`: no kiosk has done it in time. */
  readonly state: 'waiting' | 'done' | 'refused' | 'over'
  /** Kind of the machine's or the kiosk's refusal. */
  readonly why: string | null
}

export interface SalesDay {
  /** Unix seconds of its beginning, UTC. */
  readonly day: number
  readonly sold: number
  readonly refunded: number
  readonly income: readonly Amount[]
}

/** From the chain alone. */
export interface SalesReading {
  readonly days: readonly SalesDay[]
  /** For each payee and token: earned in all, and what is not withdrawn of it. */
  readonly parties: readonly {
    readonly account: Address
    readonly earned: Amount
    readonly kept: Amount
  }[]
  readonly rows: readonly {
    readonly at: number
    readonly number: number | null
    readonly quantity: number
    readonly amount: Amount
    readonly state: 'open' | 'sold' | 'refunded'
    readonly orderId: string
  }[]
  /** Paid, and neither sold nor refunded. */
  readonly escrow: readonly Amount[]
  readonly evidence: Evidence | null
}

export interface KioskOwner {
  read(deviceId: DeviceId): Promise<Result<KioskOwnerView, Failure>>
  /** The statement that a kiosk needs to see: `ask` signs it and hands it to the box. Of `test` a kiosk of ours has to have reported. */
  proposeAsk(deviceId: DeviceId, wish: AskWish): Promise<Result<Proposal, Failure>>
  ask(proposal: Proposal): Promise<Result<null, Failure>>
  /** null where the draft can be published; else the first field that can't be, `products.3.shares` or `instant`. */
  draftFault(draft: CatalogueDraft): string | null
  /** CID of a picture (UnixFS, one file); given to the box with the catalogue that names it. At most 512 KiB. */
  addPicture(bytes: Bytes): Promise<Result<{ readonly cid: string }, Failure>>
  /** By proof: what the chain does not have yet. */
  steps(deviceId: DeviceId, draft: CatalogueDraft): Promise<Result<readonly PublishStep[], Failure>>
  /** For all but `sign`: a payment of the wallet's, to be confirmed in its sheet. Asked for again when it is final. */
  propose(deviceId: DeviceId, draft: CatalogueDraft, step: PublishStep): Promise<Result<Proposal, Failure>>
  /** The statement is shown in the wallet's sheet, `publish` has it signed and tells the box. */
  proposeSign(deviceId: DeviceId, draft: CatalogueDraft): Promise<Result<Proposal, Failure>>
  publish(proposal: Proposal): Promise<Result<{ readonly version: number }, Failure>>

  /** What a kiosk's code says; null for anything else. */
  readKioskCode(text: string): { readonly deviceId: DeviceId; readonly gasAddress: Address } | null
  /** Signed by the owner key: asks for the open vault. The answer's text goes back to the kiosk by QR or paste. */
  grantKiosk(request: {
    readonly code: string
    readonly slots: readonly number[]
    readonly perDay: number
    readonly days: number
    readonly boxUrl: string
  }): Promise<Result<{ readonly answer: string }, Failure>>
  sales(deviceId: DeviceId, days: number): Promise<Result<SalesReading, Failure>>
  /** Pays an account what the chain keeps for it of this machine’s sales; anybody may send it, and it goes to that account alone. */
  proposePayOut(
    deviceId: DeviceId,
    account: Address,
    token: Address | null,
  ): Promise<Result<Proposal, Failure>>
  /** RFC 4180 of `rows`. */
  csv(reading: SalesReading): string
}
