// The device signs that its owner is this person, the person signs too, and the chain makes it final.
import { PenLine } from 'lucide-react'
import { useEffect } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { Faucet } from '../accounts/Faucet.tsx'
import { PaymentNow } from '../payments/PaymentNow.tsx'
import { useSigning } from '../signing/useSigning.tsx'
import type { Task } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'

export function ClaimOnChain({ owned, task }: { owned: OwnedDeviceView; task: Task }) {
  const { claim: words } = useWalletMessages()
  const wallet = useWallet()
  const owner = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  const { send, isBusy, isLooking, view } = useSigning(WalletFailure, { around: task })
  const { stage, deviceId } = owned
  useEffect(() => void wallet.refresh(), [wallet])
  // It is written down before it is signed: the sheet stays until it was, for what goes wrong is said there.
  if (stage.kind === 'claiming' && !isLooking) return <PaymentNow id={stage.paymentId} />
  if (stage.kind === 'taking')
    return (
      <LinkButton look="primary" wide href={paths.take}>
        {words.claimAction}
      </LinkButton>
    )
  return (
    <section className="card stack">
      <p className="prose soft">{words.claimBody}</p>
      {owner !== undefined && <Faucet account={owner} />}
      <Button
        look="primary"
        icon={PenLine}
        wide
        busy={isBusy}
        onClick={() => send(() => wallet.proposeClaim(deviceId))}
      >
        {words.claimAction}
      </Button>
      {view}
    </section>
  )
}
