// What stands before a customer: the loop that invites, the products, one of them, or the sale that is under way.
import { lazy, useCallback, useEffect, useState } from 'react'
import type { KioskSale } from '../../app/kiosk/kiosk.ts'
import { useFrame } from '../fobContext.ts'
import { useReadable } from '../useReadable.ts'
import { Attract } from './Attract.tsx'
import { Closed } from './Closed.tsx'
import { fillScreen } from './fillScreen.ts'
import { Grid } from './Grid.tsx'
import { IdleWarning } from './IdleWarning.tsx'
import { useKiosk } from './kioskContext.tsx'
import { ProductPage } from './ProductPage.tsx'
import { SaleScreen } from './sale/SaleScreen.tsx'
import { useIdle } from './useIdle.ts'

const OwnerDoor = lazy(async () => ({ default: (await import('./inside/OwnerDoor.tsx')).OwnerDoor }))

type Place =
  | { readonly at: 'attract' }
  | { readonly at: 'grid' }
  | { readonly at: 'product'; readonly number: number }

/** Seconds without a touch. In a sale the engine tells when it is over; its end is left standing for as long as it takes to read. */
const patience: Record<KioskSale['kind'], number | null> = {
  idle: 45,
  paying: null,
  seen: null,
  dispensing: null,
  timedOut: 20,
  dropped: 40,
  refunding: 60,
  refunded: 40,
  trouble: 60,
}

/** How long it is warned before. */
const warning = 15

export function SellingScreen({ onForget }: { onForget: () => void }) {
  const kiosk = useKiosk()
  const sale = useReadable(kiosk.sale)
  const catalogue = useReadable(kiosk.catalogue)
  const [place, setPlace] = useState<Place>({ at: 'attract' })
  const [isOwner, setOwner] = useState(false)

  const leave = useCallback(() => {
    kiosk.startOver()
    setPlace({ at: 'attract' })
    onForget()
  }, [kiosk, onForget])
  const isResting = place.at === 'attract' && sale.kind === 'idle' && !isOwner
  const idle = useIdle(isResting || isOwner ? null : patience[sale.kind], `${sale.kind}${place.at}`, leave)
  useUpdateWhileResting(isResting)
  useNewPageWhereLost()
  useNothingToHold()

  // The end of a sale leads back to the loop, and not to the product that the last customer had before him.
  useEffect(() => {
    if (sale.kind !== 'idle') setPlace({ at: 'attract' })
  }, [sale.kind])

  if (isOwner) return <OwnerDoor onClose={() => setOwner(false)} />
  const shared = { onStartOver: leave, onOwner: () => setOwner(true) }
  const isOver = sale.kind !== 'idle' && patience[sale.kind] !== null
  const chosen =
    place.at === 'product' ? catalogue?.products.find(({ number }) => number === place.number) : undefined
  return (
    <>
      {sale.kind !== 'idle' ? (
        <SaleScreen
          sale={sale}
          clearsIn={isOver ? idle.secondsLeft : null}
          onAgain={() => {
            kiosk.startOver()
            setPlace({ at: 'product', number: sale.product.number })
          }}
          {...shared}
        />
      ) : catalogue === null || !catalogue.products.some(({ state }) => state !== 'notOffered') ? (
        <Closed {...shared} />
      ) : chosen !== undefined ? (
        <ProductPage
          key={chosen.number}
          product={chosen}
          onBack={() => setPlace({ at: 'grid' })}
          {...shared}
        />
      ) : place.at === 'attract' ? (
        <Attract
          catalogue={catalogue}
          onTouch={() => {
            fillScreen()
            setPlace({ at: 'grid' })
          }}
          onOwner={shared.onOwner}
        />
      ) : (
        <Grid
          catalogue={catalogue}
          onChoose={({ number }) => setPlace({ at: 'product', number })}
          {...shared}
        />
      )}
      {sale.kind === 'idle' && idle.secondsLeft !== null && idle.secondsLeft <= warning && (
        <IdleWarning seconds={idle.secondsLeft} onStay={idle.stay} onLeave={leave} />
      )}
    </>
  )
}

/** A newer build is taken when nobody stands before it: it begins anew with an empty screen. */
function useUpdateWhileResting(isResting: boolean): void {
  const { appUpdate, applyAppUpdate } = useFrame()
  const update = useReadable(appUpdate)
  useEffect(() => {
    if (!isResting || update !== 'ready') return
    // Somebody may just be reaching for it.
    const timer = setTimeout(applyAppUpdate, 10_000)
    return () => clearTimeout(timer)
  }, [isResting, update, applyAppUpdate])
}

/** Nobody is there to press a button, and all that was paid is on the disk. */
function useNewPageWhereLost(): void {
  const isLost = useReadable(useKiosk().isLost)
  useEffect(() => {
    if (isLost) window.location.reload()
  }, [isLost])
}

/** No menus of the browser: a finger that rests on the glass is not asking for one. */
function useNothingToHold(): void {
  useEffect(() => {
    const refuse = (event: Event) => event.preventDefault()
    document.addEventListener('contextmenu', refuse)
    document.addEventListener('dragstart', refuse)
    return () => {
      document.removeEventListener('contextmenu', refuse)
      document.removeEventListener('dragstart', refuse)
    }
  }, [])
}
