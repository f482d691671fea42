// The offers of one lock: what each brought, pausing it, giving it to others.
import { CalendarClock, ChevronRight, Pause, Play, Share2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { LettingView, OwnOfferView } from '../../../../app/market/letting.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import type { Tone } from '../../../deviceState.ts'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ShareSheet } from './ShareSheet.tsx'

const tones: Record<OwnOfferView['state'], Tone> = {
  live: 'ok',
  making: 'info',
  paused: 'plain',
  ended: 'plain',
  unfulfillable: 'attention',
}

export function Offers({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  return (
    <Section
      title={words.offers}
      side={
        view.offers.length > 0 && (
          <LinkButton look="quiet" icon={CalendarClock} href={paths.saleHours(view.deviceId)}>
            {words.calendar}
          </LinkButton>
        )
      }
    >
      {view.offers.length === 0 ? (
        <div className="card stack tight">
          <p className="row-title">{words.offersNone}</p>
          <p className="soft">{words.offersNoneBody}</p>
        </div>
      ) : (
        <ul className="stack snug">
          {view.offers.map(offer => (
            <li key={offer.offerId}>
              <OfferCard offer={offer} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function OfferCard({ offer }: { offer: OwnOfferView }) {
  const words = useMarketMessages()
  const { language } = useFormats()
  const market = useMarket()
  const { send, isBusy, isUnderWay, isFinal, paymentId, view } = useSigning(MarketFailure)
  const [isSharing, setSharing] = useState(false)
  const { offerId, state, terms } = offer
  const canPause = state === 'live' || state === 'paused'
  const pause = () =>
    send(
      () => market.proposePause(offerId, state === 'live'),
      () => void market.readLetting(terms.deviceId),
    )
  return (
    <article className="card stack snug">
      <Link href={paths.offer(offerId)} className="plain-link row-line">
        <span className="grow">
          <span className="row-title">
            {shortAmount(offer.price, language)} {words.offer.per[terms.unit]}
          </span>
          <br />
          <span className="row-note">
            {terms.isInstant ? words.editor.kinds.instant : words.editor.kinds.escrow}
            {offer.earned.value > 0n && ` · ${words.letting.earned} ${shortAmount(offer.earned, language)}`}
          </span>
        </span>
        <ChevronRight size={18} className="chevron" aria-hidden />
      </Link>
      <div className="badges">
        <span className={`badge tone-${tones[state]}`}>{words.letting.offerStates[state]}</span>
      </div>
      <div className="button-row">
        <Button icon={Share2} onClick={() => setSharing(true)} disabled={state === 'ended'}>
          {words.letting.share}
        </Button>
        {canPause && (
          <Button icon={state === 'live' ? Pause : Play} busy={isBusy} disabled={isUnderWay} onClick={pause}>
            {state === 'live' ? words.letting.pause : words.letting.resume}
          </Button>
        )}
      </div>
      {paymentId !== null && !isFinal && <PaymentNow id={paymentId} />}
      {view}
      {isSharing && <ShareSheet link={linkOf(offer, market)} onClose={() => setSharing(false)} />}
    </article>
  )
}

/** A link rather than a bare code: any camera opens it, also without this app. */
function linkOf({ offerId, block }: OwnOfferView, market: ReturnType<typeof useMarket>): string {
  const { path } = market.offerCode({ offerId, block })
  return `${location.origin}${import.meta.env.BASE_URL.replace(/\/$/, '')}${path}`
}
