// The loop that invites: what is sold, moving slowly, and one thing to do. Still where less motion is wanted.
import { Pointer } from 'lucide-react'
import type { KioskProduct, ShownCatalogue } from '../../app/kiosk/kiosk.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import { priceAmount } from '../i18n/amounts.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { KioskHead } from './KioskFrame.tsx'
import { Picture } from './Picture.tsx'
import { textIn, useLocalPrice } from './productText.ts'
import { useSpoken } from './speak.ts'

/** Columns of the wall; each moves at a pace of its own. */
const columns = [0, 1, 2] as const
/** Pictures in each: enough for the tallest screen and its way. */
const rows = 5

export function Attract({
  catalogue,
  onTouch,
  onOwner,
}: {
  catalogue: ShownCatalogue
  onTouch: () => void
  onOwner: () => void
}) {
  const { attract: words } = useKioskMessages()
  const { language } = useFormats()
  const local = useLocalPrice()
  const shown = catalogue.products.filter(({ state }) => state !== 'notOffered')
  const least = cheapest(shown)
  useSpoken(words.spoken)
  return (
    <div className="kiosk attract">
      <div className="attract-wall" aria-hidden="true">
        {columns.map(column => (
          <div key={column} className="attract-column">
            {wallOf(shown, column).map(({ key, cid }) => (
              <Picture key={key} cid={cid} />
            ))}
          </div>
        ))}
      </div>
      <KioskHead onOwner={onOwner} />
      <main id="content" className="attract-main">
        <h1>{textIn(catalogue.title, language)}</h1>
        {least !== null && (
          <p className="attract-price">{words.from(local(least)?.text ?? priceAmount(least, language))}</p>
        )}
        <button type="button" className="attract-touch" onClick={onTouch}>
          <Pointer aria-hidden />
          <span>{words.touch}</span>
        </button>
        <p className="attract-promise">{words.promise}</p>
      </main>
    </div>
  )
}

/** Another order in each column, so that no picture stands beside itself. */
const wallOf = (products: readonly KioskProduct[], column: number) =>
  Array.from({ length: rows }, (_, row) => ({
    key: row,
    cid: products.at((row * columns.length + column * 2) % Math.max(1, products.length))?.picture ?? null,
  }))

function cheapest(products: readonly KioskProduct[]): Amount | null {
  const [first, ...others] = products.map(({ price }) => price)
  if (first === undefined) return null
  // What else is sold for another currency can't be compared.
  const same = others.filter(({ token }) => token === first.token)
  return same.reduce((least, price) => (price.value < least.value ? price : least), first)
}
