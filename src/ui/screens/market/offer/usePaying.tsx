// Paying for a time: what is looked at and signed, in which order, and what went wrong.
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import type { OfferView, OrderStep } from '../../../../app/market/market.ts'
import { paths } from '../../../paths.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useOnceMined } from '../../wallet/payments/useOnceMined.ts'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
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
  const task = useDeviceTask()
  const [, navigate] = useLocation()
  const [asked, setAsked] = useState<{ readonly chosen: ChosenTime; readonly step: OrderStep } | null>(null)
  const [allowing, setAllowing] = useState<{ readonly chosen: ChosenTime; readonly id: string } | null>(null)

  const pay = async (chosen: ChosenTime) => {
    setAllowing(null)
    const proposed = await task.run(async () => {
      const result = await market.proposeOrder({ offer, ...chosen })
      if (!result.ok && result.error.kind === 'hoursTaken') onTaken()
      return result
    })
    if (proposed) setAsked({ chosen, step: proposed.value })
  }
  useOnceMined(allowing?.id ?? null, () => {
    if (allowing !== null) void pay(allowing.chosen)
  })

  const close = () => setAsked(null)
  const sheet = (chosen: ChosenTime, step: OrderStep): ReactNode => {
    const shared = {
      key: step.proposal.id,
      proposal: step.proposal,
      onClose: close,
      again: () => void pay(chosen),
    }
    const { key, ...rest } = shared
    switch (step.kind) {
      case 'pay':
        return (
          <SigningSheet
            key={key}
            {...rest}
            confirm={(value, speed) => wallet.confirm(value, speed)}
            onDone={() => navigate(paths.key(step.keyId))}
          />
        )
      case 'permit':
        return (
          <SigningSheet
            key={key}
            {...rest}
            confirm={value => market.confirmPermit(value)}
            showFailure={failure => <MarketFailure failure={failure} />}
            onDone={next => setAsked({ chosen, step: next })}
          />
        )
      case 'allow':
        return (
          <SigningSheet
            key={key}
            {...rest}
            confirm={(value, speed) => wallet.confirm(value, speed)}
            onDone={payment => {
              close()
              setAllowing({ chosen, id: payment.id })
            }}
          />
        )
    }
  }
  return {
    isBusy: task.isBusy || allowing !== null,
    pay: chosen => void pay(chosen),
    view: (
      <>
        {allowing !== null && <PaymentNow id={allowing.id} />}
        {task.failure !== null && <MarketFailure failure={task.failure} />}
        {asked !== null && sheet(asked.chosen, asked.step)}
      </>
    ),
  }
}
