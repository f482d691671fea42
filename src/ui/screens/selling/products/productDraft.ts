// Products as they are typed, and as a catalogue: amounts from text, shares from percentages, both ways.
import type { Depth, KioskText, PayWay } from '../../../../app/kiosk/kiosk.ts'
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
  readonly price: string
  /** Of others; what is left is the machine’s account’s. */
  readonly shares: readonly ShareDraft[]
  readonly maxQuantity: string
}

export interface CatalogueForm {
  readonly title: KioskText
  readonly products: readonly ProductForm[]
  readonly ways: readonly PayWay[]
  /** Up to this price so many blocks are enough; above it, finality. */
  readonly depth: { readonly upTo: string; readonly blocks: string }
  readonly instant: { readonly perSale: string; readonly perBuyer: string; readonly open: string }
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
  price: '',
  shares: [],
  maxQuantity: '1',
})

const emptyForm: CatalogueForm = {
  title: noText,
  products: [],
  ways: ['till', 'order'],
  depth: { upTo: '', blocks: '1' },
  instant: { perSale: '', perBuyer: '', open: '' },
}

const HUNDREDTHS = 10_000n

/** `rest`: the account that gets what is left; `decimals` of the coin. */
export function formOf(draft: CatalogueDraft | null, rest: Address, decimals: number): CatalogueForm {
  if (draft === null) return emptyForm
  const [shallow] = draft.depths.filter(({ depth }) => depth !== 'final')
  const money = (value: bigint) => (value === 0n ? '' : plainNumber(value, decimals))
  return {
    title: draft.title,
    products: draft.products.map(product => productFormOf(product, rest, decimals)),
    ways: draft.ways,
    depth: {
      upTo: shallow === undefined ? '' : plainNumber(shallow.upTo, decimals),
      blocks: shallow === undefined ? '1' : String(shallow.depth),
    },
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
export function draftOf(form: CatalogueForm, rest: Address, decimals: number): CatalogueDraft | null {
  const products = form.products.map(product => productOf(product, rest, decimals))
  const upTo = amountOf(form.depth.upTo, decimals)
  const blocks = wholeNumber(form.depth.blocks, 64, 0)
  const perSale = amountOf(form.instant.perSale, decimals)
  const perBuyer = amountOf(form.instant.perBuyer, decimals)
  const open = amountOf(form.instant.open, decimals)
  if (upTo === null || blocks === null || perSale === null || perBuyer === null || open === null) return null
  const whole = products.filter(product => product !== null)
  if (whole.length < products.length || whole.length === 0) return null
  const depth: Depth = blocks
  return {
    title: form.title,
    products: whole,
    ways: form.ways,
    depths: upTo === 0n ? [] : [{ upTo, depth }],
    instant: { perSale, perBuyer, open },
  }
}

function productOf(form: ProductForm, rest: Address, decimals: number): ProductDraft | null {
  const price = readAmount(form.price, decimals)
  const slot = wholeNumber(form.slot, 255, 0)
  const maxQuantity = wholeNumber(form.maxQuantity, 255)
  if (!price.ok || price.value === 0n || slot === null || maxQuantity === null) return null
  const { shares } = splitPrice(price.value, rest, form.shares)
  if (shares === null || form.name.en.trim() === '') return null
  const { number, name, note, picture } = form
  return { number, slot, name, note, picture, price: price.value, token: null, shares, maxQuantity }
}

/** Empty is nothing. */
function amountOf(text: string, decimals: number): bigint | null {
  if (text.trim() === '') return 0n
  const read = readAmount(text, decimals)
  return read.ok ? read.value : null
}
