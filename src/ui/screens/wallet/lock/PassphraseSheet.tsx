// A sheet for what the passphrase is asked for again: shows what is the matter, takes it, does the task.
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { Bytes } from '../../../../core/bytes.ts'
import type { ButtonLook } from '../../../components/Button.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { SubmitButton } from '../SubmitButton.tsx'
import { PassphraseField } from './PassphraseField.tsx'
import { PassphraseStatus } from './PassphraseStatus.tsx'
import { type Tried, usePassphraseTry } from './usePassphraseTry.ts'

export function PassphraseSheet({
  title,
  submit,
  look = 'primary',
  icon,
  label,
  isReady = true,
  task,
  onDone,
  onClose,
  children,
  after,
}: {
  title: string
  submit: string
  look?: ButtonLook
  icon?: LucideIcon
  /** Of the field; “Passphrase” without it. */
  label?: string
  /** Whether what else is asked for is filled in. */
  isReady?: boolean
  task: (passphrase: Bytes) => Promise<Tried>
  onDone: () => void
  onClose: () => void
  children: ReactNode
  /** Fields that follow the passphrase. */
  after?: ReactNode
}) {
  const { passphrase: fields, lock } = useWalletMessages()
  const attempt = usePassphraseTry()
  const [text, setText] = useState('')
  const formId = useId()
  const isOff = attempt.waitingUntil !== null || text === '' || !isReady
  const run = () =>
    attempt.run(text, async passphrase => {
      const tried = await task(passphrase)
      if (tried.ok) onDone()
      return tried
    })
  return (
    <Sheet
      title={title}
      onClose={onClose}
      actions={
        <SubmitButton
          form={formId}
          look={look}
          busy={attempt.isBusy}
          disabled={isOff}
          {...(icon === undefined ? {} : { icon })}
        >
          {submit}
        </SubmitButton>
      }
    >
      <form
        id={formId}
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          if (!isOff) void run()
        }}
      >
        {children}
        <PassphraseField
          label={label ?? fields.label}
          value={text}
          onChange={typed => {
            setText(typed)
            attempt.clear()
          }}
          error={attempt.isWrong ? lock.wrong : null}
        />
        {after}
        <PassphraseStatus attempt={attempt} working={lock.checking} />
      </form>
    </Sheet>
  )
}
