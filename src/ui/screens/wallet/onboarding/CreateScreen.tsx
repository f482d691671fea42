// From nothing to a wallet: passphrase, words on paper, three of them picked, and what makes it handy.
import { Check, KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import { passphraseBytes } from '../../../../core/wallet/passphrase.ts'
import type { PhraseLanguage } from '../../../../core/wallet/phrase.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Segments } from '../../../components/Field.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useOnLock, useVaultState, useWallet } from '../../../walletContext.tsx'
import { CheckStep } from '../backup/CheckStep.tsx'
import { LaterSheet } from '../backup/LaterSheet.tsx'
import { WordsStep } from '../backup/WordsStep.tsx'
import { SubmitButton } from '../SubmitButton.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { emptyPassphrase, isChosen, NewPassphrase } from './NewPassphrase.tsx'
import { ReadyStep } from './ReadyStep.tsx'
import { WelcomeScreen } from './WelcomeScreen.tsx'

/** The passphrase is kept until the passkey was offered, so that nobody types it twice within two minutes. */
type Step =
  | { readonly kind: 'passphrase' }
  | { readonly kind: 'words' | 'check'; readonly phrase: readonly string[]; readonly passphrase: string }
  | { readonly kind: 'ready'; readonly passphrase: string }

export function CreateScreen() {
  const state = useVaultState()
  const lost = useReadable(useWallet().lostVault)
  const [, navigate] = useLocation()
  const [step, setStep] = useState<Step>({ kind: 'passphrase' })
  const [hasBegun, setBegun] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  useOnLock(() => navigate(step.kind === 'ready' ? paths.wallet : paths.walletBackup, { replace: true }))
  switch (step.kind) {
    case 'passphrase':
      // There is one already; the one that is just being made here does not count.
      if (!hasBegun && state.kind !== 'none' && state.kind !== 'loading') {
        return <Redirect to={paths.wallet} replace />
      }
      // New keys would take the place of those that are missed.
      if (!hasBegun && lost !== null) return <WelcomeScreen />
      return (
        <PassphraseStep
          onBegin={() => setBegun(true)}
          onCreated={(phrase, passphrase) => setStep({ kind: 'words', phrase, passphrase })}
        />
      )
    case 'words':
    case 'check':
      return (
        <>
          {step.kind === 'words' ? (
            <WordsStep
              phrase={step.phrase}
              actions={hasSeen => (
                <WordsActions
                  hasSeen={hasSeen}
                  onWritten={() => setStep({ ...step, kind: 'check' })}
                  onLater={() => setLeaving(true)}
                />
              )}
            />
          ) : (
            <CheckStep
              phrase={step.phrase}
              onAgain={() => setStep({ ...step, kind: 'words' })}
              onConfirmed={() => setStep({ kind: 'ready', passphrase: step.passphrase })}
              onLater={() => setLeaving(true)}
            />
          )}
          {isLeaving && (
            <LaterSheet
              onClose={() => setLeaving(false)}
              onLater={() => {
                setLeaving(false)
                setStep({ kind: 'ready', passphrase: step.passphrase })
              }}
            />
          )}
        </>
      )
    case 'ready':
      return <ReadyStep passphrase={step.passphrase} />
  }
}

function WordsActions({
  hasSeen,
  onWritten,
  onLater,
}: {
  hasSeen: boolean
  onWritten: () => void
  onLater: () => void
}) {
  const { backup: words } = useWalletMessages()
  return (
    <>
      <Button look="primary" icon={Check} wide disabled={!hasSeen} onClick={onWritten}>
        {words.written}
      </Button>
      <Button look="quiet" wide onClick={onLater}>
        {words.later}
      </Button>
    </>
  )
}

function PassphraseStep({
  onBegin,
  onCreated,
}: {
  onBegin: () => void
  onCreated: (phrase: readonly string[], passphrase: string) => void
}) {
  const { create: words, passphrase: fields } = useWalletMessages()
  const { vault } = useWallet()
  const [chosen, setChosen] = useState(emptyPassphrase)
  const [count, setCount] = useState<'12' | '24'>('12')
  const [language, setLanguage] = useState<PhraseLanguage>('en')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const submit = async () => {
    if (isBusy || !isChosen(chosen)) return
    onBegin()
    setBusy(true)
    setFailure(null)
    const made = await vault.create({
      words: count === '12' ? 12 : 24,
      language,
      passphrase: passphraseBytes(chosen.text),
    })
    setBusy(false)
    if (made.ok) onCreated(made.value.phrase, chosen.text)
    else setFailure(made.error)
  }
  return (
    <Screen
      title={words.title}
      back={paths.wallet}
      notices={false}
      actions={
        <SubmitButton form="create" icon={KeyRound} busy={isBusy} disabled={!isChosen(chosen)}>
          {words.submit}
        </SubmitButton>
      }
    >
      <p className="prose">{words.intro}</p>
      {failure !== null && <WalletFailure failure={failure} />}
      <form
        id="create"
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="card">
          <NewPassphrase label={fields.label} value={chosen} onChange={setChosen} />
        </div>
        <p className="soft small indent" role="status">
          {isBusy ? words.working : ''}
        </p>
        <Disclosure title={words.options}>
          <div className="card stack">
            <div className="stack tight">
              <Segments
                legend={words.words}
                value={count}
                onChange={setCount}
                options={[
                  { value: '12', label: words.words12 },
                  { value: '24', label: words.words24 },
                ]}
              />
              <p className="row-note">{words.wordsHint}</p>
            </div>
            <div className="stack tight">
              <Segments
                legend={words.language}
                value={language}
                onChange={setLanguage}
                options={[
                  { value: 'en', label: words.languageEn },
                  { value: 'zh', label: words.languageZh },
                ]}
              />
              <p className="row-note">{words.languageHint}</p>
            </div>
          </div>
        </Disclosure>
      </form>
    </Screen>
  )
}
