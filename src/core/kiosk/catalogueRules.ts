// Whether a catalogue can be sold by: its own contradictions, and what Market and Till would not take. Told before it is signed.
import { termsFault } from '../registry/offerRules.ts'
import { TILL_PRICE_UNIT } from '../registry/tillAmount.ts'
import { LONGEST_ORDER_S } from '../vending/vendOrder.ts'
import { type CatalogueContent, type CatalogueProduct, termsOfProduct } from './catalogue.ts'
import { PATIENCE, VEND_MARGIN } from './sale.ts'

/** Seconds: what a customer has for paying, a machine for dropping and a receipt for being mined. */
const SHORTEST_ORDER = VEND_MARGIN + PATIENCE + 60

/** The first field that is wrong, `products.3.shares` (by its place in the list); null where all of it holds. */
export function catalogueFault(content: CatalogueContent): string | null {
  const { products, ways, till, depths, title } = content
  if (title.en.trim() === '') return 'title'
  for (const [i, product] of products.entries()) {
    const fault = productFault(content, product)
    if (fault !== null) return `products.${i}.${fault}`
    if (products.findIndex(({ number }) => number === product.number) !== i) return `products.${i}.number`
  }
  if (ways.length === 0 || new Set(ways).size !== ways.length) return 'ways'
  if (ways.includes('till') && till === null) return 'till'
  const ofCurrency = (token: (typeof depths)[number]['token']) => depths.filter(each => each.token === token)
  return depths.every(({ token }) => isAscending(ofCurrency(token))) ? null : 'depths'
}

const isAscending = (depths: CatalogueContent['depths']): boolean =>
  depths.every(({ upTo }, i) => i === 0 || upTo > (depths[i - 1]?.upTo ?? 0n))

function productFault({ ways, products }: CatalogueContent, product: CatalogueProduct): string | null {
  const { name, token, price, fulfilWithin } = product
  if (name.en.trim() === '') return 'name'
  // Whoever owns the device does not matter to the rules.
  const nobody = { owner: `0x${'00'.repeat(20)}`, deviceId: `0x${'00'.repeat(32)}` } as const
  const fault = termsFault(termsOfProduct(nobody, product))
  if (fault !== null) return fault
  // A machine that has forgotten orders takes none whose deadlines are earlier.
  if (fulfilWithin !== products[0]?.fulfilWithin) return 'fulfilWithin'
  if (fulfilWithin < SHORTEST_ORDER || fulfilWithin > LONGEST_ORDER_S) return 'fulfilWithin'
  // Tills take coins, and what is risked on signatures is counted in them.
  if (token !== null && !ways.includes('order')) return 'token'
  const isAtTill = ways.includes('till') && token === null
  return isAtTill && price % TILL_PRICE_UNIT !== 0n ? 'price' : null
}
