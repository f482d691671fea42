// To be paid: a code for the phone, the exact amount, the time that is left, and what is seen of the payment so far.
import { Camera, Smartphone, Wallet } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { PayOffer } from '../../../app/kiosk/kiosk.ts'
import { checksumAddress } from '../../../core/wallet/address.ts'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { useFob } from '../../fobContext.ts'
import { exactAmount, priceAmount } from '../../i18n/amounts.ts'
import { addressGroups } from '../../i18n/formats.ts'
import { clauses } from '../../i18n/punctuation.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { saleLink } from '../../saleLink.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { useKiosk } from '../kioskContext.tsx'
import { textIn, useLocalPrice } from '../productText.ts'
import { BoughtLine } from './BoughtLine.tsx'
import type { SaleOf } from './SaleScreen.tsx'
import { SaleSteps } from './SaleSteps.tsx'

const Scanner = lazy(async () => ({ default: (await import('../../components/scan/Scanner.tsx')).Scanner }))

const lastMinute = 60

export function PayPage({ sale, ...ways }: Ways & { sale: SaleOf<'paying'> }) {
  const { pay: words, grid, trouble, failures } = useKioskMessages()
  const { language } = useFormats()
  const local = useLocalPrice()(sale.total)
  const now = useNow()
  const till = sale.offers.find(offer => offer.way === 'till')
  const fob = sale.offers.find(offer => offer.way !== 'till')
  const [wanted, setWanted] = useState<'till' | 'fob'>('till')
  const chosen = (wanted === 'till' ? till : fob) ?? till ?? fob
  const left = Math.max(0, sale.until - now)
  const isLate = left < lastMinute
  const spoken = words.spoken(priceAmount(sale.total, language), textIn(sale.product.name, language))
  return (
    <KioskFrame title={words.title} spoken={spoken} look="pay" hasVisibleTitle={false} {...ways}>
      <SaleSteps present="pay" />
      <BoughtLine sale={sale} />
      {till !== undefined && fob !== undefined && (
        <fieldset className="kiosk-ways">
          <legend className="hidden-text">{words.ways}</legend>
          {(['till', 'fob'] as const).map(way => (
            <label key={way}>
              <input type="radio" name="way" checked={wanted === way} onChange={() => setWanted(way)} />
              {way === 'till' ? <Wallet aria-hidden /> : <Smartphone aria-hidden />}
              <span>{words[way]}</span>
            </label>
          ))}
        </fieldset>
      )}
      {sale.trouble !== null && (
        <Notice tone="attention" title={trouble[sale.trouble].title} live>
          {trouble[sale.trouble].body}
        </Notice>
      )}
      {sale.refused !== null && (
        <Notice tone="attention" title={failures[sale.refused.kind].title} live>
          {failures[sale.refused.kind].meaning} {failures[sale.refused.kind].next}
        </Notice>
      )}
      {chosen !== undefined && (
        <Code offer={chosen} hasInstant={sale.offers.some(({ way }) => way === 'instant')} />
      )}
      {local !== null && (
        <p className="kiosk-address kiosk-rate">
          {clauses([grid.about(local.text), words.rate(local.day)], language)}
        </p>
      )}
      <div className="kiosk-live">
        <p role="status">
          <span className="kiosk-pulse" aria-hidden="true" />
          <strong>{words.waiting}</strong>
        </p>
        <p className={isLate ? 'kiosk-clock late' : 'kiosk-clock'}>
          <span className="hidden-text">{words.left} </span>
          <time>{clock(left)}</time>
        </p>
      </div>
      {isLate && <p className="kiosk-soft">{words.lastMinute}</p>}
    </KioskFrame>
  )
}

function Code({ offer, hasInstant }: { offer: PayOffer; hasInstant: boolean }) {
  const { pay: words } = useKioskMessages()
  const { language } = useFormats()
  const network = useReadable(useFob().network)
  // To be pasted into a terminal; a person with a phone has no use for it.
  const isDemo = network.status === 'ready' && network.config.demo !== undefined
  if (offer.way !== 'till')
    return (
      <section className="kiosk-code">
        <p className="kiosk-lead">{words.fobStep}</p>
        <QrCode text={saleLink(offer.code)} label={words.code} />
        {hasInstant && <ByCamera />}
      </section>
    )
  return (
    <section className="kiosk-code">
      <p className="kiosk-lead">{words.tillStep}</p>
      <QrCode text={offer.uri} label={words.code} />
      <p className="kiosk-exact">
        <span className="hidden-text">{words.exactly} </span>
        {exactAmount(offer.exact, language)}
      </p>
      <p className="kiosk-soft">{words.exactNote}</p>
      <p className="kiosk-address">
        {words.to} <span>{addressGroups(checksumAddress(offer.to)).join('\u200b')}</span>
      </p>
      {isDemo && <p className="kiosk-address kiosk-link">{offer.uri}</p>}
    </section>
  )
}

/** For a phone that can’t reach the kiosk over the network: what it has signed, held before the kiosk’s camera. */
function ByCamera() {
  const { pay: words } = useKioskMessages()
  const kiosk = useKiosk()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <p className="kiosk-soft">{words.instant}</p>
      {isOpen ? (
        <Suspense fallback={<div className="viewfinder" />}>
          <Scanner
            facing="user"
            onStop={() => setOpen(false)}
            onText={text => {
              setOpen(false)
              void kiosk.takeSignedOrder(text)
            }}
          />
        </Suspense>
      ) : (
        <Button icon={Camera} onClick={() => setOpen(true)}>
          {words.camera}
        </Button>
      )}
    </>
  )
}

/** `4:05`, from seconds. */
const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`
