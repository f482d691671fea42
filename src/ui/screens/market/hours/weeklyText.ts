// Weekly hours in words: `Mon–Fri 08:00–18:00`.
import type { Formats } from '../../../i18n/formats.ts'
import type { ZoneTimes } from '../marketTimes.ts'
import type { WeeklyTime } from './weekly.ts'

export function weeklyText(
  times: readonly WeeklyTime[],
  zone: ZoneTimes,
  formats: Formats,
): readonly string[] {
  return times.map(
    ({ days, from, to }) =>
      `${formats.list(dayRanges(days).map(range => rangeText(range, zone)))} ${zone.hour(from)}–${zone.hour(to)}`,
  )
}

/** Days that follow each other are told as a range from three on. */
function dayRanges(days: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const day of days) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === day - 1) last[1] = day
    else ranges.push([day, day])
  }
  return ranges.flatMap(([first, last]): (readonly [number, number])[] =>
    last - first === 1
      ? [
          [first, first],
          [last, last],
        ]
      : [[first, last]],
  )
}

const rangeText = ([first, last]: readonly [number, number], zone: ZoneTimes): string =>
  first === last ? zone.weekday(first) : `${zone.weekday(first)}–${zone.weekday(last)}`
