// Which machine it is, until when it may sell, which catalogue; another PIN; and beginning anew.
import { KeyRound, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Failure } from '../../../core/result.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { KioskDialog } from '../KioskDialog.tsx'
import { KioskFailure } from '../KioskFailure.tsx'
import { useKiosk } from '../kioskContext.tsx'
import { NewPin } from './NewPin.tsx'

export function MachineSection() {
  const { inside: words, setup: setupWords } = useKioskMessages()
  const { date } = useFormats()
  const kiosk = useKiosk()
  const setup = useReadable(kiosk.setup)
  const catalogue = useReadable(kiosk.catalogue)
  const [open, setOpen] = useState<'pin' | 'forget' | null>(null)
  const [isPinSet, setPinSet] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  if (setup.kind !== 'ready') return null
  const forget = async () => {
    setOpen(null)
    setFailure(null)
    const gone = await kiosk.forget(setup.owner)
    if (!gone.ok) setFailure(gone.error)
  }
  return (
    <Section title={words.machine}>
      <div className="card flush">
        <Facts>
          <Fact name={words.machine}>{setup.name}</Fact>
          <Fact name={words.catalogue}>
            {catalogue === null ? words.noCatalogue : words.catalogueOf(catalogue.version)}
          </Fact>
          <Fact name={words.grantUntil}>{date(setup.grant.notAfter)}</Fact>
        </Facts>
      </div>
      {open === 'pin' && (
        <NewPin
          onSet={() => {
            setOpen(null)
            setPinSet(true)
          }}
        />
      )}
      <p role="status">{isPinSet ? setupWords.pinSet : ''}</p>
      <div className="button-row">
        <Button icon={KeyRound} onClick={() => setOpen(open === 'pin' ? null : 'pin')}>
          {words.changePin}
        </Button>
        <Button look="danger" icon={Trash2} onClick={() => setOpen('forget')}>
          {words.forget}
        </Button>
      </div>
      {failure !== null && <KioskFailure failure={failure} />}
      {open === 'forget' && (
        <KioskDialog
          title={words.forgetTitle}
          onClose={() => setOpen(null)}
          actions={
            <>
              <Button onClick={() => setOpen(null)}>{words.keep}</Button>
              <Button look="danger" onClick={() => void forget()}>
                {words.forgetAction}
              </Button>
            </>
          }
        >
          <p>{words.forgetBody}</p>
        </KioskDialog>
      )}
    </Section>
  )
}
