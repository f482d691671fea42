// The end of a wallet in this browser: says what is lost, and wants a word typed.
import { Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../../../components/Button.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useWallet } from '../../../walletContext.tsx'
import { SubmitButton } from '../SubmitButton.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'

export function EraseSheet({ isUnconfirmed, onClose }: { isUnconfirmed: boolean; onClose: () => void }) {
  const { vault: words } = useWalletMessages()
  const { common } = useMessages()
  const { vault } = useWallet()
  const [, navigate] = useLocation()
  const [typed, setTyped] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const formId = useId()
  const isSure = typed.trim().toLowerCase() === words.eraseWord
  const erase = async () => {
    setBusy(true)
    const erased = await vault.erase()
    setBusy(false)
    if (erased.ok) navigate(paths.wallet, { replace: true })
    else setFailure(erased.error)
  }
  return (
    <Sheet
      title={words.eraseTitle}
      onClose={onClose}
      actions={
        <>
          <SubmitButton form={formId} look="danger" icon={Trash2} busy={isBusy} disabled={!isSure}>
            {words.eraseYes}
          </SubmitButton>
          <Button look="quiet" wide onClick={onClose}>
            {common.cancel}
          </Button>
        </>
      }
    >
      {isUnconfirmed && <Notice tone="alarm" title={words.eraseUnconfirmed} />}
      {words.eraseBody.map(sentence => (
        <p key={sentence} className="prose">
          {sentence}
        </p>
      ))}
      {failure !== null && <WalletFailure failure={failure} tone="alarm" />}
      <form
        id={formId}
        onSubmit={event => {
          event.preventDefault()
          if (isSure && !isBusy) void erase()
        }}
      >
        <TextField label={words.eraseLabel(words.eraseWord)} value={typed} onChange={setTyped} />
      </form>
    </Sheet>
  )
}
