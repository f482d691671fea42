// One slot that somebody has filled or looked at: how much is in it now, and whether it works.
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import type { KioskInside } from '../../../app/kiosk/kiosk.ts'
import type { Failure } from '../../../core/result.ts'
import { Button } from '../../components/Button.tsx'
import { Check } from '../../components/Field.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { KioskDialog } from '../KioskDialog.tsx'
import { KioskFailure } from '../KioskFailure.tsx'
import { useKiosk } from '../kioskContext.tsx'

export function ServiceDialog({
  slot: { slot, unit, stock, capacity, fault },
  onClose,
}: {
  slot: KioskInside['slots'][number]
  onClose: () => void
}) {
  const { inside: words } = useKioskMessages()
  const kiosk = useKiosk()
  const [counted, setCounted] = useState(stock)
  const [isCleared, setCleared] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const tell = async () => {
    setBusy(true)
    setFailure(null)
    const told = await kiosk.service(slot, {
      ...(counted === stock ? {} : { stock: counted }),
      isCleared,
    })
    setBusy(false)
    if (told.ok) onClose()
    else setFailure(told.error)
  }
  return (
    <KioskDialog
      title={words.service(slot)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.serviceCancel}</Button>
          <Button
            look="primary"
            busy={isBusy}
            disabled={counted === stock && !isCleared}
            onClick={() => void tell()}
          >
            {words.serviceDone}
          </Button>
        </>
      }
    >
      <div className="stack">
        {unit === 'product' && (
          <>
            <fieldset className="kiosk-many">
              <legend>{words.serviceBody}</legend>
              <button
                type="button"
                aria-label={words.serviceFewer}
                disabled={counted <= 0}
                onClick={() => setCounted(counted - 1)}
              >
                <Minus aria-hidden />
              </button>
              <output>{words.stockOf(counted, capacity)}</output>
              <button
                type="button"
                aria-label={words.serviceMore}
                disabled={counted >= capacity}
                onClick={() => setCounted(counted + 1)}
              >
                <Plus aria-hidden />
              </button>
            </fieldset>
            <Button disabled={counted === capacity} onClick={() => setCounted(capacity)}>
              {words.serviceFull}
            </Button>
          </>
        )}
        {fault !== 'none' && (
          <Check checked={isCleared} onChange={setCleared}>
            {words.serviceCleared}
          </Check>
        )}
        {failure !== null && <KioskFailure failure={failure} />}
      </div>
    </KioskDialog>
  )
}
