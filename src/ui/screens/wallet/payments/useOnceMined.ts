// Goes on by itself once a payment, or a faster one in its place, is in a block.
import { useEffect, useRef } from 'react'
import { paymentOutcome } from '../../../../app/wallet/paymentOutcome.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

/** null: nothing is waited for. */
export function useOnceMined(paymentId: string | null, goOn: () => void): void {
  const outcome = paymentOutcome(useReadable(useWallet().payments), paymentId)
  const isMined = outcome === 'mined' || outcome === 'final'
  const latest = useRef(goOn)
  useEffect(() => {
    latest.current = goOn
  })
  useEffect(() => {
    if (isMined) latest.current()
  }, [isMined])
}
