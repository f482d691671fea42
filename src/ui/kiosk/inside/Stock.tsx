// What is in the machine, slot by slot; a tap tells it that a slot was filled or works again.
import '../../styles/wallet.css'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { KioskInside } from '../../../app/kiosk/kiosk.ts'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { clauses } from '../../i18n/punctuation.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { ServiceDialog } from './ServiceDialog.tsx'

export function Stock({ inside }: { inside: KioskInside }) {
  const { inside: words } = useKioskMessages()
  const { number, language } = useFormats()
  const [chosen, setChosen] = useState<number | null>(null)
  const serviced = inside.slots.find(({ slot }) => slot === chosen)
  return (
    <Section title={words.stock}>
      <ul className="card flush rows kiosk-stock">
        {inside.slots.map(({ slot, unit, stock, capacity, vended, failed, free, fault }) => (
          <li key={slot}>
            <button type="button" className="row" onClick={() => setChosen(slot)}>
              <span className="grow">
                <span className="row-title">{words.slot(slot)}</span>
                <br />
                <span className="row-note">
                  {free === 0
                    ? words.counters(vended, failed)
                    : clauses([words.counters(vended, failed), words.free(free)], language)}
                </span>
              </span>
              {fault !== 'none' && <span className="badge tone-alarm toned">{words.faults[fault]}</span>}
              <span className="amount">
                {unit === 'product' ? words.stockOf(stock, capacity) : words.gives[unit]}
              </span>
              <ChevronRight className="chevron" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <div className="card flush">
        <Facts>
          {inside.temperature !== null && (
            <Fact name={words.temperature}>{`${number(inside.temperature / 10)} °C`}</Fact>
          )}
          <Fact name={words.door}>{inside.isDoorOpen ? words.doorOpen : words.doorClosed}</Fact>
        </Facts>
      </div>
      {serviced !== undefined && (
        <ServiceDialog key={serviced.slot} slot={serviced} onClose={() => setChosen(null)} />
      )}
    </Section>
  )
}
