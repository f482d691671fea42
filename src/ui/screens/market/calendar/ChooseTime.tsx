// Choosing when: a day of the month, an hour where hours are sold, and how many in a row, as long as they are free.
import { useState } from 'react'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useZoneTimes, type ZoneTimes } from '../marketTimes.ts'
import { Legend } from './Legend.tsx'
import { type DayLook, MonthGrid } from './MonthGrid.tsx'
import { Stepper } from './Stepper.tsx'
import {
  type Day,
  dayOf,
  dayState,
  type HourStates,
  mostFrom,
  type SlotTerms,
  slotState,
  startOf,
} from './slots.ts'
import { daysAhead } from './useHours.ts'

export interface ChosenTime {
  /** Unix seconds. */
  readonly start: number
  readonly quantity: number
}

export function ChooseTime({
  terms,
  states,
  earliest,
  chosen,
  onChoose,
}: {
  terms: SlotTerms
  states: HourStates
  /** Unix seconds: what begins earlier can't be ordered any more. */
  earliest: number
  chosen: ChosenTime | null
  onChoose: (chosen: ChosenTime | null) => void
}) {
  const { calendar: words } = useMarketMessages()
  const times = useZoneTimes(terms.utcOffset)
  const first = dayOf(earliest, terms.utcOffset)
  const last = first + daysAhead - 1
  const [day, setDay] = useState<Day>(() => firstFree(terms, states, earliest, first, last) ?? first)
  const isNight = terms.unit === 'night'
  const [openDay, setOpenDay] = useState<Day | null>(null)
  const chosenDay = chosen === null ? null : dayOf(chosen.start, terms.utcOffset)
  const most = chosen === null ? 0 : mostFrom(terms, chosen.start, states, earliest)

  const lookOf = (each: Day): DayLook => {
    const state = dayState(terms, each, states, earliest)
    const canChoose = state === 'free'
    const isFirst = each === (isNight ? chosenDay : (openDay ?? chosenDay))
    const isBetween =
      isNight &&
      chosen !== null &&
      chosenDay !== null &&
      each > chosenDay &&
      each < chosenDay + chosen.quantity
    if (isFirst || isBetween)
      return { look: isFirst ? 'chosen' : 'between', text: words.chosen, canChoose: true }
    return { look: state === 'past' ? 'closed' : state, text: words[state], canChoose }
  }
  const choose = (each: Day) => {
    if (!isNight) {
      setOpenDay(each)
      if (each !== chosenDay) onChoose(null)
      return
    }
    const more = chosenDay === null ? 0 : each - chosenDay + 1
    // A later day after the first night is the last one, where all between are free.
    if (chosen !== null && chosen.quantity === 1 && more > 1 && more <= most)
      onChoose({ ...chosen, quantity: more })
    else onChoose({ start: startOf(terms, each, 0), quantity: 1 })
  }

  return (
    <div className="stack">
      <p className="row-note" role="status">
        {chosen !== null
          ? ''
          : isNight
            ? words.chooseNight
            : openDay === null
              ? words.chooseDay
              : words.chooseHour}
      </p>
      <div className="card stack snug">
        <MonthGrid
          day={day}
          onDay={setDay}
          onChoose={choose}
          lookOf={lookOf}
          times={times}
          first={first}
          last={last}
        />
        <Legend looks={['free', 'booked', 'closed']} />
      </div>
      {!isNight && (openDay ?? chosenDay) !== null && (
        <HoursOfDay
          terms={terms}
          states={states}
          earliest={earliest}
          day={openDay ?? chosenDay ?? first}
          chosen={chosen}
          onChoose={start => onChoose({ start, quantity: 1 })}
          times={times}
        />
      )}
      {chosen !== null && most > 1 && (
        <Stepper
          label={words.quantity[terms.unit === 'night' ? 'night' : 'hour']}
          value={chosen.quantity}
          text={isNight ? words.nights(chosen.quantity) : words.hours(chosen.quantity)}
          most={most}
          fewer={words.fewer}
          more={words.more}
          onChange={quantity => onChoose({ ...chosen, quantity })}
        />
      )}
    </div>
  )
}

function firstFree(
  terms: SlotTerms,
  states: HourStates,
  earliest: number,
  first: Day,
  last: Day,
): Day | undefined {
  for (let day = first; day <= last; day += 1) {
    if (dayState(terms, day, states, earliest) === 'free') return day
  }
  return undefined
}

function HoursOfDay({
  terms,
  states,
  earliest,
  day,
  chosen,
  onChoose,
  times,
}: {
  terms: SlotTerms
  states: HourStates
  earliest: number
  day: Day
  chosen: ChosenTime | null
  onChoose: (start: number) => void
  times: ZoneTimes
}) {
  const { calendar: words } = useMarketMessages()
  const seen = Array.from({ length: 24 }, (_, hour) => {
    const start = startOf(terms, day, hour)
    return { hour, start, state: slotState(terms, start, 1, states, earliest) }
  }).filter(({ state }) => state === 'free' || state === 'booked')
  return (
    <fieldset className="stack snug">
      <legend className="row-title day-title">{times.day(day)}</legend>
      {seen.every(({ state }) => state === 'booked') && <p className="soft">{words.noHours}</p>}
      <div className="hour-chips">
        {seen.map(({ hour, start, state }) => {
          const isChosen =
            chosen !== null && start >= chosen.start && start < chosen.start + chosen.quantity * 3600
          const isFirst = chosen?.start === start
          const look = isFirst ? 'chosen' : isChosen && terms.unit === 'hour' ? 'between' : state
          return (
            <button
              key={hour}
              type="button"
              className={`day ${look}`}
              aria-label={`${times.hour(hour)}, ${look === 'chosen' || look === 'between' ? words.chosen : words[state]}`}
              aria-pressed={look === 'chosen' || look === 'between'}
              aria-disabled={state === 'booked' || undefined}
              onClick={() => {
                if (state === 'free') onChoose(start)
              }}
            >
              {times.hour(hour)}
            </button>
          )
        })}
      </div>
    </fieldset>
  )
}
