// Before the screen is cleared: a large question, answered by any touch.
import { Button } from '../components/Button.tsx'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { KioskDialog } from './KioskDialog.tsx'

export function IdleWarning({
  seconds,
  onStay,
  onLeave,
}: {
  seconds: number
  onStay: () => void
  onLeave: () => void
}) {
  const { idle: words, startOver } = useKioskMessages()
  return (
    <KioskDialog
      title={words.title}
      onClose={onStay}
      actions={
        <>
          <Button onClick={onLeave}>{startOver}</Button>
          <Button look="primary" onClick={onStay}>
            {words.stay}
          </Button>
        </>
      }
    >
      <p aria-live="off">{words.body(seconds)}</p>
    </KioskDialog>
  )
}
