// Weekly hours as a person sets them, days and times of one zone, and as a grant holds them, bits of UTC hours.

const HOURS_OF_WEEK = 168

/** `days`: 0 is Monday. `from`: 0 to 23. `to`: 1 to 24; where it is not after `from`, of the next day. */
export interface WeeklyTime {
  readonly days: readonly number[]
  readonly from: number
  readonly to: number
}

/** Minutes past the full hour at which the hours of a zone begin that a grant can tell apart: 0, 15, 30 or 45. */
export const minutePhase = (utcOffset: number): number => ((utcOffset % 60) + 60) % 60

/** Hours by which the zone is ahead of UTC, so that its hours begin at `minutePhase`. */
const hourShift = (utcOffset: number): number => Math.floor(utcOffset / 60)

const wrapped = (hour: number): number => ((hour % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK

/**
 * 21 bytes as in Grant: one bit per hour of the week in UTC, Monday 00:00 first, the most significant bit first. All zero
 * where every hour is chosen; null where none is. `utcOffset`: minutes to be added to UTC.
 */
export function bitsOfTimes(times: readonly WeeklyTime[], utcOffset: number): Uint8Array | null {
  const bits = new Uint8Array(HOURS_OF_WEEK / 8)
  let count = 0
  for (const { days, from, to } of times) {
    const length = to > from ? to - from : to + 24 - from
    for (const day of days) {
      for (let hour = 0; hour < length; hour += 1) {
        const utc = wrapped(day * 24 + from + hour - hourShift(utcOffset))
        if (!hasHour(bits, utc)) count += 1
        bits[utc >> 3] = (bits[utc >> 3] ?? 0) | (0x80 >> (utc & 7))
      }
    }
  }
  if (count === 0) return null
  return count === HOURS_OF_WEEK ? new Uint8Array(bits.length) : bits
}

/** The same, read back: times that begin on the same days at the same hour together. Empty: at any hour. */
export function timesOfBits(bits: Uint8Array, utcOffset: number): readonly WeeklyTime[] {
  const isChosen = (local: number) => hasHour(bits, wrapped(local - hourShift(utcOffset)))
  const chosen = Array.from({ length: HOURS_OF_WEEK }, (_, local) => isChosen(local))
  if (chosen.every(is => is) || !chosen.some(is => is)) return []
  const grouped = new Map<string, { days: number[]; from: number; to: number }>()
  for (const { start, length } of runsOf(chosen).flatMap(splitAtMidnight)) {
    const from = start % 24
    const end = (from + length) % 24
    const to = end === 0 ? 24 : end
    const key = `${String(from)}-${String(to)}`
    const group = grouped.get(key) ?? { days: [], from, to }
    group.days.push(Math.floor(start / 24))
    grouped.set(key, group)
  }
  return [...grouped.values()]
    .map(group => ({ ...group, days: group.days.toSorted((a, b) => a - b) }))
    .toSorted((a, b) => (a.days[0] ?? 0) - (b.days[0] ?? 0) || a.from - b.from)
}

interface Run {
  readonly start: number
  readonly length: number
}

/** Round the week: hours that follow each other. */
function runsOf(chosen: readonly boolean[]): readonly Run[] {
  const runs: Run[] = []
  for (let start = 0; start < HOURS_OF_WEEK; start += 1) {
    if (chosen[start] !== true || chosen[wrapped(start - 1)] === true) continue
    let length = 1
    while (chosen[wrapped(start + length)] === true) length += 1
    runs.push({ start, length })
  }
  return runs
}

/** A night stays one time; what is longer than a day is told day by day. */
function splitAtMidnight(run: Run): readonly Run[] {
  if (run.length <= 24) return [run]
  const parts: Run[] = []
  for (let at = run.start; at < run.start + run.length; ) {
    const length = Math.min(24 - (at % 24), run.start + run.length - at)
    parts.push({ start: wrapped(at), length })
    at += length
  }
  return parts
}

const hasHour = (bits: Uint8Array, hour: number): boolean =>
  ((bits[hour >> 3] ?? 0) & (0x80 >> (hour & 7))) !== 0
