// From the payment to the key, step by step; by itself, and it goes on where it was.
import { Check } from 'lucide-react'
import type { KeyView } from '../../../../app/market/market.ts'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { useRead } from '../useRead.ts'

const steps = ['paid', 'final', 'signed'] as const

/** How many of the steps are done; null where it does not go on. */
function doneOf({ state }: KeyView): number | null {
  switch (state.kind) {
    case 'paying':
      return 0
    case 'confirming':
      return 1
    case 'waitingForSigner':
      return 2
    default:
      return null
  }
}

export function KeyProgress({ view }: { view: KeyView }) {
  const { oneKey: words } = useMarketMessages()
  const times = useZoneTimes(view.utcOffset ?? ownOffset())
  const done = doneOf(view)
  const { state } = view
  const isInstant = view.offer?.terms.isInstant === true
  if (state.kind === 'notPaid')
    return (
      <>
        <Notice tone="attention" title={words.notPaidTitle}>
          {words.notPaidBody}
        </Notice>
        <PaymentNow id={state.paymentId} />
      </>
    )
  if (state.kind === 'refunding') return <PaymentNow id={state.paymentId} />
  if (done === null) return null
  return (
    <Section title={words.progress}>
      <ol className="card how" aria-live="polite">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={index === done ? 'step' : undefined}
            className={index < done ? 'is-done' : ''}
          >
            <span className="number" aria-hidden="true">
              {index < done ? <Check size={18} /> : index + 1}
            </span>
            <div>
              <h3 className={index === done ? '' : 'soft'}>
                {words.progressSteps[step === 'signed' && isInstant ? 'proof' : step]}
              </h3>
              {index === done && step === 'final' && <UntilFinal since={view.addedAt} />}
              {index === done && step === 'signed' && state.kind === 'waitingForSigner' && (
                <p className="row-note">
                  {state.deadline === 0
                    ? words.progressProof
                    : words.progressOwner(times.moment(state.deadline))}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      <p className="row-note indent">{words.progressClose}</p>
      {state.kind === 'paying' && <PaymentNow id={state.paymentId} />}
    </Section>
  )
}

/** As long as it takes on this chain just now; `since`: Unix seconds at which it was paid. */
function UntilFinal({ since }: { since: number }) {
  const { oneKey: words } = useMarketMessages()
  const formats = useFormats()
  const market = useMarket()
  const now = useNow()
  const { value } = useRead(market.readFinality)
  if (value === null) return null
  const left = since + value - now
  return (
    <p className="row-note" aria-live="off">
      {left > 0
        ? words.finalIn(formats.duration(left > 60 ? Math.ceil(left / 60) * 60 : left))
        : words.finalSoon}
    </p>
  )
}
