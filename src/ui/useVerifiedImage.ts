// A picture whose bytes were checked against its CID, as an address for an <img>: a drawing in it can do nothing there.
import { useEffect, useRef, useState } from 'react'
import type { Bytes } from '../core/bytes.ts'
import type { Failure, Result } from '../core/result.ts'
import { mediaTypeOf } from './mediaType.ts'

/** null until it is there, and where there is none or nobody has it. */
export function useVerifiedImage(
  cid: string | null,
  fetchIt: (cid: string) => Promise<Result<Bytes, Failure>>,
): string | null {
  const [url, setUrl] = useState<string | null>(null)
  const latest = useRef(fetchIt)
  useEffect(() => {
    latest.current = fetchIt
  })
  useEffect(() => {
    setUrl(null)
    if (cid === null) return
    let made: string | null = null
    let isOver = false
    void latest.current(cid).then(result => {
      if (isOver || !result.ok) return
      made = urlOf(result.value)
      setUrl(made)
    })
    return () => {
      isOver = true
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [cid])
  return url
}

function urlOf(bytes: Bytes): string | null {
  const type = mediaTypeOf(bytes)
  return type === null ? null : URL.createObjectURL(new Blob([bytes], { type }))
}
