// Held until the key is signed, or paid at once: what each means for owner and guest, before it is chosen.
import { ShieldCheck } from 'lucide-react'
import { Button } from '../../../components/Button.tsx'
import { Segments } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'

const periods = { hour: 3600, sixHours: 6 * 3600, day: 86_400, threeDays: 3 * 86_400 } as const
const choices = ['hour', 'sixHours', 'day', 'threeDays'] as const

export function PaymentKind({
  isInstant,
  fulfilWithin,
  canBeInstant,
  onAllow,
  isAllowing,
  onChange,
}: {
  isInstant: boolean
  /** Seconds. */
  fulfilWithin: number
  canBeInstant: boolean
  /** Lets the lock take proofs; null where this network has nobody who attests them. */
  onAllow: (() => void) | null
  isAllowing: boolean
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
      {isInstant && !canBeInstant && (
        <Notice
          tone="attention"
          title={onAllow === null ? words.instantNever : words.instantOff}
          live
          actions={
            onAllow !== null && (
              <Button icon={ShieldCheck} busy={isAllowing} onClick={onAllow}>
                {words.instantAllow}
              </Button>
            )
          }
        >
          {onAllow !== null && words.instantOffBody}
        </Notice>
      )}
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
