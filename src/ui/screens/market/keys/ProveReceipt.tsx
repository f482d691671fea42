// What a lock has said, for somebody who doubts it: written down on the chain by its fingerprint, then saved with its way there.
import { FileDown, PenLine } from 'lucide-react'
import { useState } from 'react'
import type { ReceiptView } from '../../../../app/market/market.ts'
import type { Proposal } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { downloadText } from '../../wallet/activity/download.ts'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

/** What a newer fingerprint on the chain would mend. */
const mendable: ReadonlySet<string> = new Set(['notAnchoredYet', 'logOfAnotherPhone'])

export function ProveReceipt({ receipt }: { receipt: ReceiptView }) {
  const { oneKey: words } = useMarketMessages()
  const market = useMarket()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [isMissing, setMissing] = useState(false)
  const [saved, setSaved] = useState<string | null>(null)
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)

  const prove = () =>
    void task.run(async () => {
      setSaved(null)
      const proof = await market.proveReceipt(receipt.id)
      setMissing(!proof.ok && mendable.has(proof.error.kind))
      if (!proof.ok) return proof
      const name = `fob-receipt-${String(receipt.at)}.json`
      downloadText(name, 'application/json', proof.value)
      setSaved(name)
      return proof
    })
  const anchor = async () => {
    const asked = await task.run(() => market.proposeAnchor(receipt.deviceId))
    if (asked) setProposal(asked.value)
  }
  return (
    <div className="stack snug">
      {isMissing && paymentId === null ? (
        <Notice
          tone="info"
          title={words.anchorTitle}
          live
          actions={
            <Button icon={PenLine} busy={task.isBusy} onClick={() => void anchor()}>
              {words.anchorAction}
            </Button>
          }
        >
          {words.anchorBody}
        </Notice>
      ) : (
        <Button icon={FileDown} wide busy={task.isBusy} onClick={prove}>
          {words.prove}
        </Button>
      )}
      {paymentId !== null && <PaymentNow id={paymentId} />}
      {saved !== null && (
        <Notice tone="ok" title={words.provedTitle(saved)} live>
          {words.provedBody}
        </Notice>
      )}
      {task.failure !== null && !(isMissing && paymentId === null) && (
        <MarketFailure failure={task.failure} />
      )}
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
          again={() => void anchor()}
        />
      )}
    </div>
  )
}
