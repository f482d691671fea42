// Play money on a demo network, offered where an account is empty.
import { Coins } from 'lucide-react'
import { useState } from 'react'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'

export function Faucet({ account }: { account: AccountView }) {
  const { accounts: words } = useWalletMessages()
  const wallet = useWallet()
  const [state, setState] = useState<'idle' | 'asking' | 'asked'>('idle')
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const isEmpty = account.balances?.every(({ value }) => value === 0n) ?? false
  if (!wallet.hasFaucet || !isEmpty) return null
  const ask = async () => {
    setState('asking')
    setFailure(null)
    const result = await wallet.askFaucet()
    setState(result.ok ? 'asked' : 'idle')
    if (!result.ok) setFailure(result.error)
  }
  if (state === 'asked') return <Notice tone="info" title={words.faucetDone} live />
  return (
    <div className="stack tight">
      <p className="row-note">{words.faucetNote}</p>
      <Button icon={Coins} wide busy={state === 'asking'} onClick={() => void ask()}>
        {words.faucet}
      </Button>
      {failure !== null && <WalletFailure failure={failure} />}
    </div>
  )
}
