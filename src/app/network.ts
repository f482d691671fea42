// network.json: fetched at start, pinned at first use, never replaced without the person's word.
import type { Hex } from '../core/bytes.ts'
import type { NetworkConfig } from '../core/network.ts'
import type { NetworkView } from './fob.ts'
import { Observable } from './observable.ts'
import type { Platform } from './ports/platform.ts'
import type { Stores } from './ports/store.ts'

const pinKey = 'network'
const maxBytes = 64 * 1024
/** Schema and hash are not needed to show the first screen. */
const loadSchema = () => import('../core/network.ts')

interface Pinned {
  readonly config: unknown
  readonly fingerprint: Hex
}

interface Trusted {
  readonly config: NetworkConfig
  readonly fingerprint: Hex
}

/** A pin of which no more can be told than its fingerprint, and perhaps not even that. */
interface Unreadable {
  readonly config: null
  readonly fingerprint: unknown
}

export class Network {
  readonly view = new Observable<NetworkView>({ status: 'loading' })
  readonly #platform: Platform
  readonly #stores: Stores

  constructor(platform: Platform, stores: Stores) {
    this.#platform = platform
    this.#stores = stores
  }

  /** The pinned settings; undefined before the first start with a network. */
  get config(): NetworkConfig | undefined {
    const view = this.view.get()
    return view.status === 'ready' ? view.config : undefined
  }

  /**
   * The pin counts at once, so that the app opens without a network, and on one that never answers: resolves as soon as
   * there is a pin, or there is none to be had. The host's present file is compared when it arrives.
   */
  async open(): Promise<void> {
    const pinned = await this.#readPin()
    if (!pinned || pinned.config === null) return this.#compare(pinned)
    this.view.set({ status: 'ready', ...pinned, change: null })
    void this.#compare(pinned)
  }

  /** Asks the host again. What is shown, a change that waits for the person included, stays until it has answered. */
  async reload(): Promise<void> {
    // A store that lost the pin meanwhile does not make the next best host a trusted one.
    const pinned = await this.#readPin()
    await this.#compare(pinned && pinned.config !== null ? pinned : (this.#shown() ?? pinned))
  }

  async #compare(pinned: Trusted | Unreadable | undefined): Promise<void> {
    const { networkFingerprint, parseNetwork } = await loadSchema()
    const served = parseNetwork(await this.#platform.fetchJson('network.json', maxBytes))
    if (!served.ok) {
      if (!pinned) this.view.set({ status: 'missing', detail: served.error.detail })
      else if (pinned.config === null) this.view.set({ status: 'pinUnreadable', change: null })
      return
    }
    const fingerprint = networkFingerprint(served.value)
    // The fingerprint covers what decides whom to believe; peers and gateways may change under the same pin.
    if (!pinned || fingerprint === pinned.fingerprint) return this.#pin(served.value, fingerprint)
    const change = { config: served.value, fingerprint }
    if (pinned.config === null) this.view.set({ status: 'pinUnreadable', change })
    else this.view.set({ status: 'ready', ...pinned, change })
  }

  async acceptChange(): Promise<void> {
    const view = this.view.get()
    const isAsked = view.status === 'ready' || view.status === 'pinUnreadable'
    if (isAsked && view.change) await this.#pin(view.change.config, view.change.fingerprint)
  }

  refuseChange(): void {
    const view = this.view.get()
    if (view.status === 'ready') this.view.set({ ...view, change: null })
  }

  async #pin(config: NetworkConfig, fingerprint: Hex): Promise<void> {
    const pinned: Pinned = { config, fingerprint }
    this.view.set({ status: 'ready', config, fingerprint, change: null })
    await this.#stores.values.put(pinKey, pinned)
  }

  #shown(): Trusted | undefined {
    const view = this.view.get()
    return view.status === 'ready' ? view : undefined
  }

  /** One that no longer parses (another schema, a damaged record) is still one: it is not replaced without a word. */
  async #readPin(): Promise<Trusted | Unreadable | undefined> {
    const stored = await this.#stores.values.get<Partial<Pinned> | null>(pinKey)
    if (stored === undefined) return undefined
    const { networkFingerprint, parseNetwork } = await loadSchema()
    const parsed = parseNetwork(stored?.config)
    if (!parsed.ok) return { config: null, fingerprint: stored?.fingerprint }
    return { config: parsed.value, fingerprint: networkFingerprint(parsed.value) }
  }
}
