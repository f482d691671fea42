// All products at once: picture, name, price, and how many are left.
import type { KioskProduct, ShownCatalogue } from '../../app/kiosk/kiosk.ts'
import { priceAmount } from '../i18n/amounts.ts'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { KioskFrame, type Ways } from './KioskFrame.tsx'
import { Picture } from './Picture.tsx'
import { textIn, useLocalPrice } from './productText.ts'

/** From this many on three stand side by side. */
const manyFrom = 9
/** From here down it is said how many are left. */
const fewFrom = 5

export function Grid({
  catalogue,
  onChoose,
  ...ways
}: Ways & { catalogue: ShownCatalogue; onChoose: (product: KioskProduct) => void }) {
  const { grid: words } = useKioskMessages()
  const shown = catalogue.products.filter(({ state }) => state !== 'notOffered')
  return (
    <KioskFrame title={words.title} spoken={words.spoken} {...ways}>
      <ul className={shown.length >= manyFrom ? 'kiosk-grid many' : 'kiosk-grid'}>
        {shown.map(product => (
          <li key={product.number}>
            <Tile product={product} onChoose={() => onChoose(product)} />
          </li>
        ))}
      </ul>
    </KioskFrame>
  )
}

function Tile({ product, onChoose }: { product: KioskProduct; onChoose: () => void }) {
  const { grid: words, units } = useKioskMessages()
  const { language } = useFormats()
  const local = useLocalPrice()(product.price)
  const { state, left } = product
  const isForSale = state === 'forSale'
  return (
    <button
      type="button"
      className="kiosk-tile"
      aria-disabled={!isForSale}
      onClick={isForSale ? onChoose : undefined}
    >
      <Picture cid={product.picture} />
      <span className="kiosk-tile-text">
        <span className="kiosk-tile-name">{textIn(product.name, language)}</span>
        <span className="kiosk-tile-line">
          <span className="kiosk-tile-price">
            {priceAmount(product.price, language)}
            {product.unit !== 'product' && ` ${units.each[product.unit]}`}
          </span>
          {local !== null && <span className="kiosk-tile-local">{words.about(local.text)}</span>}
        </span>
      </span>
      {!isForSale ? (
        <span className="kiosk-flag">{words.states[state]}</span>
      ) : (
        left !== null && left <= fewFrom && <span className="kiosk-flag few">{words.left(left)}</span>
      )}
    </button>
  )
}
