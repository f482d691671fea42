// On which days and at which times of the week: any, the usual office hours, or what the person puts together.
import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { Button, IconButton } from '../../../components/Button.tsx'
import { Segments } from '../../../components/Field.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import type { ZoneTimes } from '../marketTimes.ts'
import type { WeeklyTime } from './weekly.ts'

interface TimeDraft extends WeeklyTime {
  readonly id: number
}

export interface WeeklyChoice {
  readonly kind: 'any' | 'some'
  /** As they were put together, also while any hour is chosen. */
  readonly times: readonly TimeDraft[]
}

export const anyHour: WeeklyChoice = {
  kind: 'any',
  times: [{ id: 0, days: [0, 1, 2, 3, 4], from: 8, to: 18 }],
}

const week = [0, 1, 2, 3, 4, 5, 6]
const hours = Array.from({ length: 24 }, (_, hour) => hour)
const maxTimes = 8

export function WeeklyHoursEditor({
  legend,
  choice,
  onChange,
  times: zone,
}: {
  legend: string
  choice: WeeklyChoice
  onChange: (choice: WeeklyChoice) => void
  times: ZoneTimes
}) {
  const { hours: words } = useMarketMessages()
  const change = (index: number, time: TimeDraft | null) =>
    onChange({
      ...choice,
      times: choice.times.flatMap((each, at) => (at !== index ? [each] : time === null ? [] : [time])),
    })
  return (
    <div className="stack snug">
      <Segments
        legend={legend}
        options={[
          { value: 'any', label: words.any },
          { value: 'some', label: words.some },
        ]}
        value={choice.kind}
        onChange={kind => onChange({ ...choice, kind })}
      />
      {choice.kind === 'some' && (
        <>
          {choice.times.map((time, index) => (
            <TimeRow
              key={time.id}
              number={index + 1}
              time={time}
              zone={zone}
              onChange={changed => change(index, changed)}
              onRemove={choice.times.length > 1 ? () => change(index, null) : null}
            />
          ))}
          {choice.times.length < maxTimes && (
            <Button
              icon={Plus}
              onClick={() =>
                onChange({
                  ...choice,
                  times: [
                    ...choice.times,
                    { id: Math.max(...choice.times.map(({ id }) => id)) + 1, days: [5, 6], from: 10, to: 16 },
                  ],
                })
              }
            >
              {words.add}
            </Button>
          )}
          <p className="row-note">{words.zone(zone.zone)}</p>
        </>
      )}
    </div>
  )
}

function TimeRow({
  number,
  time,
  zone,
  onChange,
  onRemove,
}: {
  number: number
  time: TimeDraft
  zone: ZoneTimes
  onChange: (time: TimeDraft) => void
  onRemove: (() => void) | null
}) {
  const { hours: words } = useMarketMessages()
  const toggle = (day: number) =>
    onChange({
      ...time,
      days: time.days.includes(day) ? time.days.filter(each => each !== day) : [...time.days, day],
    })
  return (
    <fieldset className="card stack snug">
      <legend className="hidden-text">{words.time(String(number))}</legend>
      <div className="week-days">
        {week.map(day => (
          <label key={day} className="week-day">
            <input
              type="checkbox"
              checked={time.days.includes(day)}
              aria-label={zone.weekdayLong(day)}
              onChange={() => toggle(day)}
            />
            <span aria-hidden="true">{zone.weekday(day)}</span>
          </label>
        ))}
      </div>
      <div className="from-to">
        <HourSelect
          label={words.from}
          value={time.from}
          options={hours}
          zone={zone}
          onChange={from => onChange({ ...time, from })}
        />
        <HourSelect
          label={words.to}
          value={time.to}
          options={hours.map(hour => hour + 1)}
          zone={zone}
          onChange={to => onChange({ ...time, to })}
        />
        {onRemove !== null && (
          <IconButton icon={Trash2} label={words.remove(String(number))} onClick={onRemove} />
        )}
      </div>
      {time.to <= time.from && <p className="row-note">{words.overnight}</p>}
    </fieldset>
  )
}

export function HourSelect({
  label,
  value,
  options,
  zone,
  onChange,
}: {
  label: string
  value: number
  options: readonly number[]
  zone: ZoneTimes
  onChange: (hour: number) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={event => onChange(Number(event.target.value))}
      >
        {options.map(hour => (
          <option key={hour} value={hour}>
            {zone.hour(hour)}
          </option>
        ))}
      </select>
    </div>
  )
}
