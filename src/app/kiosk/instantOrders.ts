// Orders that buyers sign against their prepaid balance: judged before anything drops, within what the owner risks.
import type { Catalogue } from '../../core/kiosk/catalogue.ts'
import { decodeSignedOrderCode } from '../../core/kiosk/codes.ts'
import { instantRisk, type Payment, type Sale, signedUntil } from '../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import {
  amountOf,
  type Order,
  offerIdOf,
  orderIdOf,
  prepaidOrderDigest,
} from '../../core/registry/marketStatements.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { signerOf } from '../../core/wallet/accountSignature.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { InstantRefusal } from './kiosk.ts'
import type { SaleBook } from './saleBook.ts'

interface InstantParts {
  readonly book: SaleBook
  readonly domain: MarketDomain
  readonly catalogue: () => Catalogue | null
  readonly newest: () => Promise<MarketChain>
  readonly unixNow: () => number
}

/** One after the other, whichever way they come: what is open on signatures is counted before the next one is judged. */
export class InstantOrders {
  /** Why the last one for a sale of this kiosk was refused. */
  refused: InstantRefusal | null = null
  readonly #parts: InstantParts
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: InstantParts) {
    this.#parts = parts
  }

  /** It is written down when this is ok. Rejects where that was not possible. */
  take(text: string): Promise<Result<null, InstantRefusal>> {
    const taken = this.#turn.then(() => this.#take(text))
    this.#turn = taken.catch(() => {})
    return taken
  }

  async #take(text: string): Promise<Result<null, InstantRefusal>> {
    const { book, unixNow } = this.#parts
    const judged = await judgeSignedOrder(this.#parts, text)
    if (!judged.ok) {
      if (judged.error.kind !== 'otherSale') this.refused = judged.error
      return judged
    }
    const { saleId, payment } = judged.value
    this.refused = null
    // Meanwhile somebody may have paid it another way.
    const isTaken = await book.apply(saleId, { kind: 'paid', payment }, unixNow())
    return isTaken ? ok(null) : fail({ kind: 'otherSale' })
  }
}

/** The sale that it pays, and the payment, which nothing is in the way of. */
export async function judgeSignedOrder(
  parts: InstantParts,
  text: string,
): Promise<Result<{ readonly saleId: string; readonly payment: Payment }, InstantRefusal>> {
  const { book, domain, catalogue, newest, unixNow } = parts
  const code = decodeSignedOrderCode(text)
  if (!code) return fail({ kind: 'notASignedOrder' })
  const { order, consent } = code
  if (code.domain.chainId !== domain.chainId || code.domain.market !== domain.market)
    return fail({ kind: 'otherSale' })
  const sale = book.byNonce(order.nonce)
  const isFor = sale && offerIdOf(sale.terms) === order.offerId && sale.quantity === order.quantity
  if (!isFor || sale.stage.kind !== 'waiting') return fail({ kind: 'otherSale' })
  if (order.validUntil !== signedUntil(sale)) return fail({ kind: 'validityUnfit' })
  if (signerOf(prepaidOrderDigest(domain, sale.terms, order), consent) !== order.payer)
    return fail({ kind: 'signatureInvalid' })
  const refused = riskRefusal(catalogue(), sale, order, book.open)
  if (refused) return fail(refused)
  const orderId = orderIdOf(order)
  const { payer } = order
  const { token } = sale.terms
  const chain = await newest()
  const reading = await chain.read({ orders: [orderId], prepaid: [{ account: payer, token }] })
  if (!reading.ok) return fail({ kind: 'chainUnreachable' })
  const { orders, prepaid, evidence } = reading.value
  if (evidence.level !== 'proven') return fail({ kind: 'chainUnproven' })
  if (orders.get(orderId)?.status !== 'unknown') return fail({ kind: 'alreadyOrdered' })
  const [purse] = prepaid
  const total = amountOf(sale.terms, order)
  if (!purse || purse.amount < total + openOf(book.open, payer)) return fail({ kind: 'balanceTooLow' })
  if (purse.withdrawableAt !== 0 && purse.withdrawableAt <= order.validUntil)
    return fail({ kind: 'balanceLeaving' })
  return ok({
    saleId: sale.id,
    payment: {
      by: 'instant',
      orderId,
      order,
      deadline: order.validUntil,
      block: null,
      consent,
      seenAt: unixNow(),
    },
  })
}

/** The owner's limits are in the chain's coin, and so is what is sold on a signature. */
function riskRefusal(
  catalogue: Catalogue | null,
  { terms }: Sale,
  order: Order,
  open: readonly Sale[],
): InstantRefusal | null {
  if (!catalogue?.ways.includes('instant') || terms.token !== null) return { kind: 'instantOff' }
  const { perSale, perBuyer, open: inAll } = catalogue.instant
  const total = amountOf(terms, order)
  if (total > perSale) return { kind: 'overSaleLimit' }
  if (total + openOf(open, order.payer) > perBuyer) return { kind: 'overBuyerLimit' }
  return total + openOf(open, null) > inAll ? { kind: 'overOpenLimit' } : null
}

/** What open sales on signatures could cost: of one buyer, or of all. */
const openOf = (open: readonly Sale[], payer: Order['payer'] | null): bigint =>
  open
    .filter(
      ({ stage }) =>
        payer === null ||
        ('payment' in stage && stage.payment !== null && stage.payment.order.payer === payer),
    )
    .reduce((sum, sale) => sum + instantRisk(sale), 0n)
