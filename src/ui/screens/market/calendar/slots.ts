// What can be booked and when: days, hours and nights of an offer’s time zone over the device’s free hours.
import type { OfferTerms } from '../../../../core/registry/marketStatements.ts'

const DAY = 86_400
const HOUR = 3600

/** A day of the zone, counted from 1970-01-01. */
export type Day = number

export type SlotTerms = Pick<OfferTerms, 'unit' | 'slotHours' | 'startHour' | 'utcOffset' | 'maxQuantity'>

/** Hours are counted from the Unix epoch, in UTC, as the Market counts them. */
export type HourState = 'free' | 'booked' | 'closed'
export type HourStates = (hour: number) => HourState

/** `past`: it has begun, or begins too soon to be ordered. */
export type SlotState = HourState | 'past'

export const dayOf = (at: number, utcOffset: number): Day => Math.floor((at + utcOffset * 60) / DAY)

/** Unix seconds at which a day of the zone has that hour. */
export const timeOf = (day: Day, hour: number, utcOffset: number): number =>
  day * DAY + hour * HOUR - utcOffset * 60

/** Monday is 0: the epoch was a Thursday. */
export const weekdayOf = (day: Day): number => (((day + 3) % 7) + 7) % 7

/** The month that holds `day`, in whole weeks from Monday; null where a cell belongs to another month. */
export function monthOf(day: Day): {
  readonly first: Day
  readonly weeks: readonly (readonly (Day | null)[])[]
} {
  const date = new Date(day * DAY * 1000)
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000 / DAY
  const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000 / DAY
  const weeks: (Day | null)[][] = []
  for (let monday = first - weekdayOf(first); monday < end; monday += 7) {
    weeks.push(
      Array.from({ length: 7 }, (_, index) => monday + index).map(each =>
        each >= first && each < end ? each : null,
      ),
    )
  }
  return { first, weeks }
}

export const nextMonth = (first: Day): Day => monthOf(first + 32).first
export const monthBefore = (first: Day): Day => monthOf(first - 1).first

/** Unix seconds at which one unit begins that day; an hour or a stay begins at `hour`, a night at its own. */
export const startOf = (terms: SlotTerms, day: Day, hour: number): number =>
  timeOf(day, terms.unit === 'night' ? terms.startHour : hour, terms.utcOffset)

/** Seconds from the beginning of the first unit to the end of the last. */
export const lengthOf = ({ unit, slotHours }: SlotTerms, quantity: number): number =>
  (unit === 'night' ? (quantity - 1) * 24 + slotHours : quantity * slotHours) * HOUR

/** The worst of all hours that `quantity` units from `start` on would take. `earliest`: Unix seconds. */
export function slotState(
  terms: SlotTerms,
  start: number,
  quantity: number,
  states: HourStates,
  earliest: number,
): SlotState {
  if (start < earliest) return 'past'
  const first = Math.floor(start / HOUR)
  const end = first + lengthOf(terms, quantity) / HOUR
  let isClosed = false
  for (let hour = first; hour < end; hour += 1) {
    const state = states(hour)
    if (state === 'booked') return 'booked'
    if (state === 'closed') isClosed = true
  }
  return isClosed ? 'closed' : 'free'
}

/** The most units from `start` on that can be had in one order; 0 where not even one can. */
export function mostFrom(terms: SlotTerms, start: number, states: HourStates, earliest: number): number {
  let most = 0
  while (most < terms.maxQuantity && slotState(terms, start, most + 1, states, earliest) === 'free') most += 1
  return most
}

/** Whether anything can begin that day: what the day is shown as. */
export function dayState(terms: SlotTerms, day: Day, states: HourStates, earliest: number): SlotState {
  if (terms.unit === 'night') return slotState(terms, startOf(terms, day, 0), 1, states, earliest)
  const seen = new Set(
    Array.from({ length: 24 }, (_, hour) => slotState(terms, startOf(terms, day, hour), 1, states, earliest)),
  )
  return (['free', 'booked', 'closed'] as const).find(state => seen.has(state)) ?? 'past'
}
