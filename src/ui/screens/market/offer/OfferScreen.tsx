// An offer as anybody sees it: price, what has to be known before paying, when, and the way to the key.
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSearch } from 'wouter'
import type { OfferView } from '../../../../app/market/market.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { exactAmount, shortAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats, useMessages } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import type { ChosenTime } from '../calendar/ChooseTime.tsx'
import { useHours } from '../calendar/useHours.ts'
import { keyName } from '../keys/keyName.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket, useMetLocks } from '../marketContext.tsx'
import { useZoneTimes } from '../marketTimes.ts'
import { useRead } from '../useRead.ts'
import { Book } from './Book.tsx'
import { OfferFacts } from './OfferFacts.tsx'
import { OfferTruths } from './OfferTruths.tsx'
import { TermsCheck } from './TermsCheck.tsx'
import { Total, totalOf } from './Total.tsx'
import { usePaying } from './usePaying.tsx'

/** Milliseconds. */
const lookAgainAfter = 30_000

const isOfferId = (text: string): text is `0x${string}` => /^0x[0-9a-f]{64}$/.test(text)

/** `id` as it stands in the address. */
export function OfferScreen({ id }: { id: string }) {
  const { offer: words } = useMarketMessages()
  const lower = id.toLowerCase()
  return isOfferId(lower) ? <Reading offerId={lower} /> : <NotFoundScreen title={words.notFound} />
}

function Reading({ offerId }: { offerId: `0x${string}` }) {
  const { offer: words } = useMarketMessages()
  const { common } = useMessages()
  const market = useMarket()
  const block = Number(new URLSearchParams(useSearch()).get('b') ?? Number.NaN)
  const reference = useMemo(
    () => ({ offerId, block: Number.isSafeInteger(block) && block >= 0 ? block : null }),
    [offerId, block],
  )
  const read = useCallback(() => market.readOffer(reference), [market, reference])
  const { value, failure, again } = useRead(read)
  // Whoever was sent the link a minute too early need not press anything.
  useEffect(() => {
    if (failure?.kind !== 'offerNotFinal') return
    const timer = setTimeout(again, lookAgainAfter)
    return () => clearTimeout(timer)
  }, [failure, again])
  if (value !== null) return <Offer offer={value} />
  return (
    <Screen title={words.title} back={paths.keys}>
      {failure === null ? (
        <div className="stack" role="status">
          <p className="soft">{words.loading}</p>
          <div className="skeleton" />
        </div>
      ) : (
        <MarketFailure
          failure={failure}
          isAnswer={false}
          actions={<Button onClick={again}>{common.retry}</Button>}
        />
      )}
    </Screen>
  )
}

function Offer({ offer }: { offer: OfferView }) {
  return offer.state === 'live' ? <LiveOffer offer={offer} /> : <Page offer={offer} />
}

function LiveOffer({ offer }: { offer: OfferView }) {
  const words = useMarketMessages()
  const { language } = useFormats()
  const market = useMarket()
  const owner = useReadable(useWallet().owner)
  const { deviceId, legalHash } = offer.terms
  const read = useCallback((range: HourRange) => market.readHours(deviceId, range), [market, deviceId])
  const hours = useHours(read)
  const search = useSearch()
  const [chosen, setChosen] = useState(() => chosenBefore(search))
  const paying = usePaying(offer, hours.again)
  // The lock itself has said that it has no room for the proof: money for it would be lost.
  const met = useReadable(useMetLocks()).get(deviceId)
  const isInVain = offer.terms.isInstant && met?.takesProofs === false
  const total = useRef<HTMLDivElement>(null)
  const isBack = useRef(chosen !== null)
  const isCalendarThere = hours.states !== null
  // Back from making a wallet: to where the way to it began, once nothing above grows any more.
  useEffect(() => {
    if (!isBack.current || !isCalendarThere) return
    isBack.current = false
    total.current?.scrollIntoView({ block: 'center' })
  }, [isCalendarThere])
  return (
    <Page
      offer={offer}
      actions={
        (chosen === null || owner !== null) && (
          <Button
            look="primary"
            wide
            busy={paying.isBusy}
            disabled={chosen === null || isInVain}
            onClick={() => {
              if (chosen !== null) paying.pay(chosen)
            }}
          >
            {isInVain
              ? words.offer.payInVain
              : chosen === null
                ? words.offer.payNeedsTime
                : words.offer.pay(exactAmount(totalOf(offer, chosen), language))}
          </Button>
        )
      }
    >
      <Section title={words.offer.truths}>
        <OfferTruths offer={offer} />
      </Section>
      <TermsCheck hash={legalHash} />
      <Book offer={offer} hours={hours} chosen={chosen} onChoose={setChosen} />
      {chosen !== null && (
        <div ref={total} className="stack">
          <Total offer={offer} chosen={chosen} />
        </div>
      )}
      {paying.view}
    </Page>
  )
}

/** What was chosen before there was a wallet: the way back names it. Whether it still is free is seen when it is paid. */
function chosenBefore(search: string): ChosenTime | null {
  const query = new URLSearchParams(search)
  const start = Number(query.get('at') ?? Number.NaN)
  const quantity = Number(query.get('n') ?? Number.NaN)
  return Number.isSafeInteger(start) && start > 0 && Number.isSafeInteger(quantity) && quantity > 0
    ? { start, quantity }
    : null
}

function Page({ offer, actions, children }: { offer: OfferView; actions?: ReactNode; children?: ReactNode }) {
  const words = useMarketMessages()
  const { language } = useFormats()
  const { terms, state } = offer
  const times = useZoneTimes(terms.utcOffset)
  const wallet = useWallet()
  const isOwn = useReadable(wallet.owner)?.address === terms.owner
  const known = useReadable(useMarket().keys).find(key => key.offer?.offerId === offer.offerId)
  const device = useReadable(wallet.devices).find(each => each.deviceId === terms.deviceId)
  return (
    <Screen
      title={device?.name ?? (known === undefined ? words.offer.title : keyName(known, words.keys))}
      back={paths.keys}
      notices={false}
      actions={actions}
    >
      <section className="card stack">
        <p className="price">
          {shortAmount(offer.price, language)} <small>{words.offer.per[terms.unit]}</small>
        </p>
        <p className="soft">{unitText(offer, words.offer, times)}</p>
        <ProofLink evidence={offer.evidence} manifest={null} />
      </section>
      {isOwn && <Notice tone="info" title={words.offer.ofSelf} />}
      {state !== 'live' && (
        <Notice tone="attention" title={words.offer.states[state]}>
          {words.offer.stateNotes[state]}
        </Notice>
      )}
      {children}
      <OfferFacts offer={offer} times={times} />
    </Screen>
  )
}

function unitText(
  { terms }: OfferView,
  words: ReturnType<typeof useMarketMessages>['offer'],
  times: ReturnType<typeof useZoneTimes>,
): string {
  const { unit, startHour, slotHours, maxQuantity } = terms
  const end = startHour + slotHours
  switch (unit) {
    case 'night':
      return end > 24
        ? words.nightNext(times.hour(startHour), times.hour(end - 24))
        : words.night(times.hour(startHour), times.hour(end))
    case 'stay':
      return words.perStay(slotHours % 24 === 0 ? words.daysLong(slotHours / 24) : words.hoursLong(slotHours))
    case 'hour':
      return words.hourly(words.hoursLong(maxQuantity))
    case 'product':
      return words.product
  }
}
