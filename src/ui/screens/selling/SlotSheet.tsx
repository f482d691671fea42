// One slot from afar: how much is in it, back in service or closed, one as a test; each is looked at and signed before it goes.
import { Ban, CircleCheck, Minus, PackageOpen, PackagePlus, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { AskWish } from '../../../app/kiosk/owner/kioskOwner.ts'
import { Button, IconButton } from '../../components/Button.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useMachineMessages } from '../../i18n/useMachineMessages.ts'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import type { ReportedSlot } from './Slots.tsx'

export function SlotSheet({
  reported: { slot, unit, stock, capacity, fault },
  isBusy,
  onWish,
  onClose,
  children,
}: {
  reported: ReportedSlot
  /** It is being made ready to be signed. */
  isBusy: boolean
  onWish: (wish: AskWish) => void
  onClose: () => void
  /** Why the last wish could not be made ready. */
  children: ReactNode
}) {
  const { faults, stockOf, gives } = useSellingMessages()
  const { ask: words } = useMachineMessages()
  const [counted, setCounted] = useState(capacity)
  const wish = (act: AskWish['act']) => () => onWish({ act, slot, stock: act === 'fill' ? counted : 0 })
  const isOut = fault !== 'none'
  return (
    <Sheet title={words.title(slot)} onClose={onClose}>
      <div className="stack">
        <p className="row-note">
          {isOut ? faults[fault] : unit === 'product' ? stockOf(stock, capacity) : gives[unit]}
        </p>
        <p className="prose soft">{words.body}</p>
        {unit === 'product' && (
          <>
            <fieldset className="field">
              <legend className="label">{words.filled}</legend>
              <div className="slot-count">
                <IconButton
                  icon={Minus}
                  label={words.fewer}
                  onClick={() => setCounted(Math.max(0, counted - 1))}
                />
                <output>{stockOf(counted, capacity)}</output>
                <IconButton
                  icon={Plus}
                  label={words.more}
                  onClick={() => setCounted(Math.min(capacity, counted + 1))}
                />
              </div>
            </fieldset>
            <Button icon={PackagePlus} wide disabled={isBusy} onClick={wish('fill')}>
              {words.fill(counted)}
            </Button>
          </>
        )}
        {isOut ? (
          <>
            {fault !== 'closed' && <p className="row-note">{words.clearNote}</p>}
            <Button icon={CircleCheck} wide disabled={isBusy} onClick={wish('open')}>
              {fault === 'closed' ? words.reopen : words.clear}
            </Button>
          </>
        ) : (
          <>
            <p className="row-note">{words.testNote}</p>
            <Button icon={PackageOpen} wide disabled={isBusy || stock === 0} onClick={wish('test')}>
              {words.test}
            </Button>
          </>
        )}
        {fault !== 'closed' && (
          <>
            <p className="row-note">{words.closeNote}</p>
            <Button look="danger-quiet" icon={Ban} wide disabled={isBusy} onClick={wish('close')}>
              {words.close}
            </Button>
          </>
        )}
        {children}
      </div>
    </Sheet>
  )
}
