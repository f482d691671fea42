// An offer as it is typed, and the terms and hours for sale that it comes to once all of it can be read.
import type { Address, Hex } from '../../../../core/bytes.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import type { OfferTerms } from '../../../../core/registry/marketStatements.ts'
import { readAmount } from '../../../i18n/amounts.ts'
import { type Day, startOf, timeOf, weekdayOf } from '../calendar/slots.ts'
import { bitsOfTimes, type WeeklyTime } from '../hours/weekly.ts'
import { type ShareDraft, splitPrice } from '../shares/shares.ts'

export type SoldUnit = 'hour' | 'night' | 'stay'

export interface OfferDraft {
  readonly unit: SoldUnit
  readonly token: Address | null
  readonly price: string
  /** In one order, of hours or nights. */
  readonly most: string
  /** Hours of the day: 0 to 23, and 1 to 24. */
  readonly nightFrom: number
  readonly nightTo: number
  readonly stayHours: string
  readonly isInstant: boolean
  /** Seconds. */
  readonly fulfilWithin: number
  readonly shares: readonly ShareDraft[]
  readonly legalHash: Hex | null
  readonly when: SaleTimes
}

export interface SaleTimes {
  /** The calendar stays as it is. */
  readonly isKept: boolean
  /** `2026-07-01`, as date fields have it. */
  readonly firstDay: string
  readonly lastDay: string
  /** null: at any hour. Only where hours are sold. */
  readonly weekly: readonly WeeklyTime[] | null
}

/** What is not as it must be: the field’s name, and for numbers between what it has to be. */
export type DraftFault =
  | { readonly field: 'price'; readonly kind: 'typed' | 'zero' | 'tooMuch' }
  | {
      readonly field: 'most' | 'stayHours'
      readonly kind: 'range'
      readonly from: number
      readonly to: number
    }
  | { readonly field: 'shares'; readonly kind: 'shares' }
  | { readonly field: 'when'; readonly kind: 'order' | 'long' | 'nothing' }

/** Who offers, and with which device; `rest` gets what the shares leave. */
export interface Offerer {
  readonly deviceId: DeviceId
  readonly owner: Address
  readonly rest: Address
  /** Minutes to be added to UTC. */
  readonly utcOffset: number
  /** Of the money that is asked for. */
  readonly decimals: number
}

export interface ReadDraft {
  readonly faults: readonly DraftFault[]
  /** null while something is not as it must be. */
  readonly terms: OfferTerms | null
  /** null where the calendar stays as it is, and while something is not as it must be. */
  readonly open: readonly HourRange[] | null
}

const MAX_PRICE = 1n << 96n
/** As many hours as one order can take, and as one can open at a time. */
const MAX_HOURS = 366 * 24
const OPEN = 1
const noHash: Hex = `0x${'00'.repeat(32)}`

export function readDraft(draft: OfferDraft, offerer: Offerer): ReadDraft {
  const { unit } = draft
  const price = readAmount(draft.price, offerer.decimals)
  const value = price.ok ? price.value : 0n
  const slotHours = slotHoursOf(draft)
  const mostAtAll = unit === 'hour' ? MAX_HOURS : 366
  const most = unit === 'stay' ? 1 : wholeNumber(draft.most, mostAtAll)
  const split = splitPrice(value, offerer.rest, draft.shares)
  const opened =
    slotHours === null
      ? null
      : openingOf(draft.when, { unit, slotHours, startHour: draft.nightFrom, utcOffset: offerer.utcOffset })
  const faults: DraftFault[] = []
  if (!price.ok) faults.push({ field: 'price', kind: 'typed' })
  else if (value === 0n) faults.push({ field: 'price', kind: 'zero' })
  else if (value >= MAX_PRICE) faults.push({ field: 'price', kind: 'tooMuch' })
  if (slotHours === null) faults.push({ field: 'stayHours', kind: 'range', from: 1, to: MAX_HOURS })
  if (most === null) faults.push({ field: 'most', kind: 'range', from: 1, to: mostAtAll })
  // Any share of no price is nothing: that is the price's fault.
  if (split.left < 0 || split.faults.some(fault => fault !== null && (fault !== 'nothing' || value > 0n)))
    faults.push({ field: 'shares', kind: 'shares' })
  if (typeof opened === 'string') faults.push({ field: 'when', kind: opened })
  if (
    faults.length > 0 ||
    slotHours === null ||
    most === null ||
    split.shares === null ||
    typeof opened === 'string'
  )
    return { faults, terms: null, open: null }
  const terms: OfferTerms = {
    deviceId: offerer.deviceId,
    owner: offerer.owner,
    token: draft.token,
    price: value,
    unit,
    isInstant: draft.isInstant,
    slot: 0,
    maxQuantity: most,
    slotHours,
    startHour: unit === 'night' ? draft.nightFrom : 0,
    utcOffset: offerer.utcOffset,
    fulfilWithin: draft.isInstant ? 0 : draft.fulfilWithin,
    // The calendar says when it can be booked; the key then opens as long as the stay goes.
    weeklyHours: new Uint8Array(21),
    maxUses: 0,
    actions: OPEN,
    legalHash: draft.legalHash ?? noHash,
    shares: split.shares,
  }
  return { faults, terms, open: opened }
}

