// A product as the customer sees it: what is left of it, and whether it can be sold just now.
import { type CatalogueProduct, termsOfProduct } from '../../core/kiosk/catalogue.ts'
import { offerIdOf } from '../../core/registry/marketStatements.ts'
import type { MachineReading, VendUnit } from '../../core/vending/machine.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import { unitsLeft } from './beginSale.ts'
import type { OfferLook } from './catalogueKeeper.ts'
import type { KioskProduct } from './kiosk.ts'
import type { SaleBook } from './saleBook.ts'

interface ProductFacts {
  readonly owner: Parameters<typeof termsOfProduct>[0]
  readonly book: SaleBook
  /** null while the machine does not answer. */
  readonly reading: MachineReading | null
  readonly look: OfferLook
  readonly price: Amount
}

/** Units that a slot gives out: none while it is out of order; null where the machine did not say. */
export function stockIn(reading: MachineReading | null, slot: number): number | null {
  const at = reading?.slots.find(each => each.slot === slot)
  if (!at) return null
  return at.fault === 'none' ? at.stock : 0
}

/** What one unit of a slot is; a product where the machine did not say. */
export const unitOf = (reading: MachineReading | null, slot: number): VendUnit =>
  reading?.slots.find(each => each.slot === slot)?.unit ?? 'product'

export function productView(
  product: CatalogueProduct,
  { owner, book, reading, look, price }: ProductFacts,
): KioskProduct {
  const { number, slot, name, note, picture } = product
  const terms = termsOfProduct(owner, product)
  const left = unitsLeft({ book, stockOf: at => stockIn(reading, at) }, product)
  const isFaulty = reading?.slots.some(each => each.slot === slot && each.fault !== 'none') === true
  const state = stateOf(look, left, isFaulty)
  const unit = unitOf(reading, slot)
  return { number, slot, name, note, picture, price, unit, offerId: offerIdOf(terms), terms, left, state }
}

function stateOf(look: OfferLook, left: number | null, isFaulty: boolean): KioskProduct['state'] {
  if (look === 'notOffered') return 'notOffered'
  if (left === null || look === 'unknown') return 'unknown'
  if (isFaulty) return 'outOfOrder'
  return left === 0 ? 'soldOut' : 'forSale'
}
