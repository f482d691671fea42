// The other ways to a device for the screens: null while they are being loaded.
import { useEffect, useState } from 'react'
import type { Ways } from '../../../app/ways/ways.ts'
import { useFob } from '../../fobContext.ts'

export interface LoadedWays {
  readonly ways: Ways | null
  /** Why they can't be loaded. */
  readonly fault: string | null
}

export function useWays(): LoadedWays {
  const fob = useFob()
  const [loaded, setLoaded] = useState<LoadedWays>({ ways: null, fault: null })
  useEffect(() => {
    let isCurrent = true
    fob.ways().then(
      ways => isCurrent && setLoaded({ ways, fault: null }),
      (error: unknown) =>
        isCurrent && setLoaded({ ways: null, fault: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [fob])
  return loaded
}
