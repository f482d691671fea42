// The Market's events as an agent reads them: what is not what its own hash says is left out.
import { type DecodeEventLogReturnType, decodeEventLog, encodeEventTopics } from 'viem'
import { marketAbi } from '../../contracts/generated/Market.ts'
import { type Address, type Bytes, fromHex, type Hex } from '../../src/core/bytes.ts'
import {
  type OfferId,
  type OfferTerms,
  type OfferUnit,
  type Order,
  type OrderId,
  offerIdOf,
  orderIdOf,
} from '../../src/core/registry/marketStatements.ts'
import { NOBODY } from '../../src/core/wallet/contracts.ts'

const units: readonly OfferUnit[] = ['hour', 'night', 'stay', 'product']

type EventName = 'OfferMade' | 'Ordered' | 'Fulfilled' | 'Rebound'

export interface RpcLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

export const topicOf = (eventName: EventName): Hex => {
  const [topic] = encodeEventTopics({ abi: marketAbi, eventName })
  if (typeof topic !== 'string') throw new TypeError(`${eventName} has no topic`)
  return topic
}

/** undefined for what is no event of the Market. */
function decode({ topics, data }: RpcLog): DecodeEventLogReturnType<typeof marketAbi> | undefined {
  const [signature, ...indexed] = topics
  if (signature === undefined) return undefined
  try {
    return decodeEventLog({ abi: marketAbi, data, topics: [signature, ...indexed], strict: true })
  } catch {
    // viem throws where data or topics are not what the ABI says.
    return undefined
  }
}

/** undefined unless the terms hash to the offer's id. */
export function readOfferMade(
  log: RpcLog,
): { readonly offerId: OfferId; readonly terms: OfferTerms } | undefined {
  const event = decode(log)
  if (event?.eventName !== 'OfferMade') return undefined
  const { offerId, terms: given } = event.args
  const unit = units[given.unit]
  const weeklyHours = fromHex(given.weeklyHours)
  if (unit === undefined || weeklyHours === undefined) return undefined
  const token = lower(given.token)
  const terms: OfferTerms = {
    ...given,
    owner: lower(given.owner),
    token: token === NOBODY ? null : token,
    unit,
    weeklyHours,
    shares: given.shares.map(({ payee, amount }) => ({ payee: lower(payee), amount })),
  }
  return offerIdOf(terms) === offerId ? { offerId, terms } : undefined
}

/** undefined unless the order's fields hash to its id. */
export function readOrdered(log: RpcLog): { readonly orderId: OrderId; readonly order: Order } | undefined {
  const event = decode(log)
  if (event?.eventName !== 'Ordered') return undefined
  const { orderId, offerId, payer, userKeyHash, start, quantity, nonce, validUntil } = event.args
  const order: Order = { offerId, payer: lower(payer), userKeyHash, start, quantity, nonce, validUntil }
  return orderIdOf(order) === orderId ? { orderId, order } : undefined
}

/** What somebody handed in: the signature is for the reader to check. */
export function readFulfilled(
  log: RpcLog,
): { readonly orderId: OrderId; readonly epoch: number; readonly signature: Bytes } | undefined {
  const event = decode(log)
  if (event?.eventName !== 'Fulfilled') return undefined
  const { orderId, epoch, r, s } = event.args
  const signature = fromHex(`${r}${s.slice(2)}`)
  return signature && { orderId, epoch, signature }
}

/** Which order was bound to another key: to which one is for the chain's state to say. */
export function readRebound(log: RpcLog): OrderId | undefined {
  const event = decode(log)
  return event?.eventName === 'Rebound' ? event.args.orderId : undefined
}

const lower = (address: string) => address.toLowerCase() as Address
