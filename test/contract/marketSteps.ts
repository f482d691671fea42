// What the Market's random sequences are made of: few orders, which compete for few hours, and what may be called of them.
import fc from 'fast-check'
import type { OfferTerms } from '../../src/core/registry/marketStatements.ts'
import { day, hour } from './market.ts'
import type { Call, OrderOf, Status } from './marketModel.ts'

export interface Step {
  /** By place among the people, or the order's payer. */
  readonly from: number | 'payer'
  readonly call: OrderCall | OtherCall
  /** Seconds since the last step. */
  readonly wait: number
}

type OrderCallName = Extract<Call, { readonly order: number }>['name']
type OtherCall = Exclude<Call, { readonly order: number }>
/** Of one order: a call by its name, or what comes next in an order's life; with all that any of the calls needs. */
interface OrderCall {
  readonly name: OrderCallName | 'next'
  readonly order: number
  readonly isExact: boolean
  readonly isSigned: boolean
  readonly isStale: boolean
  readonly isByDevice: boolean
  readonly hasDropped: boolean
  /** How many units less than ordered the receipt says. */
  readonly missing: number
  readonly step: number
}

const counts = { offers: 5, orders: 8, devices: 2, assets: 2, accounts: 3 }
const place = (count: number) => fc.nat({ max: count - 1 })
const device = place(counts.devices)
const asset = place(counts.assets)
const mostly = fc.oneof(
  { weight: 9, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constant(false) },
)
const rarely = mostly.map(isMostly => !isMostly)
const named = <const N extends Call['name']>(name: N) => fc.constant(name)

const orderCall: fc.Arbitrary<OrderCall> = fc.record({
  name: fc.oneof(
    { weight: 3, arbitrary: fc.constant('next' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ...(['order', 'orderPrepaid', 'settle', 'fulfil', 'handIn', 'refund', 'rebind'] as const),
      ),
    },
  ),
  order: place(counts.orders),
  isExact: mostly,
  isSigned: mostly,
  isStale: rarely,
  isByDevice: mostly,
  hasDropped: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  missing: fc.constantFrom(0, 0, 0, 0, 1, 3, -1),
  step: fc.constantFrom(1, 1, 1, 0, 2),
})
const otherCall: fc.Arbitrary<OtherCall> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ name: named('setPaused'), offer: place(counts.offers), isPaused: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ name: named('makeOffer'), offer: place(counts.offers) }) },
  { weight: 1, arbitrary: fc.record({ name: named('handOver'), device }) },
  { weight: 2, arbitrary: fc.record({ name: named('report'), device, isLost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ name: named('raiseEpoch'), device }) },
  {
    weight: 4,
    arbitrary: fc.record({ name: named('deposit'), asset, amount: fc.bigInt({ min: 0n, max: 60n }) }),
  },
  { weight: 1, arbitrary: fc.record({ name: named('requestReturn'), asset }) },
  { weight: 1, arbitrary: fc.record({ name: named('takeBack'), asset }) },
  {
    weight: 5,
    arbitrary: fc.record({
      name: named('payOut'),
      offers: fc.array(place(counts.offers), { maxLength: 4 }),
      asset,
      to: place(counts.accounts),
    }),
  },
)
const call = fc.oneof({ weight: 5, arbitrary: orderCall }, { weight: 2, arbitrary: otherCall })
const wait = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(1, 1, 60, 300) },
  { weight: 5, arbitrary: fc.constant(hour) },
  { weight: 1, arbitrary: fc.constant(day) },
)
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ from: fc.oneof(fc.nat({ max: 2 }), fc.constant('payer' as const)), call, wait }),
  { minLength: 30, maxLength: 60, size: 'max' },
)
/** What an order may be of; those of times compete for few hours. */
export const plans = fc.array(
  fc.record({
    offer: place(counts.offers),
    payer: fc.nat({ max: 2 }),
    inHours: fc.integer({ min: 1, max: 5 }),
    quantity: fc.constantFrom(1, 1, 2, 3, 4),
    isPrepaid: fc.boolean(),
    validFor: fc.constantFrom(600, 2 * hour, 2 * day),
  }),
  { minLength: counts.orders, maxLength: counts.orders },
)

/** The call that a step is of an order in this state. */
export function callFor(call: OrderCall, { order }: OrderOf, terms: OfferTerms, status: Status): Call {
  const isTime = terms.unit !== 'product'
  const [ordering, ending, after] = isTime
    ? ([order.validUntil === 0 ? 'order' : 'orderPrepaid', 'fulfil', 'rebind'] as const)
    : ([order.validUntil === 0 ? 'order' : 'settle', 'handIn', 'refund'] as const)
  const next = status === 'unknown' ? ordering : status === 'open' ? ending : after
  const name = call.name === 'next' ? next : call.name
  return { ...call, name, quantity: Math.max(order.quantity - call.missing, 0) }
}
