// Opens the vault where something needs it: by passphrase, or by passkey.
import { KeyRound, LockOpen } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useVaultState, useWallet } from '../../../walletContext.tsx'
import { SubmitButton } from '../SubmitButton.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { PassphraseField } from './PassphraseField.tsx'
import { PassphraseStatus } from './PassphraseStatus.tsx'
import { usePassphraseTry } from './usePassphraseTry.ts'

/** Closes by itself once the vault is open, however it was opened; `onClose` then finds it so. */
export function UnlockSheet({ onClose }: { onClose: () => void }) {
  const { lock: words } = useWalletMessages()
  const { vault } = useWallet()
  const state = useVaultState()
  const body = useRef<HTMLDivElement>(null)
  const isOpen = state.kind !== 'locked' && state.kind !== 'waiting'
  const [location] = useLocation()
  const [openedAt] = useState(location)
  const isDone = isOpen || location !== openedAt
  useEffect(() => {
    // By the dialog itself, so that the focus goes back to where it was.
    if (isDone) body.current?.closest('dialog')?.close()
  }, [isDone])
  const hasPasskey = (state.kind === 'locked' || state.kind === 'waiting') && state.passkeys.length > 0
  const [passkeyFailure, setPasskeyFailure] = useState<ShownFailure | null>(null)
  return (
    <Sheet title={words.title} onClose={onClose}>
      <div className="stack" ref={body}>
        <ByPassphrase hasPasskey={hasPasskey} />
        {hasPasskey && (
          <>
            <p className="divider soft small">{words.or}</p>
            {passkeyFailure !== null && <WalletFailure failure={passkeyFailure} />}
            <Button
              icon={KeyRound}
              wide
              onClick={() => {
                setPasskeyFailure(null)
                void vault.unlockWithPasskey().then(opened => {
                  if (!opened.ok) setPasskeyFailure(opened.error)
                })
              }}
            >
              {words.withPasskey}
            </Button>
          </>
        )}
        <Disclosure title={words.forgotten}>
          <div className="stack snug">
            <p className="prose soft">{words.forgottenBody}</p>
            <div>
              <LinkButton href={paths.walletVault}>{words.forgottenLink}</LinkButton>
            </div>
          </div>
        </Disclosure>
      </div>
    </Sheet>
  )
}

function ByPassphrase({ hasPasskey }: { hasPasskey: boolean }) {
  const { lock: words, passphrase: fields } = useWalletMessages()
  const { vault } = useWallet()
  const attempt = usePassphraseTry()
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const isWaiting = attempt.waitingUntil !== null
  return (
    <form
      className="stack"
      onSubmit={event => {
        event.preventDefault()
        if (attempt.isBusy || isWaiting || text === '') return
        void attempt.run(text, vault.unlock).then(() => {
          // What was typed is marked, to be typed over; the focus is moved only where it was in the form anyway.
          if (input.current?.form?.contains(document.activeElement)) input.current.select()
        })
      }}
    >
      <PassphraseField
        inputRef={input}
        label={fields.label}
        value={text}
        onChange={typed => {
          setText(typed)
          attempt.clear()
        }}
        error={attempt.isWrong ? words.wrong : null}
      />
      <PassphraseStatus attempt={attempt} working={words.checking} hasPasskey={hasPasskey} />
      <SubmitButton icon={LockOpen} busy={attempt.isBusy} disabled={isWaiting || text === ''}>
        {words.unlock}
      </SubmitButton>
    </form>
  )
}
