// A vault that this app can't read: nothing was touched, and what can be done about it.
import { RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { VaultState } from '../../../../app/ports/vault.ts'
import { Button } from '../../../components/Button.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import { EraseSheet } from './EraseSheet.tsx'

type Unreadable = Extract<VaultState, { kind: 'unreadable' }>

export function UnreadableScreen({ why }: { why: Unreadable['why'] }) {
  const { unreadable: words, vault } = useWalletMessages()
  const [isErasing, setErasing] = useState(false)
  // Without storage there is nothing that could be erased, and a newer Fob reads what this one can't.
  const canErase = why.kind !== 'vaultStorageUnavailable' && why.kind !== 'vaultNewer'
  return (
    <Screen
      title={words.title}
      actions={
        <Button look="primary" icon={RotateCcw} wide onClick={() => window.location.reload()}>
          {words.reload}
        </Button>
      }
    >
      <WalletFailure failure={why} tone="alarm" />
      <p className="prose">{words.untouched}</p>
      {canErase && (
        <>
          <p className="prose soft">{words.restoreNote}</p>
          <Button look="danger-quiet" icon={Trash2} onClick={() => setErasing(true)}>
            {vault.erase}
          </Button>
        </>
      )}
      {isErasing && <EraseSheet isUnconfirmed={false} onClose={() => setErasing(false)} />}
    </Screen>
  )
}
