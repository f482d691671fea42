// A new sale: its number, which the payment will carry whichever way it comes, and how long it waits.
import {
  type Catalogue,
  type CatalogueProduct,
  depthFor,
  termsOfProduct,
} from '../../core/kiosk/catalogue.ts'
import { type Depth, holdsUnits, type Sale } from '../../core/kiosk/sale.ts'
import { type TillSale, tillAmountOf } from '../../core/registry/tillAmount.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { formatPaymentUri } from '../../core/wallet/eip681.ts'
import type { Platform } from '../ports/platform.ts'
import type { BeginFailure } from './kiosk.ts'
import type { SaleBook } from './saleBook.ts'

interface BeginParts {
  readonly book: SaleBook
  readonly platform: Pick<Platform, 'unixNow' | 'randomBytes' | 'randomId'>
  /** Units that the machine has in a slot; null where it did not say. */
  readonly stockOf: (slot: number) => number | null
  /** Whether a slot gives energy or time, which can be stopped half-way. */
  readonly isMetered: (slot: number) => boolean
  /** Seconds that a payment needs until it lies so deep. */
  readonly secondsTo: (depth: Depth) => number
}

/** Seconds that a customer has at least, and less than a minute more. */
const TIME_TO_PAY = 300
const NUMBERS = 10_000

/** Written down already: the payment may come from now on, whatever happens to this tab. */
export async function beginSale(
  parts: BeginParts,
  catalogue: Catalogue,
  number: number,
  quantity: number,
): Promise<Result<Sale, BeginFailure>> {
  const { book, platform, secondsTo } = parts
  const product = catalogue.products.find(each => each.number === number)
  if (!product) return fail({ kind: 'productUnknown' })
  if (quantity < 1 || quantity > product.maxQuantity) return fail({ kind: 'quantityTooLarge' })
  const left = unitsLeft(parts, product)
  if (left === null) return fail({ kind: 'machineUnreachable' })
  if (left < quantity) return fail({ kind: 'soldOut' })
  const now = platform.unixNow()
  const lastMinute = Math.ceil((now + TIME_TO_PAY) / 60)
  const depth = depthFor(catalogue, product, product.price * BigInt(quantity))
  const sale: Sale = {
    id: platform.randomId(),
    at: now,
    terms: termsOfProduct(catalogue, product),
    product: number,
    isMetered: parts.isMetered(product.slot),
    quantity,
    nonce: BigInt(lastMinute) * BigInt(NUMBERS) + BigInt(freeNumber(parts, lastMinute)),
    until: lastMinute * 60 + 59,
    depth,
    depthSeconds: secondsTo(depth),
    stage: { kind: 'waiting' },
  }
  try {
    await book.add(sale)
  } catch (error) {
    return fail({ kind: 'notStored', detail: error instanceof Error ? error.message : String(error) })
  }
  return ok(sale)
}

/** Units of a product that nobody has paid for; null where the machine did not say. */
export function unitsLeft(
  { book, stockOf }: Pick<BeginParts, 'book' | 'stockOf'>,
  { slot }: Pick<CatalogueProduct, 'slot'>,
): number | null {
  const stock = stockOf(slot)
  if (stock === null) return null
  const held = book.open.filter(({ terms }) => terms.slot === slot)
  return Math.max(0, stock - held.reduce((sum, sale) => sum + holdsUnits(sale), 0))
}

/** What a plain transfer has to send, to the smallest unit. */
export const tillAmount = (sale: Sale): bigint => tillAmountOf(sale.terms.price, tillSaleOf(sale))

/** The transfer as a link that any wallet reads (EIP-681). */
export const tillUri = (
  sale: Sale,
  till: Parameters<typeof formatPaymentUri>[0]['to'],
  chainId: number,
): string => formatPaymentUri({ to: till, chainId, token: null, amount: tillAmount(sale) })

const tillSaleOf = ({ product, quantity, nonce }: Sale): TillSale => ({
  product,
  quantity,
  lastMinute: Number(nonce / BigInt(NUMBERS)),
  number: Number(nonce % BigInt(NUMBERS)),
})

/** Not guessable, so that nobody pays another's sale by chance; not in use in its minute. */
function freeNumber({ book, platform }: BeginParts, lastMinute: number): number {
  const taken = new Set([...book.all.get().values()].map(({ nonce }) => nonce))
  for (;;) {
    const [high = 0, low = 0] = platform.randomBytes(2)
    const number = (high * 256 + low) % NUMBERS
    if (!taken.has(BigInt(lastMinute) * BigInt(NUMBERS) + BigInt(number))) return number
  }
}
