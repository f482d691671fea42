// How the wallet reads and writes the chain: what decides is verified locally, the rest is what endpoints report, and says so.
import type { Address, Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { DeviceState } from '../../core/registry/deviceState.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Result } from '../../core/result.ts'
import type { ChainFailure } from './chain.ts'

/** What an account has, at the block of the evidence. Amounts in the smallest unit. */
export interface AccountReading {
  readonly address: Address
  /** Of the chain's coin: as proven as `evidence` says. */
  readonly balance: bigint
  /** Number of transactions sent. */
  readonly nonce: number
  /** Bytes of code; an account with code is a contract. */
  readonly hasCode: boolean
  /** By token address: what endpoints report (no storage layout is known for foreign tokens); absent where none answered. */
  readonly tokens: ReadonlyMap<Address, bigint>
  readonly evidence: Evidence
}

/** Wei per unit of gas (EIP-1559). */
export interface FeeReading {
  readonly baseFee: bigint
  /** The tip that was enough for the cheaper, the usual and the dearer transactions of the last blocks. */
  readonly tips: { readonly slow: bigint; readonly normal: bigint; readonly fast: bigint }
  /** Seconds between the last blocks, on average. */
  readonly blockSeconds: number
}

export interface Call {
  readonly from: Address
  readonly to: Address
  readonly value: bigint
  readonly data: Bytes
}

/** What a call would do if it were mined now. */
export interface Simulation {
  /** Gas that it needs, with a margin of what estimates are known to miss. */
  readonly gasLimit: bigint
  /**
   * How balances of the given accounts would change, gas left out; `token` null is the chain's coin. null where the
   * endpoint can't tell (it only says that the call does not revert).
   */
  readonly changes:
    | readonly { readonly account: Address; readonly token: Address | null; readonly change: bigint }[]
    | null
}

export type SimulationFailure =
  /** It would revert; `reason`: the error's name and arguments in the contract's ABI, or its text. */
  | { readonly kind: 'wouldRevert'; readonly reason: string | null }
  | { readonly kind: 'insufficientFunds' }
  | ChainFailure

/** Where a transaction is. `final`: in a finalized block, its receipt verified against the header. */
export type TransactionStatus =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'mined'; readonly block: number; readonly succeeded: boolean; readonly fee: bigint }
  | {
      readonly kind: 'final'
      readonly block: number
      readonly succeeded: boolean
      /** What was paid for gas, in wei. */
      readonly fee: bigint
      readonly evidence: Evidence
    }

export type BroadcastFailure =
  | { readonly kind: 'nonceTooLow' }
  | { readonly kind: 'insufficientFunds' }
  /** An endpoint wants a higher fee to replace the one that waits. */
  | { readonly kind: 'replacementUnderpriced' }
  | { readonly kind: 'broadcastRefused'; readonly detail: string }
  | ChainFailure

/** A device's record in the DeviceRegistry, proven or not as `evidence` says. */
export interface DeviceReading extends Pick<DeviceState, 'record' | 'config' | 'user'> {
  readonly deviceId: DeviceId
  readonly evidence: Evidence
}

/** One entry of a device's custody log, newest first. Unix seconds. */
export interface CustodyEntry {
  readonly at: number
  readonly block: number
  readonly transaction: Hex
  readonly event:
    | { readonly kind: 'claimed'; readonly owner: Address; readonly account: Address }
    | {
        readonly kind: 'handedOver'
        readonly from: Address
        readonly to: Address
        readonly account: Address
      }
    | { readonly kind: 'configFiled'; readonly version: number }
    | { readonly kind: 'reported'; readonly report: 'none' | 'lost' | 'stolen' }
}

/** Money that came to or left an account. */
export interface Movement {
  /** Unique: transaction and place within it, or the block where only the balance tells. */
  readonly id: string
  readonly at: number
  readonly block: number
  /** null where a block changed the balance and no transaction of it names the account: paid out by a contract. */
  readonly transaction: Hex | null
  readonly direction: 'in' | 'out'
  /** null for the chain's coin. */
  readonly token: Address | null
  readonly amount: bigint
  readonly counterparty: Address | null
  /** Gas that the account paid for it; 0n for what others sent. */
  readonly fee: bigint
  /** False for a transaction that reverted: the fee alone was spent. */
  readonly succeeded: boolean
}

export interface MovementsReading {
  readonly movements: readonly Movement[]
  /** The blocks that were searched. What lies before `fromBlock` could not be read: endpoints keep no older state. */
  readonly fromBlock: number
  readonly toBlock: number
}

export interface WalletChain {
  readAccount(address: Address, tokens: readonly Address[]): Promise<Result<AccountReading, ChainFailure>>
  readFees(): Promise<Result<FeeReading, ChainFailure>>
  /** `watched`: accounts whose balances are of interest. Several endpoints are asked, and a disagreement is a failure. */
  simulate(call: Call, watched: readonly Address[]): Promise<Result<Simulation, SimulationFailure>>
  /** The next nonce: `mined` counts mined transactions, `pending` those that wait as well, as endpoints report. */
  nextNonce(
    address: Address,
  ): Promise<Result<{ readonly mined: number; readonly pending: number }, ChainFailure>>
  /** To every endpoint; done once one took it. Sending the same again is no failure. */
  broadcast(raw: Bytes): Promise<Result<null, BroadcastFailure>>
  transactionStatus(hash: Hex): Promise<Result<TransactionStatus, ChainFailure>>
  readDevice(deviceId: DeviceId): Promise<Result<DeviceReading, ChainFailure>>
  /**
   * The devices that an account owns now, found by the registry's linked events and each proven by its record.
   * `isComplete`: as many as the registry's proven count.
   */
  devicesOf(
    owner: Address,
  ): Promise<
    Result<{ readonly devices: readonly DeviceReading[]; readonly isComplete: boolean }, ChainFailure>
  >
  custodyOf(deviceId: DeviceId): Promise<Result<readonly CustodyEntry[], ChainFailure>>
  /** From `fromBlock` (earlier ones are known), or from as far back as endpoints can tell. */
  movementsOf(
    address: Address,
    tokens: readonly Address[],
    fromBlock: number | null,
  ): Promise<Result<MovementsReading, ChainFailure>>
}
