// Wallets that the browser has (EIP-6963): one of them can be the owner account instead of the vault's.
import type { Address, Hex } from '../../core/bytes.ts'
import type { TypedData } from '../../core/eip712.ts'
import type { Result } from '../../core/result.ts'
import type { Call } from './walletChain.ts'

export interface InjectedWalletInfo {
  /** Reverse domain name (EIP-6963 `rdns`): stable from one visit to the next. */
  readonly id: string
  readonly name: string
  /** A data: URI, as EIP-6963 demands; anything else is left out. */
  readonly icon: string | null
}

export type InjectedFailure =
  | { readonly kind: 'injectedMissing' }
  /** EIP-1193 code 4001. */
  | { readonly kind: 'injectedRefused' }
  /** It is on another chain, and did not change to ours. */
  | { readonly kind: 'injectedOtherChain'; readonly chainId: number }
  /** The account that was chosen is no longer given to this page. */
  | { readonly kind: 'injectedOtherAccount' }
  | { readonly kind: 'injectedFailed'; readonly detail: string }

export interface InjectedWallets {
  readonly found: {
    get(): readonly InjectedWalletInfo[]
    subscribe(listener: () => void): () => void
  }
  /** Asks for its accounts; from a click, for it shows its own window. */
  connect(id: string): Promise<Result<Address, InjectedFailure>>
  /** Without asking: the account that it already gives to this page. */
  reconnect(id: string, account: Address): Promise<Result<null, InjectedFailure>>
  /** It sets nonce and fees itself. Resolves with the transaction's hash. */
  send(
    id: string,
    call: Call & { readonly chainId: number; readonly gasLimit: bigint },
  ): Promise<Result<Hex, InjectedFailure>>
  /** eth_signTypedData_v4. 65 bytes r || s || v. */
  signTypedData(id: string, account: Address, typedData: TypedData): Promise<Result<Hex, InjectedFailure>>
}
