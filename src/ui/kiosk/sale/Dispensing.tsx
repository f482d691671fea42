// The machine is on it: the product on its way down, and where to take it.
import { ArrowDown } from 'lucide-react'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { Picture } from '../Picture.tsx'
import { textIn } from '../productText.ts'
import type { SaleOf } from './SaleScreen.tsx'
import { SaleSteps } from './SaleSteps.tsx'
import { TroubleNotice } from './Unfinished.tsx'

export function Dispensing({ sale, ...ways }: Ways & { sale: SaleOf<'dispensing'> }) {
  const { dispensing: words } = useKioskMessages()
  const { language } = useFormats()
  return (
    <KioskFrame title={words.title} spoken={words.spoken} look="moment" {...ways}>
      <SaleSteps present="collect" />
      <div className="kiosk-chute">
        <Picture cid={sale.product.picture} />
      </div>
      <p className="kiosk-lead" role="status">
        {textIn(sale.product.name, language)}
      </p>
      <p className="kiosk-hatch">
        <ArrowDown aria-hidden /> {words.body}
      </p>
      <TroubleNotice trouble={sale.trouble} />
    </KioskFrame>
  )
}
