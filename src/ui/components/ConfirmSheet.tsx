// Asks once before what can't be taken back: what it does, the one button that does it, and the way out.
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMessages } from '../i18n/useMessages.tsx'
import { Button } from './Button.tsx'
import { Sheet } from './Sheet.tsx'

export function ConfirmSheet({
  title,
  icon,
  action,
  cancel,
  isOff = false,
  onConfirm,
  onClose,
  children,
}: {
  title: string
  icon?: LucideIcon
  /** What the button says that does it. */
  action: string
  /** What the way out says; default: Cancel. */
  cancel?: string
  /** It can’t be done now: the text says why. */
  isOff?: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  const { common } = useMessages()
  return (
    <Sheet
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button
            look="danger"
            wide
            disabled={isOff}
            onClick={onConfirm}
            {...(icon === undefined ? {} : { icon })}
          >
            {action}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {cancel ?? common.cancel}
          </Button>
        </>
      }
    >
      {children}
    </Sheet>
  )
}
