// The one tap that the browser demands: its chooser opens straight from it.
import { Bluetooth } from 'lucide-react'
import { useState } from 'react'
import type { Fleet } from '../../../app/fleet/fleet.ts'
import type { ChooseFailure } from '../../../app/ports/device.ts'
import type { FleetItem } from '../../../core/fleet/run.ts'
import { Button } from '../../components/Button.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'

export function ChooseNext({ fleet, item }: { fleet: Fleet; item: FleetItem | undefined }) {
  const { run: words } = useFleetMessages()
  const [isOpen, setOpen] = useState(false)
  const [failure, setFailure] = useState<ChooseFailure | null>(null)
  if (item === undefined) return null
  const choose = () => {
    // Nothing may come before it, or the browser refuses.
    const choosing = fleet.choose(item.key)
    setOpen(true)
    setFailure(null)
    void choosing.then(chosen => setFailure(chosen.ok ? null : chosen.error)).finally(() => setOpen(false))
  }
  return (
    <>
      {failure !== null && failure.kind !== 'chooserCancelled' && (
        <FailureNotice kind={failure.kind} detail={'detail' in failure ? failure.detail : null} />
      )}
      <Button look="primary" icon={Bluetooth} wide busy={isOpen} onClick={choose}>
        {isOpen ? words.busy : words.choose(item.name)}
      </Button>
      <Button look="quiet" wide disabled={isOpen} onClick={() => fleet.skip(item.key)}>
        {words.skipOf(item.name)}
      </Button>
    </>
  )
}
