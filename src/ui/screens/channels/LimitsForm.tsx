// How much may be paid without unlocking the wallet again: for a file, and in a day.
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { TextField } from '../../components/Field.tsx'
import { plainNumber, readAmount } from '../../i18n/amounts.ts'
import { withUnit } from '../../i18n/punctuation.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { useChannels } from './useChannels.ts'

export function LimitsForm() {
  const words = useChannelsMessages()
  const { language } = useFormats()
  const channels = useChannels()
  const limits = useReadable(channels.limits)
  const { earned: unit } = useReadable(channels.view)
  const shown = (value: bigint) => plainNumber(value, unit.decimals)
  const [perFile, setPerFile] = useState(shown(limits.perFile))
  const [perDay, setPerDay] = useState(shown(limits.perDay))
  const [isSaved, setSaved] = useState(false)
  const file = readAmount(perFile, unit.decimals)
  const day = readAmount(perDay, unit.decimals)
  const isChanged = !file.ok || !day.ok || file.value !== limits.perFile || day.value !== limits.perDay
  const save = async () => {
    if (!file.ok || !day.ok) return
    await channels.changeLimits({ perFile: file.value, perDay: day.value })
    setSaved(true)
  }
  const type = (set: (value: string) => void) => (value: string) => {
    setSaved(false)
    set(value)
  }
  return (
    <Section title={words.limits}>
      <div className="card stack">
        <p className="row-note">{words.limitsHint}</p>
        <TextField
          label={withUnit(words.perFile, unit.symbol, language)}
          value={perFile}
          onChange={type(setPerFile)}
          error={file.ok ? null : words.amountWrong}
        />
        <TextField
          label={withUnit(words.perDay, unit.symbol, language)}
          value={perDay}
          onChange={type(setPerDay)}
          error={day.ok ? null : words.amountWrong}
        />
        <Button disabled={!file.ok || !day.ok || !isChanged} onClick={() => void save()}>
          {words.save}
        </Button>
        <p className="row-note" role="status">
          {isSaved && !isChanged ? words.saved : ''}
        </p>
      </div>
    </Section>
  )
}
