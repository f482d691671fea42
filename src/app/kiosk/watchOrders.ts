// The kiosk's look at the chain: which orders its offers have, and what is proven of each at the depths that count.
import type { OrderFacts, OrderLook, Payment, Sale } from '../../core/kiosk/sale.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import {
  type OfferId,
  type OfferTerms,
  type OrderId,
  offerIdOf,
} from '../../core/registry/marketStatements.ts'
import type { KioskPorts, KioskStores } from '../ports/kiosk.ts'
import type { FoundOrder, FoundOrders, MarketChain, MarketReading } from '../ports/marketChain.ts'
import type { SaleBook } from './saleBook.ts'

/** What is for sale now: orders of other offers are looked for only while sales of them are open. */
export interface ForSale {
  readonly terms: OfferTerms
  readonly product: number
}

interface WatchParts {
  readonly book: SaleBook
  readonly values: KioskStores['values']
  readonly chainAt: (depth: Parameters<KioskPorts['chain']>[1]) => Promise<MarketChain>
  readonly forSale: () => readonly ForSale[]
  /** Whether a Till has made it of a plain transfer, as far as an endpoint says: for the list of sales, and nothing hangs on it. */
  readonly isOfTill: (order: FoundOrder) => Promise<boolean>
  readonly unixNow: () => number
}

export interface SaleFacts {
  readonly newest: OrderFacts | null
  /** Blocks on top of the payment's own; null where it is not known. */
  readonly has: number | null
  /** Of the reading at the sale's depth. */
  readonly evidence: Evidence | null
}

export type ChainState = 'ok' | 'unreachable' | 'unproven'

const CURSOR = 'ordersFrom'
/** Blocks: a day at two seconds for each. After that an order's deadline is over, and anybody may send its money back. */
export const LONGEST_LOOK_BACK = 45_000
const NOTHING: OrderFacts = { status: 'unknown', deadline: 0 }

export class OrderWatch {
  readonly facts = new Map<string, SaleFacts>()
  state: ChainState = 'ok'
  readonly #parts: WatchParts

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** From which block on orders are this kiosk's to care for: called once, when it is set up. */
  async begin(block: number): Promise<void> {
    await this.#parts.values.put(CURSOR, block)
  }

  async look(): Promise<void> {
    const { book, chainAt, unixNow } = this.#parts
    const newest = await chainAt(0)
    const all = await this.#find(newest)
    if (!all) {
      this.state = 'unreachable'
      this.facts.clear()
      for (const { id } of book.open) await book.apply(id, { kind: 'tick' }, unixNow())
      return
    }
    const found = all.orders.toReversed()
    await this.#attach(found)
    const strays = found.filter(({ orderId }) => !book.byOrder(orderId))
    const ids = [...new Set([...openOrders(book.open), ...strays.map(({ orderId }) => orderId)])]
    const [top, final] = await Promise.all([read(newest, ids), read(await chainAt('final'), ids)])
    const isProven = final?.evidence.level === 'proven'
    this.state = !top || !final ? 'unreachable' : isProven ? 'ok' : 'unproven'
    for (const sale of book.open) await this.#judge(sale, top, isProven ? final : null)
    if (final && isProven) await this.#adopt(strays, final, all)
  }

  async #find(newest: MarketChain): Promise<FoundOrders | null> {
    const found = await newest.ordersOf([...this.#offers().keys()], await this.#from())
    return found.ok ? found.value : null
  }

  async #from(): Promise<number> {
    return (await this.#parts.values.get<number>(CURSOR)) ?? 0
  }

  #offers(): ReadonlyMap<OfferId, ForSale> {
    const { book, forSale } = this.#parts
    const all = [...forSale(), ...book.open.map(({ terms, product }) => ({ terms, product }))]
    return new Map(all.map(each => [offerIdOf(each.terms), each]))
  }

