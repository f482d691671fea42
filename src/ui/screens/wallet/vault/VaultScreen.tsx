// The wallet's own settings: access, backup, passkeys, whose account owns the devices, and the end of it.
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Redirect } from 'wouter'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useVaultState } from '../../../walletContext.tsx'
import { PasskeysSection } from '../passkeys/PasskeysSection.tsx'
import { AccessSection } from './AccessSection.tsx'
import { BackupSection } from './BackupSection.tsx'
import { EraseSheet } from './EraseSheet.tsx'
import { ExpertSection } from './ExpertSection.tsx'
import { OwnerSection } from './OwnerSection.tsx'
import { PersistenceNotice } from './PersistenceNotice.tsx'

export function VaultScreen() {
  const { vault: words, persistence } = useWalletMessages()
  const state = useVaultState()
  const [isErasing, setErasing] = useState(false)
  if (state.kind === 'none' || state.kind === 'unreadable') return <Redirect to={paths.wallet} replace />
  return (
    <Screen title={words.title} back={paths.wallet}>
      <AccessSection />
      <BackupSection />
      <PasskeysSection passkeys={state.kind === 'loading' ? [] : state.passkeys} />
      <OwnerSection />
      <Section title={persistence.title}>
        <PersistenceNotice />
      </Section>
      <ExpertSection />
      <Button look="danger-quiet" icon={Trash2} onClick={() => setErasing(true)}>
        {words.erase}
      </Button>
      {isErasing && (
        <EraseSheet
          isUnconfirmed={state.kind === 'unlocked' && !state.isBackedUp}
          onClose={() => setErasing(false)}
        />
      )}
    </Screen>
  )
}
