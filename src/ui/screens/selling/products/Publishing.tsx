// What has to be signed until the draft is for sale: by proof, one after the other, each in the wallet’s sheet.
import { PenLine } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { CatalogueDraft, PublishStep } from '../../../../app/kiosk/owner/kioskOwner.ts'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import type { Language } from '../../../i18n/formats.ts'
import type { SellingMessages } from '../../../i18n/sellingEn.ts'
import { useFormats, useMessages } from '../../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../../i18n/useSellingMessages.ts'
import { useRead } from '../../market/useRead.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { SellFailure } from '../SellFailure.tsx'
import { useSeller } from '../sellerContext.ts'

export function Publishing({ device, draft }: { device: OwnedDeviceView; draft: CatalogueDraft }) {
  const { editor: words } = useSellingMessages()
  const { language } = useFormats()
  const { common } = useMessages()
  const seller = useSeller()
  const { send, sign, isBusy, isUnderWay, isFinal, paymentId, view } = useSigning(SellFailure)
  const { deviceId } = device
  const { value, failure, again } = useRead(
    useCallback(() => seller.steps(deviceId, draft), [seller, deviceId, draft]),
  )
  const [version, setVersion] = useState<number | null>(null)
  const isOver = paymentId !== null && !isUnderWay
  useEffect(() => {
    if (isOver) again()
  }, [isOver, again])
  const [next] = value ?? []

  const propose = (step: PublishStep) => {
    if (step.kind !== 'sign') send(() => seller.propose(deviceId, draft, step))
    else {
      sign(
        () => seller.proposeSign(deviceId, draft),
        proposal => seller.publish(proposal),
        published => setVersion(published.version),
      )
    }
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
      {paymentId !== null && !isFinal && <PaymentNow id={paymentId} />}
      {isUnderWay && <p className="row-note">{words.waiting}</p>}
      {next !== undefined && (
        <Button
          look="primary"
          wide
          icon={PenLine}
          busy={isBusy}
          disabled={isUnderWay}
          onClick={() => propose(next)}
        >
          {words.next}
        </Button>
      )}
      {view}
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
