// What a kiosk needs besides the app: where sales are written down, its gas key, readings of every depth, the owner's box.
import type { Address, Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { SignedCatalogue } from '../../core/kiosk/catalogue.ts'
import type { SignedOwnerRequest } from '../../core/kiosk/ownerRequest.ts'
import type { KioskReport } from '../../core/kiosk/report.ts'
import type { Depth, Sale } from '../../core/kiosk/sale.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { KnownContract } from '../../core/wallet/contracts.ts'
import type { SignedTransaction, Transaction } from '../../core/wallet/transaction.ts'
import type { MarketChain } from './marketChain.ts'
import type { Table } from './store.ts'
import type { StorageFailure } from './vault.ts'

/** Writes are on the disk when they resolve, and reject where they are not: nothing is done that was not written down. */
export interface KioskStores {
  readonly sales: Table<Sale>
  readonly values: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: unknown): Promise<void>
    delete(key: string): Promise<void>
  }
}

/** A secp256k1 key of this browser that pays gas: what it holds is all that could be lost with it. */
export interface GasKey {
  readonly address: Address
  sign(transaction: Transaction): Promise<SignedTransaction>
}

/** The owner's box, which is trusted with nothing: what it gives is signed by somebody else, and checked. */
export interface KioskBox {
  /** null where it has none. */
  catalogue(url: string, deviceId: DeviceId): Promise<Result<SignedCatalogue | null, Failure>>
  publish(url: string, catalogue: SignedCatalogue): Promise<Result<null, Failure>>
  /** A picture that the newest catalogue names; the box checks it against its CID, and gives its blocks away (`{url}/ipfs/{cid}`). */
  putPicture(url: string, deviceId: DeviceId, cid: string, bytes: Bytes): Promise<Result<null, Failure>>
  /** Codes of orders that buyers have signed and handed in, not older than ten minutes. */
  signedOrders(url: string, deviceId: DeviceId): Promise<Result<readonly string[], Failure>>
  handIn(url: string, deviceId: DeviceId, code: string): Promise<Result<null, Failure>>
  /** Of a box that answers kiosks in its owner's place: his answer's text; null of any other. */
  ask(url: string, deviceId: DeviceId, code: string): Promise<Result<string | null, Failure>>
  /** What the owner has signed and is not over: what he asks of his kiosks from afar. */
  requests(url: string, deviceId: DeviceId): Promise<Result<readonly SignedOwnerRequest[], Failure>>
  request(url: string, request: SignedOwnerRequest): Promise<Result<null, Failure>>
  report(url: string, report: KioskReport): Promise<Result<null, Failure>>
  /** The newest of each kiosk that has told one. */
  reportsOf(url: string, deviceId: DeviceId): Promise<Result<readonly KioskReport[], Failure>>
}

/** The Till of a device, at its known address. */
export interface KioskTills {
  /** Computed, so nobody's word is taken for where customers' money goes. Throws where the network has no Tills. */
  addressOf(config: NetworkConfig, deviceId: DeviceId): Promise<Address>
  /** Offers by their numbers, as an endpoint reports; null where the Till is not there yet. */
  productsOf(config: NetworkConfig, till: Address): Promise<Result<ReadonlyMap<number, Hex> | null, Failure>>
  /** Whether the Till says that it has made this order, in this block; null where no endpoint answers. */
  hasMade(config: NetworkConfig, till: Address, orderId: Hex, block: number): Promise<boolean | null>
  /** For the wallet's list of known contracts. */
  contracts(config: NetworkConfig, till: Address): readonly KnownContract[]
}

export interface KioskPorts {
  readonly tills: KioskTills
  readonly stores: KioskStores
  readonly box: KioskBox
  /** Made when it is asked for first. */
  gasKey(): Promise<Result<GasKey, StorageFailure>>
  /** Readings at the newest block that has so many on top of it, on which enough endpoints agree. */
  chain(config: NetworkConfig, depth: Depth): Promise<MarketChain>
  /** PBKDF2 or better; for what four digits protect. */
  slowHash(text: string, salt: Bytes): Promise<Hex>
}
