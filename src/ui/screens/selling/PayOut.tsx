// Paying out what the chain keeps for one of those who share: looked at and signed in the wallet's sheet.
import { HandCoins } from 'lucide-react'
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { Button } from '../../components/Button.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../wallet/signing/useSigning.tsx'
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
  const { send, isBusy, isUnderWay, isFinal, paymentId, view } = useSigning(SellFailure)
  const payment = paymentId !== null && <PaymentNow id={paymentId} />
  // Another one is offered where it failed.
  if (isUnderWay || isFinal) return payment
  return (
    <>
      {payment}
      <Button
        icon={HandCoins}
        busy={isBusy}
        onClick={() => send(() => seller.proposePayOut(deviceId, account, token))}
      >
        {words.payOut}
      </Button>
      {view}
    </>
  )
}
