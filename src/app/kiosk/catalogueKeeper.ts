// The catalogue that the kiosk sells by: the newest that its owner signed; a bad or older one changes nothing.
import type { Address } from '../../core/bytes.ts'
import {
  type Catalogue,
  type CatalogueProduct,
  checkCatalogue,
  type SignedCatalogue,
  termsOfProduct,
} from '../../core/kiosk/catalogue.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import { type OfferId, offerIdOf } from '../../core/registry/marketStatements.ts'
import type { Failure } from '../../core/result.ts'
import { Observable } from '../observable.ts'
import type { KioskParts } from './parts.ts'

/** Whether an offer can be paid, as proven last. */
export type OfferLook = 'live' | 'notOffered' | 'unknown'

export interface KeptCatalogue {
  readonly catalogue: Catalogue | null
  /** Of the newest that was found and not taken. */
  readonly refused: Failure | null
  /** Unix seconds since which the box does not answer; null while it does. */
  readonly silentSince: number | null
  readonly offers: ReadonlyMap<OfferId, OfferLook>
}

const STORED = 'catalogue'

export class CatalogueKeeper {
  readonly state = new Observable<KeptCatalogue>({
    catalogue: null,
    refused: null,
    silentSince: null,
    offers: new Map(),
  })
  readonly #parts: KioskParts
  readonly #domain: MarketDomain
  readonly #holder: { readonly deviceId: Catalogue['deviceId']; readonly owner: Address }

  constructor(
    parts: KioskParts,
    domain: MarketDomain,
    holder: { deviceId: Catalogue['deviceId']; owner: Address },
  ) {
    this.#parts = parts
    this.#domain = domain
    this.#holder = holder
  }

  get present(): Catalogue | null {
    return this.state.get().catalogue
  }

  /** The stored one is checked again, as if it came from anywhere. */
  async load(): Promise<void> {
    const stored = await this.#parts.ports.stores.values.get<SignedCatalogue>(STORED)
    if (!stored) return
    const checked = checkCatalogue(this.#domain, stored, { ...this.#holder, version: 0 })
    if (checked.ok) this.state.update(state => ({ ...state, catalogue: checked.value }))
  }

  async fetch(boxUrl: string | null): Promise<void> {
    if (boxUrl === null) return
    const { ports, platform } = this.#parts
    const found = await ports.box.catalogue(boxUrl, this.#holder.deviceId)
    if (!found.ok) {
      this.state.update(state => ({ ...state, silentSince: state.silentSince ?? platform.unixNow() }))
      return
    }
    this.state.update(state => ({ ...state, silentSince: null }))
    const version = this.present?.version ?? 0
    if (found.value === null || found.value.version === version) return
    const checked = checkCatalogue(this.#domain, found.value, { ...this.#holder, version })
    if (!checked.ok) {
      this.state.update(state => ({ ...state, refused: checked.error }))
      return
    }
    try {
      await ports.stores.values.put(STORED, found.value)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      this.state.update(state => ({ ...state, refused: { kind: 'notStored', detail } }))
      return
    }
    this.state.update(state => ({ ...state, catalogue: checked.value, refused: null, offers: new Map() }))
  }

  /** By proof: an offer that is paused, ended with a change of hands or never made takes no payment. */
  async lookAtOffers(): Promise<void> {
    const catalogue = this.present
    if (!catalogue) return
    const ids = catalogue.products.map(product => offerIdOf(termsOfProduct(catalogue, product)))
    const [chain, wallet] = await Promise.all([this.#parts.chainAt('final'), this.#parts.walletChain()])
    const [reading, device] = await Promise.all([
      chain.read({ offers: ids }),
      wallet.readDevice(this.#holder.deviceId),
    ])
    if (!reading.ok || !device.ok || reading.value.evidence.level !== 'proven') {
      this.state.update(state => ({ ...state, offers: new Map(ids.map(id => [id, 'unknown'])) }))
      return
    }
    const { record } = device.value
    const isOwners = record?.owner === this.#holder.owner
    const offers = new Map(
      ids.map((id): [OfferId, OfferLook] => {
        const offer = reading.value.offers.get(id)
        const isLive = isOwners && offer?.status === 'live' && offer.counter === record.counter
        return [id, isLive ? 'live' : 'notOffered']
      }),
    )
    this.state.update(state => ({ ...state, offers }))
  }

  /** Otherwise somebody waits: an offer that was just made becomes final. */
  get isAllLive(): boolean {
    return this.present?.products.every(product => this.lookOf(product) === 'live') ?? false
  }

  /** As far as the chain was read; before that it may be. */
  lookOf(product: CatalogueProduct): OfferLook {
    const { catalogue, offers } = this.state.get()
    if (!catalogue) return 'unknown'
    return offers.get(offerIdOf(termsOfProduct(catalogue, product))) ?? 'unknown'
  }
}
