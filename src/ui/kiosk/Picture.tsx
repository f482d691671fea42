// A product’s picture, whose bytes were checked against its CID; shown as an image only, so a drawing in it can do nothing.
import { ShoppingBag } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Bytes } from '../../core/bytes.ts'
import { mediaTypeOf } from '../mediaType.ts'
import { useKiosk } from './kioskContext.tsx'

/** Decorative: the name stands beside it. `cid`: null where there is none. */
export function Picture({ cid }: { cid: string | null }) {
  const kiosk = useKiosk()
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    setUrl(null)
    if (cid === null) return
    let made: string | null = null
    let isOver = false
    void kiosk.picture(cid).then(result => {
      if (isOver || !result.ok) return
      made = urlOf(result.value)
      setUrl(made)
    })
    return () => {
      isOver = true
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [kiosk, cid])
  return (
    <span className="kiosk-picture" aria-hidden="true">
      {url === null ? <ShoppingBag strokeWidth={1.25} /> : <img src={url} alt="" draggable={false} />}
    </span>
  )
}

function urlOf(bytes: Bytes): string | null {
  const type = mediaTypeOf(bytes)
  return type === null ? null : URL.createObjectURL(new Blob([bytes], { type }))
}
