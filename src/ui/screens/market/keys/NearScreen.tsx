// Standing in front of a lock: it is asked who it is, and the chain what it lets.
import { Bluetooth, ChevronRight, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { NearbyLock, OfferView } from '../../../../app/market/market.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { DeviceGlyph } from '../../../components/DeviceGlyph.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useAddDevice } from '../../../useAddDevice.ts'
import { useReadable } from '../../../useReadable.ts'
import { DemoSheet } from '../../devices/DemoSheet.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMeetLock } from './useMeetLock.ts'

export function NearScreen() {
  const { near: words, keys } = useMarketMessages()
  const fob = useFob()
  const radio = useReadable(fob.radio)
  const devices = useReadable(fob.devices)
  const demos = useReadable(fob.demoDevices)
  const { asked, lock, failure, ask } = useMeetLock()
  const [isDemoOpen, setDemoOpen] = useState(false)
  const adding = useAddDevice(deviceKey => void ask(deviceKey))
  const known = devices.filter(({ record, reachable }) => record.source === 'demo' || reachable)
  const isBusy = asked !== null
  return (
    <Screen
      title={words.title}
      back={paths.keys}
      actions={
        radio === 'ready' && (
          <Button look="primary" icon={Bluetooth} wide busy={adding.isOpen || isBusy} onClick={adding.add}>
            {isBusy ? words.looking : words.look}
          </Button>
        )
      }
    >
      <p className="prose soft">{words.intro}</p>
      {radio === 'unsupported' && (
        <Notice
          tone="attention"
          title={words.noRadio}
          actions={<LinkButton href={paths.keysScan}>{keys.scan}</LinkButton>}
        >
          {words.noRadioBody}
        </Notice>
      )}
      <p className="hidden-text" role="status">
        {isBusy ? words.looking : ''}
      </p>
      {adding.failure !== null && adding.failure.kind !== 'chooserCancelled' && (
        <MarketFailure failure={adding.failure} />
      )}
      {failure !== null && <MarketFailure failure={failure} />}
      {lock !== null && <Found lock={lock} />}
      {(known.length > 0 || demos.length > 0) && (
        <Section title={words.demo}>
          <ul className="card flush rows">
            {known.map(({ record }) => (
              <li key={record.key}>
                <button
                  type="button"
                  className="row"
                  disabled={isBusy}
                  aria-busy={asked === record.key || undefined}
                  onClick={() => void ask(record.key)}
                >
                  <DeviceGlyph model={record.model} />
                  <span className="grow">
                    <span className="row-title breakable">{record.name}</span>
                    {asked === record.key && (
                      <>
                        <br />
                        <span className="row-note">{words.looking}</span>
                      </>
                    )}
                  </span>
                  <ChevronRight size={18} className="chevron" aria-hidden />
                </button>
              </li>
            ))}
            {demos.length > 0 && (
              <li>
                <button type="button" className="row" disabled={isBusy} onClick={() => setDemoOpen(true)}>
                  <FlaskConical size={20} aria-hidden />
                  <span className="grow row-title">{words.demoAdd}</span>
                  <ChevronRight size={18} className="chevron" aria-hidden />
                </button>
              </li>
            )}
          </ul>
        </Section>
      )}
      {isDemoOpen && (
        <DemoSheet
          onClose={() => setDemoOpen(false)}
          onAdded={deviceKey => {
            setDemoOpen(false)
            void ask(deviceKey)
          }}
        />
      )}
    </Screen>
  )
}

function Found({ lock }: { lock: NearbyLock }) {
  const { near: words } = useMarketMessages()
  if (lock.offers.length === 0)
    return (
      <Notice tone="info" title={words.noOffers} live>
        {lock.isPaired ? words.noOffersBody : words.notOwned}
      </Notice>
    )
  return (
    <Section title={words.offers}>
      <ul className="card flush rows">
        {lock.offers.map(offer => (
          <li key={offer.offerId}>
            <OfferRow offer={offer} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function OfferRow({ offer }: { offer: OfferView }) {
  const words = useMarketMessages()
  const { language } = useFormats()
  const { unit, slotHours, isInstant } = offer.terms
  const note = [
    ...(unit === 'stay' ? [words.offer.perStay(words.offer.hoursLong(slotHours))] : []),
    ...(offer.state === 'live' ? [] : [words.offer.states[offer.state]]),
    ...(isInstant ? [words.letting.instant] : []),
  ]
  return (
    <Link href={paths.offer(offer.offerId)} className="row">
      <span className="grow">
        <span className="row-title">
          {shortAmount(offer.price, language)} {words.offer.per[unit]}
        </span>
        {note.length > 0 && (
          <>
            <br />
            <span className="row-note">{note.join(' · ')}</span>
          </>
        )}
      </span>
      <ChevronRight size={18} className="chevron" aria-hidden />
    </Link>
  )
}
