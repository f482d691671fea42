// Asks once before the words are left for later, and says what that means.
import { Button } from '../../../components/Button.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

export function LaterSheet({ onLater, onClose }: { onLater: () => void; onClose: () => void }) {
  const { backup: words } = useWalletMessages()
  return (
    <Sheet
      title={words.laterTitle}
      onClose={onClose}
      actions={
        <>
          <Button look="primary" wide onClick={onClose}>
            {words.laterNo}
          </Button>
          <Button look="quiet" wide onClick={onLater}>
            {words.laterYes}
          </Button>
        </>
      }
    >
      <p className="prose">{words.laterBody}</p>
    </Sheet>
  )
}
