// Who has booked: in a month, and as a list; keys that want this phone’s signature come first.
import { PenLine, QrCode } from 'lucide-react'
import { useState } from 'react'
import type { LettingView, StayView } from '../../../../app/market/letting.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import type { Tone } from '../../../deviceState.ts'
import { shortAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import { useNames } from '../../wallet/signing/useNames.ts'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { type DayLook, MonthGrid } from '../calendar/MonthGrid.tsx'
import { type Day, dayOf } from '../calendar/slots.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes, type ZoneTimes } from '../marketTimes.ts'

const shownAtOnce = 12
const monthsAround = 370

export function Stays({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const [isAll, setAll] = useState(false)
  const utcOffset = view.offers[0]?.terms.utcOffset ?? ownOffset()
  const times = useZoneTimes(utcOffset)
  const sorted = view.stays.toSorted((a, b) => Number(needsHand(b)) - Number(needsHand(a)))
  if (view.stays.length === 0 && view.offers.length === 0) return null
  return (
    <Section title={words.stays}>
      {view.stays.length === 0 ? (
        <p className="card soft">{words.staysNone}</p>
      ) : (
        <>
          <StayMonth stays={view.stays} utcOffset={utcOffset} times={times} />
          <ul className="card flush rows">
            {(isAll ? sorted : sorted.slice(0, shownAtOnce)).map(stay => (
              <li key={stay.orderId} className="card-pad">
                <Stay stay={stay} view={view} times={times} />
              </li>
            ))}
          </ul>
          {!isAll && sorted.length > shownAtOnce && (
            <Button look="quiet" onClick={() => setAll(true)}>
              {words.staysAll}
            </Button>
          )}
        </>
      )}
    </Section>
  )
}

const needsHand = ({ state, needsNewKey }: StayView): boolean => state.kind === 'toSign' || needsNewKey

function StayMonth({
  stays,
  utcOffset,
  times,
}: {
  stays: readonly StayView[]
  utcOffset: number
  times: ZoneTimes
}) {
  const { calendar: words } = useMarketMessages()
  const today = dayOf(useNow(), utcOffset)
  const [day, setDay] = useState<Day>(today)
  const [chosen, setChosen] = useState<Day | null>(null)
  const held = stays.filter(({ state }) => state.kind !== 'refunded' && state.kind !== 'missed')
  const on = (each: Day) =>
    held.filter(({ from, until }) => dayOf(from, utcOffset) <= each && dayOf(until - 1, utcOffset) >= each)
  const lookOf = (each: Day): DayLook =>
    on(each).length > 0
      ? { look: each === chosen ? 'chosen' : 'sold', text: words.sold, canChoose: true }
      : { look: 'closed', text: words.empty, canChoose: false }
  return (
    <div className="card stack snug">
      <MonthGrid
        day={day}
        onDay={setDay}
        onChoose={each => setChosen(each === chosen ? null : each)}
        lookOf={lookOf}
        times={times}
        first={today - monthsAround}
        last={today + monthsAround}
      />
      {chosen !== null && (
        <ul className="stack tight" aria-live="polite">
          {on(chosen).map(stay => (
            <li key={stay.orderId} className="small">
              {times.span(stay.from, stay.until)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function stateOf(
  stay: StayView,
  now: number,
): keyof ReturnType<typeof useMarketMessages>['letting']['stayStates'] {
  if (stay.state.kind !== 'signed') return stay.state.kind
  if (stay.until <= now) return 'over'
  return stay.from <= now ? 'now' : 'signed'
}

const tones: Partial<Record<ReturnType<typeof stateOf>, Tone>> = {
  toSign: 'attention',
  missed: 'attention',
  now: 'ok',
  signed: 'ok',
  waiting: 'info',
  withBox: 'info',
  signing: 'info',
}

function Stay({ stay, view, times }: { stay: StayView; view: LettingView; times: ZoneTimes }) {
  const { letting: words } = useMarketMessages()
  const { language } = useFormats()
  const market = useMarket()
  const names = useNames()
  const now = useNow()
  const { send, task, isBusy, view: signing } = useSigning(MarketFailure)
  const [code, setCode] = useState<string | null>(null)
  const state = stateOf(stay, now)
  const { deviceId } = view
  const sign = () =>
    send(
      () => market.proposeSign(deviceId, stay.orderId),
      () => void market.readLetting(deviceId),
    )
  const signAgain = async () => {
    const signed = await task.run(() => market.signAgain(deviceId, stay.orderId))
    if (signed) setCode(signed.value)
  }
  return (
    <div className="stack snug">
      <div className="row-line">
        <span className="grow">
          <span className="row-title">{times.span(stay.from, stay.until)}</span>
          <br />
          <span className="row-note">{names.ofAddress(stay.payer) ?? shortHash(stay.payer)}</span>
        </span>
        <span className="amount">{shortAmount(stay.paid, language)}</span>
      </div>
      <div className="badges">
        <span className={`badge tone-${tones[state] ?? 'plain'}`}>{words.stayStates[state]}</span>
      </div>
      {stay.state.kind === 'toSign' && (
        <>
          <p className="row-note">{words.signBy(times.moment(stay.state.deadline))}</p>
          <Button look="primary" icon={PenLine} wide busy={isBusy} onClick={sign}>
            {words.sign}
          </Button>
        </>
      )}
      {stay.needsNewKey && stay.until > now && (
        <Notice
          tone="attention"
          title={words.needsNewKey}
          actions={
            <Button icon={QrCode} busy={isBusy} onClick={() => void signAgain()}>
              {words.signAgain}
            </Button>
          }
        />
      )}
      {signing}
      {code !== null && (
        <Sheet title={words.newKeyTitle} onClose={() => setCode(null)}>
          <p className="prose soft">{words.newKeyBody}</p>
          <CodeToShow text={code} label={words.newKeyTitle} />
        </Sheet>
      )}
    </div>
  )
}
