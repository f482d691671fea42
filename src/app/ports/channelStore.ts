// What this browser remembers of payment channels. Writes are on the disk when they resolve, and reject where they can't be.
import type { Address, Hex } from '../../core/bytes.ts'
import type { ChannelId } from '../../core/voucher/channel.ts'
import type { Table } from './store.ts'

/** A channel from which this browser pays. */
export interface PurseRecord {
  readonly channelId: ChannelId
  /** `${chainId}/${PaymentChannels}`: shown and used there alone. */
  readonly network: string
  readonly payer: Address
  readonly payee: Address
  /** Name of the key that signs its vouchers; null where this browser has it no more, and can only take the rest back. */
  readonly keyName: string | null
  /** As `termsToStore` writes them. */
  readonly terms: unknown
  /** What core/voucher's purse wrote last; null until it has. */
  readonly document: unknown
  /** What was signed away, by the person's calendar day and by file: for the limits. */
  readonly spending: readonly Spent[]
  /** Unix seconds. */
  readonly addedAt: number
  /** Of the wallet's payment that opens it; null where it was found on chain. */
  readonly paymentId: string | null
  /** The file that it was opened for (its root). Absent where it was found on chain, and in older records. */
  readonly openedFor?: string
  /** The person asked for its end at once. */
  readonly closing?: PurseClosing
}

export interface PurseClosing {
  /** What the payee has in all then; smallest unit, decimal text. */
  readonly amount: string
  /** Of the payee's account, 65 bytes; null until it has agreed. With it nothing more is bought. */
  readonly consent: Hex | null
  /** Unix seconds. */
  readonly at: number
}

export interface Spent {
  /** `2026-11-21`. */
  readonly day: string
  /** The file's root. */
  readonly cid: string
  /** Smallest unit, decimal text. */
  readonly amount: string
}

/** A channel by which this browser is paid. */
export interface LedgerRecord {
  readonly channelId: ChannelId
  readonly network: string
  readonly payer: Address
  readonly payee: Address
  /** Terms, the last voucher that was taken, and what is owed, as core/voucher writes them. */
  readonly document: unknown
  /** Unix seconds of the last change. */
  readonly at: number
}

/** What the person has agreed to pay for one file, and to whom. */
export interface AgreementRecord {
  /** The file's root. */
  readonly cid: string
  readonly network: string
  readonly payee: Address
  readonly pricePerUnit: string
  /** Others who may be paid besides. */
  readonly others?: readonly AgreedSeller[]
  /** The most that may be signed away for it from then on; smallest unit, decimal text. */
  readonly ceiling: string
  /** What had been signed away for this file before. */
  readonly before: string
  /** Unix seconds. */
  readonly at: number
}

export interface AgreedSeller {
  readonly payee: Address
  /** At most; smallest unit, decimal text. */
  readonly pricePerUnit: string
}

export interface ChannelStores {
  readonly purses: Table<PurseRecord>
  readonly ledgers: Table<LedgerRecord>
  readonly agreements: Table<AgreementRecord>
  onForeignChange(listener: (table: string) => void): () => void
}
