// What is in the machine, slot by slot, as its kiosk has reported; a tap leads to what can be asked of a slot from afar.
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { AskWish, KioskOwnerView } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { Proposal } from '../../../app/wallet/wallet.ts'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
import { SellFailure } from './SellFailure.tsx'
import { SlotSheet } from './SlotSheet.tsx'
import { useSeller } from './sellerContext.ts'

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
  const words = useSellingMessages()
  const seller = useSeller()
  const task = useDeviceTask()
  const [chosen, setChosen] = useState<number | null>(null)
  const [asking, setAsking] = useState<{ readonly wish: AskWish; readonly proposal: Proposal } | null>(null)
  const open = slots.find(({ slot }) => slot === chosen)
  const propose = async (wish: AskWish) => {
    setChosen(null)
    const proposed = await task.run(() => seller.proposeAsk(deviceId, wish))
    if (proposed) setAsking({ wish, proposal: proposed.value })
  }
  return (
    <>
      <ul className="card flush rows">
        {slots.map(reported => (
          <li key={reported.slot}>
            <button
              type="button"
              className="row stock-row"
              aria-label={words.ask.open(reported.slot)}
              aria-busy={task.isBusy || undefined}
              onClick={() => {
                task.clear()
                setChosen(reported.slot)
              }}
            >
              <Slot reported={reported} />
              <ChevronRight size={18} className="chevron" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {task.failure !== null && <SellFailure failure={task.failure} />}
      {open !== undefined && (
        <SlotSheet
          key={open.slot}
          reported={open}
          onWish={wish => void propose(wish)}
          onClose={() => setChosen(null)}
        />
      )}
      {asking !== null && (
        <SigningSheet
          key={asking.proposal.id}
          proposal={asking.proposal}
          confirm={proposal => seller.ask(proposal)}
          showFailure={failure => <SellFailure failure={failure} />}
          onDone={() => {
            setAsking(null)
            again()
          }}
          onClose={() => setAsking(null)}
          again={() => void propose(asking.wish)}
        />
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
