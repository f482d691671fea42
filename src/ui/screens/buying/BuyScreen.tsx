// A kiosk’s code, opened: the price and where it goes, one button, the wallet’s sheet. Without a code, what was bought before.
import { lazy, type ReactNode, useCallback, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { SaleRequest, SoldProduct } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { exactAmount, shortAmount } from '../../i18n/amounts.ts'
import { shortHash } from '../../i18n/formats.ts'
import { labelled } from '../../i18n/punctuation.ts'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { textIn } from '../../kiosk/productText.ts'
import { paths } from '../../paths.ts'
import { saleCodeIn } from '../../saleLink.ts'
import { useNow } from '../../useNow.ts'
import { useVerifiedImage } from '../../useVerifiedImage.ts'
import { useVaultState } from '../../walletContext.tsx'
import { useRead } from '../market/useRead.ts'
import { NeedsWallet } from '../wallet/NeedsWallet.tsx'
import { BuyFailure } from './BuyFailure.tsx'
import { useBuyer } from './buyerContext.ts'
import { PrepaidLink } from './PrepaidLink.tsx'
import { usePayingSale } from './usePayingSale.tsx'

/** Whoever comes with a code waits for nothing else. */
const Purchases = lazy(async () => ({ default: (await import('./Purchases.tsx')).Purchases }))

export function BuyScreen() {
  const code = useCodeInAddress()
  return code === null ? <Purchases /> : <Reading key={code} code={code} />
}

/** Behind the #: the app’s host never sees it. */
function useCodeInAddress(): string | null {
  const [code, setCode] = useState(() => saleCodeIn(location.hash))
  useEffect(() => {
    const read = () => setCode(saleCodeIn(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  return code
}

function Reading({ code }: { code: string }) {
  const words = useBuyingMessages()
  const { common } = useMessages()
  const buyer = useBuyer()
  const { value, failure, again } = useRead(useCallback(() => buyer.read(code), [buyer, code]))
  if (value !== null) return <Offered request={value} />
  return (
    <Screen title={words.title} back={paths.bought} notices={false}>
      {failure === null ? (
        <div className="stack" role="status">
          <p className="soft">{words.reading}</p>
          <div className="skeleton" />
        </div>
      ) : (
        <BuyFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
      )}
    </Screen>
  )
}

function Offered({ request }: { request: SaleRequest }) {
  const words = useBuyingMessages()
  const formats = useFormats()
  const now = useNow()
  const [, navigate] = useLocation()
  const hasVault = useVaultState().kind !== 'none'
  const paying = usePayingSale(request, id => navigate(paths.boughtThing(id), { replace: true }))
  const { total, terms, quantity, until, state, instant } = request
  const isOver = until <= now
  const onTrust = instant?.isEnough === true
  const canPay = hasVault && !isOver && state === 'live' && (onTrust || request.order)
  const exact = exactAmount(total, formats.language)
  const actions: ReactNode = canPay && (
    <>
      <Button
        look="primary"
        wide
        busy={paying.isBusy}
        onClick={() => paying.pay(onTrust ? 'instant' : 'order')}
      >
        {onTrust ? words.sign(exact) : words.pay(exact)}
      </Button>
      {onTrust && request.order && (
        <Button look="quiet" wide disabled={paying.isBusy} onClick={() => paying.pay('order')}>
          {words.other}
        </Button>
      )}
    </>
  )
  return (
    <Screen title={words.title} back={paths.bought} notices={false} actions={actions}>
      <section className="card stack">
        {request.product !== null && <Product code={request.code} product={request.product} />}
        <p className="price">{exact}</p>
        <p className="soft">
          {onTrust ? words.signNote(shortAmount(instant.prepaid, formats.language)) : words.promise}
        </p>
        <ProofLink evidence={request.evidence} manifest={null} />
      </section>
      {isOver ? (
        <Notice tone="attention" title={words.over.title} live>
          {words.over.body}
        </Notice>
      ) : (
        <p className="row-note indent">{words.until(formats.duration(until - now))}</p>
      )}
      {state !== 'live' && (
        <Notice tone="attention" title={words.states[state].title}>
          {words.states[state].body}
        </Notice>
      )}
      {!hasVault && <NeedsWallet then={`${paths.bought}${location.hash}`} words={words} />}
      {canPay && instant !== null && !onTrust && <PrepaidLink note={words.prepaid.hint} />}
      {paying.view}
      <section className="card flush">
        <Facts>
          <Fact name={words.title} note={words.slot(terms.slot)}>
            {words.thing(quantity)}
          </Fact>
          <Fact name={words.kiosk}>
            <span className="breakable">{shortHash(request.deviceId)}</span>
          </Fact>
          <Fact name={words.paidTo}>
            {words.parties(terms.shares.length)}
            {terms.shares.map(({ payee, amount }) => (
              <div key={payee} className="note breakable">
                {labelled(
                  shortHash(payee),
                  shortAmount({ ...total, value: amount * BigInt(quantity) }, formats.language),
                  formats.language,
                )}
              </div>
            ))}
          </Fact>
        </Facts>
      </section>
    </Screen>
  )
}

/** In the words of the owner’s catalogue: that this is their price, the chain has said. */
function Product({ code, product }: { code: string; product: SoldProduct }) {
  const buyer = useBuyer()
  const { language } = useFormats()
  const picture = useVerifiedImage(product.picture, cid => buyer.picture(code, cid))
  const note = textIn(product.note, language)
  return (
    <>
      {picture !== null && <img className="product-picture" src={picture} alt="" />}
      <h2 className="breakable">{textIn(product.name, language)}</h2>
      {note !== '' && <p className="soft">{note}</p>}
    </>
  )
}
