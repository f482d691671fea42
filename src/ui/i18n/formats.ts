// Numbers, sizes, times and ages as people of each language write them.

export type Language = 'en' | 'zh'

/** BCP 47 tags: what `lang` attributes and Intl get. */
export const languageTags: Record<Language, string> = { en: 'en', zh: 'zh-Hans' }

export interface Formats {
  readonly language: Language
  /** `12 seconds ago`, or `now`; both in Unix seconds. A time in the future (clocks differ) counts as now. */
  age(then: number, now: number): string
  /** `1 min 20 sec`, `7 days`, from seconds; at least one second, no seconds from an hour on, days from two on. */
  duration(seconds: number): string
  /** `312.4 kB`, from bytes (decimal units, as file sizes are sold). */
  bytes(count: number): string
  /** `18.2 kB/s`, from bytes per second. */
  speed(bytesPerSecond: number): string
  /** Date and time of Unix seconds, in the person's time zone. */
  dateTime(seconds: number): string
  date(seconds: number): string
  number(value: number): string
  /** From a fraction of 0 to 1; never shows 100 % before it is 1. */
  percent(fraction: number): string
  list(items: readonly string[]): string
}

const made = new Map<Language, Formats>()

export function formatsFor(language: Language): Formats {
  const known = made.get(language)
  if (known !== undefined) return known
  const formats = makeFormats(language)
  made.set(language, formats)
  return formats
}

function makeFormats(language: Language): Formats {
  const tag = languageTags[language]
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always' })
  const present = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(0, 'second')
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 })
  const list = new Intl.ListFormat(tag, { type: 'conjunction' })
  const unit = (name: string, digits: number, unitDisplay: 'short' | 'long' = 'short') =>
    new Intl.NumberFormat(tag, {
      style: 'unit',
      unit: name,
      unitDisplay,
      maximumFractionDigits: digits,
    })
  const duration = {
    day: unit('day', 0),
    hour: unit('hour', 0),
    minute: unit('minute', 0),
    second: unit('second', 0),
  }

  const bytes = (count: number): string => {
    const [size, name, digits] = scaleBytes(count)
    return unit(name, digits, name === 'byte' ? 'long' : 'short').format(size)
  }

  return {
    language,
    age(then, now) {
      const [value, name] = scaleAge(Math.max(0, now - then))
      return value === 0 ? present : relative.format(-value, name)
    },
    duration(seconds) {
      const whole = Math.max(1, Math.round(seconds))
      const d = whole < 172_800 ? 0 : Math.floor(whole / 86_400)
      const [h, m, s] = [Math.floor(whole / 3600) - 24 * d, Math.floor(whole / 60) % 60, whole % 60]
      const parts = [
        ...(d > 0 ? [duration.day.format(d)] : []),
        ...(h > 0 ? [duration.hour.format(h)] : []),
        ...(m > 0 ? [duration.minute.format(m)] : []),
        ...(s > 0 && h === 0 && d === 0 ? [duration.second.format(s)] : []),
      ]
      return parts.join(' ')
    },
    bytes,
    speed: bytesPerSecond => `${bytes(bytesPerSecond)}/s`,
    dateTime: seconds => dateTime.format(seconds * 1000),
    date: seconds => date.format(seconds * 1000),
    number: value => number.format(value),
    percent: fraction =>
      percent.format(fraction >= 1 ? 1 : Math.min(0.99, Math.floor(Math.max(0, fraction) * 100) / 100)),
    list: items => list.format(items),
  }
}

function scaleAge(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  if (seconds < 60) return [Math.floor(seconds), 'second']
  if (seconds < 3600) return [Math.floor(seconds / 60), 'minute']
  if (seconds < 86_400) return [Math.floor(seconds / 3600), 'hour']
  if (seconds < 30 * 86_400) return [Math.floor(seconds / 86_400), 'day']
  if (seconds < 365 * 86_400) return [Math.floor(seconds / (30 * 86_400)), 'month']
  return [Math.floor(seconds / (365 * 86_400)), 'year']
}

function scaleBytes(count: number): [number, string, number] {
  if (count < 1000) return [Math.round(count), 'byte', 0]
  if (count < 1_000_000) return [count / 1000, 'kilobyte', 1]
  if (count < 1_000_000_000) return [count / 1_000_000, 'megabyte', 1]
  return [count / 1_000_000_000, 'gigabyte', 2]
}

/** `0x1234abcd…89ef5678`: enough to compare by eye; short strings stay whole. Word joiners keep it on one line. */
export function shortHash(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 10)}\u2060…\u2060${text.slice(-8)}`
}

/** Groups of four digits, so that two addresses can be compared by reading them aloud. */
export function addressGroups(address: string): readonly string[] {
  return [address.slice(0, 2), ...(address.slice(2).match(/.{1,4}/g) ?? [])]
}
