// One product, large: what it is, how many, and the way to pay.
import { Minus, Plus, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { BeginFailure, KioskProduct } from '../../app/kiosk/kiosk.ts'
import { Button } from '../components/Button.tsx'
import { Notice } from '../components/Notice.tsx'
import { exactAmount, priceAmount } from '../i18n/amounts.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { KioskFrame, type Ways } from './KioskFrame.tsx'
import { useKiosk } from './kioskContext.tsx'
import { Picture } from './Picture.tsx'
import { textIn, useLocalPrice } from './productText.ts'
import { unitAmount } from './unitAmount.ts'

/** By how much a press changes what is wanted. */
const steps: Record<KioskProduct['unit'], number> = { product: 1, tenWattHours: 10, minute: 5 }

export function ProductPage({
  product,
  onBack,
  ...ways
}: Ways & { product: KioskProduct; onBack: () => void }) {
  const messages = useKioskMessages()
  const { product: words, grid, begin, units, metered } = messages
  const { language } = useFormats()
  const kiosk = useKiosk()
  const localPrice = useLocalPrice()
  const { unit } = product
  const isMetered = unit !== 'product'
  const step = steps[unit]
  const [quantity, setQuantity] = useState(isMetered ? 3 * step : 1)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<BeginFailure | null>(null)
  const most = Math.max(1, Math.min(product.terms.maxQuantity, product.left ?? 1))
  const chosen = Math.min(quantity, most)
  const total = { ...product.price, value: product.price.value * BigInt(chosen) }
  const local = localPrice(total)
  const name = textIn(product.name, language)
  const note = textIn(product.note, language)
  const isForSale = product.state === 'forSale'

  const pay = async () => {
    setBusy(true)
    setFailure(null)
    const begun = await kiosk.begin(product.number, chosen)
    setBusy(false)
    if (!begun.ok) setFailure(begun.error)
  }
  return (
    <KioskFrame
      title={name}
      spoken={words.spoken(name, priceAmount(product.price, language))}
      look="product"
      onBack={onBack}
      actions={
        <Button look="primary" wide busy={isBusy} disabled={!isForSale} onClick={() => void pay()}>
          {isBusy ? words.starting : words.buy(exactAmount(total, language))}
        </Button>
      }
      {...ways}
    >
      <Picture cid={product.picture} />
      {note !== '' && <p className="kiosk-lead">{note}</p>}
      <div className="kiosk-price">
        <p>
          <strong>{priceAmount(product.price, language)}</strong>
          {most > 1 && <span> {units.each[unit]}</span>}
        </p>
        {local !== null && <p className="kiosk-soft">{grid.about(local.text)}</p>}
      </div>
      {most > 1 && (
        <fieldset className="kiosk-many">
          <legend>{isMetered ? metered.howMuch : words.howMany}</legend>
          <button
            type="button"
            aria-label={words.fewer}
            disabled={chosen <= 1}
            onClick={() => setQuantity(Math.max(1, chosen - step))}
          >
            <Minus aria-hidden />
          </button>
          <output>{unitAmount(messages, unit, chosen)}</output>
          <button
            type="button"
            aria-label={words.more}
            disabled={chosen >= most}
            onClick={() => setQuantity(Math.min(most, chosen + step))}
          >
            <Plus aria-hidden />
          </button>
        </fieldset>
      )}
      <p className="kiosk-promise">
        <ShieldCheck aria-hidden /> {isMetered ? metered.refund : words.refund}
      </p>
      {product.state !== 'forSale' && <Notice tone="attention" title={grid.states[product.state]} live />}
      {failure !== null && (
        <Notice tone="attention" title={begin[failure.kind].title} live>
          {begin[failure.kind].body}
        </Notice>
      )}
    </KioskFrame>
  )
}
