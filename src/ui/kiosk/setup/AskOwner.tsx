// The kiosk’s code for the owner’s phone, and the way for the answer back.
import { Copy, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Failure } from '../../../core/result.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useCopy } from '../../useCopy.ts'
import { KioskFailure } from '../KioskFailure.tsx'
import { useKiosk } from '../kioskContext.tsx'

export function AskOwner({ code, name }: { code: string; name: string }) {
  const { setup: words } = useKioskMessages()
  const { common } = useMessages()
  const kiosk = useKiosk()
  const { copied, copy } = useCopy()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const run = async (task: () => ReturnType<typeof kiosk.takeAnswer>) => {
    setBusy(true)
    setFailure(null)
    const result = await task()
    setBusy(false)
    if (!result.ok) setFailure(result.error)
  }
  return (
    <>
      <div className="card stack">
        <p className="row-title breakable">{name}</p>
        <QrCode text={code} label={words.code} />
        <Button icon={Copy} onClick={() => void copy(code)}>
          {copied ? common.copied : common.copy}
        </Button>
        <textarea className="input" readOnly rows={3} value={code} aria-label={words.code} />
      </div>
      <Section title={words.answer}>
        <CodeReader
          scanLabel={words.answerScan}
          pasteHint={words.answerHint}
          isReading={isBusy}
          onText={text => void run(() => kiosk.takeAnswer(text))}
        />
      </Section>
      {failure !== null && <KioskFailure failure={failure} />}
      <Button look="quiet" icon={Undo2} disabled={isBusy} onClick={() => void run(() => kiosk.forget(null))}>
        {words.other}
      </Button>
    </>
  )
}