function slotHoursOf({ unit, nightFrom, nightTo, stayHours }: OfferDraft): number | null {
  switch (unit) {
    case 'hour':
      return 1
    case 'night':
      return nightTo > nightFrom ? nightTo - nightFrom : nightTo + 24 - nightFrom
    case 'stay':
      return wholeNumber(stayHours, MAX_HOURS)
  }
}

/** From 1 on. */
function wholeNumber(text: string, most: number): number | null {
  if (!/^\s*\d{1,5}\s*$/.test(text)) return null
  const value = Number(text)
  return value >= 1 && value <= most ? value : null
}

/** The day of a date field, counted from 1970-01-01; null while there is none in it. */
export function dayOfDate(date: string): Day | null {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? null : at / 86_400_000
}

export const dateOfDay = (day: Day): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** What is sold from the first day on to the last. */
interface SoldTime {
  readonly unit: SoldUnit
  readonly slotHours: number
  readonly startHour: number
  readonly utcOffset: number
}

/** null where the calendar stays as it is; else the hours for sale, or why there are none. */
export function openingOf(
  { isKept, firstDay, lastDay, weekly }: SaleTimes,
  { unit, slotHours, startHour, utcOffset }: SoldTime,
): readonly HourRange[] | null | 'order' | 'long' | 'nothing' {
  if (isKept) return null
  const first = dayOfDate(firstDay)
  const last = dayOfDate(lastDay)
  if (first === null || last === null || last < first) return 'order'
  if (last - first > 366) return 'long'
  const hourOf = (at: number) => Math.floor(at / 3600)
  if (unit === 'night') {
    const begin = hourOf(startOf({ unit, slotHours, startHour, utcOffset, maxQuantity: 1 }, first, 0))
    return [{ first: begin, end: begin + (last - first) * 24 + slotHours }]
  }
  const whole = { first: hourOf(timeOf(first, 0, utcOffset)), end: hourOf(timeOf(last + 1, 0, utcOffset)) }
  if (unit === 'stay') return whole.end - whole.first < slotHours ? 'nothing' : [whole]
  if (weekly === null) return [whole]
  const ranges = hoursOfDays(first, last, weekly).map(({ first: from, end }) => ({
    first: from + whole.first,
    end: end + whole.first,
  }))
  return ranges.length === 0 ? 'nothing' : ranges
}

/** Counted from the first day’s beginning; what a Sunday night has of the next day is cut where the last day ends. */
function hoursOfDays(first: Day, last: Day, weekly: readonly WeeklyTime[]): readonly HourRange[] {
  // By the zone’s own clock: the hours of the week with no shift.
  const bits = bitsOfTimes(weekly, 0)
  if (bits === null) return []
  const isAnyHour = bits.every(byte => byte === 0)
  const isChosen = (hour: number) => isAnyHour || ((bits[hour >> 3] ?? 0) & (0x80 >> (hour & 7))) !== 0
  const ranges: HourRange[] = []
  let begin: number | null = null
  const count = (last - first + 1) * 24
  for (let hour = 0; hour <= count; hour += 1) {
    const isOpen = hour < count && isChosen((weekdayOf(first) * 24 + hour) % 168)
    if (isOpen && begin === null) begin = hour
    if (!isOpen && begin !== null) {
      ranges.push({ first: begin, end: hour })
      begin = null
    }
  }
  return ranges
}
