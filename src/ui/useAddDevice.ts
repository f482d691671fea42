// Opens the browser's chooser straight from the click: nothing may be awaited before it, or the browser refuses.
import { useState } from 'react'
import type { ChooseFailure } from '../app/ports/device.ts'
import { useFob } from './fobContext.ts'

export function useAddDevice(onAdded: (key: string) => void): {
  readonly isOpen: boolean
  readonly failure: ChooseFailure | null
  readonly add: () => void
} {
  const fob = useFob()
  const [isOpen, setOpen] = useState(false)
  const [failure, setFailure] = useState<ChooseFailure | null>(null)
  return {
    isOpen,
    failure,
    add() {
      const choosing = fob.addBluetooth()
      setOpen(true)
      setFailure(null)
      void choosing
        .then(chosen => {
          if (chosen.ok) onAdded(chosen.value)
          else setFailure(chosen.error)
        })
        .finally(() => setOpen(false))
    },
  }
}
