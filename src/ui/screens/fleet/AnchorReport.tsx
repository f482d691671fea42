// Writes a report's root down on chain, signed by the owner account like any payment. Loaded, with the wallet, by a tap.
import '../../styles/money.css'
import '../../styles/wallet.css'
import { PenLine } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Proposal } from '../../../app/wallet/wallet.ts'
import type { Address } from '../../../core/bytes.ts'
import { anchorCall } from '../../../core/fleet/anchorCall.ts'
import type { FleetRun } from '../../../core/fleet/run.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet, WalletProvider } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import { type ShownFailure, WalletFailure } from '../wallet/WalletFailure.tsx'

export function AnchorReport({ run, anchors }: { run: FleetRun; anchors: Address }) {
  return (
    <WalletProvider>
      <Anchor run={run} anchors={anchors} />
    </WalletProvider>
  )
}

function Anchor({ run, anchors }: { run: FleetRun; anchors: Address }) {
  const { report: words } = useFleetMessages()
  const wallet = useWallet()
  const owner = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => void wallet.refresh(), [wallet])
  if (paymentId !== null) return <PaymentNow id={paymentId} />
  if (owner === undefined) {
    return (
      <>
        <p className="prose">{words.anchorNeedsWallet}</p>
        <LinkButton href={paths.wallet}>{words.anchorWallet}</LinkButton>
      </>
    )
  }
  const propose = async () => {
    setBusy(true)
    setFailure(null)
    const asked = await wallet.propose({
      kind: 'call',
      from: owner.id,
      to: anchors,
      value: 0n,
      data: anchorCall(run),
    })
    setBusy(false)
    if (asked.ok) setProposal(asked.value)
    else setFailure(asked.error)
  }
  return (
    <>
      <p className="prose small">{words.anchorBody}</p>
      {failure !== null && <WalletFailure failure={failure} />}
      <Button icon={PenLine} wide busy={isBusy} onClick={() => void propose()}>
        {words.anchorPropose}
      </Button>
      {proposal !== null && (
        <SigningSheet
          key={proposal.id}
          proposal={proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={({ id }) => {
            setProposal(null)
            setPaymentId(id)
          }}
          onClose={() => setProposal(null)}
          again={() => void propose()}
        />
      )}
    </>
  )
}
