// Paying for a sale: which sheet comes next, what is waited for, and what went wrong.
import { type ReactNode, useState } from 'react'
import type { SaleRequest, SaleStep } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { useWallet } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { useOnceMined } from '../wallet/payments/useOnceMined.ts'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
import { BuyFailure } from './BuyFailure.tsx'
import { useBuyer } from './buyerContext.ts'

type Way = 'order' | 'instant'

export function usePayingSale(
  request: SaleRequest,
  onDone: (saleId: string) => void,
): { readonly isBusy: boolean; readonly pay: (way: Way) => void; readonly view: ReactNode } {
  const buyer = useBuyer()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [step, setStep] = useState<SaleStep | null>(null)
  const [way, setWay] = useState<Way>('order')
  /** The payment that lets the Market take a token. */
  const [allowing, setAllowing] = useState<string | null>(null)

  const pay = async (wanted: Way) => {
    setWay(wanted)
    setAllowing(null)
    const proposed = await task.run(() => buyer.propose(request, wanted))
    if (proposed) setStep(proposed.value)
  }
  useOnceMined(allowing, () => void pay(way))

  const close = () => setStep(null)
  const sheetOf = (now: SaleStep): ReactNode => {
    const shared = {
      proposal: now.proposal,
      onClose: close,
      again: () => void pay(way),
      showFailure: (failure: { readonly kind: string; readonly detail?: string }) => (
        <BuyFailure failure={failure} />
      ),
    }
    switch (now.kind) {
      case 'pay':
        return (
          <SigningSheet
            {...shared}
            key={now.proposal.id}
            confirm={(value, speed) => wallet.confirm(value, speed)}
            onDone={() => onDone(now.saleId)}
          />
        )
      case 'permit':
        return (
          <SigningSheet
            {...shared}
            key={now.proposal.id}
            confirm={value => buyer.confirmPermit(value)}
            onDone={setStep}
          />
        )
      case 'allow':
        return (
          <SigningSheet
            {...shared}
            key={now.proposal.id}
            confirm={(value, speed) => wallet.confirm(value, speed)}
            onDone={payment => {
              close()
              setAllowing(payment.id)
            }}
          />
        )
      case 'sign':
        return (
          <SigningSheet
            {...shared}
            key={now.proposal.id}
            confirm={value => buyer.confirmSigned(value)}
            onDone={() => onDone(now.saleId)}
          />
        )
    }
  }
  return {
    isBusy: task.isBusy || allowing !== null,
    pay: wanted => void pay(wanted),
    view: (
      <>
        {allowing !== null && <PaymentNow id={allowing} />}
        {task.failure !== null && <BuyFailure failure={task.failure} />}
        {step !== null && sheetOf(step)}
      </>
    ),
  }
}
