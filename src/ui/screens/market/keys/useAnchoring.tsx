// Writing the fingerprint of a lock's receipts down on the chain: proposed, looked at and signed like any payment, then followed.
import { type ReactNode, useState } from 'react'
import type { Proposal } from '../../../../app/wallet/wallet.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import type { Task } from '../../wallet/useDeviceTask.ts'
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
  const wallet = useWallet()
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const payment = useReadable(wallet.payments).find(({ id }) => id === paymentId)
  const propose = async () => {
    const asked = await task.run(() => market.proposeAnchor(deviceId))
    if (asked) setProposal(asked.value)
  }
  return {
    start: () => void propose(),
    isSent: paymentId !== null,
    isFinal: payment?.state.kind === 'final',
    view: (
      <>
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {proposal !== null && (
          <SigningSheet
            key={proposal.id}
            proposal={proposal}
            confirm={(value, speed) => wallet.confirm(value, speed)}
            onDone={({ id }) => {
              setProposal(null)
              setPaymentId(id)
              task.clear()
            }}
            onClose={() => setProposal(null)}
            again={() => void propose()}
          />
        )}
      </>
    ),
  }
}
