// It is in the hatch; the receipt as a code, which the machine has signed.
import { ArrowDown, CircleCheck } from 'lucide-react'
import { Button } from '../../components/Button.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { unitAmount } from '../unitAmount.ts'
import { BoughtLine } from './BoughtLine.tsx'
import { Clears } from './Clears.tsx'
import type { SaleOf } from './SaleScreen.tsx'
import { SaleSteps } from './SaleSteps.tsx'

export function Dropped({
  sale,
  clearsIn,
  ...ways
}: Ways & { sale: SaleOf<'dropped'>; clearsIn: number | null }) {
  const messages = useKioskMessages()
  const { dropped: words, metered } = messages
  const { unit } = sale.product
  const isMetered = unit !== 'product'
  const amount = (count: number) => unitAmount(messages, unit, count)
  const isPart = sale.dropped < sale.quantity
  const said = isMetered
    ? isPart
      ? metered.part(amount(sale.dropped), amount(sale.quantity))
      : metered.all(amount(sale.dropped))
    : isPart
      ? words.part(sale.dropped, sale.quantity)
      : words.body
  return (
    <KioskFrame
      title={isMetered ? metered.done : words.title}
      spoken={isMetered ? metered.doneSpoken : words.spoken}
      look="moment"
      actions={
        <Button look="primary" wide onClick={ways.onStartOver}>
          {words.done}
        </Button>
      }
      {...ways}
    >
      <SaleSteps present="collect" />
      <span className="kiosk-sign tone-ok">
        <CircleCheck strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-hatch" role="status">
        {!isMetered && <ArrowDown aria-hidden />}
        {said}
      </p>
      <BoughtLine sale={sale} />
      <section className="kiosk-receipt">
        <QrCode text={sale.receipt.code} label={words.receipt} />
        <div>
          <h2>{words.receipt}</h2>
          <p>{words.receiptNote}</p>
          <p className="kiosk-soft">{sale.isSettled ? words.settled : words.settling}</p>
        </div>
      </section>
      <Clears seconds={clearsIn} />
    </KioskFrame>
  )
}
