// The wallet is there: a passkey is offered, and it is said how well the browser will keep it.
import { useState } from 'react'
import { LinkButton } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useVaultState } from '../../../walletContext.tsx'
import { PasskeyOffer } from '../passkeys/PasskeyOffer.tsx'
import { useNextPlace } from '../useNextPlace.ts'
import { PersistenceNotice } from '../vault/PersistenceNotice.tsx'

/** The passphrase that was just chosen: adding a passkey needs it. */
export function ReadyStep({ passphrase }: { passphrase: string }) {
  const { create: words } = useWalletMessages()
  const state = useVaultState()
  const [isOffered, setOffered] = useState(true)
  const next = useNextPlace()
  const hasPasskey = state.kind === 'unlocked' && state.passkeys.length > 0
  return (
    <Screen
      title={words.readyTitle}
      notices={false}
      actions={
        <LinkButton look={isOffered && !hasPasskey ? 'secondary' : 'primary'} wide href={next}>
          {next === paths.wallet ? words.open : words.goOn}
        </LinkButton>
      }
    >
      <p className="lead prose">{words.readyBody}</p>
      {state.kind === 'unlocked' && !state.isBackedUp && (
        <Notice tone="attention" title={words.readyUnconfirmed} />
      )}
      {isOffered && <PasskeyOffer passphrase={passphrase} onSkip={() => setOffered(false)} />}
      <PersistenceNotice />
    </Screen>
  )
}
