// What the use cases of paid unlocks share.
import type { Bytes, Hex } from '../../core/bytes.ts'
import { fromHex } from '../../core/bytes.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { WriteSizes } from '../deviceSession.ts'
import type { Devices } from '../devices.ts'
import type { DevicePort, DeviceSource } from '../ports/device.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { MarketStores } from '../ports/marketStore.ts'
import type { Platform } from '../ports/platform.ts'
import type { SignerServices } from '../ports/signerServices.ts'
import type { LockKeys } from '../ports/vault.ts'
import type { WalletChain } from '../ports/walletChain.ts'
import type { WalletInside } from '../wallet/createWallet.ts'
import type { OwnerKey } from '../wallet/ownership/ownerKey.ts'
import type { AccountId } from '../wallet/wallet.ts'
import { unitOf } from '../wallet/walletNetwork.ts'

export interface MarketParts {
  readonly platform: Platform
  /** The network that counts now. */
  readonly config: () => NetworkConfig
  readonly stores: MarketStores
  readonly services: SignerServices
  readonly lockKeys: LockKeys
  readonly ownerKey: OwnerKey
  readonly wallet: WalletInside
  /** Both follow `config`; null where the network has no Market. */
  readonly chain: () => Promise<MarketChain | null>
  readonly walletChain: () => Promise<WalletChain>
  readonly devices: Devices
  readonly port: (source: DeviceSource) => Promise<DevicePort>
  readonly writeSizes: WriteSizes
}

/** The Market that this network deals in; null where it has none. */
export function marketDomain({ config }: Pick<MarketParts, 'config'>): MarketDomain | null {
  const { id, contracts } = config().chain
  return contracts?.market ? { chainId: id, market: contracts.market } : null
}

/** Of a token that the network does not list nobody knows the decimals: shown as it is counted. */
export function amountIn(config: NetworkConfig, token: Amount['token'], value: bigint): Amount {
  const unit = unitOf(config, token) ?? { token, symbol: '?', decimals: 0 }
  return { ...unit, value }
}

/** The account that owns devices, pays and is refunded. */
export const ownerAccount = ({ wallet }: Pick<MarketParts, 'wallet'>): AccountId =>
  wallet.owner.get()?.kind === 'external' ? 'external' : 'owner'

export function bytesOf(hex: Hex): Bytes {
  const bytes = fromHex(hex)
  if (!bytes) throw new Error(`not hexadecimal: ${hex}`)
  return bytes
}

/** A P-256 scalar: one that is zero, or may be beyond the group's order, is drawn again. */
export function randomScalar(platform: Pick<Platform, 'randomBytes'>): Bytes {
  for (;;) {
    const bytes = platform.randomBytes(32)
    const leading = bytes.subarray(0, 4)
    if (!leading.every(byte => byte === 0xff) && bytes.some(byte => byte !== 0)) return bytes
  }
}
