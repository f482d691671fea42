// Asking a lock near us what it is and what it sells; what it says of itself is remembered while the page is open.
import { useState } from 'react'
import type { NearbyLock } from '../../../../app/market/market.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { useMarket, useMetLocks } from '../marketContext.tsx'

export interface MeetLock {
  /** Key of the device that is being asked now. */
  readonly asked: string | null
  /** That answered last. */
  readonly lock: NearbyLock | null
  readonly failure: ShownFailure | null
  readonly ask: (deviceKey: string) => Promise<void>
}

export function useMeetLock(): MeetLock {
  const market = useMarket()
  const met = useMetLocks()
  const [asked, setAsked] = useState<string | null>(null)
  const [lock, setLock] = useState<NearbyLock | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  return {
    asked,
    lock,
    failure,
    async ask(deviceKey) {
      setAsked(deviceKey)
      setLock(null)
      setFailure(null)
      const found = await market.meetLock(deviceKey)
      setAsked(null)
      if (!found.ok) {
        setFailure(found.error)
        return
      }
      const { deviceId, takesProofs } = found.value
      met.update(locks => new Map(locks).set(deviceId, { takesProofs }))
      setLock(found.value)
    },
  }
}
