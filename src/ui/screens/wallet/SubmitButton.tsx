// The button of a form that works for a second: it keeps the focus meanwhile, which a disabled one would lose.
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ButtonLook } from '../../components/Button.tsx'

export function SubmitButton({
  form,
  look = 'primary',
  icon: Icon,
  busy = false,
  disabled = false,
  children,
}: {
  /** Id of the form, where the button lies outside of it. */
  form?: string
  look?: ButtonLook
  icon?: LucideIcon
  busy?: boolean
  disabled?: boolean
  children: ReactNode
}) {
  const isOff = busy || disabled
  return (
    <button
      type="submit"
      form={form}
      className={`button ${look} wide`}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      onClick={event => {
        if (isOff) event.preventDefault()
      }}
    >
      {busy ? (
        <LoaderCircle size={20} className="spin" aria-hidden />
      ) : (
        Icon !== undefined && <Icon size={20} aria-hidden />
      )}
      <span>{children}</span>
    </button>
  )
}
