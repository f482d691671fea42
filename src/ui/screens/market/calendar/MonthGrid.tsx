// A month to choose a day from: each day with its state in words, and moved through with the arrow keys.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useRef } from 'react'
import { IconButton } from '../../../components/Button.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import type { ZoneTimes } from '../marketTimes.ts'
import { type Day, monthBefore, monthOf, nextMonth } from './slots.ts'

export interface DayLook {
  /** `sold`: booked with us, where the owner looks. */
  readonly look: 'free' | 'booked' | 'closed' | 'chosen' | 'between' | 'sold'
  /** Said after the day: its state in words. */
  readonly text: string
  readonly canChoose: boolean
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

export function MonthGrid({
  day,
  onDay,
  onChoose,
  lookOf,
  times,
  first,
  last,
}: {
  /** The day that has the keyboard, and whose month is shown. */
  day: Day
  onDay: (day: Day) => void
  onChoose: (day: Day) => void
  lookOf: (day: Day) => DayLook
  times: ZoneTimes
  /** What can be looked at. */
  first: Day
  last: Day
}) {
  const { calendar: words } = useMarketMessages()
  const grid = useRef<HTMLTableElement>(null)
  const month = monthOf(day)
  const go = (to: Day) => onDay(Math.min(last, Math.max(first, to)))
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const to = Math.min(last, Math.max(first, day + step))
    onDay(to)
    requestAnimationFrame(() =>
      grid.current?.querySelector<HTMLElement>(`[data-day="${String(to)}"]`)?.focus(),
    )
  }
  return (
    <div className="month">
      <div className="month-head">
        {month.first > first ? (
          <IconButton icon={ChevronLeft} label={words.before} onClick={() => go(monthBefore(month.first))} />
        ) : (
          <span className="month-end" />
        )}
        <p className="row-title" aria-live="polite">
          {times.month(day)}
        </p>
        {nextMonth(month.first) <= last ? (
          <IconButton icon={ChevronRight} label={words.after} onClick={() => go(nextMonth(month.first))} />
        ) : (
          <span className="month-end" />
        )}
      </div>
      <table ref={grid} className="month-days" aria-label={times.month(day)}>
        <thead>
          <tr>
            {[0, 1, 2, 3, 4, 5, 6].map(index => (
              <th key={index} scope="col" abbr={times.weekdayLong(index)}>
                {times.weekday(index)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {month.weeks.map(week => (
            <tr key={week.find(each => each !== null)}>
              {week.map((each, index) => (
                <td key={each ?? `none${String(index)}`}>
                  {each !== null && each >= first && each <= last && (
                    <DayButton
                      day={each}
                      look={lookOf(each)}
                      hasFocus={each === day}
                      onChoose={() => {
                        onDay(each)
                        onChoose(each)
                      }}
                      times={times}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function DayButton({
  day,
  look: { look, text, canChoose },
  hasFocus,
  onChoose,
  times,
}: {
  day: Day
  look: DayLook
  hasFocus: boolean
  onChoose: () => void
  times: ZoneTimes
}) {
  return (
    <button
      type="button"
      className={`day ${look}`}
      data-day={day}
      tabIndex={hasFocus ? 0 : -1}
      aria-label={`${times.day(day)}, ${text}`}
      aria-pressed={look === 'chosen' || look === 'between'}
      aria-disabled={!canChoose || undefined}
      onClick={() => {
        if (canChoose) onChoose()
      }}
    >
      {times.dayNumber(day)}
    </button>
  )
}
