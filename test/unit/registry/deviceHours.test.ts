// Hours of a device's calendar in the contract's words: every hour of a range once, and nothing else.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  HOURS_PER_WORD,
  isFree,
  openingOf,
  phaseOf,
  wordsOf,
} from '../../../src/core/registry/deviceHours.ts'

const range = fc
  .tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 500 }))
  .map(([first, length]) => ({ first, end: first + length }))

const hoursIn = (words: readonly { readonly word: number; readonly mask: bigint }[]): number[] =>
  words.flatMap(({ word, mask }) =>
    Array.from({ length: HOURS_PER_WORD }, (_, i) => i)
      .filter(i => (mask >> BigInt(i)) & 1n)
      .map(i => word * HOURS_PER_WORD + i),
  )
const hoursOf = ({ first, end }: { first: number; end: number }): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i)

test('the words of a range hold its hours, each once and in order', () => {
  fc.assert(
    fc.property(range, range => {
      expect(hoursIn(wordsOf(range))).toEqual(hoursOf(range))
    }),
  )
})

test('what is opened is the ranges, also where they overlap, and no hour between them', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 4 }), ranges => {
      const { firstWord, open } = openingOf(ranges)
      const opened = hoursIn(open.map((mask, i) => ({ word: firstWord + i, mask })))
      expect(opened).toEqual([...new Set(ranges.flatMap(hoursOf))].toSorted((a, b) => a - b))
      expect(open[0]).not.toBe(0n)
      expect(open.at(-1)).not.toBe(0n)
    }),
  )
})

test('hours are free where all of them are open and none is booked', () => {
  fc.assert(
    fc.property(
      range,
      fc.array(range, { maxLength: 3 }),
      fc.array(range, { maxLength: 1 }),
      (asked, opened, booked) => {
        const bits = (ranges: typeof opened, word: number) => {
          const { firstWord, open } = openingOf(ranges)
          return open[word - firstWord] ?? 0n
        }
        const expected = hoursOf(asked).every(
          hour =>
            [opened, booked]
              .map(ranges => ranges.some(each => each.first <= hour && hour < each.end))
              .join() === 'true,false',
        )
        const wordAt = (word: number) => ({ open: bits(opened, word), booked: bits(booked, word) })
        expect(isFree(asked, wordAt)).toBe(expected)
      },
    ),
  )
})

test.each([
  [0, 0],
  [60, 0],
  [-300, 0],
  [330, 30],
  [345, 15],
  [-210, 30],
  [-585, 45],
])('of a place %i minutes ahead of UTC, hours begin %i minutes past those of UTC', (utcOffset, minute) => {
  expect(phaseOf({ utcOffset })).toBe(minute)
})
