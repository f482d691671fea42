// The parts that follow network.json (chain, firmware source, demo devices), made when first needed.
import type { NetworkConfig } from '../core/network.ts'
import type { WriteSizes } from './deviceSession.ts'
import type { ChainPort } from './ports/chain.ts'
import type { DevicePort, DeviceSource } from './ports/device.ts'
import type { FirmwareSource } from './ports/firmware.ts'
import type { Ports } from './ports.ts'

export class World {
  readonly #ports: Ports
  readonly #config: () => NetworkConfig | undefined
  #madeFor: NetworkConfig | undefined
  #chain: Promise<ChainPort> | undefined
  #firmware: Promise<FirmwareSource> | undefined
  #demo: Promise<DevicePort> | undefined
  /** The firmware source once it runs: its peers can be shown without starting it. */
  running: FirmwareSource | undefined
  readonly writeSizes: WriteSizes = new Map()

  constructor(ports: Ports, config: () => NetworkConfig | undefined) {
    this.#ports = ports
    this.#config = config
  }

  /** Throws where no network is pinned yet: callers offer nothing that needs one before that. */
  get config(): NetworkConfig {
    const config = this.#config()
    if (!config) throw new Error('no network is pinned yet')
    if (config !== this.#madeFor) this.#reset(config)
    return config
  }

  chain(): Promise<ChainPort> {
    const { config } = this
    this.#chain ??= this.#ports.chain(config)
    return this.#chain
  }

  firmware(): Promise<FirmwareSource> {
    const { config } = this
    this.#firmware ??= this.#ports.firmware(config).then(source => {
      this.running = source
      return source
    })
    return this.#firmware
  }

  device(source: DeviceSource): Promise<DevicePort> {
    if (source === 'bluetooth') return Promise.resolve(this.#ports.bluetooth)
    const { config } = this
    this.#demo ??= this.#ports.demo(config)
    return this.#demo
  }

  #reset(config: NetworkConfig): void {
    void this.running?.stop()
    this.#madeFor = config
    this.#chain = undefined
    this.#firmware = undefined
    this.#demo = undefined
    this.running = undefined
  }
}
