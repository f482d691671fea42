// What the place “Wallet” shows: the first run, a vault that can't be read, or the accounts, locked or not.
import { Screen } from '../../components/Screen.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../i18n/useWalletMessages.ts'
import { useVaultState } from '../../walletContext.tsx'
import { AccountsScreen } from './accounts/AccountsScreen.tsx'
import { WelcomeScreen } from './onboarding/WelcomeScreen.tsx'
import { UnreadableScreen } from './vault/UnreadableScreen.tsx'

export function WalletHome() {
  const state = useVaultState()
  switch (state.kind) {
    case 'loading':
      return <Loading />
    case 'none':
      return <WelcomeScreen />
    case 'unreadable':
      return <UnreadableScreen why={state.why} />
    case 'locked':
    case 'waiting':
    case 'unlocked':
      return <AccountsScreen />
  }
}

function Loading() {
  const { wallet: words } = useWalletMessages()
  const { common } = useMessages()
  return (
    <Screen title={words.title}>
      <div className="stack" role="status">
        <span className="hidden-text">{common.loading}</span>
        <div className="skeleton" />
      </div>
    </Screen>
  )
}
