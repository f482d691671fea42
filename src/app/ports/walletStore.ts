// What the wallet remembers in this browser, beside the vault: no secrets. Record shapes are the schema: see io/store.
import type { Address, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Model } from '../../core/registry/model.ts'
import type { AccountName } from '../../core/wallet/accounts.ts'
import type { AccountRules, SpendingEntry } from '../../core/wallet/rules.ts'
import type { Sentence } from '../../core/wallet/sentence.ts'
import type { Table } from './store.ts'
import type { BroadcastFailure, Movement } from './walletChain.ts'

/** An account whose address is known: shown while the vault is locked. All records name their network. */
export interface AccountRecord {
  /** `${chainId}/${device registry}/${account id}` */
  readonly key: string
  readonly name:
    | AccountName
    | { readonly kind: 'external'; readonly walletId: string; readonly walletName: string }
  readonly address: Address
  /** Smallest units as decimal text, by token address or `coin`; as last read. */
  readonly balances: Readonly<Record<string, string>> | null
  readonly evidence: Evidence | null
}

/** A Config that our owner key has signed. */
export interface SignedConfigRecord {
  readonly version: number
  readonly epoch: number
  readonly market: Address
  readonly issuerKey: Hex
  readonly threshold: number
  readonly attestorKeys: readonly Hex[]
  /** Whether what they sign of the chain opens the door, without issuer and owner. Left out: no. */
  readonly mayOpen?: boolean
  /** null where another phone of ours signed it, and the device told us what it has taken. */
  readonly ownerSignature: Hex | null
  /** The device's; null until it was delivered. */
  readonly taken: Hex | null
}

/** A device of ours, by the registry or on the way there. */
export interface OwnedDeviceRecord {
  /** `${chainId}/${device registry}/${deviceId}` */
  readonly key: string
  readonly deviceId: DeviceId
  /** x || y; null until this browser has met it. */
  readonly devicePublicKey: Hex | null
  readonly name: string
  readonly model: Model | null
  readonly deviceKey: string | null
  /** Index of the device account; null where the registry names an account that is not of this wallet. */
  readonly accountIndex: number | null
  /** The device account. */
  readonly account: Address
  /** Generation of the owner key that it has, or is to have. */
  readonly generation: number
  readonly isPaired: boolean
  /** As last read. */
  readonly registry: {
    readonly owner: Address | null
    readonly report: 'none' | 'lost' | 'stolen'
    readonly user: { readonly address: Address; readonly expires: number } | null
    readonly filed: number
    readonly counter: number
    readonly evidence: Evidence
  } | null
  /** What the device said of itself when it was last met. */
  readonly met: {
    readonly configVersion: number
    readonly epoch: number
    readonly pairingCounter: number
  } | null
  /** Config that we want it to have. */
  readonly config: SignedConfigRecord | null
  /** Config that it has signed for. */
  readonly delivered: SignedConfigRecord | null
  /** Version of the Config that it had when it took our owner key: up to there a former owner has told it. */
  readonly inherited: number
  /** Our signed hand-over that is out, with the code for the other phone. Unix seconds. */
  readonly giving: { readonly to: Address; readonly deadline: number; readonly code: string } | null
  /** Pairing counter of our word that the device may take another owner's key; until the device went beyond it. */
  readonly promised: number | null
  /** The former owner's code, until the device has taken our owner key by it. */
  readonly taking: { readonly code: string; readonly from: Address; readonly deadline: number } | null
  readonly rules: AccountRules
  readonly spending: readonly SpendingEntry[]
  readonly addedAt: number
}

/** An intent to send: written before it is broadcast, so that it is never sent twice and never forgotten. */
export interface PaymentRecord {
  readonly id: string
  /** `${chainId}/${device registry}`: shown and followed there alone. */
  readonly network: string
  /** Nonces count by chain, whatever the registry. */
  readonly chainId: number
  readonly from: Address
  readonly accountId: string
  /** null where an injected wallet chooses. */
  readonly nonce: number | null
  /** The signed transaction; null where an injected wallet sends it. */
  readonly raw: Hex | null
  readonly hash: Hex | null
  readonly sentence: Sentence
  readonly createdAt: number
  /** Ids of the payments with the same nonce that this one replaces. */
  readonly replaces: string | null
  readonly state:
    | { readonly kind: 'stored'; readonly lastFailure: BroadcastFailure | null }
    | { readonly kind: 'waiting'; readonly since: number }
    | { readonly kind: 'mined'; readonly block: number; readonly succeeded: boolean; readonly fee: string }
    | {
        readonly kind: 'final'
        readonly block: number
        readonly succeeded: boolean
        readonly fee: string
        readonly evidence: Evidence
      }
    | { readonly kind: 'replaced'; readonly by: string }
    | { readonly kind: 'overtaken' }
}

export interface ActivityRecord {
  /** `${chainId}/${device registry}/${address}` */
  readonly key: string
  /** That were looked for: with another list everything is searched anew. */
  readonly tokens: readonly Address[]
  /** Newest first. */
  readonly movements: readonly Movement[]
  readonly fromBlock: number
  readonly toBlock: number
  readonly readAt: number
}

export interface ContactRecord {
  /** Lower case. */
  readonly address: Address
  readonly name: string
}

/** Writes of `payments` and `owned` resolve when they are on the disk (strict durability), and reject where they are not. */
export interface WalletStores {
  readonly accounts: Table<AccountRecord>
  readonly owned: Table<OwnedDeviceRecord>
  readonly payments: Table<PaymentRecord>
  readonly activity: Table<ActivityRecord>
  readonly contacts: Table<ContactRecord>
  /** Which account is the owner, next free account index, settings of the wallet. */
  readonly values: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: unknown): Promise<void>
  }
  onForeignChange(listener: (table: string) => void): () => void
}
