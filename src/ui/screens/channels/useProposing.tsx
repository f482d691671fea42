// One transaction at a time: proposed, looked at, signed, followed; and what went wrong in words.
import { type ReactNode, useState } from 'react'
import type { PaymentView, Proposal, Speed } from '../../../app/wallet/wallet.ts'
import type { Result } from '../../../core/result.ts'
import { useWallet } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { useChannels } from './useChannels.ts'

type Ask = () => Promise<Result<Proposal, ShownFailure>>
type Confirm = (proposal: Proposal, speed: Speed | null) => Promise<Result<PaymentView, ShownFailure>>

export interface Proposing {
  readonly isBusy: boolean
  /** `confirm`: the wallet's, where it is no other. */
  readonly propose: (ask: Ask, confirm?: Confirm) => void
  /** The sheet to be signed, the payment under way, the failure. */
  readonly view: ReactNode
}

export function useProposing(): Proposing {
  const wallet = useWallet()
  const channels = useChannels()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const [asked, setAsked] = useState<{ ask: Ask; confirm: Confirm; proposal: Proposal } | null>(null)

  const propose = async (
    ask: Ask,
    confirm: Confirm = (proposal, speed) => wallet.confirm(proposal, speed),
  ): Promise<void> => {
    setBusy(true)
    setFailure(null)
    const proposed = await ask()
    setBusy(false)
    if (proposed.ok) setAsked({ ask, confirm, proposal: proposed.value })
    else setFailure(proposed.error)
  }

  return {
    isBusy,
    propose: (ask, confirm) => void propose(ask, confirm),
    view: (
      <>
        {failure !== null && <ChannelFailure failure={failure} />}
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {asked !== null && (
          <SigningSheet
            key={asked.proposal.id}
            proposal={asked.proposal}
            confirm={asked.confirm}
            showFailure={shown => <ChannelFailure failure={shown} />}
            onDone={({ id }) => {
              setAsked(null)
              setPaymentId(id)
              void channels.refresh()
            }}
            onClose={() => setAsked(null)}
            again={() => void propose(asked.ask, asked.confirm)}
          />
        )}
      </>
    ),
  }
}
