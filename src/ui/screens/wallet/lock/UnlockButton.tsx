// Unlocking the wallet from a screen that is not one of its own, and then going on.
import '../../../styles/wallet.css'
import { LockOpen } from 'lucide-react'
import { Button } from '../../../components/Button.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useUnlocked, WalletProvider } from '../../../walletContext.tsx'

export function UnlockButton({ onUnlocked }: { onUnlocked: () => void }) {
  return (
    <WalletProvider>
      <Ask onUnlocked={onUnlocked} />
    </WalletProvider>
  )
}

function Ask({ onUnlocked }: { onUnlocked: () => void }) {
  const { lock: words } = useWalletMessages()
  const askUnlock = useUnlocked()
  return (
    <Button
      look="primary"
      icon={LockOpen}
      wide
      onClick={() =>
        void askUnlock().then(isOpen => {
          if (isOpen) onUnlocked()
        })
      }
    >
      {words.unlock}
    </Button>
  )
}
