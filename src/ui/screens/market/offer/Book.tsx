// Choosing a time of an offer from the device’s free hours; works without a wallet.
import type { OfferView } from '../../../../app/market/market.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { ChooseTime, type ChosenTime } from '../calendar/ChooseTime.tsx'
import { lengthOf } from '../calendar/slots.ts'
import type { HoursView } from '../calendar/useHours.ts'
import { MarketFailure } from '../MarketFailure.tsx'

/** Seconds: an agent signs nothing in the last half hour, and a few minutes are needed to get there. */
const signingLead = 35 * 60
/** Seconds that have to be left of what is paid at once. */
const leastLeft = 300

/** Unix seconds: what begins earlier can’t be ordered in time. */
function earliestStart({ terms, finalitySeconds }: OfferView, now: number): number {
  return terms.isInstant ? now - lengthOf(terms, 1) + leastLeft : now + signingLead + (finalitySeconds ?? 0)
}

/** The calendar; `hours` as they were read. */
export function Book({
  offer,
  hours,
  chosen,
  onChoose,
}: {
  offer: OfferView
  hours: HoursView
  chosen: ChosenTime | null
  onChoose: (chosen: ChosenTime | null) => void
}) {
  const words = useMarketMessages()
  const { common } = useMessages()
  // In steps of a minute: a calendar that moves each second would be drawn again each second.
  const minute = Math.floor(useNow() / 60) * 60
  return (
    <Section title={words.calendar.title}>
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
        <ChooseTime
          terms={offer.terms}
          states={hours.states}
          earliest={earliestStart(offer, minute)}
          chosen={chosen}
          onChoose={onChoose}
        />
      )}
    </Section>
  )
}
