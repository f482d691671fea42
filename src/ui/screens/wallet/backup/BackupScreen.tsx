// The words once more: asks for the passphrase, shows them, and has them confirmed where they were not.
import { Check, Eye, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import type { VaultState } from '../../../../app/ports/vault.ts'
import type { WalletVault } from '../../../../app/wallet/wallet.ts'
import type { Bytes } from '../../../../core/bytes.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useOnLock, useVaultState, useWallet } from '../../../walletContext.tsx'
import { PassphraseField } from '../lock/PassphraseField.tsx'
import { PassphraseStatus } from '../lock/PassphraseStatus.tsx'
import { type Tried, usePassphraseTry } from '../lock/usePassphraseTry.ts'
import { SubmitButton } from '../SubmitButton.tsx'
import { CheckStep } from './CheckStep.tsx'
import { WordsStep } from './WordsStep.tsx'

type Step =
  | { readonly kind: 'ask'; readonly wasLocked: boolean }
  | { readonly kind: 'words' | 'check'; readonly phrase: readonly string[] }
  | { readonly kind: 'confirmed' }

export function BackupScreen() {
  const state = useVaultState()
  const [, navigate] = useLocation()
  const [step, setStep] = useState<Step>({ kind: 'ask', wasLocked: false })
  useOnLock(() => setStep(now => (now.kind === 'confirmed' ? now : { kind: 'ask', wasLocked: true })))
  const leave = () => navigate(paths.wallet)
  if (state.kind === 'none' || state.kind === 'unreadable') return <Redirect to={paths.wallet} replace />
  switch (step.kind) {
    case 'ask':
      return (
        <AskStep
          state={state}
          wasLocked={step.wasLocked}
          onRead={phrase => setStep({ kind: 'words', phrase })}
        />
      )
    case 'words':
      return (
        <ShownWords
          phrase={step.phrase}
          isConfirmed={state.kind === 'unlocked' && state.isBackedUp}
          onWritten={() => setStep({ kind: 'check', phrase: step.phrase })}
          onDone={leave}
        />
      )
    case 'check':
      return (
        <CheckStep
          phrase={step.phrase}
          onAgain={() => setStep({ kind: 'words', phrase: step.phrase })}
          onConfirmed={() => setStep({ kind: 'confirmed' })}
        />
      )
    case 'confirmed':
      return <Confirmed />
  }
}

function AskStep({
  state,
  wasLocked,
  onRead,
}: {
  state: VaultState
  wasLocked: boolean
  onRead: (phrase: readonly string[]) => void
}) {
  const { backup: words, passphrase: fields, lock } = useWalletMessages()
  const { vault } = useWallet()
  const attempt = usePassphraseTry()
  const [text, setText] = useState('')
  const isOff = attempt.waitingUntil !== null || text === ''
  return (
    <Screen
      title={words.askTitle}
      back={paths.wallet}
      notices={false}
      actions={
        <SubmitButton form="reveal" icon={Eye} busy={attempt.isBusy} disabled={isOff}>
          {words.show}
        </SubmitButton>
      }
    >
      {wasLocked && <Notice tone="info" title={words.lockedMeanwhile} live />}
      <p className="prose">{words.askBody}</p>
      <form
        id="reveal"
        className="card stack"
        onSubmit={event => {
          event.preventDefault()
          if (isOff) return
          void attempt.run(text, passphrase => reveal(vault, state, passphrase, onRead))
        }}
      >
        <PassphraseField
          label={fields.label}
          value={text}
          onChange={typed => {
            setText(typed)
            attempt.clear()
          }}
          error={attempt.isWrong ? lock.wrong : null}
        />
        <PassphraseStatus attempt={attempt} working={lock.checking} />
      </form>
    </Screen>
  )
}

/** The words can be read while the vault is locked, but not confirmed: so it is opened first. */
async function reveal(
  vault: WalletVault,
  state: VaultState,
  passphrase: Bytes,
  onRead: (phrase: readonly string[]) => void,
): Promise<Tried> {
  if (state.kind !== 'unlocked') {
    const opened = await vault.unlock(passphrase.slice())
    if (!opened.ok) {
      passphrase.fill(0)
      return opened
    }
  }
  const read = await vault.revealPhrase(passphrase)
  if (read.ok) onRead(read.value)
  return read
}

function ShownWords({
  phrase,
  isConfirmed,
  onWritten,
  onDone,
}: {
  phrase: readonly string[]
  isConfirmed: boolean
  onWritten: () => void
  onDone: () => void
}) {
  const { backup: words } = useWalletMessages()
  // Whether there is something to confirm is asked once: it must not change under a person who reads.
  const [wasConfirmed] = useState(isConfirmed)
  const { common } = useMessages()
  return (
    <WordsStep
      phrase={phrase}
      back={paths.wallet}
      actions={hasSeen =>
        wasConfirmed ? (
          <Button look="primary" icon={Check} wide onClick={onDone}>
            {common.done}
          </Button>
        ) : (
          <Button look="primary" icon={Check} wide disabled={!hasSeen} onClick={onWritten}>
            {words.written}
          </Button>
        )
      }
    />
  )
}

function Confirmed() {
  const { backup: words, create } = useWalletMessages()
  return (
    <Screen
      title={words.confirmedTitle}
      notices={false}
      actions={
        <LinkButton look="primary" wide href={paths.wallet}>
          {create.open}
        </LinkButton>
      }
    >
      <Notice tone="ok" icon={ShieldCheck} title={words.confirmedTitle}>
        {words.confirmedBody}
      </Notice>
    </Screen>
  )
}
