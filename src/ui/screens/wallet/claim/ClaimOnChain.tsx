// The device signs that its owner is this person, the person signs too, and the chain makes it final.
import { PenLine } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Proposal } from '../../../../app/wallet/wallet.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { Faucet } from '../accounts/Faucet.tsx'
import { PaymentNow } from '../payments/PaymentNow.tsx'
import { SigningSheet } from '../signing/SigningSheet.tsx'
import type { Task } from '../useDeviceTask.ts'

export function ClaimOnChain({ owned, task }: { owned: OwnedDeviceView; task: Task }) {
  const { claim: words } = useWalletMessages()
  const wallet = useWallet()
  const owner = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const { stage, deviceId } = owned
  useEffect(() => void wallet.refresh(), [wallet])
  // It is written down before it is signed: the sheet stays until it was, for what goes wrong is said there.
  if (stage.kind === 'claiming' && proposal === null) return <PaymentNow id={stage.paymentId} />
  if (stage.kind === 'taking')
    return (
      <LinkButton look="primary" wide href={paths.take}>
        {words.claimAction}
      </LinkButton>
    )
  const propose = async () => {
    const asked = await task.run(() => wallet.proposeClaim(deviceId))
    if (asked) setProposal(asked.value)
  }
  return (
    <section className="card stack">
      <p className="prose soft">{words.claimBody}</p>
      {owner !== undefined && <Faucet account={owner} />}
      <Button look="primary" icon={PenLine} wide busy={task.isBusy} onClick={() => void propose()}>
        {words.claimAction}
      </Button>
      {proposal !== null && (
        <SigningSheet
          key={proposal.id}
          proposal={proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={() => setProposal(null)}
          onClose={() => setProposal(null)}
          again={() => void propose()}
        />
      )}
    </section>
  )
}
