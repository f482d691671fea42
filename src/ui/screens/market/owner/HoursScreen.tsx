// What is for sale when: the calendar as it is, and the hours that are for sale from now on.
import { ArrowRight } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useLocation } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import { Button } from '../../../components/Button.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { Legend } from '../calendar/Legend.tsx'
import { type DayLook, MonthGrid } from '../calendar/MonthGrid.tsx'
import { type Day, dayOf, type HourStates, timeOf } from '../calendar/slots.ts'
import { daysAhead, daysBehind, useHours } from '../calendar/useHours.ts'
import { dateOfDay, openingOf, type SaleTimes } from '../editor/draft.ts'
import { SaleTimesFields } from '../editor/SaleTimesFields.tsx'
import { anyHour, type WeeklyChoice } from '../hours/WeeklyHoursEditor.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { useOwnLock } from './useOwnLock.ts'

export function HoursScreen({ id }: { id: string }) {
  const { letting: words } = useMarketMessages()
  const device = useOwnLock(id)
  return device === undefined ? <NotFoundScreen title={words.notYours} /> : <Hours device={device} />
}

function Hours({ device }: { device: OwnedDeviceView }) {
  const { letting: words, editor } = useMarketMessages()
  const { common } = useMessages()
  const market = useMarket()
  const { send, isBusy, view } = useSigning(MarketFailure)
  const [, navigate] = useLocation()
  const { deviceId } = device
  const terms = useReadable(market.letting(deviceId)).offers[0]?.terms
  const utcOffset = terms?.utcOffset ?? ownOffset()
  const times = useZoneTimes(utcOffset)
  const read = useCallback((range: HourRange) => market.readOwnHours(deviceId, range), [market, deviceId])
  const hours = useHours(read)
  const [today] = useState(() => dayOf(Math.floor(Date.now() / 1000), utcOffset))
  const [sale, setSale] = useState<SaleTimes>({
    isKept: false,
    firstDay: dateOfDay(today),
    lastDay: dateOfDay(today + 90),
    weekly: null,
  })
  const [weekly, setWeekly] = useState<WeeklyChoice>(anyHour)
  const opening = openingOf(
    { ...sale, weekly: weekly.kind === 'any' ? null : weekly.times },
    { unit: 'hour', slotHours: 1, startHour: 0, utcOffset },
  )
  const back = paths.letting(deviceId)
  const propose = () => {
    if (opening === null || typeof opening === 'string') return
    send(
      () => market.proposeHours(deviceId, opening),
      () => navigate(back, { replace: true }),
    )
  }
  return (
    <Screen
      title={words.calendar}
      back={back}
      notices={false}
      actions={
        <Button
          look="primary"
          icon={ArrowRight}
          wide
          busy={isBusy}
          disabled={typeof opening === 'string'}
          onClick={propose}
        >
          {editor.next}
        </Button>
      }
    >
      <p className="row-title breakable">{device.name}</p>
      {hours.failure !== null && (
        <MarketFailure
          failure={hours.failure}
          isAnswer={false}
          actions={<Button onClick={hours.again}>{common.retry}</Button>}
        />
      )}
      {hours.states === null ? (
        hours.failure === null && <div className="skeleton" aria-busy="true" />
      ) : (
        <SaleMonth states={hours.states} today={today} utcOffset={utcOffset} />
      )}
      <div className="stack snug">
        <SaleTimesFields
          title={words.openHours}
          draft={sale}
          hasHours={false}
          sellsHours
          weekly={weekly}
          onWeekly={setWeekly}
          onChange={setSale}
          fault={typeof opening === 'string' ? opening : null}
          times={times}
          today={dateOfDay(today)}
        />
        <p className="row-note">{words.openHoursNote}</p>
      </div>
      {view}
    </Screen>
  )
}

/** A day is told by all its hours: booked where one is, for sale where one is. */
function SaleMonth({ states, today, utcOffset }: { states: HourStates; today: Day; utcOffset: number }) {
  const { calendar: words } = useMarketMessages()
  const times = useZoneTimes(utcOffset)
  const [day, setDay] = useState(today)
  const lookOf = (each: Day): DayLook => {
    const first = Math.floor(timeOf(each, 0, utcOffset) / 3600)
    const seen = new Set(Array.from({ length: 24 }, (_, hour) => states(first + hour)))
    const look = (['booked', 'free', 'closed'] as const).find(state => seen.has(state)) ?? 'closed'
    return {
      look: look === 'booked' ? 'sold' : look,
      text: look === 'booked' ? words.sold : words[look],
      canChoose: false,
    }
  }
  return (
    <div className="card stack snug">
      <MonthGrid
        day={day}
        onDay={setDay}
        onChoose={() => {}}
        lookOf={lookOf}
        times={times}
        first={today - daysBehind + 1}
        last={today + daysAhead - 1}
      />
      <Legend looks={['free', 'sold', 'closed']} />
    </div>
  )
}
