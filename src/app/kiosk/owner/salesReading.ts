// Sales as the chain has them, for whoever has a share: days, parties, rows. Nobody has to be asked, and no kiosk believed.
import type { Address } from '../../../core/bytes.ts'
import { csv } from '../../../core/csv.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import type { MarketState } from '../../../core/registry/marketState.ts'
import { amountOf, type OfferTerms, type OrderId } from '../../../core/registry/marketStatements.ts'
import { type Failure, ok, type Result } from '../../../core/result.ts'
import type { Amount } from '../../../core/wallet/sentence.ts'
import { amountIn } from '../../market/parts.ts'
import type { FoundOffer, FoundOrder, MarketChain } from '../../ports/marketChain.ts'
import type { SalesReading } from './kioskOwner.ts'

interface SalesParts {
  readonly config: () => NetworkConfig
  readonly chain: MarketChain
  readonly now: number
  /** By offer: its number in the catalogue, where it has one. */
  readonly numberOf: (offerId: string) => number | null
}

const DAY = 86_400
/** Orders whose storage is proven at a time: two words each. */
const AT_ONCE = 60
const STATES = { unknown: null, open: 'open', fulfilled: 'sold', refunded: 'refunded' } as const

export async function readSales(
  parts: SalesParts,
  deviceId: DeviceId,
  days: number,
): Promise<Result<SalesReading, Failure>> {
  const { chain, config, now } = parts
  const found = await chain.offersOf(deviceId)
  if (!found.ok) return found
  const offers = found.value.filter(({ terms }) => terms.unit === 'product')
  const ids = offers.map(({ offerId }) => offerId)
  const purses = pursesOf(offers)
  const reading = await chain.read({ offers: ids, balances: purses })
  if (!reading.ok) return reading
  const firstBlock = Math.min(...offers.map(({ block }) => block), Number.MAX_SAFE_INTEGER)
  const ordered = ids.length === 0 ? ok({ orders: [] }) : await chain.ordersOf(ids, firstBlock)
  if (!ordered.ok) return ordered
  const { orders } = ordered.value
  const states = await statesOf(chain, orders)
  if (!states.ok) return states
  const times = await chain.timesOf(orders.map(({ block }) => block))
  const termsOf = new Map(offers.map(({ offerId, terms }) => [offerId, terms]))
  const amount = (token: Address | null, value: bigint) => amountIn(config(), token, value)
  const rows = orders.flatMap(({ orderId, order, block }) => {
    const terms = termsOf.get(order.offerId)
    const state = STATES[states.value.get(orderId)?.status ?? 'unknown']
    if (!terms || state === null) return []
    const { quantity, offerId } = order
    const total = amount(terms.token, amountOf(terms, order))
    return [
      { at: times.get(block) ?? 0, number: parts.numberOf(offerId), quantity, amount: total, state, orderId },
    ]
  })
  return ok({
    days: daysOf(rows, days, now),
    parties: purses.map(({ account, token }, i) => {
      const { earned, unshared } = earningsOf(account, token, offers, reading.value)
      const kept = (reading.value.balances[i] ?? 0n) + unshared
      return { account, earned: amount(token, earned), kept: amount(token, kept) }
    }),
    rows,
    escrow: sums(rows.filter(({ state }) => state === 'open').map(row => row.amount)),
    evidence: reading.value.evidence,
  })
}

/** RFC 4180; amounts as decimal numbers in whole units. */
export function salesCsv({ rows }: SalesReading): string {
  const lines = rows.map(({ at, number, quantity, amount, state, orderId }) => [
    at === 0 ? '' : new Date(at * 1000).toISOString(),
    number === null ? '' : `${number}`,
    `${quantity}`,
    decimal(amount),
    amount.symbol,
    state,
    orderId,
  ])
  return csv([['time', 'product', 'quantity', 'amount', 'currency', 'state', 'order'], ...lines])
}

function decimal({ value, decimals }: Amount): string {
  const digits = value.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Each payee once for each token that he is paid in. */
function pursesOf(offers: readonly FoundOffer[]) {
  const purses = new Map<string, { readonly account: Address; readonly token: Address | null }>()
  for (const { terms } of offers) {
    for (const { payee } of terms.shares) {
      purses.set(`${payee}/${terms.token}`, { account: payee, token: terms.token })
    }
  }
  return [...purses.values()]
}

function earningsOf(
  account: Address,
  token: Address | null,
  offers: readonly FoundOffer[],
  state: Pick<MarketState, 'offers'>,
): { readonly earned: bigint; readonly unshared: bigint } {
  let [earned, unshared] = [0n, 0n]
  for (const { offerId, terms } of offers) {
    const storage = state.offers.get(offerId)
    if (!storage || terms.token !== token) continue
    const share = shareOf(terms, account)
    earned += share * storage.sold
    unshared += share * (storage.sold - storage.shared)
  }
  return { earned, unshared }
}

const shareOf = ({ shares }: OfferTerms, account: Address): bigint =>
  shares.reduce((sum, { payee, amount }) => (payee === account ? sum + amount : sum), 0n)

async function statesOf(
  chain: MarketChain,
  found: readonly FoundOrder[],
): Promise<Result<MarketState['orders'], Failure>> {
  const states = new Map<OrderId, NonNullable<ReturnType<MarketState['orders']['get']>>>()
  for (let start = 0; start < found.length; start += AT_ONCE) {
    const orders = found.slice(start, start + AT_ONCE).map(({ orderId }) => orderId)
    const reading = await chain.read({ orders })
    if (!reading.ok) return reading
    for (const [id, state] of reading.value.orders) states.set(id, state)
  }
  return ok(states)
}

function daysOf(rows: SalesReading['rows'], days: number, now: number): SalesReading['days'] {
  const today = Math.floor(now / DAY) * DAY
  return Array.from({ length: days }, (_, i) => {
    const day = today - (days - 1 - i) * DAY
    const within = rows.filter(({ at }) => at >= day && at < day + DAY)
    const sold = within.filter(({ state }) => state === 'sold')
    return {
      day,
      sold: sold.reduce((sum, { quantity }) => sum + quantity, 0),
      refunded: within.filter(({ state }) => state === 'refunded').length,
      income: sums(sold.map(({ amount }) => amount)),
    }
  })
}

/** One for each token. */
function sums(amounts: readonly Amount[]): readonly Amount[] {
  const totals = new Map<string, Amount>()
  for (const amount of amounts) {
    const key = amount.token ?? ''
    const before = totals.get(key)
    totals.set(key, before ? { ...before, value: before.value + amount.value } : amount)
  }
  return [...totals.values()]
}
