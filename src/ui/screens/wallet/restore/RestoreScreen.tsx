// A wallet that exists already: brought back from its words, or from an export file.
import { useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import { Segments } from '../../../components/Field.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useOnLock, useVaultState } from '../../../walletContext.tsx'
import { ReadyStep } from '../onboarding/ReadyStep.tsx'
import { SubmitButton } from '../SubmitButton.tsx'
import { ByFile } from './ByFile.tsx'
import { ByWords } from './ByWords.tsx'

/** What the two ways tell the screen, whose button they share. */
export interface RestoreProps {
  readonly formId: string
  readonly onReady: (isReady: boolean) => void
  readonly onBusy: (isBusy: boolean) => void
  readonly onRestored: (passphrase: string) => void
}

const FORM = 'restore'

export function RestoreScreen() {
  const { restore: words } = useWalletMessages()
  const state = useVaultState()
  const [, navigate] = useLocation()
  const [way, setWay] = useState<'words' | 'file'>('words')
  const [isReady, setReady] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [hasBegun, setBegun] = useState(false)
  const [passphrase, setPassphrase] = useState<string | null>(null)
  useOnLock(() => navigate(paths.wallet, { replace: true }))
  if (passphrase !== null) return <ReadyStep passphrase={passphrase} />
  if (!hasBegun && state.kind !== 'none' && state.kind !== 'loading') {
    return <Redirect to={paths.wallet} replace />
  }
  const Way = way === 'words' ? ByWords : ByFile
  return (
    <Screen
      title={words.title}
      back={paths.wallet}
      notices={false}
      actions={
        <SubmitButton form={FORM} busy={isBusy} disabled={!isReady}>
          {way === 'words' ? words.submitWords : words.submitFile}
        </SubmitButton>
      }
    >
      <Segments
        legend={words.how}
        value={way}
        onChange={chosen => {
          setWay(chosen)
          setReady(false)
        }}
        options={[
          { value: 'words', label: words.fromWords },
          { value: 'file', label: words.fromFile },
        ]}
      />
      <Way
        formId={FORM}
        onReady={setReady}
        onBusy={busy => {
          setBegun(true)
          setBusy(busy)
        }}
        onRestored={setPassphrase}
      />
      <p className="soft small indent" role="status">
        {isBusy ? words.working : ''}
      </p>
    </Screen>
  )
}
