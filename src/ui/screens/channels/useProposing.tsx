// One transaction at a time: proposed, looked at, signed, followed; and what went wrong in words.
import { type ReactNode, useState } from 'react'
import type { PaymentView, Proposal, Speed } from '../../../app/wallet/wallet.ts'
import { ok, type Result } from '../../../core/result.ts'
import { useWallet } from '../../walletContext.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { useChannels } from './useChannels.ts'

type Ask = () => Promise<Result<Proposal, ShownFailure>>
type Confirm = (proposal: Proposal, speed: Speed | null) => Promise<Result<PaymentView, ShownFailure>>
type Sign = (proposal: Proposal) => Promise<Result<null, ShownFailure>>
/** The payment's id; null for what was only signed. */
type Carry = (proposal: Proposal, speed: Speed | null) => Promise<Result<string | null, ShownFailure>>

export interface Proposing {
  readonly isBusy: boolean
  /** `confirm`: the wallet's, where it is no other. */
  readonly propose: (ask: Ask, confirm?: Confirm) => void
  /** A statement: signed, and nothing is sent. */
  readonly sign: (ask: Ask, confirm: Sign) => void
  /** The sheet to be signed, the payment under way, the failure. */
  readonly view: ReactNode
}

export function useProposing(): Proposing {
  const wallet = useWallet()
  const channels = useChannels()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [paymentId, setPaymentId] = useState<string | null>(null)
  const [asked, setAsked] = useState<{ ask: Ask; carry: Carry; proposal: Proposal } | null>(null)

  const start = async (ask: Ask, carry: Carry): Promise<void> => {
    setBusy(true)
    setFailure(null)
    const proposed = await ask()
    setBusy(false)
    if (proposed.ok) setAsked({ ask, carry, proposal: proposed.value })
    else setFailure(proposed.error)
  }

  return {
    isBusy,
    propose: (ask, confirm = (proposal, speed) => wallet.confirm(proposal, speed)) =>
      void start(ask, async (proposal, speed) => {
        const confirmed = await confirm(proposal, speed)
        return confirmed.ok ? ok(confirmed.value.id) : confirmed
      }),
    sign: (ask, confirm) => void start(ask, proposal => confirm(proposal)),
    view: (
      <>
        {failure !== null && <ChannelFailure failure={failure} />}
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {asked !== null && (
          <SigningSheet
            key={asked.proposal.id}
            proposal={asked.proposal}
            confirm={asked.carry}
            showFailure={shown => <ChannelFailure failure={shown} />}
            onDone={id => {
              setAsked(null)
              setPaymentId(id)
              void channels.refresh()
            }}
            onClose={() => setAsked(null)}
            again={() => void start(asked.ask, asked.carry)}
          />
        )}
      </>
    ),
  }
}
