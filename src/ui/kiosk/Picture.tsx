// A product’s picture, or a sign in its place.
import { ShoppingBag } from 'lucide-react'
import { useVerifiedImage } from '../useVerifiedImage.ts'
import { useKiosk } from './kioskContext.tsx'

/** Decorative: the name stands beside it. `cid`: null where there is none. */
export function Picture({ cid }: { cid: string | null }) {
  const kiosk = useKiosk()
  const url = useVerifiedImage(cid, wanted => kiosk.picture(wanted))
  return (
    <span className="kiosk-picture" aria-hidden="true">
      {url === null ? <ShoppingBag strokeWidth={1.25} /> : <img src={url} alt="" draggable={false} />}
    </span>
  )
}
