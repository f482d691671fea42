// Pinning makers: the person decides once whose word about firmware counts.
import type { Address } from '../core/bytes.ts'
import type { MakerPin } from '../core/makerPin.ts'
import type { NetworkConfig } from '../core/network.ts'
import type { HeadReading } from '../core/registry/release.ts'
import { fail, ok, type Result } from '../core/result.ts'
import type { MakerCandidate, PinFailure } from './fob.ts'
import { Observable } from './observable.ts'
import type { ChainPort } from './ports/chain.ts'
import type { Platform } from './ports/platform.ts'
import type { MakerRecord, Stores } from './ports/store.ts'

const maxBytes = 64 * 1024

interface MakersWorld {
  readonly config: NetworkConfig
  readonly chain: () => Promise<ChainPort>
  readonly channel: string
}

export class Makers {
  readonly pinned = new Observable<readonly MakerRecord[]>([])
  readonly #platform: Platform
  readonly #stores: Stores
  readonly #world: () => MakersWorld | undefined

  constructor(platform: Platform, stores: Stores, world: () => MakersWorld | undefined) {
    this.#platform = platform
    this.#stores = stores
    this.#world = world
  }

  async load(): Promise<void> {
    const all = await this.#stores.makers.all()
    this.pinned.set([...all].sort((a, b) => a.name.localeCompare(b.name)))
  }

  find(address: Address): MakerRecord | null {
    return this.pinned.get().find(maker => maker.address === address) ?? null
  }

  async fromQr(text: string): Promise<Result<MakerCandidate, PinFailure>> {
    const { parseMakerQr } = await import('../core/makerPin.ts')
    const pin = parseMakerQr(text)
    return pin.ok ? this.#candidate(pin.value, 'qr', null) : pin
  }

  async fromDomain(input: string): Promise<Result<MakerCandidate, PinFailure>> {
    const domain = input
      .trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/+$/, '')
    if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?$/.test(domain)) return fail({ kind: 'badDomain' })
    // Without TLS anybody on the way could name himself; a machine's own loopback has nobody on the way.
    const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(domain) ? 'http' : 'https'
    const { makerPinPath, parseMakerPin } = await import('../core/makerPin.ts')
    const json = await this.#platform.fetchJson(`${scheme}://${domain}${makerPinPath}`, maxBytes)
    if (json === undefined) return fail({ kind: 'pinUnreachable', detail: domain })
    const pin = parseMakerPin(json)
    return pin.ok ? this.#candidate(pin.value, 'domain', domain) : pin
  }

  async fromNetwork(address: Address): Promise<Result<MakerCandidate, PinFailure>> {
    const world = this.#world()
    const suggested = world?.config.makers.find(maker => maker.address === address)
    if (!world || !suggested) return fail({ kind: 'pinUnreachable', detail: address })
    const { id: chainId, registry } = world.config.chain
    return this.#candidate({ version: 1, ...suggested, chainId, registry }, 'network', null)
  }

  async pin({ pin, from, domain }: MakerCandidate): Promise<void> {
    await this.#stores.makers.put({
      address: pin.address,
      name: pin.name,
      pinnedAt: this.#platform.unixNow(),
      from,
      domain,
      models: pin.models.map(model => ({ maker: pin.address, ...model })),
    })
    await this.load()
  }

  async unpin(address: Address): Promise<void> {
    await this.#stores.makers.delete(address)
    await this.load()
  }

  async #candidate(
    pin: MakerPin,
    from: MakerRecord['from'],
    domain: string | null,
  ): Promise<Result<MakerCandidate, PinFailure>> {
    const world = this.#world()
    if (!world || pin.chainId !== world.config.chain.id || pin.registry !== world.config.chain.registry) {
      return fail({ kind: 'pinForOtherNetwork' })
    }
    return ok({ pin, from, domain, reading: await this.#firstReading(pin, world.chain, world.channel) })
  }

  async #firstReading(
    pin: MakerPin,
    chain: MakersWorld['chain'],
    channel: string,
  ): Promise<HeadReading | null> {
    const [model] = pin.models
    if (!model) return null
    const { modelIdOf } = await import('../core/registry/modelId.ts')
    // A reader that can't be loaded proves as little as one that nobody answers.
    const reader = await chain().catch(() => null)
    const read = await reader?.readHead(modelIdOf({ maker: pin.address, ...model }), channel)
    return read?.ok ? read.value : null
  }
}
