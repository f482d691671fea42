// What the person asks for passing files on: nothing, or a price for each MiB, and what it earned.
import { lazy, Suspense, useState } from 'react'
import type { ServingRules } from '../../../app/serving/rules.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { SwitchRow, TextField } from '../../components/Field.tsx'
import { useFob } from '../../fobContext.ts'
import { exactAmount, plainNumber } from '../../i18n/amounts.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { readBlockPrice, unitsPerMiB } from './price.ts'

// The wallet's code comes only where there is a price.
const Earned = lazy(async () => ({ default: (await import('./Earned.tsx')).Earned }))

export function PriceSection({
  rules,
  onChange,
}: {
  rules: ServingRules
  onChange: (change: Partial<ServingRules>) => void
}) {
  const { sell: words, amountWrong } = useChannelsMessages()
  const { language } = useFormats()
  const network = useReadable(useFob().network)
  const currency = network.status === 'ready' ? network.config.chain.currency : { symbol: '', decimals: 0 }
  const unit = { token: null, ...currency }
  const present = BigInt(rules.pricePerUnit)
  const [typed, setTyped] = useState(plainNumber(present * unitsPerMiB, currency.decimals))
  const wanted = readBlockPrice(typed, currency.decimals)
  if (network.status !== 'ready' || network.config.chain.contracts?.paymentChannels === undefined) return null
  const money = (value: bigint) => exactAmount({ ...unit, value }, language)
  return (
    <>
      <Section title={words.title}>
        <div className="card stack">
          <p className="row-note">{words.hint}</p>
          <TextField
            label={words.label(currency.symbol)}
            value={typed}
            onChange={setTyped}
            hint={wanted === null ? '' : wanted === 0n ? words.free : words.perBlock(money(wanted))}
            error={wanted === null ? amountWrong : null}
          />
          <Button
            disabled={wanted === null || wanted === present}
            onClick={() => onChange({ pricePerUnit: `${wanted ?? 0n}` })}
          >
            {words.save}
          </Button>
          <p className="row-note" role="status">
            {present > 0n
              ? words.saved(money(present * unitsPerMiB))
              : wanted === 0n
                ? null
                : words.savedFree}
          </p>
          {wanted !== null && wanted > 0n && (
            <>
              <p className="row-note">{words.delay}</p>
              <p className="row-note">{words.known}</p>
            </>
          )}
        </div>
      </Section>
      {present === 0n && (
        <div className="card flush rows">
          <SwitchRow
            label={words.thanks}
            hint={words.thanksHint}
            checked={rules.takesThanks}
            onChange={takesThanks => onChange({ takesThanks })}
          />
        </div>
      )}
      {(present > 0n || rules.takesThanks) && (
        <Suspense fallback={null}>
          <Earned />
        </Suspense>
      )}
    </>
  )
}
