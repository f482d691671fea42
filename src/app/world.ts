// The parts that follow network.json (chain, firmware source, demo devices), made when first needed.
import type { NetworkConfig } from '../core/network.ts'
import type { WriteSizes } from './deviceSession.ts'
import type { ChainPort } from './ports/chain.ts'
import type { DevicePort, DeviceSource } from './ports/device.ts'
import type { BlockBuyer, FirmwareSource } from './ports/firmware.ts'
import type { Ports } from './ports.ts'
import type { Ways } from './ways/ways.ts'

export class World {
  readonly #ports: Ports
  readonly #config: () => NetworkConfig | undefined
  readonly #ways: () => Promise<Pick<Ways, 'port'>>
  readonly #chain: Part<ChainPort>
  readonly #firmware: Part<FirmwareSource>
  readonly #demo: Part<DevicePort>
  readonly writeSizes: WriteSizes = new Map()

  constructor(
    ports: Ports,
    config: () => NetworkConfig | undefined,
    buyer: () => Promise<BlockBuyer>,
    ways: () => Promise<Pick<Ways, 'port'>>,
  ) {
    this.#ports = ports
    this.#ways = ways
    this.#config = config
    this.#chain = new Part(
      made => ports.chain(made),
      ({ chain }) => chain,
    )
    this.#firmware = new Part(
      async () => {
        const source = await ports.firmware(() => this.config)
        source.buyWith(buyer)
        return source
      },
      () => null,
    )
    this.#demo = new Part(
      made => ports.demo(made),
      ({ chain: { id, registry }, demo }) => [id, registry, demo],
    )
  }

  /** The network that counts now, if there is one yet. */
  get pinned(): NetworkConfig | undefined {
    return this.#config()
  }

  /** Throws where no network is pinned yet: callers offer nothing that needs one before that. */
  get config(): NetworkConfig {
    const config = this.#config()
    if (!config) throw new Error('no network is pinned yet')
    return config
  }

  /** The firmware source once it runs: its peers can be shown without starting it. */
  get running(): FirmwareSource | undefined {
    return this.#firmware.running
  }

  chain(): Promise<ChainPort> {
    return this.#chain.of(this.config)
  }

  firmware(): Promise<FirmwareSource> {
    return this.#firmware.of(this.config)
  }

  async device(source: DeviceSource): Promise<DevicePort> {
    if (source === 'bluetooth') return this.#ports.bluetooth
    if (source === 'demo') return this.#demo.of(this.config)
    return (await this.#ways()).port(source)
  }
}

/**
 * One part, made again only when what it is made of changes: network.json is read anew whenever the connection comes
 * back, and that must take no demo device out of the update that runs on it.
 */
export class Part<T> {
  readonly #make: (config: NetworkConfig) => Promise<T>
  readonly #ingredients: (config: NetworkConfig) => unknown
  #madeOf = ''
  #making: Promise<T> | undefined
  running: T | undefined

  constructor(make: (config: NetworkConfig) => Promise<T>, ingredients: (config: NetworkConfig) => unknown) {
    this.#make = make
    this.#ingredients = ingredients
  }

  of(config: NetworkConfig): Promise<T> {
    const madeOf = JSON.stringify(this.#ingredients(config))
    if (this.#making && madeOf === this.#madeOf) return this.#making
    this.running = undefined
    this.#madeOf = madeOf
    const making = this.#make(config).then(
      part => {
        if (this.#making === making) this.running = part
        return part
      },
      (error: unknown) => {
        // Code that could not be loaded just now may load the next time: a failure is not kept.
        if (this.#making === making) this.#making = undefined
        throw error
      },
    )
    this.#making = making
    return making
  }
}
