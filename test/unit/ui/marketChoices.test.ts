// What the market's screens work out by themselves: weekly hours, shares of a price, and what can be booked when.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/core/bytes.ts'
import {
  dayOf,
  dayState,
  type HourState,
  monthBefore,
  monthOf,
  mostFrom,
  nextMonth,
  type SlotTerms,
  slotState,
  startOf,
  timeOf,
  weekdayOf,
} from '../../../src/ui/screens/market/calendar/slots.ts'
import { bitsOfTimes, minutePhase, timesOfBits } from '../../../src/ui/screens/market/hours/weekly.ts'
import { splitPrice } from '../../../src/ui/screens/market/shares/shares.ts'

const hasHour = (bits: Uint8Array, hour: number) => ((bits[hour >> 3] ?? 0) & (0x80 >> (hour & 7))) !== 0
/** As the Market takes them. */
const offsets = fc.integer({ min: -48, max: 56 }).map(quarters => quarters * 15)

describe('weekly hours', () => {
  test('of a zone stand in the grant at the hours of UTC', () => {
    // Monday 08:00 to 10:00 in Berlin’s summer is 06:00 to 08:00 UTC.
    const bits = bitsOfTimes([{ days: [0], from: 8, to: 10 }], 120)
    expect(bits).toEqual(Uint8Array.from([0b0000_0011, ...Array.from({ length: 20 }, () => 0)]))
    // Monday 01:00 in Shanghai is Sunday 17:00 UTC.
    const early = bitsOfTimes([{ days: [0], from: 1, to: 2 }], 480) ?? new Uint8Array()
    expect(hasHour(early, 6 * 24 + 17)).toBe(true)
    expect(minutePhase(330)).toBe(30)
    expect(minutePhase(-225)).toBe(15)
  })

  test('over midnight go on the next day, and Sunday’s on Monday', () => {
    const bits = bitsOfTimes([{ days: [6], from: 22, to: 6 }], 0) ?? new Uint8Array()
    const chosen = Array.from({ length: 168 }, (_, hour) => hour).filter(hour => hasHour(bits, hour))
    expect(chosen).toEqual([0, 1, 2, 3, 4, 5, 166, 167])
    expect(timesOfBits(bits, 0)).toEqual([{ days: [6], from: 22, to: 6 }])
  })

  test('that are all hours are none to be checked, and no hours at all are no choice', () => {
    const everyDay = [0, 1, 2, 3, 4, 5, 6]
    expect(bitsOfTimes([{ days: everyDay, from: 0, to: 24 }], 345)).toEqual(new Uint8Array(21))
    expect(bitsOfTimes([{ days: [], from: 8, to: 9 }], 0)).toBeNull()
    expect(timesOfBits(new Uint8Array(21), 60)).toEqual([])
  })

  test('are told by the same words that were chosen', () => {
    const office = [{ days: [0, 1, 2, 3, 4], from: 8, to: 18 }]
    expect(timesOfBits(bitsOfTimes(office, -210) ?? new Uint8Array(), -210)).toEqual(office)
    const weekend = bitsOfTimes([{ days: [5, 6], from: 0, to: 24 }], 60) ?? new Uint8Array()
    expect(timesOfBits(weekend, 60)).toEqual([{ days: [5, 6], from: 0, to: 24 }])
  })

  test('read back and set again are the same, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 21, maxLength: 21 }), offsets, (bits, offset) => {
        fc.pre(bits.some(byte => byte !== 0) && bits.some(byte => byte !== 0xff))
        expect(bitsOfTimes(timesOfBits(bits, offset), offset)).toEqual(bits)
      }),
      { numRuns: 60 },
    )
  })
})

