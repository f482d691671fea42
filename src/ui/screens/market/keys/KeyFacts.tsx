// All that a key says: until when, at which hours, how often, what was paid, by whose word.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { KeyView } from '../../../../app/market/market.ts'
import { Fact, Facts, Section } from '../../../components/Facts.tsx'
import { exactAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useNow } from '../../../useNow.ts'
import { timesOfBits } from '../hours/weekly.ts'
import { weeklyText } from '../hours/weeklyText.ts'
import { ownOffset, type ZoneTimes } from '../marketTimes.ts'

export function KeyFacts({ view, times }: { view: KeyView; times: ZoneTimes }) {
  const { oneKey: words, keys } = useMarketMessages()
  const { payments } = useWalletMessages()
  const formats = useFormats()
  const now = useNow()
  const offset = view.utcOffset ?? ownOffset()
  const weekly = weeklyText(timesOfBits(view.weeklyHours, offset), times, formats)
  const isOver = ['revoked', 'moved', 'spent', 'refunded', 'notPaid'].includes(view.state.kind)
  const isRunning =
    !isOver && view.until !== null && view.until > now && (view.from === null || view.from <= now)
  return (
    <Section title={words.details}>
      <div className="card flush">
        <Facts>
          {view.kind === 'own' && (
            <Fact name={words.until} note={keys.ownNote}>
              {words.always}
            </Fact>
          )}
          {isRunning && view.until !== null && (
            <Fact name={words.timeLeft}>
              {view.until - now >= 2 * 86_400
                ? words.leftDays(Math.floor((view.until - now) / 86_400))
                : words.left(formats.duration(view.until - now))}
            </Fact>
          )}
          {view.from !== null && <Fact name={words.from}>{times.moment(view.from)}</Fact>}
          {view.until !== null && (
            <Fact name={words.until} note={view.utcOffset === null ? null : words.lockTime(times.zone)}>
              {times.moment(view.until)}
            </Fact>
          )}
          {view.kind !== 'own' && (
            <Fact name={words.hours}>
              {weekly.length === 0 ? words.anyHour : weekly.map(line => <div key={line}>{line}</div>)}
            </Fact>
          )}
          {view.kind !== 'own' && view.vends === null && (
            <Fact name={words.uses}>
              {view.uses === null ? words.usesAny : words.usesLeft(view.uses.left, view.uses.of)}
            </Fact>
          )}
          {view.paid !== null && <Fact name={words.paid}>{exactAmount(view.paid, formats.language)}</Fact>}
          {view.authorisedBy !== null && <Fact name={words.by}>{words.byWhom[view.authorisedBy]}</Fact>}
        </Facts>
        <div className="rows ruled">
          {view.offer !== null && (
            <Link href={paths.offer(view.offer.offerId)} className="row">
              <span className="grow row-title">{words.offer}</span>
              <ChevronRight size={18} className="chevron" aria-hidden />
            </Link>
          )}
          {view.paymentId !== null && (
            <Link href={paths.payment(view.paymentId)} className="row">
              <span className="grow row-title">{payments.transaction}</span>
              <ChevronRight size={18} className="chevron" aria-hidden />
            </Link>
          )}
        </div>
      </div>
    </Section>
  )
}
