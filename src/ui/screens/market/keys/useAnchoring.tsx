// Writing the fingerprint of a lock's receipts down on the chain: proposed, looked at and signed like any payment, then followed.
import type { ReactNode } from 'react'
import type { DeviceId } from '../../../../core/identity.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import type { Task } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

interface Anchoring {
  start(): void
  /** It was signed here, and is on its way or there. */
  readonly isSent: boolean
  readonly isFinal: boolean
  /** The sheet that asks, and where the payment is. */
  readonly view: ReactNode
}

export function useAnchoring(deviceId: DeviceId, task: Task): Anchoring {
  const market = useMarket()
  const { send, isUnderWay, isFinal, paymentId, view } = useSigning(MarketFailure, { around: task })
  return {
    start: () => send(() => market.proposeAnchor(deviceId)),
    isSent: isUnderWay || isFinal,
    isFinal,
    view: (
      <>
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {view}
      </>
    ),
  }
}
