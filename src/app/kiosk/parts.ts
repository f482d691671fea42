// What the parts of a kiosk share, and what is stored of its setup.
import type { Address, Bytes, Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { KioskGrantCode } from '../../core/kiosk/codes.ts'
import type { Depth } from '../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { WriteSizes } from '../deviceSession.ts'
import type { Devices } from '../devices.ts'
import type { DevicePort, DeviceSource } from '../ports/device.ts'
import type { GasKey, KioskPorts } from '../ports/kiosk.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { OrderPeers } from '../ports/orderPeers.ts'
import type { Platform } from '../ports/platform.ts'
import type { SignerServices } from '../ports/signerServices.ts'
import type { LockKey, LockKeys } from '../ports/vault.ts'
import type { WalletChain } from '../ports/walletChain.ts'

export interface KioskParts {
  readonly platform: Platform
  readonly ports: KioskPorts
  readonly config: () => NetworkConfig
  readonly services: SignerServices
  readonly lockKeys: LockKeys
  readonly walletChain: () => Promise<WalletChain>
  readonly chainAt: (depth: Depth) => Promise<MarketChain>
  readonly devices: Devices
  readonly port: (source: DeviceSource) => Promise<DevicePort>
  readonly writeSizes: WriteSizes
  /** Over the node of this page, which is started for it. */
  readonly orderPeers: () => Promise<OrderPeers>
}

/** The machine that was chosen, and what its owner has answered. */
export interface StoredSetup {
  readonly deviceKey: string
  readonly deviceId: DeviceId
  /** x || y, 64 bytes. */
  readonly devicePublicKey: Bytes
  /** keccak256 of the owner key that the machine has pinned. */
  readonly ownerKeyHash: Bytes
  readonly name: string
  readonly answer: KioskGrantCode | null
  /** The account that owned the machine when the answer was taken, by proof. */
  readonly owner: Address | null
}

export interface KioskKeys {
  /** P-256: what the machine knows this kiosk by. */
  readonly kiosk: LockKey
  readonly gas: GasKey
}

/** The Market and the registry of this network; null where it has none of either, or no Tills. */
export function kioskDomain({
  config,
}: Pick<KioskParts, 'config'>): (MarketDomain & { readonly registry: Hex }) | null {
  const { id, contracts } = config().chain
  const { market, deviceRegistry, tills } = contracts ?? {}
  return market && deviceRegistry && tills ? { chainId: id, market, registry: deviceRegistry } : null
}
