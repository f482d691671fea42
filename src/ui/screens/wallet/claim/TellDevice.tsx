// The first settings and the time: signed by the person, carried to the device, which signs that it has taken them.
import { Send } from 'lucide-react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { ok } from '../../../../core/result.ts'
import { Button } from '../../../components/Button.tsx'
import { useFob } from '../../../fobContext.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import type { Task } from '../useDeviceTask.ts'

export function TellDevice({ owned, task }: { owned: OwnedDeviceView; task: Task }) {
  const { claim: words, owned: settings } = useWalletMessages()
  const fob = useFob()
  const wallet = useWallet()
  const { deviceId, stage } = owned
  const needsKey = stage.kind === 'owned' && !stage.isPaired
  const tell = () =>
    task.run(async () => {
      if (needsKey) {
        const finished = await wallet.finishTaking(deviceId)
        if (!finished.ok) return finished
      }
      const changed = await wallet.changeConfig(deviceId, {})
      if (!changed.ok) return changed
      const brought = await (await fob.market()).bringSettings(deviceId)
      // The settings are there; a lock that does not know the time is told when it is let.
      return !brought.ok && brought.error.kind === 'timeNotTold' ? ok(null) : brought
    })
  return (
    <section className="card stack">
      <p className="prose soft">{needsKey ? settings.finishBody : words.settingsBody}</p>
      <Button look="primary" icon={Send} wide busy={task.isBusy} onClick={() => void tell()}>
        {needsKey ? settings.finishAction : words.deliver}
      </Button>
    </section>
  )
}
