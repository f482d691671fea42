// What the vault wants to be known above any account: that it is locked, or that nothing would bring it back.
import { Lock, TriangleAlert } from 'lucide-react'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useUnlocked, useVaultState } from '../../../walletContext.tsx'

export function VaultNotices() {
  const { lock: words } = useWalletMessages()
  const state = useVaultState()
  const askUnlock = useUnlocked()
  const unlock = async () => {
    // The button goes with the notice, and the focus would go nowhere.
    if (await askUnlock()) document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }
  if (state.kind === 'locked' || state.kind === 'waiting') {
    return (
      <Notice
        tone="plain"
        icon={Lock}
        title={words.locked}
        actions={<Button onClick={() => void unlock()}>{words.unlock}</Button>}
        live
      >
        {words.lockedBody}
      </Notice>
    )
  }
  if (state.kind === 'unlocked' && !state.isBackedUp) {
    return (
      <Notice
        tone="attention"
        icon={TriangleAlert}
        title={words.notBackedUp}
        actions={<LinkButton href={paths.walletBackup}>{words.backUp}</LinkButton>}
      >
        {words.notBackedUpBody}
      </Notice>
    )
  }
  return null
}
