// Energy or time that runs: how much was given of what was paid for, what it has cost by now, and the way to stop it.
import { PlugZap, Square } from 'lucide-react'
import { useState } from 'react'
import { Bar } from '../../components/Bar.tsx'
import { Button } from '../../components/Button.tsx'
import { shortAmount } from '../../i18n/amounts.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { KioskDialog } from '../KioskDialog.tsx'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { useKiosk } from '../kioskContext.tsx'
import { textIn } from '../productText.ts'
import { unitAmount } from '../unitAmount.ts'
import type { SaleOf } from './SaleScreen.tsx'
import { SaleSteps } from './SaleSteps.tsx'
import { TroubleNotice } from './Unfinished.tsx'

export function Running({
  sale,
  metered: { given, isStopping },
  ...ways
}: Ways & { sale: SaleOf<'dispensing'>; metered: NonNullable<SaleOf<'dispensing'>['metered']> }) {
  const messages = useKioskMessages()
  const { metered: words } = messages
  const { language } = useFormats()
  const kiosk = useKiosk()
  const [isAsking, setAsking] = useState(false)
  const { product, quantity } = sale
  const amount = (count: number) => unitAmount(messages, product.unit, count)
  const used = words.used(amount(given), amount(quantity))
  const cost = { ...product.price, value: product.price.value * BigInt(given) }
  const stop = () => {
    setAsking(false)
    void kiosk.stop()
  }
  return (
    <KioskFrame
      title={words.title}
      spoken={words.spoken}
      look="moment"
      actions={
        <Button look="primary" icon={Square} wide busy={isStopping} onClick={() => setAsking(true)}>
          {isStopping ? words.stopping : words.stop}
        </Button>
      }
      {...ways}
    >
      <SaleSteps present="collect" />
      <span className="kiosk-sign tone-ok">
        <PlugZap strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-lead">{textIn(product.name, language)}</p>
      <div className="kiosk-price" role="status">
        <p>
          <strong>{used}</strong>
        </p>
        <p className="kiosk-soft">{words.cost(shortAmount(cost, language))}</p>
      </div>
      <div className="kiosk-bar">
        <Bar fraction={Math.min(1, given / Math.max(1, quantity))} label={words.title} text={used} />
      </div>
      <p className="kiosk-soft">{words.note}</p>
      <TroubleNotice trouble={sale.trouble} />
      {isAsking && !isStopping && (
        <KioskDialog
          title={words.stopTitle}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{words.goOn}</Button>
              <Button look="danger" onClick={stop}>
                {words.stop}
              </Button>
            </>
          }
        >
          <p>{words.stopBody(amount(Math.max(0, quantity - given)))}</p>
        </KioskDialog>
      )}
    </KioskFrame>
  )
}
