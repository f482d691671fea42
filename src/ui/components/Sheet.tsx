// A native dialog: from the bottom on phones, centred on wide screens. Escape and the scrim close it.
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useMessages } from '../i18n/useMessages.tsx'
import { IconButton } from './Button.tsx'

export function Sheet({
  title,
  onClose,
  children,
  actions,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  actions?: ReactNode
}) {
  const { common } = useMessages()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    if (!element.open) element.showModal()
    // A click on the scrim has the dialog itself as its target; keyboards have Escape.
    const onClick = (event: MouseEvent) => {
      if (event.target === element) element.close()
    }
    element.addEventListener('click', onClick)
    return () => element.removeEventListener('click', onClick)
  }, [])

  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={titleId} onClose={onClose}>
      <div className="sheet-head">
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={X} label={common.close} onClick={() => dialog.current?.close()} />
      </div>
      <div className="sheet-body">{children}</div>
      {actions !== undefined && <div className="sheet-foot">{actions}</div>}
    </dialog>
  )
}
