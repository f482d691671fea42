// The Market's storage as values: which slots hold an offer, an order, hours and balances, and what their words mean.
import type { Address, Hex } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { addressWord, mappingSlot, memberOf, slotHex } from '../proof/slot.ts'
import type { Words } from '../proof/storage.ts'
import { NOBODY } from '../wallet/contracts.ts'
import type { HoursWord } from './deviceHours.ts'
import type { OfferId, OrderId } from './marketStatements.ts'

export interface OfferStorage {
  /** Of the device's last claim or hand-over when it was made: it ends with the next. */
  readonly counter: number
  readonly status: 'unknown' | 'live' | 'paused'
  /** Units in all, and of those the shared out. */
  readonly sold: bigint
  readonly shared: bigint
}

export interface OrderStorage {
  readonly status: 'unknown' | 'open' | 'fulfilled' | 'refunded'
  /** Unix seconds; 0 where there is nothing to wait for. */
  readonly deadline: number
  readonly seq: number
  /** Block in which it was opened: a hint. */
  readonly logBlock: number
  /** Of the grant that fulfilled it; 0 before. Absent in records from before it was kept. */
  readonly epoch?: number
  /** keccak256 of the key that it was bound to last; null: that of the order. */
  readonly reboundKey: Hex | null
}

/** What a buyer has put down to sign orders on. */
interface PrepaidStorage {
  readonly amount: bigint
  /** Unix seconds from which it can be taken back; 0: not asked for. */
  readonly withdrawableAt: number
}

/** An account in one token; `token` null for the coin. */
interface Purse {
  readonly account: Address
  readonly token: Address | null
}

export interface MarketQuestion {
  readonly offers?: readonly OfferId[]
  readonly orders?: readonly OrderId[]
  readonly hours?: { readonly deviceId: DeviceId; readonly words: readonly number[] }
  /** What is kept for payees. */
  readonly balances?: readonly Purse[]
  readonly prepaid?: readonly Purse[]
}

/** Every key that was asked for is there. */
export interface MarketState {
  readonly offers: ReadonlyMap<OfferId, OfferStorage>
  readonly orders: ReadonlyMap<OrderId, OrderStorage>
  readonly hours: ReadonlyMap<number, HoursWord>
  /** In the order of the question. */
  readonly balances: readonly bigint[]
  /** In the order of the question. */
  readonly prepaid: readonly PrepaidStorage[]
}

interface Member {
  readonly offset: number
  readonly bytes: number
}

interface Mapping<Name extends string> {
  readonly slot: number
  /** Each is one word. */
  readonly value: { readonly slots: 1; readonly members: Readonly<Record<Name, Member>> }
}

/** The part of the compiler's storage layout that is read here. */
export interface MarketLayout {
  readonly balances: { readonly slot: number }
  readonly prepaid: Mapping<'amount' | 'withdrawableAt'>
  readonly offers: Mapping<'counter' | 'status' | 'sold' | 'shared'>
  readonly orders: Mapping<'status' | 'deadline' | 'seq' | 'logBlock' | 'epoch'>
  readonly calendars: Mapping<'open' | 'booked'>
  readonly reboundKeys: { readonly slot: number }
}

export interface MarketSlots {
  /** Each once, in no order that means anything. */
  readonly all: readonly Hex[]
  /** A word that is missing counts as zero. */
  decode(words: Words): MarketState
}

const offerStatuses = ['unknown', 'live', 'paused'] as const
const orderStatuses = ['unknown', 'open', 'fulfilled', 'refunded'] as const

/** All slots that answer the question, and what their words say. */
export function marketSlots(
  layout: MarketLayout,
  { offers = [], orders = [], hours, balances = [], prepaid = [] }: MarketQuestion,
): MarketSlots {
  const slotIn = ({ slot }: { readonly slot: number }, key: Hex) => slotHex(mappingSlot(key, BigInt(slot)))
  const purseSlot = ({ slot }: { readonly slot: number }, { account, token }: Purse) =>
    slotHex(mappingSlot(addressWord(token ?? NOBODY), mappingSlot(addressWord(account), BigInt(slot))))
  const calendar = hours && mappingSlot(hours.deviceId, BigInt(layout.calendars.slot))
  const hourSlot = (word: number) => slotHex(mappingSlot(slotHex(BigInt(word)), calendar ?? 0n))

  const offerSlots = offers.map(id => [id, slotIn(layout.offers, id)] as const)
  const orderSlots = orders.map(
    id => [id, slotIn(layout.orders, id), slotIn(layout.reboundKeys, id)] as const,
  )
  const hourSlots = (hours?.words ?? []).map(word => [word, hourSlot(word)] as const)
  const balanceSlots = balances.map(purse => purseSlot(layout.balances, purse))
  const prepaidSlots = prepaid.map(purse => purseSlot(layout.prepaid, purse))
  return {
    all: [
      ...new Set([
        ...offerSlots.map(([, slot]) => slot),
        ...orderSlots.flatMap(([, order, rebound]) => [order, rebound]),
        ...hourSlots.map(([, slot]) => slot),
        ...balanceSlots,
        ...prepaidSlots,
      ]),
    ],
    decode(words) {
      const at = (slot: Hex) => words.get(slot) ?? 0n
      return {
        offers: new Map(offerSlots.map(([id, slot]) => [id, offerOf(layout, at(slot))])),
        orders: new Map(
          orderSlots.map(([id, order, rebound]) => [id, orderOf(layout, at(order), at(rebound))]),
        ),
        hours: new Map(hourSlots.map(([word, slot]) => [word, hoursOf(layout, at(slot))])),
        balances: balanceSlots.map(at),
        prepaid: prepaidSlots.map(slot => prepaidOf(layout, at(slot))),
      }
    },
  }
}

const member = (word: bigint, { offset, bytes }: Member): bigint => memberOf(word, offset, bytes)

function offerOf(layout: MarketLayout, word: bigint): OfferStorage {
  const { counter, status, sold, shared } = layout.offers.value.members
  return {
    counter: Number(member(word, counter)),
    status: offerStatuses[Number(member(word, status))] ?? 'unknown',
    sold: member(word, sold),
    shared: member(word, shared),
  }
}

function orderOf(layout: MarketLayout, word: bigint, rebound: bigint): OrderStorage {
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

function hoursOf(layout: MarketLayout, word: bigint): HoursWord {
  const { open, booked } = layout.calendars.value.members
  return { open: member(word, open), booked: member(word, booked) }
}

function prepaidOf(layout: MarketLayout, word: bigint): PrepaidStorage {
  const { amount, withdrawableAt } = layout.prepaid.value.members
  return { amount: member(word, amount), withdrawableAt: Number(member(word, withdrawableAt)) }
}
