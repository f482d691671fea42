// An offer as it is typed: what it comes to is what the Market takes, and what is wrong is named at its field.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../src/core/bytes.ts'
import { isFree, openingOf } from '../../../src/core/registry/deviceHours.ts'
import { termsFault } from '../../../src/core/registry/offerRules.ts'
import { mostFrom, startOf } from '../../../src/ui/screens/market/calendar/slots.ts'
import {
  dateOfDay,
  dayOfDate,
  type OfferDraft,
  type Offerer,
  readDraft,
} from '../../../src/ui/screens/market/editor/draft.ts'

const payee = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`

const offerer: Offerer = {
  deviceId: `0x${'ab'.repeat(32)}`,
  owner: payee(1),
  rest: payee(2),
  utcOffset: 120,
  decimals: 6,
}

const draft: OfferDraft = {
  unit: 'night',
  token: null,
  price: '80',
  most: '7',
  nightFrom: 15,
  nightTo: 11,
  stayHours: '48',
  isInstant: false,
  fulfilWithin: 86_400,
  shares: [{ id: 1, payee: payee(3), percent: '12.5' }],
  legalHash: null,
  when: { isKept: false, firstDay: '2026-07-01', lastDay: '2026-07-31', weekly: null },
}

const dates = fc
  .tuple(fc.integer({ min: 20_000, max: 30_000 }), fc.integer({ min: 2, max: 300 }))
  .map(([first, length]) => ({ firstDay: dateOfDay(first), lastDay: dateOfDay(first + length) }))

const drafts = fc.record({
  unit: fc.constantFrom('hour', 'night', 'stay'),
  token: fc.constantFrom(null, payee(9)),
  price: fc.integer({ min: 1, max: 1_000_000 }).map(String),
  most: fc.integer({ min: 1, max: 30 }).map(String),
  nightFrom: fc.integer({ min: 0, max: 23 }),
  nightTo: fc.integer({ min: 1, max: 24 }),
  stayHours: fc.integer({ min: 1, max: 48 }).map(String),
  isInstant: fc.boolean(),
  fulfilWithin: fc.constantFrom(3600, 21_600, 86_400, 259_200),
  shares: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }).map(percents =>
    percents.map((percent, index) => ({
      id: index,
      payee: payee(10 + index),
      percent: `${String(percent)}.5`,
    })),
  ),
  legalHash: fc.constantFrom(null, `0x${'cd'.repeat(32)}` as const),
  when: fc.record({
    isKept: fc.constant(false),
    firstDay: fc.constant(''),
    lastDay: fc.constant(''),
    weekly: fc.constantFrom(null, [{ days: [0, 1, 2, 3, 4, 5, 6], from: 22, to: 6 }]),
  }),
})

describe('an offer that can be read', () => {
  test('is one that the Market takes, and can be booked at the hours that it opens', () => {
    fc.assert(
      fc.property(
        drafts,
        dates,
        fc.integer({ min: -48, max: 56 }).map(quarters => quarters * 15),
        (typed, days, utcOffset) => {
          const read = readDraft({ ...typed, when: { ...typed.when, ...days } }, { ...offerer, utcOffset })
          expect(read.faults).toEqual([])
          const { terms, open } = read
          if (terms === null || open === null) throw new Error('nothing was read')
          expect(termsFault(terms)).toBeNull()
          const { firstWord, open: words } = openingOf(open)
          const wordAt = (word: number) => ({ open: words[word - firstWord] ?? 0n, booked: 0n })
          const state = (hour: number) => (isFree({ first: hour, end: hour + 1 }, wordAt) ? 'free' : 'closed')
          const first = dayOfDate(days.firstDay) ?? 0
          const hour = typed.unit === 'hour' && typed.when.weekly !== null ? 22 : 0
          expect(mostFrom(terms, startOf(terms, first, hour), state, 0)).toBeGreaterThan(0)
          expect(mostFrom(terms, startOf(terms, first - 1, hour), state, 0)).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of nights is sold from the first arrival to the last departure', () => {
    const { open } = readDraft(draft, offerer)
    expect(open).toEqual([
      { first: Date.UTC(2026, 6, 1, 13) / 3_600_000, end: Date.UTC(2026, 7, 1, 9) / 3_600_000 },
    ])
  })

  test('leaves the calendar alone where it is to stay', () => {
    const { terms, open } = readDraft(
      { ...draft, when: { isKept: true, firstDay: '', lastDay: '', weekly: null } },
      offerer,
    )
    expect(terms?.price).toBe(80_000_000n)
    expect(open).toBeNull()
  })
})

describe('what is wrong with an offer', () => {
  const faultsOf = (change: Partial<OfferDraft>) => readDraft({ ...draft, ...change }, offerer).faults
  const when = draft.when

  test.each([
    ['a price that is no number', { price: '8o' }, [{ field: 'price', kind: 'typed' }]],
    ['a price of nothing', { price: '0.00' }, [{ field: 'price', kind: 'zero' }]],
    [
      'a price that no contract can hold',
      { price: '9'.repeat(30), shares: [] },
      [{ field: 'price', kind: 'tooMuch' }],
    ],
    ['half a night', { most: '1.5' }, [{ field: 'most', kind: 'range', from: 1, to: 366 }]],
    [
      'no length',
      { unit: 'stay', stayHours: '0' },
      [{ field: 'stayHours', kind: 'range', from: 1, to: 8784 }],
    ],
    [
      'a share of nobody',
      { shares: [{ id: 1, payee: '', percent: '3' }] },
      [{ field: 'shares', kind: 'shares' }],
    ],
    ['no days', { when: { ...when, lastDay: '' } }, [{ field: 'when', kind: 'order' }]],
    [
      'an end before its beginning',
      { when: { ...when, lastDay: '2026-06-30' } },
      [{ field: 'when', kind: 'order' }],
    ],
    ['more than a year', { when: { ...when, lastDay: '2027-08-01' } }, [{ field: 'when', kind: 'long' }]],
    [
      'a stay that is longer than all days for sale',
      { unit: 'stay', when: { ...when, lastDay: '2026-07-01' } },
      [{ field: 'when', kind: 'nothing' }],
    ],
    [
      'hours on no day',
      { unit: 'hour', when: { ...when, weekly: [{ days: [], from: 1, to: 2 }] } },
      [{ field: 'when', kind: 'nothing' }],
    ],
  ] as const)('%s is told at its field, and nothing is offered', (_, change, faults) => {
    expect(faultsOf(change)).toEqual(faults)
    expect(readDraft({ ...draft, ...change }, offerer).terms).toBeNull()
  })
})
