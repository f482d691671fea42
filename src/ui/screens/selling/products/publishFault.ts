// Why what was typed can't be published, as the place where it has to be mended.
import type { Address } from '../../../../core/bytes.ts'
import { type CatalogueForm, type DecimalsOf, draftOf } from './productDraft.ts'

export type PublishFault =
  | { readonly at: 'product'; readonly number: number; readonly what: ProductFault }
  | { readonly at: 'products' | 'title' | 'ways' | 'depth' | 'instant' }
  /** As the catalogue's rules call it. */
  | { readonly at: 'rule'; readonly name: string }

/** `fields`: a number, an amount, a share or the name, and it is marked where it stands. */
type ProductFault = 'fields' | 'price' | 'token' | 'other'

/** The first place that keeps `draftOf` from reading the form. */
export function unreadablePlace(form: CatalogueForm, rest: Address, decimalsOf: DecimalsOf): PublishFault {
  const [sample] = form.products
  if (sample === undefined) return { at: 'products' }
  const nothing = { perSale: '', perBuyer: '', open: '' }
  const readable = (part: Partial<CatalogueForm>) =>
    draftOf({ ...form, depths: [], instant: nothing, ...part }, rest, decimalsOf) !== null
  const faulty = form.products.find(product => !readable({ products: [product] }))
  if (faulty !== undefined) return { at: 'product', number: faulty.number, what: 'fields' }
  return { at: readable({ depths: form.depths }) ? 'instant' : 'depth' }
}

/** `rule` as the catalogue's own check names it: `products.2.price`, `ways`. */
export function brokenRule(form: CatalogueForm, rule: string): PublishFault {
  const [, index, field] = /^products\.(\d+)\.(\w+)/.exec(rule) ?? []
  const product = index === undefined ? undefined : form.products[Number(index)]
  if (product !== undefined) {
    const what = field === 'price' || field === 'token' ? field : field === 'name' ? 'fields' : 'other'
    return { at: 'product', number: product.number, what }
  }
  if (rule === 'title' || rule === 'ways') return { at: rule }
  return rule === 'depths' ? { at: 'depth' } : { at: 'rule', name: rule }
}