  /** The first order with a sale's number pays it; a second one is nobody's. */
  async #attach(found: readonly FoundOrder[]): Promise<void> {
    const { book, unixNow, isOfTill } = this.#parts
    for (const each of found) {
      const { orderId, order, block } = each
      const sale = book.byNonce(order.nonce)
      if (sale?.stage.kind !== 'waiting' || order.quantity !== sale.quantity) continue
      if (offerIdOf(sale.terms) !== order.offerId || book.byOrder(orderId)) continue
      const payment: Payment = {
        by: (await isOfTill(each)) ? 'till' : 'order',
        orderId,
        order,
        deadline: 0,
        block,
        consent: null,
        seenAt: unixNow(),
      }
      await book.apply(sale.id, { kind: 'paid', payment }, unixNow())
    }
  }

  async #judge(sale: Sale, top: MarketReading | null, final: MarketReading | null): Promise<void> {
    const { book, unixNow } = this.#parts
    const { stage, id } = sale
    const payment = 'payment' in stage ? stage.payment : null
    if (!payment) {
      const look: OrderLook = { newest: top && NOTHING, deep: null, final: null }
      await book.apply(id, { kind: 'looked', look }, unixNow())
      return
    }
    const deep = stage.kind === 'seen' ? await this.#deep(sale, payment, top, final) : null
    const newest = factsOf(top, payment.orderId)
    const look = {
      newest,
      deep: deep?.evidence.level === 'proven' ? factsOf(deep, payment.orderId) : null,
      final: factsOf(final, payment.orderId),
    }
    const has = payment.block === null || !top ? null : Math.max(0, top.evidence.block.number - payment.block)
    const shown = deep?.evidence ?? this.facts.get(id)?.evidence ?? null
    this.facts.set(id, { newest, has, evidence: shown })
    await book.apply(id, { kind: 'looked', look }, unixNow())
  }

  async #deep(
    { depth }: Sale,
    { orderId }: Payment,
    top: MarketReading | null,
    final: MarketReading | null,
  ): Promise<MarketReading | null> {
    if (depth === 'final') return final
    if (depth === 0) return top
    return read(await this.#parts.chainAt(depth), [orderId])
  }

  /** Paid, final, and for no sale that waits: the machine is asked to sign that nothing dropped, so that it goes back at once. */
  async #adopt(strays: readonly FoundOrder[], final: MarketReading, { upTo }: FoundOrders): Promise<void> {
    const { book, values, unixNow, isOfTill } = this.#parts
    const offers = this.#offers()
    for (const each of strays) {
      const { orderId, order, block } = each
      const facts = factsOf(final, orderId)
      const offer = offers.get(order.offerId)
      if (facts?.status !== 'open' || !offer || book.byOrder(orderId)) continue
      const sale = book.byNonce(order.nonce)
      const isLate = sale?.stage.kind === 'closed' && sale.stage.payment === null
      const why = sale ? (isLate ? 'tooLate' : 'paidTwice') : 'notOurs'
      const payment: Payment = {
        ...{ by: (await isOfTill(each)) ? 'till' : 'order', orderId, order, block, consent: null },
        deadline: facts.deadline,
        seenAt: unixNow(),
      }
      await book.add({
        id: orderId,
        at: unixNow(),
        terms: offer.terms,
        product: offer.product,
        quantity: order.quantity,
        nonce: order.nonce,
        until: 0,
        depth: 'final',
        depthSeconds: 0,
        stage: { kind: 'cancelling', payment, why },
      })
      this.facts.set(orderId, { newest: facts, has: null, evidence: final.evidence })
    }
    // Blocks of which one endpoint alone has told are asked about again: it may lag, or leave a payment out.
    const { number } = final.evidence.block
    const told = upTo === null ? Number.NEGATIVE_INFINITY : Math.min(upTo, number)
    const next = Math.max(told, number - LONGEST_LOOK_BACK) + 1
    if (next > (await this.#from())) await values.put(CURSOR, next)
  }
}

const openOrders = (sales: readonly Sale[]): readonly OrderId[] =>
  sales.flatMap(({ stage }) => ('payment' in stage && stage.payment ? [stage.payment.orderId] : []))

async function read(chain: MarketChain, orders: readonly OrderId[]): Promise<MarketReading | null> {
  const reading = await chain.read({ orders })
  return reading.ok ? reading.value : null
}

function factsOf(reading: MarketReading | null, orderId: OrderId): OrderFacts | null {
  const state = reading?.orders.get(orderId)
  return state ? { status: state.status, deadline: state.deadline } : null
}
