// Paying out what the chain keeps for one of those who share: looked at and signed in the wallet's sheet.
import { HandCoins } from 'lucide-react'
import { useState } from 'react'
import type { Proposal } from '../../../app/wallet/wallet.ts'
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { Button } from '../../components/Button.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { useWallet } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
import { SellFailure } from './SellFailure.tsx'
import { useSeller } from './sellerContext.ts'

export function PayOut({
  deviceId,
  account,
  token,
}: {
  deviceId: DeviceId
  account: Address
  token: Address | null
}) {
  const words = useSellingMessages()
  const seller = useSeller()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const propose = async () => {
    const proposed = await task.run(() => seller.proposePayOut(deviceId, account, token))
    if (proposed) setProposal(proposed.value)
  }
  if (paymentId !== null) return <PaymentNow id={paymentId} />
  return (
    <>
      <Button icon={HandCoins} busy={task.isBusy} onClick={() => void propose()}>
        {words.payOut}
      </Button>
      {task.failure !== null && <SellFailure failure={task.failure} />}
      {proposal !== null && (
        <SigningSheet
          key={proposal.id}
          proposal={proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={payment => {
            setProposal(null)
            setPaymentId(payment.id)
          }}
          onClose={() => setProposal(null)}
          again={() => void propose()}
        />
      )}
    </>
  )
}
