// Something went wrong: why, that the money goes back by itself, and that it did.
import { HandCoins, Undo2 } from 'lucide-react'
import { Bar } from '../../components/Bar.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { BoughtLine } from './BoughtLine.tsx'
import { Clears } from './Clears.tsx'
import type { SaleOf } from './SaleScreen.tsx'

export function Refund({
  sale,
  clearsIn,
  ...ways
}: Ways & { sale: SaleOf<'refunding'> | SaleOf<'refunded'>; clearsIn: number | null }) {
  const words = useKioskMessages()
  const { dateTime } = useFormats()
  if (sale.kind === 'refunding')
    return (
      <KioskFrame title={words.refunding.title} spoken={words.refunding.spoken} look="moment" {...ways}>
        <span className="kiosk-sign tone-attention">
          <Undo2 strokeWidth={1.5} aria-hidden />
        </span>
        <p className="kiosk-lead">{words.why[sale.why]}</p>
        <div className="kiosk-refund" role="status">
          <strong>{words.refunding.sub}</strong>
          <p>{sale.at === null ? words.refunding.now : words.refunding.by(dateTime(sale.at))}</p>
          <Bar fraction={null} label={words.refunding.title} text={words.refunding.sub} />
        </div>
        <BoughtLine sale={sale} />
        <Clears seconds={clearsIn} />
      </KioskFrame>
    )
  const { title, body, spoken } = sale.wasCharged
    ? words.refunded
    : {
        title: words.refunded.notCharged,
        body: words.refunded.notChargedBody,
        spoken: words.refunded.spokenNot,
      }
  return (
    <KioskFrame title={title} spoken={spoken} look="moment" {...ways}>
      <span className="kiosk-sign tone-ok">
        <HandCoins strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-lead" role="status">
        {body}
      </p>
      <p className="kiosk-soft">{words.why[sale.why]}</p>
      <BoughtLine sale={sale} />
      <Clears seconds={clearsIn} />
    </KioskFrame>
  )
}
