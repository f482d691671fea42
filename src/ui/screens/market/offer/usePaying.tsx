// Paying for a time: what is looked at and signed, in which order, and what went wrong.
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import type { OfferView, OrderStep } from '../../../../app/market/market.ts'
import { paths } from '../../../paths.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useOnceMined } from '../../wallet/payments/useOnceMined.ts'
import { type Confirm, type Look, toSend, toSign } from '../../wallet/signing/signing.ts'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import type { ChosenTime } from '../calendar/ChooseTime.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export interface Paying {
  readonly isBusy: boolean
  readonly pay: (chosen: ChosenTime) => void
  /** What went wrong, what is waited for, and the sheet to be signed. */
  readonly view: ReactNode
}

/** `onTaken`: somebody was quicker, and the calendar has to be read again. */
export function usePaying(offer: OfferView, onTaken: () => void): Paying {
  const market = useMarket()
  const wallet = useWallet()
  const [, navigate] = useLocation()
  const { ask, show, isBusy, isUnderWay, paymentId, view } = useSigning(MarketFailure)
  /** What is paid for once the Market may take the token, which is what was signed last. */
  const [allowing, setAllowing] = useState<ChosenTime | null>(null)

  const lookAt = (chosen: ChosenTime, step: OrderStep): Look => {
    const confirm: Confirm = (proposal, speed) => wallet.confirm(proposal, speed)
    switch (step.kind) {
      case 'pay':
        return toSend(step.proposal, confirm, () => navigate(paths.key(step.keyId)))
      case 'permit':
        return toSign(
          step.proposal,
          proposal => market.confirmPermit(proposal),
          next => show(lookAt(chosen, next)),
        )
      case 'allow':
        return toSend(step.proposal, confirm, () => setAllowing(chosen))
    }
  }
  const pay = (chosen: ChosenTime) => {
    setAllowing(null)
    ask(
      async () => {
        const result = await market.proposeOrder({ offer, ...chosen })
        if (!result.ok && result.error.kind === 'hoursTaken') onTaken()
        return result
      },
      step => lookAt(chosen, step),
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
