// What is in the machine, slot by slot, as its kiosk has reported; a tap leads to what can be asked of a slot from afar.
import { ChevronRight } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { KioskOwnerView } from '../../../app/kiosk/owner/kioskOwner.ts'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'

const AskSlot = lazy(async () => ({ default: (await import('./AskSlot.tsx')).AskSlot }))

export type ReportedSlot = NonNullable<KioskOwnerView['report']>['slots'][number]

export function Slots({
  view: { deviceId },
  slots,
  again,
}: {
  view: Pick<KioskOwnerView, 'deviceId'>
  slots: readonly ReportedSlot[]
  again: () => void
}) {
  const [chosen, setChosen] = useState<number | null>(null)
  const open = slots.find(({ slot }) => slot === chosen)
  return (
    <>
      <ul className="card flush rows">
        {slots.map(reported => (
          <li key={reported.slot}>
            <button type="button" className="row stock-row" onClick={() => setChosen(reported.slot)}>
              <Slot reported={reported} />
              <ChevronRight size={18} className="chevron" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <Suspense fallback={null}>
          <AskSlot
            key={open.slot}
            deviceId={deviceId}
            reported={open}
            onAsked={() => {
              setChosen(null)
              again()
            }}
            onClose={() => setChosen(null)}
          />
        </Suspense>
      )}
    </>
  )
}

function Slot({ reported: { slot, unit, stock, capacity, fault, free } }: { reported: ReportedSlot }) {
  const words = useSellingMessages()
  const notes = [
    ...(fault === 'none' ? [] : [words.faults[fault]]),
    ...(free === 0 ? [] : [words.free(free)]),
  ]
  return (
    <>
      <span className="grow">
        <span className="row-title">{words.slot(slot)}</span>
        {notes.map(note => (
          <span key={note} className="row-note">
            <br />
            {note}
          </span>
        ))}
      </span>
      {unit === 'product' ? (
        <>
          <meter
            min={0}
            max={Math.max(1, capacity)}
            value={stock}
            aria-label={words.slot(slot)}
            aria-valuetext={words.stockOf(stock, capacity)}
          />
          <span className="amount">{words.stockOf(stock, capacity)}</span>
        </>
      ) : (
        <span className="amount">{words.gives[unit]}</span>
      )}
    </>
  )
}
