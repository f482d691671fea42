// What can be done while an update is under way: pause, go on, bring the device back, cancel.
import { Bluetooth, Pause, Play, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { UpdateView } from '../../../app/fob.ts'
import type { ChooseFailure } from '../../../app/ports/device.ts'
import { Button } from '../../components/Button.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'

export function UpdateActions({ view, onCancel }: { view: UpdateView; onCancel: () => void }) {
  const fob = useFob()
  const { update: words } = useMessages()
  const { state } = view
  const key = state.deviceKey
  const canPause = state.status === 'running' && (state.step === 'fetch' || state.step === 'upload')
  return (
    <>
      {canPause && (
        <Button icon={Pause} wide onClick={() => fob.pauseUpdate(key)}>
          {words.pause}
        </Button>
      )}
      {state.status === 'paused' && (
        <Button look="primary" icon={Play} wide onClick={() => void fob.resumeUpdate(key)}>
          {words.resume}
        </Button>
      )}
      {state.status === 'awaitingDevice' && <BringBack deviceKey={key} />}
      {!state.swapRequested && (
        <Button look="quiet" wide onClick={onCancel}>
          {words.cancel}
        </Button>
      )}
    </>
  )
}

/** Reconnect without the chooser, or through it where the browser wants that. */
export function BringBack({ deviceKey }: { deviceKey: string }) {
  const fob = useFob()
  const { update: words } = useMessages()
  const [failure, setFailure] = useState<ChooseFailure | null>(null)
  const device = useReadable(fob.devices).find(({ record }) => record.key === deviceKey)
  // A demo device and one behind a gateway need no leave of the browser.
  const hasChooser = !['demo', 'gateway'].includes(device?.record.source ?? '')
  const chooseAgain = () => {
    // Straight from the click: the browser opens its chooser only then.
    const choosing = fob.rechooseAndResume(deviceKey)
    setFailure(null)
    void choosing.then(chosen => setFailure(chosen.ok ? null : chosen.error))
  }
  return (
    <>
      {failure !== null && failure.kind !== 'chooserCancelled' && (
        <FailureNotice kind={failure.kind} detail={'detail' in failure ? failure.detail : null} />
      )}
      <Button look="primary" icon={RotateCw} wide onClick={() => void fob.resumeUpdate(deviceKey)}>
        {words.reconnect}
      </Button>
      {hasChooser && (
        <Button icon={Bluetooth} wide onClick={chooseAgain}>
          {words.chooseAgain}
        </Button>
      )}
    </>
  )
}
