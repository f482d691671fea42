// How much may leave in a day, down to which battery, and how much room files may take.
import type { ServingRules } from '../../../app/serving/rules.ts'
import { Section } from '../../components/Facts.tsx'
import { Segments } from '../../components/Field.tsx'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useServingMessages } from '../../i18n/useServingMessages.ts'

/** Bytes. */
const perDay = [50_000_000, 250_000_000, 1_000_000_000]
const quotas = [64_000_000, 256_000_000, 1_000_000_000]
/** Percent. */
const batteries = [20, 30, 50]

export function LimitsSection({
  rules,
  onChange,
}: {
  rules: ServingRules
  onChange: (change: Partial<ServingRules>) => void
}) {
  const words = useServingMessages()
  const formats = useFormats()
  const inBytes = (bytes: number) => ({ value: String(bytes), label: formats.bytes(bytes) })
  return (
    <Section title={words.limits}>
      <div className="card flush rows">
        <div className="card-pad stack tight">
          <Segments
            legend={words.perDay}
            value={String(rules.bytesPerDay)}
            onChange={value => onChange({ bytesPerDay: value === 'null' ? null : Number(value) })}
            options={[...perDay.map(inBytes), { value: 'null', label: words.perDayAny }]}
          />
        </div>
        <div className="card-pad stack tight">
          <Segments
            legend={words.battery}
            value={String(rules.minBattery)}
            onChange={value => onChange({ minBattery: Number(value) })}
            options={[
              { value: '0', label: words.batteryAny },
              ...batteries.map(percent => ({
                value: String(percent),
                label: formats.percent(percent / 100),
              })),
            ]}
          />
          <p className="row-note">{words.batteryHint}</p>
        </div>
        <div className="card-pad stack tight">
          <Segments
            legend={words.quota}
            value={String(rules.quota)}
            onChange={value => onChange({ quota: Number(value) })}
            options={quotas.map(inBytes)}
          />
          <p className="row-note">{words.quotaHint}</p>
        </div>
      </div>
    </Section>
  )
}
