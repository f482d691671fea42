// The Market's storage as values: which slots hold an offer, an order, hours and balances, and what their words mean.
import { marketLayout as layout } from '../../../../contracts/generated/Market.ts'
import type {
  MarketQuestion,
  MarketReading,
  OfferStorage,
  OrderStorage,
} from '../../../app/ports/marketChain.ts'
import type { Hex } from '../../../core/bytes.ts'
import { mappingSlot, memberOf, slotHex } from '../../../core/proof/slot.ts'
import type { Words } from '../../../core/proof/storage.ts'
import type { HoursWord } from '../../../core/registry/deviceHours.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import { addressWord } from '../wallet/deviceState.ts'

const offerStatuses = ['unknown', 'live', 'paused'] as const
const orderStatuses = ['unknown', 'open', 'fulfilled', 'refunded'] as const

interface Member {
  readonly offset: number
  readonly bytes: number
}

/** All slots that answer the question, and what their words say. */
export function marketSlots({ offers = [], orders = [], hours, balances = [] }: MarketQuestion): {
  readonly all: readonly Hex[]
  decode(words: Words): Omit<MarketReading, 'evidence'>
} {
  const calendar = hours && mappingSlot(hours.deviceId, BigInt(layout.calendars.slot))
  const hourSlot = (word: number) => slotHex(mappingSlot(slotHex(BigInt(word)), calendar ?? 0n))
  const hourWords = hours?.words ?? []
  const balanceSlots = balances.map(({ account, token }) =>
    slotHex(
      mappingSlot(
        addressWord(token ?? NOBODY),
        mappingSlot(addressWord(account), BigInt(layout.balances.slot)),
      ),
    ),
  )
  return {
    all: [
      ...new Set([
        ...offers.map(offerSlot),
        ...orders.flatMap(id => [orderSlot(id), reboundSlot(id)]),
        ...hourWords.map(hourSlot),
        ...balanceSlots,
      ]),
    ],
    decode: words => {
      const at = (slot: Hex) => words.get(slot) ?? 0n
      return {
        offers: new Map(offers.map(id => [id, offerOf(at(offerSlot(id)))])),
        orders: new Map(orders.map(id => [id, orderOf(at(orderSlot(id)), at(reboundSlot(id)))])),
        hours: new Map(hourWords.map(word => [word, hoursOf(at(hourSlot(word)))])),
        balances: balanceSlots.map(at),
      }
    },
  }
}

const offerSlot = (id: Hex): Hex => slotHex(mappingSlot(id, BigInt(layout.offers.slot)))
const orderSlot = (id: Hex): Hex => slotHex(mappingSlot(id, BigInt(layout.orders.slot)))
const reboundSlot = (id: Hex): Hex => slotHex(mappingSlot(id, BigInt(layout.reboundKeys.slot)))

const member = (word: bigint, { offset, bytes }: Member): bigint => memberOf(word, offset, bytes)

function offerOf(word: bigint): OfferStorage {
  const { counter, status, sold, shared } = layout.offers.value.members
  return {
    counter: Number(member(word, counter)),
    status: offerStatuses[Number(member(word, status))] ?? 'unknown',
    sold: member(word, sold),
    shared: member(word, shared),
  }
}

function orderOf(word: bigint, rebound: bigint): OrderStorage {
  const { status, deadline, seq, logBlock, epoch } = layout.orders.value.members
  return {
    status: orderStatuses[Number(member(word, status))] ?? 'unknown',
    deadline: Number(member(word, deadline)),
    seq: Number(member(word, seq)),
    logBlock: Number(member(word, logBlock)),
    epoch: Number(member(word, epoch)),
    reboundKey: rebound === 0n ? null : slotHex(rebound),
  }
}

function hoursOf(word: bigint): HoursWord {
  const { open, booked } = layout.calendars.value.members
  return { open: member(word, open), booked: member(word, booked) }
}
