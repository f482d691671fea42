// Wallets that announce themselves to the page: EIP-6963, with `window.ethereum` only where none does.
import type { InjectedWalletInfo } from '../../app/ports/injectedWallets.ts'
import { withoutInvisible } from '../../core/invisible.ts'
import { isProvider, type Provider } from './provider.ts'

export interface Announced {
  readonly info: InjectedWalletInfo
  readonly provider: Provider
}

/** The window: where wallets announce themselves, and put themselves where no standard says so. */
export interface WalletHost extends EventTarget {
  readonly ethereum?: unknown
}

/** A wallet without a name: whoever was first, or last, to take the place. */
const NAMELESS = 'window.ethereum'

/** A page may hold a dozen wallets; one that announces hundreds of them wants something else. */
const MAX_WALLETS = 32
const MAX_ICON = 256 * 1024

export class AnnouncedWallets {
  readonly #host: WalletHost
  readonly #byId = new Map<string, Announced>()
  readonly #listeners = new Set<() => void>()
  readonly #onAnnounce = (event: Event) => this.#announce(event)
  /** What wallets tell that put `window.ethereum` there later. */
  readonly #onNameless = () => this.#refresh()
  #list: readonly InjectedWalletInfo[] = []

  constructor(host: WalletHost) {
    this.#host = host
    host.addEventListener('eip6963:announceProvider', this.#onAnnounce)
    host.addEventListener('ethereum#initialized', this.#onNameless)
    host.dispatchEvent(new Event('eip6963:requestProvider'))
    this.#refresh()
  }

  /** The same list until it changes. */
  get list(): readonly InjectedWalletInfo[] {
    return this.#list
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  find(id: string): Provider | undefined {
    if (id === NAMELESS) return this.#nameless()
    return this.#byId.get(id)?.provider
  }

  /** Asks again, and waits for the wallet: some announce themselves long after the page has started. */
  async wait(id: string, ms: number): Promise<Provider | undefined> {
    const present = this.find(id)
    if (present) return present
    this.#host.dispatchEvent(new Event('eip6963:requestProvider'))
    return new Promise(resolve => {
      const finish = () => {
        clearTimeout(timer)
        unsubscribe()
        resolve(this.find(id))
      }
      const timer = setTimeout(finish, ms)
      const unsubscribe = this.subscribe(() => this.find(id) && finish())
      if (this.find(id)) finish()
    })
  }

  close(): void {
    this.#host.removeEventListener('eip6963:announceProvider', this.#onAnnounce)
    this.#host.removeEventListener('ethereum#initialized', this.#onNameless)
    this.#listeners.clear()
  }

  #announce(event: Event): void {
    const detail: unknown = 'detail' in event ? event.detail : undefined
    const announced = readAnnouncement(detail)
    if (!announced) return
    const { id } = announced.info
    const known = this.#byId.get(id)
    // Two wallets of one name: the first stays, so that a later script can't take an earlier one's place.
    if (known ? known.provider !== announced.provider : this.#byId.size >= MAX_WALLETS) return
    this.#byId.set(id, announced)
    if (!known) {
      for (const name of ['accountsChanged', 'chainChanged', 'connect', 'disconnect'])
        announced.provider.on?.(name, () => this.#tell())
    }
    this.#refresh()
  }

  #refresh(): void {
    const announced = [...this.#byId.values()].map(({ info }) => info)
    const nameless = this.#nameless() ? [{ id: NAMELESS, name: '', icon: null }] : []
    this.#list = announced.length > 0 ? announced : nameless
    this.#tell()
  }

  #nameless(): Provider | undefined {
    const { ethereum } = this.#host
    return this.#byId.size === 0 && isProvider(ethereum) ? ethereum : undefined
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function readAnnouncement(detail: unknown): Announced | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined
  if (!('info' in detail) || !('provider' in detail) || !isProvider(detail.provider)) return undefined
  const { info, provider } = detail
  if (typeof info !== 'object' || info === null) return undefined
  const text = (field: string): string | undefined => {
    const value: unknown = Object.hasOwn(info, field) ? Reflect.get(info, field) : undefined
    return typeof value === 'string' ? value : undefined
  }
  const id = text('rdns')
  const name = withoutInvisible(text('name') ?? '')
    .trim()
    .slice(0, 64)
  if (!id || id.length > 253 || id === NAMELESS || !name) return undefined
  const icon = text('icon')
  return { info: { id, name, icon: icon !== undefined && isImage(icon) ? icon : null }, provider }
}

/** As EIP-6963 demands: a picture in the address itself, so that showing it tells nobody. */
const isImage = (uri: string): boolean =>
  uri.length <= MAX_ICON && /^data:image\/(png|jpeg|webp|gif|svg\+xml)[;,]/.test(uri)
