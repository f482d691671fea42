// Serving onward for the screens: null while it is being loaded, or can't be.
import { useEffect, useState } from 'react'
import type { Serving, ServingView } from '../../../app/serving/serving.ts'
import { useFob } from '../../fobContext.ts'

export interface LoadedServing {
  readonly serving: Serving
  readonly view: ServingView
}

export function useServing(): LoadedServing | null {
  const fob = useFob()
  const [loaded, setLoaded] = useState<LoadedServing | null>(null)
  useEffect(() => {
    let end = () => {}
    let isCurrent = true
    fob.serving().then(
      serving => {
        if (!isCurrent) return
        const show = () => setLoaded({ serving, view: serving.view.get() })
        end = serving.view.subscribe(show)
        show()
      },
      () => undefined,
    )
    return () => {
      isCurrent = false
      end()
    }
  }, [fob])
  return loaded
}
