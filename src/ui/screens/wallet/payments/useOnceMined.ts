// Goes on by itself once a payment is in a block.
import { useEffect, useRef } from 'react'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

/** null: nothing is waited for. */
export function useOnceMined(paymentId: string | null, goOn: () => void): void {
  const payment = useReadable(useWallet().payments).find(({ id }) => id === paymentId)
  const isMined = payment?.state.kind === 'mined' || payment?.state.kind === 'final'
  const latest = useRef(goOn)
  useEffect(() => {
    latest.current = goOn
  })
  useEffect(() => {
    if (isMined) latest.current()
  }, [isMined])
}
