// A passphrase, hidden or shown, with its hint and error tied to it.
import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, type Ref, useId, useState } from 'react'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

export function PassphraseField({
  label,
  value,
  onChange,
  isNew = false,
  isShown: isShownOutside,
  onShow,
  onBlur,
  error = null,
  hint,
  inputRef,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  /** It is chosen here: password managers then offer to keep it instead of filling one in. */
  isNew?: boolean
  /** Where several fields are shown and hidden together. */
  isShown?: boolean
  onShow?: (isShown: boolean) => void
  onBlur?: () => void
  error?: string | null
  hint?: ReactNode
  inputRef?: Ref<HTMLInputElement>
}) {
  const { passphrase: words } = useWalletMessages()
  const id = useId()
  const [isShownHere, setShownHere] = useState(false)
  const isShown = isShownOutside ?? isShownHere
  const toggle = onShow ?? setShownHere
  const Icon = isShown ? EyeOff : Eye
  const described = [hint === undefined ? '' : `${id}-hint`, error === null ? '' : `${id}-error`]
    .filter(part => part !== '')
    .join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="passphrase">
        <input
          ref={inputRef}
          id={id}
          className="input"
          type={isShown ? 'text' : 'password'}
          value={value}
          onChange={event => onChange(event.target.value)}
          onBlur={onBlur}
          aria-describedby={described === '' ? undefined : described}
          aria-invalid={error !== null || undefined}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={isShown ? words.hide : words.show}
          onClick={() => toggle(!isShown)}
        >
          <Icon size={22} aria-hidden />
        </button>
      </div>
      {error !== null && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  )
}
