// Asks once before an update is cancelled, and says what becomes of the device.
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { UpdateState } from '../../../core/update/state.ts'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { isInLoader } from './deviceNow.ts'

export function CancelSheet({ state, onClose }: { state: UpdateState; onClose: () => void }) {
  const fob = useFob()
  const { update: words } = useMessages()
  const from = state.plan?.from ?? null
  const keeps = from === null ? words.cancelBodyUnknown : words.cancelBody(formatVersion(from))
  const cancel = () => {
    // False where it became too late meanwhile: the screen then shows why by itself.
    fob.cancelUpdate(state.deviceKey)
    onClose()
  }
  return (
    <ConfirmSheet
      title={words.cancelTitle}
      action={words.cancelYes}
      cancel={words.cancelNo}
      isOff={state.swapRequested}
      onConfirm={cancel}
      onClose={onClose}
    >
      <p className="prose">
        {state.swapRequested ? words.tooLate : isInLoader(state) ? words.cancelBodyLoader : keeps}
      </p>
    </ConfirmSheet>
  )
}
