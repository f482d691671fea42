// Offers a passkey right after the wallet was made, while the passphrase is still at hand.
import { CircleCheck, Fingerprint } from 'lucide-react'
import { useState } from 'react'
import { passphraseBytes } from '../../../../core/wallet/passphrase.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { useCanUsePasskeys } from './useCanUsePasskeys.ts'

export function PasskeyOffer({ passphrase, onSkip }: { passphrase: string; onSkip: () => void }) {
  const { passkeys: words } = useWalletMessages()
  const { vault } = useWallet()
  const canUse = useCanUsePasskeys()
  const [state, setState] = useState<'idle' | 'busy' | 'added'>('idle')
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  if (canUse !== true) return null
  if (state === 'added') return <Notice tone="ok" icon={CircleCheck} title={words.added} live />
  const add = async () => {
    setState('busy')
    setFailure(null)
    const added = await vault.addPasskey({
      passphrase: passphraseBytes(passphrase),
      label: words.defaultName,
    })
    setState(added.ok ? 'added' : 'idle')
    if (!added.ok) setFailure(added.error)
  }
  return (
    <section className="card stack">
      <div className="stack tight">
        <h2>{words.offerTitle}</h2>
        <p className="prose soft">{words.offerBody}</p>
      </div>
      {failure !== null && <WalletFailure failure={failure} />}
      <div className="stack tight">
        <Button look="primary" icon={Fingerprint} wide busy={state === 'busy'} onClick={() => void add()}>
          {words.add}
        </Button>
        <Button look="quiet" wide onClick={onSkip}>
          {words.skip}
        </Button>
      </div>
    </section>
  )
}
