// How the use cases read the Market: what decides is verified locally, events are what endpoints report and are checked by hash.
import type { Address, Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { DeviceConfig } from '../../core/registry/deviceStatements.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { MarketQuestion, MarketState } from '../../core/registry/marketState.ts'
import type { OfferId, OfferTerms, Order, OrderId } from '../../core/registry/marketStatements.ts'
import type { Result } from '../../core/result.ts'
import type { ChainFailure } from './chain.ts'

/** An offer's terms as an event told them: they hash to its id. */
export interface FoundOffer {
  readonly offerId: OfferId
  readonly terms: OfferTerms
  /** Block of the event, as the endpoint says. */
  readonly block: number
}

/** An order as an event told it: it hashes to its id. Whether it is there, its state tells. */
export interface FoundOrder {
  readonly orderId: OrderId
  readonly order: Order
  readonly block: number
}

export interface FoundOrders {
  /** Newest first; what is not final yet is among them. */
  readonly orders: readonly FoundOrder[]
  /** The last block up to which enough endpoints have told of them; null: too few have. One alone may lag, or leave some out. */
  readonly upTo: number | null
}

export interface MarketReading extends MarketState {
  readonly evidence: Evidence
}

/** The signature that fulfilled an order, as an event told it. */
export interface FulfilledGrant {
  readonly epoch: number
  /** r || s, 64 bytes. */
  readonly signature: Bytes
}

/** What was anchored of a log. */
export interface AnchoredLog {
  /** 32 bytes. */
  readonly root: Hex
  readonly size: number
  /** Unix seconds; 0 where it is not known. */
  readonly at: number
}

/** What a chain proof is built of: as endpoints hand it out, whole. */
export interface GrantedBlock {
  /** Of the digests that were asked for, the one that was found. */
  readonly grantDigest: Hex
  readonly number: number
  readonly hash: Hex
  readonly block: unknown
  readonly receipts: unknown
  readonly transactionIndex: number
}

export interface MarketChain {
  read(question: MarketQuestion): Promise<Result<MarketReading, ChainFailure>>
  /** `block`: where it is said to have been made; null: everything is searched. null where nobody knows it. */
  findOffer(offerId: OfferId, block: number | null): Promise<Result<FoundOffer | null, ChainFailure>>
  /** Newest first; made by whoever owned the device. What is not final yet is among them. */
  offersOf(deviceId: DeviceId): Promise<Result<readonly FoundOffer[], ChainFailure>>
  ordersOf(offers: readonly OfferId[], fromBlock: number): Promise<Result<FoundOrders, ChainFailure>>
  /** Unix seconds of these blocks, as endpoints report; those that nobody told are left out. */
  timesOf(blocks: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** As endpoints tell: one alone is true where there is one, and it is the one with its issuer's signature. */
  fulfilled(orderId: OrderId, fromBlock: number): Promise<Result<readonly FulfilledGrant[], ChainFailure>>
  /** The final block in which one of these grants was paid for good and at once. */
  grantedInstant(
    deviceId: DeviceId,
    grantDigests: readonly Hex[],
    fromBlock: number,
  ): Promise<Result<GrantedBlock | null, ChainFailure>>
  /**
   * The whole newest Config that was filed. Storage proves all but the attestors; of these `isProven` tells whether the
   * event that names them was found in a final block, by its roots, or is just what an endpoint says.
   */
  filedConfig(
    deviceId: DeviceId,
  ): Promise<Result<{ readonly config: DeviceConfig; readonly isProven: boolean } | null, ChainFailure>>
  /** The newest anchor of an author's log, by proof; null where there is none, or no contract for it. */
  anchorOf(
    author: Address,
    logId: Hex,
  ): Promise<Result<{ readonly head: AnchoredLog | null; readonly evidence: Evidence }, ChainFailure>>
  /** All of them, newest first, as endpoints report: older roots are in no storage. */
  anchorsOf(author: Address, logId: Hex): Promise<Result<readonly AnchoredLog[], ChainFailure>>
  /** Seconds from the newest block to the newest final one. */
  finalitySeconds(): Promise<Result<number, ChainFailure>>
  /** ERC-2612: the next nonce of a permit; ERC-20: what the Market may take. As endpoints report. */
  tokenAllowance(
    token: Address,
    owner: Address,
  ): Promise<Result<{ readonly allowance: bigint; readonly nonce: bigint | null }, ChainFailure>>
}
