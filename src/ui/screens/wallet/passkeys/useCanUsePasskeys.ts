// Whether this browser has passkeys at all; null until it said so.
import { useEffect, useState } from 'react'
import { useWallet } from '../../../walletContext.tsx'

export function useCanUsePasskeys(): boolean | null {
  const { vault } = useWallet()
  const [canUse, setCanUse] = useState<boolean | null>(null)
  useEffect(() => {
    let isCurrent = true
    void vault.canUsePasskeys().then(answer => {
      if (isCurrent) setCanUse(answer)
    })
    return () => {
      isCurrent = false
    }
  }, [vault])
  return canUse
}
