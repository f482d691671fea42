// Whether the agent signs for an order: every field against the offer, the device as the chain has it, and the owner's word.
import { type Address, bytesEqual } from '../../src/core/bytes.ts'
import { type OfferTerms, type Order, timesOf } from '../../src/core/registry/marketStatements.ts'
import { orderFault, termsFault } from '../../src/core/registry/offerRules.ts'
import type { AgentIssuing } from '../../src/core/wallet/agentIssuing.ts'
import type { DeviceOnChain } from './marketState.ts'

export type OrderRefusal =
  /** The owner, or whoever runs the agent, has stopped it. */
  | 'off'
  /** The owner has named other offers. */
  | 'offerNotChosen'
  /** The device is another owner's than who asked the agent to sign. */
  | 'ownerChanged'
  /** It is reported lost or stolen. */
  | 'deviceReported'
  | 'foreignConfig'
  /** The filed Config names another issuer key: nobody would believe this agent's. */
  | 'otherIssuer'
  /** Not for times that are fulfilled by a grant, or not what the Market takes. */
  | 'termsUnfit'
  | 'orderFault'
  /** What a grant before was signed with has changed: it is not signed twice. */
  | 'epochChanged'
  /** Too near to the deadline to be sure that it is mined before. */
  | 'late'

export interface JudgeInput {
  readonly terms: OfferTerms
  readonly order: Order
  /** Unix seconds. */
  readonly deadline: number
  readonly device: DeviceOnChain
  readonly issuing: AgentIssuing
  readonly isStopped: boolean
  readonly market: Address
  /** Of a grant that was signed for this order already; null: there is none. */
  readonly signedEpoch: number | null
  /** Unix seconds. */
  readonly now: number
  /** Seconds before the deadline in which no grant is released. */
  readonly lastSeconds: number
}

/** null: sign. */
export function judgeOrder(input: JudgeInput): OrderRefusal | null {
  const { terms, order, deadline, device, signedEpoch, now, lastSeconds } = input
  const refusal = judgeStanding(input)
  if (refusal !== null) return refusal
  if (terms.unit === 'product' || terms.isInstant || termsFault(terms) !== null) return 'termsUnfit'
  if (orderFault(terms, order) !== null || deadline > timesOf(terms, order).notBefore) return 'orderFault'
  if (signedEpoch !== null && signedEpoch !== device.config.epoch) return 'epochChanged'
  return now > deadline - lastSeconds ? 'late' : null
}

/** Of all that does not depend on the order's own fields and times: null where the agent may sign for this offer. */
export function judgeStanding({
  terms,
  order: { offerId },
  device: { owner, isReported, config },
  issuing,
  isStopped,
  market,
}: Pick<JudgeInput, 'terms' | 'order' | 'device' | 'issuing' | 'isStopped' | 'market'>): OrderRefusal | null {
  if (isStopped || !issuing.isOn) return 'off'
  if (issuing.offers.length > 0 && !issuing.offers.includes(offerId)) return 'offerNotChosen'
  if (owner !== issuing.owner || terms.owner !== issuing.owner) return 'ownerChanged'
  if (isReported) return 'deviceReported'
  if (config.market !== market) return 'foreignConfig'
  return bytesEqual(config.issuerKey, issuing.key) ? null : 'otherIssuer'
}
