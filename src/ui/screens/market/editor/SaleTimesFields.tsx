// When it is for sale: between two days, at certain hours where hours are sold, or the calendar left as it is.
import { useId } from 'react'
import { Check } from '../../../components/Field.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { FormPart } from '../FormPart.tsx'
import { type WeeklyChoice, WeeklyHoursEditor } from '../hours/WeeklyHoursEditor.tsx'
import type { ZoneTimes } from '../marketTimes.ts'
import type { SaleTimes } from './draft.ts'

export function SaleTimesFields({
  title,
  draft,
  hasHours,
  sellsHours,
  weekly,
  onWeekly,
  onChange,
  fault,
  times,
  today,
}: {
  title: string
  draft: SaleTimes
  hasHours: boolean
  sellsHours: boolean
  weekly: WeeklyChoice
  onWeekly: (weekly: WeeklyChoice) => void
  onChange: (draft: SaleTimes) => void
  fault: 'order' | 'long' | 'nothing' | null
  times: ZoneTimes
  today: string
}) {
  const { editor: words } = useMarketMessages()
  const errorId = useId()
  const texts = { order: words.whenOrder, long: words.whenLong, nothing: words.nothingOpen }
  const isWrong = fault !== null
  return (
    <FormPart title={title}>
      {hasHours && (
        <Check checked={draft.isKept} onChange={isKept => onChange({ ...draft, isKept })}>
          {words.whenKeep}
        </Check>
      )}
      {!draft.isKept && (
        <>
          <div className="from-to">
            <DateField
              label={words.whenFrom}
              value={draft.firstDay}
              min={today}
              describedBy={isWrong ? errorId : null}
              onChange={firstDay => onChange({ ...draft, firstDay })}
            />
            <DateField
              label={words.whenTo}
              value={draft.lastDay}
              min={draft.firstDay}
              describedBy={isWrong ? errorId : null}
              onChange={lastDay => onChange({ ...draft, lastDay })}
            />
          </div>
          {isWrong && (
            <p className="field error" id={errorId} role="alert">
              {texts[fault]}
            </p>
          )}
          {sellsHours && (
            <WeeklyHoursEditor legend={words.whenHours} choice={weekly} onChange={onWeekly} times={times} />
          )}
        </>
      )}
    </FormPart>
  )
}

export function DateField({
  label,
  value,
  min,
  describedBy = null,
  onChange,
}: {
  label: string
  /** `2026-07-01` */
  value: string
  min: string
  /** Where what is wrong with it stands; null where nothing is. */
  describedBy?: string | null
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type="date"
        min={min}
        value={value}
        aria-invalid={describedBy !== null || undefined}
        aria-describedby={describedBy ?? undefined}
        onChange={event => onChange(event.target.value)}
      />
    </div>
  )
}