describe('shares of a price', () => {
  const payee = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`
  const rest = payee(0xfff)
  const draft = (id: number, percent: string) => ({ id, payee: payee(id), percent })

  test('add up to it, to the last unit, for any price', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 10_000n, max: (1n << 96n) - 1n }),
        fc.array(fc.integer({ min: 1, max: 2500 }), { maxLength: 4 }),
        (price, points) => {
          const { shares, left } = splitPrice(
            price,
            rest,
            points.map((point, index) =>
              draft(index + 1, `${String(Math.floor(point / 100))}.${String(point % 100).padStart(2, '0')}`),
            ),
          )
          expect(left).toBe(10_000 - points.reduce((sum, point) => sum + point, 0))
          expect(shares?.reduce((sum, { amount }) => sum + amount, 0n)).toBe(price)
          expect(shares?.every(({ amount }) => amount > 0n)).toBe(true)
          expect(new Set(shares?.map(share => share.payee)).size).toBe(shares?.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of nobody but the owner are the whole', () => {
    expect(splitPrice(7n, rest, []).shares).toEqual([{ payee: rest, amount: 7n }])
  })

  test('of more than the whole, of no account, of one account twice, or of nothing are refused', () => {
    const more = splitPrice(100n, rest, [draft(1, '60'), draft(2, '50')])
    expect([more.left, more.shares]).toEqual([-1000, null])
    const faulty = splitPrice(100n, rest, [
      { id: 1, payee: 'somebody', percent: '1' },
      draft(2, '1'),
      draft(2, '1'),
      draft(3, '0'),
      draft(4, '0.1'),
      { id: 5, payee: rest, percent: '1' },
    ])
    expect(faulty.faults).toEqual(['payee', null, 'payeeTwice', 'percent', 'nothing', 'payeeTwice'])
    expect(faulty.shares).toBeNull()
  })
})

describe('what can be booked', () => {
  const hourly: SlotTerms = { unit: 'hour', slotHours: 1, startHour: 0, utcOffset: 120, maxQuantity: 4 }
  const nightly: SlotTerms = { unit: 'night', slotHours: 18, startHour: 16, utcOffset: 330, maxQuantity: 7 }
  const stay: SlotTerms = { unit: 'stay', slotHours: 48, startHour: 0, utcOffset: -480, maxQuantity: 1 }
  // 2026-07-01
  const day = 20_635
  const states = (change: Readonly<Record<number, HourState>>) => (hour: number) => change[hour] ?? 'free'

  test('is told by days of the offer’s zone', () => {
    const at = Date.UTC(2026, 6, 1, 23, 30) / 1000
    expect(dayOf(at, 0)).toBe(day)
    expect(dayOf(at, 60)).toBe(day + 1)
    expect(dayOf(timeOf(day, 0, 330), 330)).toBe(day)
    expect(dayOf(timeOf(day, 0, 330) - 1, 330)).toBe(day - 1)
    expect(weekdayOf(day)).toBe(2)
  })

  test('a month has all its days, in weeks from Monday, and is followed by the next', () => {
    const july = monthOf(day + 12)
    expect(july.first).toBe(day)
    expect(july.weeks.flat().filter(each => each !== null)).toEqual(
      Array.from({ length: 31 }, (_, index) => day + index),
    )
    expect(july.weeks.every(week => week.length === 7)).toBe(true)
    expect(july.weeks[0]?.slice(0, 3)).toEqual([null, null, day])
    expect(nextMonth(july.first)).toBe(day + 31)
    expect(monthBefore(july.first)).toBe(day - 30)
  })

  test('hours follow each other until one is taken, and never more than are sold at once', () => {
    const start = startOf(hourly, day, 9)
    const hour = start / 3600
    expect(mostFrom(hourly, start, states({}), 0)).toBe(4)
    expect(mostFrom(hourly, start, states({ [hour + 2]: 'booked' }), 0)).toBe(2)
    expect(mostFrom(hourly, start, states({ [hour]: 'closed' }), 0)).toBe(0)
    expect(slotState(hourly, start, 1, states({}), start + 1)).toBe('past')
  })

  test('a night takes its hours, and several nights the days between', () => {
    const start = startOf(nightly, day, 3)
    expect((start + 330 * 60) % 86_400).toBe(16 * 3600)
    const first = Math.floor(start / 3600)
    // Between two nights: closed hours there keep them from being one stay.
    const between = states({ [first + 20]: 'closed' })
    expect(mostFrom(nightly, start, between, 0)).toBe(1)
    expect(dayState(nightly, day, between, 0)).toBe('free')
    expect(dayState(nightly, day, states({ [first + 17]: 'booked', [first]: 'closed' }), 0)).toBe('booked')
    expect(dayState(nightly, day, states({}), start + 1)).toBe('past')
  })

  test('a stay can begin at any hour after which it is free to its end', () => {
    const first = startOf(stay, day, 0) / 3600
    const late = states(Object.fromEntries(Array.from({ length: 23 }, (_, i) => [first + i, 'booked'])))
    expect(dayState(stay, day, late, 0)).toBe('free')
    expect(slotState(stay, startOf(stay, day, 22), 1, late, 0)).toBe('booked')
    expect(slotState(stay, startOf(stay, day, 23), 1, late, 0)).toBe('free')
    expect(dayState(stay, day, () => 'closed', 0)).toBe('closed')
  })
})
