// Reads what a device of ours offers, what was ordered of it, and what that brought.
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { grantDigest } from '../../../core/lock/grant.ts'
import { isDigestSignedBy } from '../../../core/p256.ts'
import { HOURS_PER_WORD } from '../../../core/registry/deviceHours.ts'
import type { OrderStorage } from '../../../core/registry/marketState.ts'
import { grantOfOrder, type OfferTerms, timesOf } from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import type { FoundOrder, MarketChain } from '../../ports/marketChain.ts'
import type { LettingRecord } from '../../ports/marketStore.ts'
import { type MarketParts, marketDomain } from '../parts.ts'
import type { LettingRecords } from './lettingRecords.ts'

/** Orders whose storage is proven at a time: two words each. */
const AT_ONCE = 60
/** A year and a month from now. */
const WORDS_AHEAD = 75

export async function readLetting(
  parts: Pick<MarketParts, 'chain' | 'config' | 'ownerKey' | 'wallet' | 'platform' | 'services'>,
  records: LettingRecords,
  deviceId: DeviceId,
  accounts: readonly Address[],
): Promise<Result<null, Failure>> {
  const chain = await parts.chain()
  if (!chain) return fail({ kind: 'notOnThisNetwork' })
  const found = await chain.offersOf(deviceId)
  if (!found.ok) return found
  // Those of a former owner are none of ours, and neither is what they earned.
  const offers = found.value.filter(({ terms }) => accounts.includes(terms.owner))
  const tokens = [...new Set(offers.map(({ terms }) => terms.token))]
  const kept = tokens.flatMap(token => accounts.map(account => ({ account, token })))
  const firstWord = Math.floor(parts.platform.unixNow() / 3600 / HOURS_PER_WORD)
  const words = Array.from({ length: WORDS_AHEAD }, (_, i) => firstWord + i)
  const reading = await chain.read({
    offers: offers.map(({ offerId }) => offerId),
    balances: kept,
    hours: { deviceId, words },
  })
  if (!reading.ok) return reading
  const firstBlock = Math.min(...offers.map(({ block }) => block), Number.MAX_SAFE_INTEGER)
  const ordered = await chain.ordersOf(
    offers.map(({ offerId }) => offerId),
    firstBlock,
  )
  if (!ordered.ok) return ordered
  const read = await withStates(chain, ordered.value.orders, records.get(deviceId))
  if (!read.ok) return read
  const terms = new Map(offers.map(offer => [offer.offerId, offer.terms]))
  const orders: LettingRecord['orders'][number][] = []
  for (const order of read.value) {
    const isOurs = await whetherOurs(parts, chain, order, terms.get(order.order.offerId))
    orders.push(isOurs === undefined ? order : { ...order, isOurs })
  }
  const { box } = records.get(deviceId)
  const boxState = box && (await parts.services.boxState(box.url, deviceId))
  await records.change(deviceId, record => ({
    offers: offers.map(offer => ({ ...offer, state: reading.value.offers.get(offer.offerId) ?? null })),
    orders,
    kept: kept.map((each, i) => ({ ...each, amount: (reading.value.balances[i] ?? 0n).toString() })),
    hasOpenHours: [...reading.value.hours.values()].some(({ open }) => open !== 0n),
    evidence: reading.value.evidence,
    readAt: parts.platform.unixNow(),
    box: record.box && { ...record.box, isOn: boxState?.ok ? boxState.value.state === 'on' : null },
  }))
  return ok(null)
}

async function withStates(
  chain: MarketChain,
  found: readonly FoundOrder[],
  before: LettingRecord,
): Promise<Result<LettingRecord['orders'], Failure>> {
  const states = new Map<string, OrderStorage>()
  // What has ended, ended for good; only keys still change, and those of the past do not matter.
  const known = new Map(before.orders.map(order => [order.orderId, order]))
  for (let start = 0; start < found.length; start += AT_ONCE) {
    const ids = found.slice(start, start + AT_ONCE).map(({ orderId }) => orderId)
    const reading = await chain.read({ orders: ids })
    if (!reading.ok) return reading
    for (const [id, state] of reading.value.orders) states.set(id, state)
  }
  const unknown = found.filter(({ orderId }) => (known.get(orderId)?.at ?? 0) === 0)
  const times = unknown.length === 0 ? null : await chain.timesOf(unknown.map(({ block }) => block))
  return ok(
    found.map(order => ({
      ...order,
      state: states.get(order.orderId) ?? null,
      at: known.get(order.orderId)?.at || (times?.get(order.block) ?? 0),
      ...noted(known.get(order.orderId)),
    })),
  )
}

const noted = (known: LettingRecord['orders'][number] | undefined) =>
  known?.isOurs === undefined ? {} : { isOurs: known.isOurs }

/** Of a stay that is not over: whether our owner key has signed its grant. Where another did, that may hold no longer. */
async function whetherOurs(
  parts: Pick<MarketParts, 'config' | 'ownerKey' | 'platform'>,
  chain: MarketChain,
  { orderId, order, state, isOurs }: LettingRecord['orders'][number],
  terms: OfferTerms | undefined,
): Promise<boolean | undefined> {
  if (isOurs !== undefined || state?.status !== 'fulfilled' || !terms || terms.isInstant) return isOurs
  const key = await parts.ownerKey.remembered()
  const domain = marketDomain(parts)
  if (!key || !domain || timesOf(terms, order).notAfter <= parts.platform.unixNow()) return undefined
  const events = await chain.fulfilled(orderId, state.logBlock)
  if (!events.ok || events.value.length === 0) return undefined
  return events.value.some(({ epoch, signature }) =>
    isDigestSignedBy(key, grantDigest(domain, grantOfOrder(terms, order, { epoch })), signature),
  )
}
