// Buttons, and links that look like them: at least 48 px high.
import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Link } from 'wouter'

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger-quiet'

interface Look {
  readonly look?: ButtonLook
  readonly icon?: LucideIcon
  readonly wide?: boolean
  readonly children: ReactNode
}

const classOf = (look: ButtonLook, wide: boolean) => `button ${look}${wide ? ' wide' : ''}`

export function Button({
  look = 'secondary',
  icon: Icon,
  wide = false,
  busy = false,
  children,
  ...rest
}: Look & { busy?: boolean } & Omit<ComponentProps<'button'>, 'className' | 'children'>) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf(look, wide)}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
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

export function LinkButton({
  look = 'secondary',
  icon: Icon,
  wide = false,
  href,
  children,
}: Look & { href: string }) {
  return (
    <Link href={href} className={classOf(look, wide)}>
      {Icon !== undefined && <Icon size={20} aria-hidden />}
      <span>{children}</span>
    </Link>
  )
}

export function IconButton({
  icon: Icon,
  label,
  onClick,
}: {
  icon: LucideIcon
  label: string
  onClick: () => void
}) {
  return (
    <button type="button" className="icon-button" aria-label={label} onClick={onClick}>
      <Icon size={22} aria-hidden />
    </button>
  )
}
