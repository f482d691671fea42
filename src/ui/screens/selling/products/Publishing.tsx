// What has to be signed until the draft is for sale: by proof, one after the other, each in the wallet’s sheet.
import { PenLine } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CatalogueDraft, PublishStep } from '../../../../app/kiosk/owner/kioskOwner.ts'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Proposal } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import type { Language } from '../../../i18n/formats.ts'
import type { SellingMessages } from '../../../i18n/sellingEn.ts'
import { useFormats, useMessages } from '../../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../../i18n/useSellingMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { useRead } from '../../market/useRead.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { SellFailure } from '../SellFailure.tsx'
import { useSeller } from '../sellerContext.ts'

export function Publishing({ device, draft }: { device: OwnedDeviceView; draft: CatalogueDraft }) {
  const { editor: words } = useSellingMessages()
  const { language } = useFormats()
  const { common } = useMessages()
  const seller = useSeller()
  const wallet = useWallet()
  const task = useDeviceTask()
  const { deviceId } = device
  const { value, failure, again } = useRead(
    useCallback(() => seller.steps(deviceId, draft), [seller, deviceId, draft]),
  )
  const [asked, setAsked] = useState<{ readonly step: PublishStep; readonly proposal: Proposal } | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const [version, setVersion] = useState<number | null>(null)
  const isWaiting = useAwaited(paymentId, () => {
    setPaymentId(null)
    again()
  })
  const [next] = value ?? []

  const propose = async (step: PublishStep) => {
    const proposed = await task.run(() =>
      step.kind === 'sign' ? seller.proposeSign(deviceId, draft) : seller.propose(deviceId, draft, step),
    )
    if (proposed) setAsked({ step, proposal: proposed.value })
  }
  if (version !== null) return <Notice tone="ok" title={words.published(version)} live />
  return (
    <Section title={words.stepsTitle}>
      {failure !== null && (
        <SellFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
      )}
      {value === null && failure === null && <div className="skeleton" aria-busy="true" />}
      {value !== null && (
        <ol className="card how">
          {value.map((step, index) => (
            <li
              key={`${step.kind}${'number' in step ? String(step.number) : ''}`}
              aria-current={index === 0 ? 'step' : undefined}
            >
              <span className="number" aria-hidden="true">
                {index + 1}
              </span>
              <h3 className={index === 0 ? '' : 'soft'}>{stepText(step, words.steps, language)}</h3>
            </li>
          ))}
        </ol>
      )}
      {paymentId !== null && <PaymentNow id={paymentId} />}
      {isWaiting && <p className="row-note">{words.waiting}</p>}
      {next !== undefined && (
        <Button
          look="primary"
          wide
          icon={PenLine}
          busy={task.isBusy}
          disabled={isWaiting}
          onClick={() => void propose(next)}
        >
          {words.next}
        </Button>
      )}
      {task.failure !== null && <SellFailure failure={task.failure} />}
      {asked !== null && asked.step.kind === 'sign' && (
        <SigningSheet
          key={asked.proposal.id}
          proposal={asked.proposal}
          confirm={proposal => seller.publish(proposal)}
          showFailure={shown => <SellFailure failure={shown} />}
          onDone={published => {
            setAsked(null)
            setVersion(published.version)
          }}
          onClose={() => setAsked(null)}
          again={() => void propose(asked.step)}
        />
      )}
      {asked !== null && asked.step.kind !== 'sign' && (
        <SigningSheet
          key={asked.proposal.id}
          proposal={asked.proposal}
          confirm={(proposal, speed) => wallet.confirm(proposal, speed)}
          onDone={payment => {
            setAsked(null)
            setPaymentId(payment.id)
          }}
          onClose={() => setAsked(null)}
          again={() => void propose(asked.step)}
        />
      )}
    </Section>
  )
}

function stepText(step: PublishStep, words: SellingMessages['editor']['steps'], language: Language): string {
  switch (step.kind) {
    case 'openTill':
    case 'sign':
      return words[step.kind]
    case 'makeOffer':
    case 'setProduct':
      return words[step.kind](step.name[language] || step.name.en)
    case 'removeProduct':
      return words.removeProduct(String(step.number))
  }
}

const underWay: ReadonlySet<string> = new Set(['stored', 'waiting', 'mined'])

/** True while a payment is not final; calls once it is, or has failed. */
function useAwaited(paymentId: string | null, onOver: () => void): boolean {
  const payment = useReadable(useWallet().payments).find(({ id }) => id === paymentId)
  const kind = payment?.state.kind
  const isOver = kind !== undefined && !underWay.has(kind)
  const latest = useRef(onOver)
  useEffect(() => {
    latest.current = onOver
  })
  useEffect(() => {
    if (isOver) latest.current()
  }, [isOver])
  return paymentId !== null && !isOver
}
