// What this sale is of, in one line: picture, how many, name, price.
import type { KioskSale } from '../../../app/kiosk/kiosk.ts'
import { priceAmount } from '../../i18n/amounts.ts'
import { clauses } from '../../i18n/punctuation.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { Picture } from '../Picture.tsx'
import { textIn, useLocalPrice } from '../productText.ts'
import { unitAmount } from '../unitAmount.ts'

export function BoughtLine({ sale }: { sale: Exclude<KioskSale, { readonly kind: 'idle' }> }) {
  const messages = useKioskMessages()
  const { grid } = messages
  const { language } = useFormats()
  const local = useLocalPrice()(sale.total)
  const name = textIn(sale.product.name, language)
  const { unit } = sale.product
  const nameWithAmount =
    unit !== 'product'
      ? clauses([name, unitAmount(messages, unit, sale.quantity)], language)
      : sale.quantity === 1
        ? name
        : `${String(sale.quantity)} × ${name}`
  return (
    <div className="kiosk-bought">
      <Picture cid={sale.product.picture} />
      <p className="kiosk-bought-name">{nameWithAmount}</p>
      <p className="kiosk-bought-price">
        <strong>{priceAmount(sale.total, language)}</strong>
        {local !== null && <span>{grid.about(local.text)}</span>}
      </p>
    </div>
  )
}
