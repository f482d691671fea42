// Everything the use cases reach the world through. main.tsx makes one; tests make another.
import type { NetworkConfig } from '../core/network.ts'
import type { ChainPort } from './ports/chain.ts'
import type { DevicePort } from './ports/device.ts'
import type { FirmwareSource } from './ports/firmware.ts'
import type { Platform } from './ports/platform.ts'
import type { Stores } from './ports/store.ts'

export interface Ports {
  readonly platform: Platform
  readonly stores: Stores
  readonly bluetooth: DevicePort
  /** The next three follow network.json and load their code when first used. */
  demo(config: NetworkConfig, stores: Stores): Promise<DevicePort>
  chain(config: NetworkConfig): Promise<ChainPort>
  firmware(config: NetworkConfig): Promise<FirmwareSource>
}
