// A key to lend: for whom, until when, at which hours, how often, and what it may do.
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Segments, TextField } from '../../../components/Field.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useNow } from '../../../useNow.ts'
import { dayOf, timeOf } from '../calendar/slots.ts'
import { dateOfDay, dayOfDate } from '../editor/draft.ts'
import { DateField } from '../editor/SaleTimesFields.tsx'
import { FormPart } from '../FormPart.tsx'
import { anyHour, HourSelect, type WeeklyChoice, WeeklyHoursEditor } from '../hours/WeeklyHoursEditor.tsx'
import { bitsOfTimes } from '../hours/weekly.ts'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'

export interface LentRights {
  readonly name: string
  /** Unix seconds: the first one after it. */
  readonly notAfter: number
  /** 21 bytes, as in Grant. */
  readonly weeklyHours: Uint8Array
  /** 0: any number. */
  readonly maxUses: number
  readonly canManage: boolean
}

const maxName = 64
const maxUses = 65_535
const month = 30

export function LendForm({ isBusy, onReady }: { isBusy: boolean; onReady: (rights: LentRights) => void }) {
  const { lend: words, hours, editor } = useMarketMessages()
  const now = useNow()
  const [utcOffset] = useState(ownOffset)
  const times = useZoneTimes(utcOffset)
  const [name, setName] = useState('')
  const [lastDay, setLastDay] = useState(() => dateOfDay(dayOf(now, utcOffset) + month))
  const [lastHour, setLastHour] = useState(24)
  const [weekly, setWeekly] = useState<WeeklyChoice>(anyHour)
  const [isCounted, setCounted] = useState(false)
  const [count, setCount] = useState('10')
  const [may, setMay] = useState<'open' | 'manage'>('open')

  const day = dayOfDate(lastDay)
  const notAfter = day === null ? 0 : timeOf(day, lastHour, utcOffset)
  const uses = isCounted ? (/^\s*\d{1,5}\s*$/.test(count) ? Number(count) : 0) : 0
  const isCountWrong = isCounted && (uses < 1 || uses > maxUses)
  const weeklyHours = weekly.kind === 'any' ? new Uint8Array(21) : bitsOfTimes(weekly.times, utcOffset)
  const isOver = notAfter <= now
  const isReady = !isOver && !isCountWrong && weeklyHours !== null

  return (
    <form
      className="stack loose"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        if (isReady && !isBusy)
          onReady({ name: name.trim(), notAfter, weeklyHours, maxUses: uses, canManage: may === 'manage' })
      }}
    >
      <TextField
        label={words.who}
        hint={words.whoHint}
        value={name}
        onChange={typed => setName(typed.slice(0, maxName))}
      />
      <FormPart title={words.until}>
        <div className="from-to">
          <DateField
            label={words.day}
            value={lastDay}
            min={dateOfDay(dayOf(now, utcOffset))}
            onChange={setLastDay}
          />
          <HourSelect
            label={words.time}
            value={lastHour}
            options={Array.from({ length: 24 }, (_, hour) => hour + 1)}
            zone={times}
            onChange={setLastHour}
          />
        </div>
        <p className="field error" role="status">
          {isOver ? words.past : ''}
        </p>
      </FormPart>
      <WeeklyHoursEditor legend={words.hours} choice={weekly} onChange={setWeekly} times={times} />
      {weeklyHours === null && (
        <p className="field error" role="alert">
          {editor.nothingOpen}
        </p>
      )}
      <div className="stack snug">
        <Segments
          legend={words.uses}
          options={[
            { value: 'any', label: words.usesAny },
            { value: 'some', label: words.usesSome },
          ]}
          value={isCounted ? 'some' : 'any'}
          onChange={value => setCounted(value === 'some')}
        />
        {isCounted && (
          <TextField
            label={words.usesCount}
            value={count}
            onChange={setCount}
            error={isCountWrong ? editor.numberRange('1', String(maxUses)) : null}
          />
        )}
      </div>
      <Segments
        legend={words.may}
        options={[
          { value: 'open', label: words.actions.open },
          { value: 'manage', label: words.actions.manage },
        ]}
        value={may}
        onChange={setMay}
      />
      <Button type="submit" look="primary" icon={KeyRound} wide busy={isBusy} disabled={!isReady}>
        {words.make}
      </Button>
      <p className="row-note">{hours.zone(times.zone)}</p>
    </form>
  )
}
