// A question in the middle of the kiosk; nothing else can be touched meanwhile.
import { type ReactNode, useEffect, useId, useRef } from 'react'

export function KioskDialog({
  title,
  onClose,
  actions,
  children,
}: {
  title: string
  /** Escape. */
  onClose: () => void
  actions: ReactNode
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="kiosk-dialog"
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
      <div className="kiosk-dialog-actions">{actions}</div>
    </dialog>
  )
}
