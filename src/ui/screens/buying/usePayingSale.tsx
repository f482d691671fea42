// Paying for a sale: which sheet comes next, what is waited for, and what went wrong.
import { type ReactNode, useState } from 'react'
import type { SaleRequest, SaleStep } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { useWallet } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { useOnceMined } from '../wallet/payments/useOnceMined.ts'
import { type Confirm, type Look, toSend, toSign } from '../wallet/signing/signing.ts'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import { BuyFailure } from './BuyFailure.tsx'
import { useBuyer } from './buyerContext.ts'

type Way = 'order' | 'instant'

export function usePayingSale(
  request: SaleRequest,
  onDone: (saleId: string) => void,
): { readonly isBusy: boolean; readonly pay: (way: Way) => void; readonly view: ReactNode } {
  const buyer = useBuyer()
  const wallet = useWallet()
  const { ask, show, isBusy, isUnderWay, paymentId, view } = useSigning(BuyFailure)
  /** How it is paid once the Market may take the token, which is what was signed last. */
  const [allowing, setAllowing] = useState<Way | null>(null)

  const lookAt = (way: Way, step: SaleStep): Look => {
    const confirm: Confirm = (proposal, speed) => wallet.confirm(proposal, speed)
    switch (step.kind) {
      case 'pay':
        return toSend(step.proposal, confirm, () => onDone(step.saleId))
      case 'permit':
        return toSign(
          step.proposal,
          proposal => buyer.confirmPermit(proposal),
          next => show(lookAt(way, next)),
        )
      case 'allow':
        return toSend(step.proposal, confirm, () => setAllowing(way))
      case 'sign':
        return toSign(
          step.proposal,
          proposal => buyer.confirmSigned(proposal),
          () => onDone(step.saleId),
        )
    }
  }
  const pay = (way: Way) => {
    setAllowing(null)
    ask(
      () => buyer.propose(request, way),
      step => lookAt(way, step),
    )
  }
  const allowingId = allowing === null ? null : paymentId
  useOnceMined(allowingId, () => {
    if (allowing !== null) pay(allowing)
  })
  return {
    isBusy: isBusy || (allowing !== null && isUnderWay),
    pay,
    view: (
      <>
        {allowingId !== null && <PaymentNow id={allowingId} />}
        {view}
      </>
    ),
  }
}
