// What this browser remembers of paid unlocks: keys, what locks have said, lent keys, offers. No secrets: keys lie in LockKeys.
import type { Address, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Grant } from '../../core/lock/grant.ts'
import type { OpenStatus } from '../../core/lock/openResult.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { OfferStorage, OrderStorage } from '../../core/registry/marketState.ts'
import type { OfferId, OfferTerms, Order } from '../../core/registry/marketStatements.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import type { VendCause } from '../../core/vending/vendRecord.ts'
import type { SignedVendTerms } from '../../core/vending/vendTerms.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { FoundOffer, FoundOrder } from './marketChain.ts'
import type { Table } from './store.ts'

/** A grant with what authorises it: all that a lock asks for, with the key. */
export interface StoredGrant {
  readonly grant: Grant
  /** As signed: the zero address where the owner key has signed for a device without a Market. */
  readonly market: Address
  readonly by: 'owner' | 'issuer' | 'chain'
  /** r || s, 64 bytes; of `chain` the proof. */
  readonly evidence: Hex
}

export interface Purchase {
  readonly terms: OfferTerms
  readonly order: Order
  readonly offerBlock: number
  readonly paid: Amount
  /** Of the wallet's payments; null for what another phone paid. */
  readonly paymentId: string | null
  /** Whether the payment was ever seen among the wallet's: before that nothing was bought, and it may never be. */
  readonly isSent: boolean
  /** As last read; null before. */
  readonly state: OrderStorage | null
  readonly evidence: Evidence | null
  readonly refundPaymentId: string | null
  readonly movePaymentId: string | null
  /** keccak256 of the key that it is to move to. */
  readonly movesTo: Hex | null
}

export interface KeyRecord {
  readonly id: string
  /** `${chainId}/${device registry}`. */
  readonly network: string
  readonly kind: 'own' | 'lent' | 'bought'
  readonly deviceId: DeviceId
  readonly deviceName: string
  /** Name in LockKeys. */
  readonly lockKey: string
  /** keccak256 of its public key. */
  readonly userKeyHash: Hex
  readonly utcOffset: number | null
  readonly purchase: Purchase | null
  readonly grant: StoredGrant | null
  /** Asked, and the answer never came: asked again with the same id, nothing is counted twice. Unix seconds. */
  readonly unanswered: { readonly requestId: Hex; readonly at: number } | null
  /** How often the lock has done something for it, as far as this phone knows. */
  readonly uses: number
  /** What the lock refused it for, last; null once it opened. */
  readonly refused: OpenStatus | null
  readonly lastFailure: { readonly kind: string; readonly detail?: string } | null
  readonly addedAt: number
  /** Of staff: what may be taken for nothing, what was asked and not answered, what the machine has signed (newest first). */
  readonly vends?: {
    readonly terms: SignedVendTerms
    readonly asked: VendOrder | null
    readonly taken: readonly TakenRecord[]
  }
}

/** A free vend as the machine has signed it. */
export interface TakenRecord {
  readonly at: number
  /** 32 bytes. */
  readonly orderId: Hex
  readonly slot: number
  readonly outcome: 'dropped' | 'failed'
  readonly cause: VendCause
  readonly counter: number
  readonly signature: Hex
  readonly digest: Hex
}

export interface ReceiptRecord {
  readonly id: string
  readonly keyId: string
  readonly network: string
  readonly deviceId: DeviceId
  readonly deviceName: string
  /** x || y, 64 bytes: whose signature it is. */
  readonly devicePublicKey: Hex
  readonly at: number
  readonly requestId: Hex
  readonly action: number
  readonly status: OpenStatus
  readonly counter: number
  /** Decimal text. */
  readonly orderId: string
  readonly grantDigest: Hex
  /** Its place in the log of its device on this phone, from 0. */
  readonly logIndex: number
  readonly signature: Hex
  /** What was signed. */
  readonly digest: Hex
}

export interface LentRecord {
  readonly id: string
  readonly network: string
  readonly deviceId: DeviceId
  readonly name: string
  readonly grant: Grant
  readonly code: string
  readonly addedAt: number
}

/** What was last read of a device that is let. */
export interface LettingRecord {
  /** `${chainId}/${device registry}/${deviceId}` */
  readonly key: string
  readonly offers: readonly (FoundOffer & { readonly state: OfferStorage | null })[]
  readonly orders: readonly (FoundOrder & {
    readonly state: OrderStorage | null
    readonly at: number
    /** Whether the grant that fulfilled it is signed with our owner key; absent where that was not seen. */
    readonly isOurs?: boolean
  })[]
  /** Decimal text, by account and token. */
  readonly kept: readonly {
    readonly account: Address
    readonly token: Address | null
    readonly amount: string
  }[]
  readonly hasOpenHours: boolean
  readonly evidence: Evidence | null
  readonly readAt: number | null
  /** The box that was chosen, and the key that it gave. */
  readonly box: { readonly url: string; readonly key: Hex; readonly isOn: boolean | null } | null
  /** Of the offers, those that the wallet has a payment of. */
  readonly making: readonly {
    readonly offerId: OfferId
    readonly terms: OfferTerms
    readonly paymentId: string
  }[]
  /** Payment that hands in the grant, by order. */
  readonly signing: Readonly<Record<string, string>>
  /** Epoch and seq of what was signed once more, by order. */
  readonly signedAgain?: Readonly<Record<string, string>>
}

/** What a device has said to this phone, as hashes in the order in which it was said: a list that only grows. */
export interface LogRecord {
  /** `${chainId}/${device registry}/${deviceId}` */
  readonly key: string
  /** Leaf hashes, 32 bytes each, one after the other. */
  readonly leaves: Uint8Array
}

/** Writes of `keys`, `receipts` and `logs` are on the disk when they resolve, and reject where they are not. */
export interface MarketStores {
  readonly keys: Table<KeyRecord>
  readonly receipts: Table<ReceiptRecord>
  readonly logs: Table<LogRecord>
  readonly lent: Table<LentRecord>
  readonly letting: Table<LettingRecord>
  onForeignChange(listener: (table: string) => void): () => void
}
