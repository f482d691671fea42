// From the owner's draft to a catalogue that a kiosk sells by: which offers and products of the Till the chain lacks, by proof.
import { type Address, concat, fromHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import {
  type CatalogueContent,
  type CatalogueProduct,
  termsOfProduct,
} from '../../../core/kiosk/catalogue.ts'
import { catalogueFault } from '../../../core/kiosk/catalogueRules.ts'
import { makeOfferCall, setProductCall } from '../../../core/registry/marketCalls.ts'
import { offerIdOf } from '../../../core/registry/marketStatements.ts'
import { selectorOf } from '../../../core/wallet/abiShape.ts'
import type { CatalogueDraft, PublishStep } from './kioskOwner.ts'

/** Seconds from the payment to the refund, if nothing drops: long enough for finality on the chains that there are. */
const FULFIL_WITHIN = 1800
const NO_DOCUMENT = `0x${'00'.repeat(32)}` as const

export function contentOf(draft: CatalogueDraft, till: Address): CatalogueContent {
  const { title, products, depths, ways, instant } = draft
  return {
    title,
    products: products.map(({ ...product }) => ({
      ...product,
      fulfilWithin: FULFIL_WITHIN,
      legalHash: NO_DOCUMENT,
    })),
    till: ways.includes('till') ? till : null,
    depths: depths.flatMap(({ depth, ...rest }) => (depth === 'final' ? [] : [{ depth, ...rest }])),
    ways,
    instant,
  }
}

export const draftOf = ({ title, products, depths, ways, instant }: CatalogueContent): CatalogueDraft => ({
  title,
  products: products.map(({ fulfilWithin: _, legalHash: _hash, ...product }) => product),
  depths,
  ways,
  instant,
})

export const draftFault = (draft: CatalogueDraft, till: Address): string | null =>
  catalogueFault(contentOf(draft, till))

/** What is on the chain already; products of the Till by their number. */
export interface OnChain {
  readonly hasTill: boolean
  readonly liveOffers: ReadonlySet<string>
  readonly tillProducts: ReadonlyMap<number, string>
}

/** The sheets that are left, in an order in which each finds what it needs. */
export function stepsOf(
  content: CatalogueContent,
  { owner, deviceId }: { readonly owner: Address; readonly deviceId: DeviceId },
  { hasTill, liveOffers, tillProducts }: OnChain,
): readonly PublishStep[] {
  const steps: PublishStep[] = []
  const offerOf = (product: CatalogueProduct) => offerIdOf(termsOfProduct({ owner, deviceId }, product))
  const isAtTill = (product: CatalogueProduct) => content.till !== null && product.token === null
  if (content.till !== null && !hasTill) steps.push({ kind: 'openTill' })
  const offered = new Set(liveOffers)
  for (const product of content.products) {
    const { number, name } = product
    if (!offered.has(offerOf(product))) steps.push({ kind: 'makeOffer', number, name })
    offered.add(offerOf(product))
  }
  for (const product of content.products) {
    const { number, name } = product
    if (isAtTill(product) && tillProducts.get(number) !== offerOf(product)) {
      steps.push({ kind: 'setProduct', number, name })
    }
  }
  const sold = new Set(content.products.filter(isAtTill).map(({ number }) => number))
  for (const number of tillProducts.keys())
    if (!sold.has(number)) steps.push({ kind: 'removeProduct', number })
  return [...steps, { kind: 'sign' }]
}

export interface StepCall {
  readonly to: 'market' | 'tills' | 'till'
  readonly data: Uint8Array
}

/** undefined for `sign`, and for a product that the draft does not have. */
export function callOfStep(
  step: PublishStep,
  content: CatalogueContent,
  by: { readonly owner: Address; readonly deviceId: DeviceId },
): StepCall | undefined {
  if (step.kind === 'openTill') return { to: 'tills', data: plainCall('open(bytes32)', by.deviceId) }
  if (step.kind === 'sign') return undefined
  if (step.kind === 'removeProduct') {
    return { to: 'till', data: plainCall('removeProduct(uint8)', word(step.number)) }
  }
  const product = content.products.find(({ number }) => number === step.number)
  if (!product) return undefined
  const terms = termsOfProduct(by, product)
  return step.kind === 'makeOffer'
    ? { to: 'market', data: makeOfferCall(terms, { firstWord: 0, open: [] }) }
    : { to: 'till', data: setProductCall(step.number, terms) }
}

const word = (value: number): `0x${string}` => `0x${value.toString(16).padStart(64, '0')}`

function plainCall(signature: string, argument: `0x${string}`): Uint8Array {
  const [selector, bytes] = [fromHex(selectorOf(signature)), fromHex(argument)]
  if (!selector || bytes?.length !== 32) throw new TypeError(`${signature} of ${argument}`)
  return concat(selector, bytes)
}
