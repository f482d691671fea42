// Another name for a device of ours; it is the person's own and goes nowhere.
import { useState } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { TextField } from '../../../components/Field.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { SubmitButton } from '../SubmitButton.tsx'

const maxName = 64

export function RenameSheet({ device, onClose }: { device: OwnedDeviceView; onClose: () => void }) {
  const { owned: words } = useWalletMessages()
  const wallet = useWallet()
  const [name, setName] = useState(device.name)
  const trimmed = name.trim()
  return (
    <Sheet title={words.rename} onClose={onClose}>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          if (trimmed !== '') void wallet.renameOwned(device.deviceId, trimmed).then(onClose)
        }}
      >
        <TextField label={words.name} value={name} onChange={typed => setName(typed.slice(0, maxName))} />
        <SubmitButton busy={false} disabled={trimmed === ''}>
          {words.save}
        </SubmitButton>
      </form>
    </Sheet>
  )
}
