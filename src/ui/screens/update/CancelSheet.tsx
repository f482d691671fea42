// Asks once before an update is cancelled, and says what becomes of the device.
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { UpdateState } from '../../../core/update/state.ts'
import { Button } from '../../components/Button.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'

export function CancelSheet({ state, onClose }: { state: UpdateState; onClose: () => void }) {
  const fob = useFob()
  const { update: words } = useMessages()
  const from = state.plan?.from ?? null
  const cancel = () => {
    // False where it became too late meanwhile: the screen then shows why by itself.
    fob.cancelUpdate(state.deviceKey)
    onClose()
  }
  return (
    <Sheet
      title={words.cancelTitle}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" wide disabled={state.swapRequested} onClick={cancel}>
            {words.cancelYes}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {words.cancelNo}
          </Button>
        </>
      }
    >
      <p className="prose">
        {state.swapRequested
          ? words.tooLate
          : from === null
            ? words.cancelBodyUnknown
            : words.cancelBody(formatVersion(from))}
      </p>
    </Sheet>
  )
}
