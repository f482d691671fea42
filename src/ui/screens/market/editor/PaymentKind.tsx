// Held until the key is signed, or paid at once: what each means for owner and guest, before it is chosen.
import { Segments } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'

const periods = { hour: 3600, sixHours: 6 * 3600, day: 86_400, threeDays: 3 * 86_400 } as const
const choices = ['hour', 'sixHours', 'day', 'threeDays'] as const

export function PaymentKind({
  isInstant,
  fulfilWithin,
  canBeInstant,
  onChange,
}: {
  isInstant: boolean
  /** Seconds. */
  fulfilWithin: number
  canBeInstant: boolean
  onChange: (changed: { readonly isInstant?: boolean; readonly fulfilWithin?: number }) => void
}) {
  const { editor: words } = useMarketMessages()
  const within = choices.find(choice => periods[choice] === fulfilWithin) ?? 'day'
  return (
    <div className="stack snug">
      <Segments
        legend={words.payment}
        options={(['escrow', 'instant'] as const).map(kind => ({ value: kind, label: words.kinds[kind] }))}
        value={isInstant ? 'instant' : 'escrow'}
        onChange={kind => onChange({ isInstant: kind === 'instant' })}
      />
      <p className="row-note">{words.kindNotes[isInstant ? 'instant' : 'escrow']}</p>
      {isInstant && !canBeInstant && <Notice tone="attention" title={words.instantOff} live />}
      {!isInstant && (
        <>
          <Segments
            legend={words.within}
            options={choices.map(choice => ({ value: choice, label: words.withinChoices[choice] }))}
            value={within}
            onChange={choice => onChange({ fulfilWithin: periods[choice] })}
          />
          <p className="row-note">{words.withinHint}</p>
        </>
      )}
    </div>
  )
}
