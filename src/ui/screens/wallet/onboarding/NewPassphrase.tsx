// Choosing a passphrase: typed twice, or once where it is shown; with what can be said of it.
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { PassphraseField } from '../lock/PassphraseField.tsx'
import { isAccepted, type Strength, strengthOf } from './strength.ts'

export interface NewPassphraseValue {
  readonly text: string
  readonly repeated: string
  readonly isShown: boolean
}

export const emptyPassphrase: NewPassphraseValue = { text: '', repeated: '', isShown: false }

/** Whether it may be used: long enough, and seen or typed twice. */
export const isChosen = ({ text, repeated, isShown }: NewPassphraseValue): boolean =>
  isAccepted(strengthOf(text)) && (isShown || text === repeated)

export function NewPassphrase({
  label,
  value,
  onChange,
}: {
  label: string
  value: NewPassphraseValue
  onChange: (value: NewPassphraseValue) => void
}) {
  const { passphrase: words } = useWalletMessages()
  const [hasLeft, setLeft] = useState(false)
  const { text, repeated, isShown } = value
  const differs = repeated !== '' && repeated !== text && (hasLeft || !text.startsWith(repeated))
  return (
    <div className="stack">
      <PassphraseField
        label={label}
        value={text}
        onChange={typed => onChange({ ...value, text: typed })}
        isNew
        isShown={isShown}
        onShow={shown => onChange({ ...value, isShown: shown })}
        hint={<StrengthHint strength={strengthOf(text)} words={words} />}
      />
      {!isShown && (
        <PassphraseField
          label={words.repeat}
          value={repeated}
          onChange={typed => onChange({ ...value, repeated: typed })}
          isNew
          isShown={false}
          onShow={shown => onChange({ ...value, isShown: shown })}
          onBlur={() => setLeft(true)}
          error={differs ? words.repeatDiffers : null}
        />
      )}
    </div>
  )
}

function StrengthHint({ strength, words }: { strength: Strength; words: WalletMessages['passphrase'] }) {
  if (strength.kind === 'empty') return <span>{words.hint}</span>
  const isGood = strength.kind === 'long'
  const Icon = isAccepted(strength) ? CircleCheck : CircleAlert
  return (
    <span className={`strength tone-${isGood ? 'ok' : 'attention'}`}>
      <Icon size={16} aria-hidden />
      <span>{strengthText(strength, words)}</span>
    </span>
  )
}

function strengthText(strength: Strength, words: WalletMessages['passphrase']): string {
  switch (strength.kind) {
    case 'empty':
      return words.hint
    case 'tooShort':
      return words.missing(strength.missing)
    case 'tooSimple':
      return words.tooSimple
    case 'tooLong':
      return words.tooLong
    case 'accepted':
      return words.accepted
    case 'long':
      return words.long
  }
}
