// Writes a report's root down on chain, signed by the owner account like any payment. Loaded, with the wallet, by a tap.
import '../../styles/money.css'
import '../../styles/wallet.css'
import { PenLine } from 'lucide-react'
import { useEffect } from 'react'
import type { Address } from '../../../core/bytes.ts'
import { anchorCall } from '../../../core/fleet/anchorCall.ts'
import type { FleetRun } from '../../../core/fleet/run.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet, WalletProvider } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import { WalletFailure } from '../wallet/WalletFailure.tsx'

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
  const { send, isBusy, paymentId, isUnderWay, isFinal, view } = useSigning(WalletFailure, {
    needsVault: false,
  })
  useEffect(() => void wallet.refresh(), [wallet])
  const payment = paymentId !== null && <PaymentNow id={paymentId} />
  // Another one is offered where it failed.
  if (isUnderWay || isFinal) return payment
  if (owner === undefined) {
    return (
      <>
        <p className="prose">{words.anchorNeedsWallet}</p>
        <LinkButton href={paths.wallet}>{words.anchorWallet}</LinkButton>
      </>
    )
  }
  const propose = () =>
    send(() =>
      wallet.propose({ kind: 'call', from: owner.id, to: anchors, value: 0n, data: anchorCall(run) }),
    )
  return (
    <>
      <p className="prose small">{words.anchorBody}</p>
      {payment}
      <Button icon={PenLine} wide busy={isBusy} onClick={propose}>
        {words.anchorPropose}
      </Button>
      {view}
    </>
  )
}
