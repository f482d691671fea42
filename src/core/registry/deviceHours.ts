// A device's calendar at the Market: hours counted from the Unix epoch, 128 to a word, each closed, open or booked.
import { type OfferTerms, type Order, timesOf } from './marketStatements.ts'

export const HOURS_PER_WORD = 128

/** From `first` to before `end`. */
export interface HourRange {
  readonly first: number
  readonly end: number
}

/** One word of the calendar: hour `128 * word + i` is bit `i`, from the low end. uint128 each. */
export interface HoursWord {
  readonly open: bigint
  /** Whether or not they are open still. */
  readonly booked: bigint
}

/**
 * The hours of the calendar that an order books. All hours of a device begin at the same minute, so the full hour of UTC
 * before it tells them apart.
 */
export function hoursOfOrder(terms: OfferTerms, order: Order): HourRange {
  const { notBefore, notAfter } = timesOf(terms, order)
  const first = Math.floor(notBefore / 3600)
  return { first, end: first + (notAfter - notBefore) / 3600 }
}

/** Minutes past the full hour of UTC at which hours of this time zone begin: 0, 15, 30 or 45; one for each device. */
export const phaseOf = ({ utcOffset }: Pick<OfferTerms, 'utcOffset'>): number =>
  (60 - (((utcOffset % 60) + 60) % 60)) % 60

/** The words that hold hours of the range, each with the bits of those. */
export function wordsOf({ first, end }: HourRange): { readonly word: number; readonly mask: bigint }[] {
  const words: { word: number; mask: bigint }[] = []
  // An empty range lies in a word too, which would then be told to have no hour open.
  if (end <= first) return words
  for (let word = Math.floor(first / HOURS_PER_WORD); word * HOURS_PER_WORD < end; word++) {
    const from = Math.max(first - word * HOURS_PER_WORD, 0)
    const to = Math.min(end - word * HOURS_PER_WORD, HOURS_PER_WORD)
    words.push({ word, mask: (1n << BigInt(to)) - (1n << BigInt(from)) })
  }
  return words
}

/** What `openHours` is told: the words from that of the first hour to that of the last, with just these hours open. */
export function openingOf(ranges: readonly HourRange[]): {
  readonly firstWord: number
  readonly open: bigint[]
} {
  const masks = ranges.flatMap(wordsOf)
  if (masks.length === 0) return { firstWord: 0, open: [] }
  const firstWord = Math.min(...masks.map(({ word }) => word))
  const lastWord = Math.max(...masks.map(({ word }) => word))
  const open = Array.from({ length: lastWord - firstWord + 1 }, () => 0n)
  for (const { word, mask } of masks) open[word - firstWord] = (open[word - firstWord] ?? 0n) | mask
  return { firstWord, open }
}

/** `wordAt` gives a word of the calendar as it was read. */
export const isFree = (range: HourRange, wordAt: (word: number) => HoursWord): boolean =>
  wordsOf(range).every(({ word, mask }) => {
    const { open, booked } = wordAt(word)
    return (open & ~booked & mask) === mask
  })
