// What a lock has said, for somebody who doubts it: written down on the chain by its fingerprint, then saved with its way there.
import { FileDown, PenLine } from 'lucide-react'
import { useState } from 'react'
import type { ReceiptView } from '../../../../app/market/market.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { saveFile } from '../../../saveFile.ts'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useAnchoring } from './useAnchoring.tsx'

/** What a newer fingerprint on the chain would mend. */
const mendable: ReadonlySet<string> = new Set(['notAnchoredYet', 'logOfAnotherPhone'])

export function ProveReceipt({ receipt }: { receipt: ReceiptView }) {
  const { oneKey: words } = useMarketMessages()
  const market = useMarket()
  const task = useDeviceTask()
  const [isMissing, setMissing] = useState(false)
  const [saved, setSaved] = useState<string | null>(null)
  const anchoring = useAnchoring(receipt.deviceId, task)

  const prove = () =>
    void task.run(async () => {
      setSaved(null)
      const proof = await market.proveReceipt(receipt.id)
      setMissing(!proof.ok && mendable.has(proof.error.kind))
      if (!proof.ok) return proof
      const name = `fob-receipt-${String(receipt.at)}.json`
      saveFile(name, 'application/json', proof.value)
      setSaved(name)
      return proof
    })
  const asksToWrite = isMissing && !anchoring.isSent
  // What is asked for instead says it better.
  const isSaid = asksToWrite && task.failure !== null && mendable.has(task.failure.kind)
  return (
    <div className="stack snug">
      {asksToWrite ? (
        <Notice
          tone="info"
          title={words.anchorTitle}
          live
          actions={
            <Button icon={PenLine} busy={task.isBusy} onClick={anchoring.start}>
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
      {saved !== null && (
        <Notice tone="ok" title={words.provedTitle(saved)} live>
          {words.provedBody}
        </Notice>
      )}
      {task.failure !== null && !isSaid && <MarketFailure failure={task.failure} />}
      {anchoring.view}
    </div>
  )
}
