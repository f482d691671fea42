// Finds offers, orders and re-bindings of the devices that are signed for, in the Market's events up to a final block.
import type { Bytes, Hex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { grantDigest, type MarketDomain } from '../../src/core/lock/grant.ts'
import { isDigestSignedBy } from '../../src/core/p256.ts'
import { grantOfOrder, type OfferId } from '../../src/core/registry/marketStatements.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { type FoundLog, readLogs } from '../chain/logs.ts'
import type { MarketState } from './marketState.ts'
import { readFulfilled, readOfferMade, readOrdered, readRebound, topicOf } from './marketWire.ts'
import type { IssuerStore } from './store.ts'

export interface DiscoverOptions {
  readonly store: IssuerStore
  readonly domain: MarketDomain
  /** Those that agree on the final block. */
  readonly endpoints: readonly string[]
  readonly minAgreeing: number
  /** At that block. */
  readonly state: MarketState
  readonly finalNumber: number
  /** Nothing was looked at since the process began. */
  readonly isFirst: boolean
  /** x || y of a device's issuer key. */
  readonly keyOf: (deviceId: DeviceId) => Bytes
}

/** Nodes limit how many topics one question has. */
const maxTopics = 100
/** Blocks that are looked through again after a restart, or where the chain has gone back: a development chain may. */
const overlap = 256

/**
 * Events only tell where to look: what is put down hashes to its own id and is proven in the state. The cursor moves when
 * enough endpoints gave their events and all of it is put down, so nothing is lost by a failure or a crash in between. What
 * is read twice is known already.
 */
export async function discover(options: DiscoverOptions): Promise<Result<null, Failure>> {
  const { store, finalNumber, isFirst } = options
  const { block, caughtUp } = store.cursor()
  const devices = [...store.issuings.keys()]
  const newDevices = devices.filter(deviceId => !caughtUp.includes(deviceId))
  if (newDevices.length > 0 && block >= 0) {
    const found = await scan(options, newDevices, 0, Math.min(block, finalNumber))
    if (!found.ok) return found
  }
  const isAgain = isFirst || finalNumber < block
  const from = isAgain ? Math.max(0, Math.min(block, finalNumber) + 1 - overlap) : block + 1
  const found = await scan(options, devices, from, finalNumber)
  if (!found.ok) return found
  if (newDevices.length > 0 || finalNumber !== block)
    store.putCursor({ block: finalNumber, caughtUp: devices })
  return ok(null)
}

async function scan(
  options: DiscoverOptions,
  devices: readonly DeviceId[],
  fromBlock: number,
  toBlock: number,
): Promise<Result<null, Failure>> {
  const { store, domain, endpoints, minAgreeing } = options
  const logsOf = async (
    ids: readonly Hex[],
    topics: (some: readonly Hex[]) => readonly (Hex | readonly Hex[] | null)[],
  ): Promise<Result<readonly FoundLog[], Failure>> => {
    const found: FoundLog[] = []
    for (let from = 0; from < ids.length; from += maxTopics) {
      const filter = { address: domain.market, fromBlock, toBlock }
      const some = ids.slice(from, from + maxTopics)
      const logs = await readLogs(endpoints, minAgreeing, { ...filter, topics: topics(some) })
      if (!logs.ok) return logs
      found.push(...logs.value)
    }
    return ok(found)
  }

  const made = await logsOf(devices, some => [topicOf('OfferMade'), null, some])
  if (!made.ok) return made
  const offers = await putOffers(options, devices, made.value)
  if (!offers.ok) return offers
  const ids: OfferId[] = [...store.offers].flatMap(([id, { deviceId }]) =>
    devices.includes(deviceId) ? [id] : [],
  )
  const ordered = await logsOf(ids, some => [topicOf('Ordered'), null, some])
  if (!ordered.ok) return ordered
  const orders = await putOrders(options, ordered.value)
  if (!orders.ok) return orders
  const fulfilled = await logsOf(ids, some => [topicOf('Fulfilled'), null, some])
  if (!fulfilled.ok) return fulfilled
  adoptGrants(options, fulfilled.value)
  const own = [...store.orders.values()].filter(({ order }) => ids.includes(order.offerId))
  const rebound = await logsOf(
    own.map(({ orderId }) => orderId),
    some => [topicOf('Rebound'), some],
  )
  if (!rebound.ok) return rebound
  for (const log of rebound.value) {
    const record = store.orders.get(readRebound(log) ?? '0x')
    if (record && !record.isRebound) store.putOrder({ ...record, isRebound: true })
  }
  return ok(null)
}

async function putOffers(
  { store, state }: DiscoverOptions,
  devices: readonly DeviceId[],
  logs: readonly FoundLog[],
): Promise<Result<null, Failure>> {
  const offers = logs.flatMap(log => readOfferMade(log) ?? [])
  // What is paid at once needs nobody's signature, and products are fulfilled by the machine.
  const fitting = offers.filter(
    ({ offerId, terms: { deviceId, unit, isInstant } }) =>
      !store.offers.has(offerId) && devices.includes(deviceId) && unit !== 'product' && !isInstant,
  )
  if (fitting.length === 0) return ok(null)
  const known = await state.areOffers(fitting.map(({ offerId }) => offerId))
  if (!known.ok) return known
  for (const [i, { offerId, terms }] of fitting.entries()) {
    if (known.value[i]) store.putOffer(offerId, terms)
  }
  return ok(null)
}

async function putOrders(
  { store, state }: DiscoverOptions,
  logs: readonly FoundLog[],
): Promise<Result<null, Failure>> {
  const orders = logs.flatMap(log => readOrdered(log) ?? [])
  const fitting = orders.filter(
    ({ orderId, order }) => !store.orders.has(orderId) && store.offers.has(order.offerId),
  )
  if (fitting.length === 0) return ok(null)
  const proven = await state.orders(fitting.map(({ orderId }) => orderId))
  if (!proven.ok) return proven
  for (const { orderId, order } of fitting) {
    if (proven.value.get(orderId)?.status === 'unknown') continue
    store.putOrder({ orderId, order, grants: [], isReleased: false, isRebound: false, end: null })
  }
  return ok(null)
}

/** What this agent signed before it lost its memory: so that it never signs something else for the same order. */
function adoptGrants({ store, domain, keyOf }: DiscoverOptions, logs: readonly FoundLog[]): void {
  for (const log of logs) {
    const event = readFulfilled(log)
    const record = event && store.orders.get(event.orderId)
    const terms = record && store.offers.get(record.order.offerId)
    if (!event || !record || !terms || record.grants.some(({ seq }) => seq === 0)) continue
    const { epoch, signature } = event
    const digest = grantDigest(domain, grantOfOrder(terms, record.order, { epoch }))
    if (!isDigestSignedBy(keyOf(terms.deviceId), digest, signature)) continue
    const { userKeyHash } = record.order
    store.putOrder({ ...record, grants: [...record.grants, { seq: 0, epoch, userKeyHash, signature }] })
  }
}
