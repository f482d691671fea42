// Everything the use cases reach the world through. main.tsx makes one; tests make another.
import type { NetworkConfig } from '../core/network.ts'
import type { AbiItem } from '../core/wallet/abiShape.ts'
import type { Readable } from './observable.ts'
import type { Battery } from './ports/battery.ts'
import type { ChainPort } from './ports/chain.ts'
import type { ChannelChain } from './ports/channelChain.ts'
import type { ChannelStores } from './ports/channelStore.ts'
import type { DevicePort } from './ports/device.ts'
import type { FirmwareSource } from './ports/firmware.ts'
import type { HandOver } from './ports/handOver.ts'
import type { InjectedWallets } from './ports/injectedWallets.ts'
import type { KioskPorts } from './ports/kiosk.ts'
import type { MarketChain } from './ports/marketChain.ts'
import type { MarketStores } from './ports/marketStore.ts'
import type { Platform } from './ports/platform.ts'
import type { SessionKeys } from './ports/sessionKeys.ts'
import type { SignerServices } from './ports/signerServices.ts'
import type { Stores } from './ports/store.ts'
import type { LockKeys, VaultPort } from './ports/vault.ts'
import type { WalletChain } from './ports/walletChain.ts'
import type { WalletStores } from './ports/walletStore.ts'
import type { WayPorts } from './ports/ways.ts'

export interface StoreTrouble {
  readonly kind: string
  readonly detail?: string
  /** Of a record: its table, and the key that it is stored under. */
  readonly table?: string
  readonly key?: string
}

export interface Ports {
  readonly platform: Platform
  readonly stores: Stores
  /** What went wrong with storing, last; shown, because from then on less is remembered than the person expects. */
  readonly storeProblem: Readable<StoreTrouble | null>
  readonly bluetooth: DevicePort
  /** The next three follow network.json and load their code when first used. */
  demo(config: NetworkConfig): Promise<DevicePort>
  chain(config: NetworkConfig): Promise<ChainPort>
  /** Made once: peers and gateways are trusted with nothing, and `config` gives the present ones at each fetch. */
  firmware(config: () => NetworkConfig): Promise<FirmwareSource>
  wallet(): Promise<WalletPorts>
  market(): Promise<MarketPorts>
  serving(): Promise<ServingPorts>
  kiosk(): Promise<KioskPorts>
  ways(): Promise<WayPorts>
  channels(): Promise<ChannelPorts>
  handOver(): Promise<HandOver>
}

/** What serving onward goes by besides. */
export interface ServingPorts {
  readonly page: PageVisibility
  /** null where there is no battery, or the browser does not tell. */
  battery(): Promise<Battery | null>
}

/** The ABIs of Fob's contracts. One that is not here is signed for by experts alone. */
export interface WalletAbis {
  readonly registry: readonly AbiItem[]
  readonly deviceRegistry: readonly AbiItem[]
  readonly market?: readonly AbiItem[]
  readonly paymentChannels?: readonly AbiItem[]
  readonly anchors?: readonly AbiItem[]
}

/** Whether somebody can see the page: nothing is read again and again for nobody. */
export interface PageVisibility {
  isHidden(): boolean
  onVisibilityChange(listener: () => void): () => void
}

/** What paid unlocks need besides the wallet; loaded with them. */
export interface MarketPorts {
  readonly stores: MarketStores
  readonly services: SignerServices
  /** Follows network.json, which names a Market. */
  chain(config: NetworkConfig): Promise<MarketChain>
}

/** What payment channels need besides the wallet; loaded with them. */
export interface ChannelPorts {
  readonly stores: ChannelStores
  readonly sessionKeys: SessionKeys
  /** Follows network.json, which names a PaymentChannels. */
  chain(config: NetworkConfig): Promise<ChannelChain>
}

/** What the wallet needs besides; loaded with it. */
export interface WalletPorts {
  readonly vault: VaultPort
  readonly lockKeys: LockKeys
  readonly stores: WalletStores
  readonly injected: InjectedWallets
  /** Follows network.json. */
  chain(config: NetworkConfig): Promise<WalletChain>
  /** By the field of network.json that names the contract: what it is asked is put into words by its ABI. */
  readonly abis: WalletAbis
  readonly page: PageVisibility
  /** POST with a JSON body; the status, or undefined where there was no answer. */
  postJson(url: string, body: unknown): Promise<number | undefined>
}
