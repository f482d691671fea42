// Days and times of an offer’s time zone in the person’s language: a stay in Lisbon begins by Lisbon’s clock, wherever it is booked.
import { useMemo } from 'react'
import { type Formats, languageTags } from '../../i18n/formats.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import type { Day } from './calendar/slots.ts'
import { minutePhase } from './hours/weekly.ts'

export interface ZoneTimes {
  /** `Wed, 1 July, 16:00`, from Unix seconds. */
  moment(at: number): string
  /** `Wed, 1 July, 16:00 – 18:00`, or both days where they differ; from Unix seconds. */
  span(from: number, until: number): string
  /** `16:00`, from Unix seconds. */
  time(at: number): string
  /** `Wed, 1 July` */
  day(day: Day): string
  /** `1` */
  dayNumber(day: Day): string
  /** `July 2026` */
  month(day: Day): string
  /** `08:00`: an hour of the day, 24 for its end. */
  hour(hour: number): string
  /** `Mon`, 0 is Monday. */
  weekday(index: number): string
  /** `Monday` */
  weekdayLong(index: number): string
  /** `UTC+2` */
  readonly zone: string
}

/** A Monday, in Unix seconds. */
const MONDAY = 4 * 86_400

function zoneTimes({ language }: Formats, utcOffset: number): ZoneTimes {
  const tag = languageTags[language]
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })
    return (seconds: number) => made.format(seconds * 1000)
  }
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const moment = format({ weekday: 'short', day: 'numeric', month: 'long', ...clock })
  const time = format(clock)
  const day = format({ weekday: 'short', day: 'numeric', month: 'long' })
  const dayNumber = new Intl.NumberFormat(tag)
  const month = format({ month: 'long', year: 'numeric' })
  const weekday = format({ weekday: 'short' })
  const weekdayLong = format({ weekday: 'long' })
  const shift = utcOffset * 60
  const phase = String(minutePhase(utcOffset)).padStart(2, '0')
  return {
    moment: at => moment(at + shift),
    span: (from, until) => {
      const [begin, end] = [from + shift, until + shift]
      const isOneDay = Math.floor(begin / 86_400) === Math.floor(end / 86_400)
      return `${moment(begin)} – ${isOneDay ? time(end) : moment(end)}`
    },
    time: at => time(at + shift),
    day: each => day(each * 86_400),
    dayNumber: each => dayNumber.format(new Date(each * 86_400_000).getUTCDate()),
    month: each => month(each * 86_400),
    hour: hour => `${String(hour).padStart(2, '0')}:${phase}`,
    weekday: index => weekday(MONDAY + index * 86_400),
    weekdayLong: index => weekdayLong(MONDAY + index * 86_400),
    zone: zoneName(utcOffset),
  }
}

/** `UTC+5:30`, with a true minus. */
function zoneName(utcOffset: number): string {
  const size = Math.abs(utcOffset)
  const minutes = size % 60
  const hours = `${String(Math.floor(size / 60))}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`
  return `UTC${utcOffset < 0 ? '−' : '+'}${hours}`
}

/** Minutes to be added to UTC where this browser is, now. */
export const ownOffset = (): number => -new Date().getTimezoneOffset()

export function useZoneTimes(utcOffset: number): ZoneTimes {
  const formats = useFormats()
  return useMemo(() => zoneTimes(formats, utcOffset), [formats, utcOffset])
}
