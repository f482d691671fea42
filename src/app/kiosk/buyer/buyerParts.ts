// What the buyer's side of a kiosk is made of, and what it stores of each purchase.

import type { Bytes } from '../../../core/bytes.ts'
import type { MarketDomain } from '../../../core/lock/grant.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import type { OfferTerms, Order, OrderId } from '../../../core/registry/marketStatements.ts'
import type { Failure, Result } from '../../../core/result.ts'
import type { KioskPorts } from '../../ports/kiosk.ts'
import type { MarketChain } from '../../ports/marketChain.ts'
import type { OrderPeers } from '../../ports/orderPeers.ts'
import type { Platform } from '../../ports/platform.ts'
import type { WalletChain } from '../../ports/walletChain.ts'
import type { WalletInside } from '../../wallet/createWallet.ts'
import type { SoldProduct } from './saleBuyer.ts'

export interface BuyerParts {
  readonly platform: Platform
  readonly ports: Pick<KioskPorts, 'stores' | 'box'>
  readonly config: () => NetworkConfig
  readonly wallet: WalletInside
  readonly walletChain: () => Promise<WalletChain>
  readonly chainAt: (depth: 0 | 'final') => Promise<MarketChain>
  readonly orderPeers: () => Promise<OrderPeers>
  /** Verified bytes of a small file, also from these trustless gateways. */
  readonly file: (cid: string, gateways: readonly string[]) => Promise<Result<Bytes, Failure>>
}

export interface BoughtRecord {
  readonly id: string
  readonly terms: OfferTerms
  readonly order: Order
  readonly orderId: OrderId
  readonly at: number
  /** Of the wallet's payments; null of a signed order. */
  readonly paymentId: string | null
  /** FOB:PAY:…; null of an order in escrow, and until it is signed. */
  readonly signed: string | null
  readonly boxUrl: string | null
  /** Ed25519, 32 bytes: of the kiosk's node, as its code named it. */
  readonly peerKey?: Bytes | null
  /** Who has the signed order; not there: nobody has said that he has. */
  readonly holder?: 'kiosk' | 'box'
  /** As the owner's catalogue called it; null: nobody has said. */
  readonly product?: SoldProduct | null
  /** Why the kiosk did not take the signed order; null, or not there: it has not said so. */
  readonly refused?: string | null
  readonly market: MarketDomain
}
