// Opens the browser's chooser straight from the click: nothing may be awaited before it, or the browser refuses.
import { useState } from 'react'
import type { ChooseFailure } from '../app/ports/device.ts'
import { useFob } from './fobContext.ts'

export function useAddDevice(onAdded: (key: string) => void): {
  readonly isOpen: boolean
  readonly failure: ChooseFailure | null
  readonly add: () => void
  /** Also devices that do not say that they can be updated. */
  readonly addAny: () => void
} {
  const fob = useFob()
  const [isOpen, setOpen] = useState(false)
  const [failure, setFailure] = useState<ChooseFailure | null>(null)
  const choose = (which: 'updatable' | 'all') => {
    const choosing = fob.addBluetooth(which)
    setOpen(true)
    setFailure(null)
    void choosing
      .then(chosen => {
        if (chosen.ok) onAdded(chosen.value)
        else setFailure(chosen.error)
      })
      .finally(() => setOpen(false))
  }
  return { isOpen, failure, add: () => choose('updatable'), addAny: () => choose('all') }
}
