// The device of a key: at hand, or chosen straight from a press, for the browser opens its list for nothing else.
import { useState } from 'react'
import type { DeviceView } from '../../../../app/fob.ts'
import { useFob } from '../../../fobContext.ts'
import { useReadable } from '../../../useReadable.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'

export interface AtHand {
  /** Of the device list; undefined where this browser has not met it. */
  readonly known: DeviceView | undefined
  readonly isChoosing: boolean
  /** The one that was found is not it, or can't be reached any more: the next press asks. */
  readonly chooseAgain: (must: boolean) => void
  /** From a press, with nothing awaited before. */
  readonly reach: (use: (deviceKey: string) => unknown, fail: (failure: ShownFailure) => void) => void
}

export function useAtHand(deviceKey: string | null): AtHand {
  const fob = useFob()
  const devices = useReadable(fob.devices)
  const [isChoosing, setChoosing] = useState(false)
  const [mustChoose, setMustChoose] = useState(false)
  const known = devices.find(({ record }) => record.key === deviceKey)
  const isAtHand = known !== undefined && (known.record.source === 'demo' || known.reachable) && !mustChoose
  return {
    known,
    isChoosing,
    chooseAgain: setMustChoose,
    reach(use, fail) {
      if (isAtHand) {
        use(known.record.key)
        return
      }
      const choosing = fob.addBluetooth()
      setChoosing(true)
      void choosing.then(chosen => {
        setChoosing(false)
        if (chosen.ok) use(chosen.value)
        else if (chosen.error.kind !== 'chooserCancelled') fail(chosen.error)
      })
    },
  }
}
