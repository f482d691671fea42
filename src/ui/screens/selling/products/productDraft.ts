// Products as they are typed, and as a catalogue: amounts from text, shares from percentages, both ways.
import type { KioskText, PayWay } from '../../../../app/kiosk/kiosk.ts'
import type { CatalogueDraft, ProductDraft } from '../../../../app/kiosk/owner/kioskOwner.ts'
import type { Address } from '../../../../core/bytes.ts'
import { plainNumber, readAmount } from '../../../i18n/amounts.ts'
import { type ShareDraft, splitPrice } from '../../market/shares/shares.ts'
import { wholeNumber } from '../numbers.ts'

export interface ProductForm {
  /** Its place in the Till, which it keeps. */
  readonly number: number
  readonly slot: string
  readonly name: KioskText
  readonly note: KioskText
  readonly picture: string | null
  /** null: the chain's coin. */
  readonly token: Address | null
  readonly price: string
  /** Of others; what is left is the machine’s account’s. */
  readonly shares: readonly ShareDraft[]
  readonly maxQuantity: string
}

export interface CatalogueForm {
  readonly title: KioskText
  readonly products: readonly ProductForm[]
  readonly ways: readonly PayWay[]
  /** For a coin or token that something is sold for. */
  readonly depths: readonly DepthForm[]
  readonly instant: { readonly perSale: string; readonly perBuyer: string; readonly open: string }
}

/** Up to this price so many blocks are enough; above it, finality. */
export interface DepthForm {
  readonly token: Address | null
  readonly upTo: string
  readonly blocks: string
}

/** The first place in the Till that nothing has, 0 to 99; null where all are taken. */
export const freeNumber = (products: readonly ProductForm[]): number | null =>
  Array.from({ length: 100 }, (_, number) => number).find(
    number => !products.some(product => product.number === number),
  ) ?? null

const noText: KioskText = { en: '', zh: '' }

export const newProduct = (number: number): ProductForm => ({
  number,
  slot: String(number),
  name: noText,
  note: noText,
  picture: null,
  token: null,
  price: '',
  shares: [],
  maxQuantity: '1',
})

const emptyForm: CatalogueForm = {
  title: noText,
  products: [],
  ways: ['till', 'order'],
  depths: [],
  instant: { perSale: '', perBuyer: '', open: '' },
}

const HUNDREDTHS = 10_000n

/** Of the coin (null) or a token. */
export type DecimalsOf = (token: Address | null) => number

/** The currencies of all products, the coin first: each has a depth of its own. */
export const currenciesOf = ({ products }: Pick<CatalogueForm, 'products'>): readonly (Address | null)[] => [
  ...new Set([null, ...products.map(({ token }) => token)]),
]

export const depthFormOf = ({ depths }: Pick<CatalogueForm, 'depths'>, token: Address | null): DepthForm =>
  depths.find(each => each.token === token) ?? { token, upTo: '', blocks: '1' }

/** `rest`: the account that gets what is left. */
export function formOf(draft: CatalogueDraft | null, rest: Address, decimalsOf: DecimalsOf): CatalogueForm {
  if (draft === null) return emptyForm
  const shallow = draft.depths.filter(({ depth }) => depth !== 'final')
  const money = (value: bigint) => (value === 0n ? '' : plainNumber(value, decimalsOf(null)))
  return {
    title: draft.title,
    products: draft.products.map(product => productFormOf(product, rest, decimalsOf(product.token))),
    ways: draft.ways,
    // Of several steps for one currency the editor keeps the first.
    depths: [...new Set(shallow.map(each => each.token ?? null))].flatMap(token => {
      const first = shallow.find(each => (each.token ?? null) === token)
      return first === undefined
        ? []
        : [{ token, upTo: plainNumber(first.upTo, decimalsOf(token)), blocks: String(first.depth) }]
    }),
    instant: {
      perSale: money(draft.instant.perSale),
      perBuyer: money(draft.instant.perBuyer),
      open: money(draft.instant.open),
    },
  }
}

const productFormOf = (product: ProductDraft, rest: Address, decimals: number): ProductForm => ({
  number: product.number,
  slot: String(product.slot),
  name: product.name,
  note: product.note,
  picture: product.picture,
  token: product.token,
  price: plainNumber(product.price, decimals),
  shares: product.shares
    .filter(({ payee }) => payee !== rest)
    .map(({ payee, amount }, id) => ({
      id,
      payee,
      // Rounded up: an amount was rounded down from its percentage.
      percent: plainNumber((amount * HUNDREDTHS + product.price - 1n) / product.price, 2),
    })),
  maxQuantity: String(product.maxQuantity),
})

/** null where something that is typed is no number, no amount, or gives more away than there is. */
export function draftOf(form: CatalogueForm, rest: Address, decimalsOf: DecimalsOf): CatalogueDraft | null {
  const products = form.products.map(product => productOf(product, rest, decimalsOf(product.token)))
  const depths = currenciesOf(form).map(token => depthOf(depthFormOf(form, token), decimalsOf(token)))
  const decimals = decimalsOf(null)
  const perSale = amountOf(form.instant.perSale, decimals)
  const perBuyer = amountOf(form.instant.perBuyer, decimals)
  const open = amountOf(form.instant.open, decimals)
  if (perSale === null || perBuyer === null || open === null) return null
  const deep = depths.filter(depth => depth !== null)
  if (deep.length < depths.length) return null
  const whole = products.filter(product => product !== null)
  if (whole.length < products.length || whole.length === 0) return null
  return {
    title: form.title,
    products: whole,
    ways: form.ways,
    depths: deep.filter(({ upTo }) => upTo !== 0n),
    instant: { perSale, perBuyer, open },
  }
}

function depthOf({ token, ...typed }: DepthForm, decimals: number): CatalogueDraft['depths'][number] | null {
  const upTo = amountOf(typed.upTo, decimals)
  const depth = wholeNumber(typed.blocks, 64, 0)
  if (upTo === null || depth === null) return null
  return { upTo, depth, ...(token === null ? {} : { token }) }
}

function productOf(form: ProductForm, rest: Address, decimals: number): ProductDraft | null {
  const price = readAmount(form.price, decimals)
  const slot = wholeNumber(form.slot, 255, 0)
  const maxQuantity = wholeNumber(form.maxQuantity, 65_535)
  if (!price.ok || price.value === 0n || slot === null || maxQuantity === null) return null
  const { shares } = splitPrice(price.value, rest, form.shares)
  if (shares === null || form.name.en.trim() === '') return null
  const { number, name, note, picture, token } = form
  return { number, slot, name, note, picture, price: price.value, token, shares, maxQuantity }
}

/** Empty is nothing. */
function amountOf(text: string, decimals: number): bigint | null {
  if (text.trim() === '') return 0n
  const read = readAmount(text, decimals)
  return read.ok ? read.value : null
}
