// One transaction at a time: proposed, looked at, signed, followed; and what went wrong in words.
import type { ReactNode } from 'react'
import type { Proposal } from '../../../app/wallet/wallet.ts'
import type { Result } from '../../../core/result.ts'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import type { Confirm } from '../wallet/signing/signing.ts'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { ChannelFailure } from './ChannelFailure.tsx'
import { useChannels } from './useChannels.ts'

type Propose = () => Promise<Result<Proposal, ShownFailure>>

interface Proposing {
  readonly isBusy: boolean
  /** `confirm`: the wallet's, where it is no other. */
  readonly propose: (propose: Propose, confirm?: Confirm) => void
  /** A statement: signed, and nothing is sent. */
  readonly sign: (
    propose: Propose,
    confirm: (proposal: Proposal) => Promise<Result<null, ShownFailure>>,
  ) => void
  /** The sheet to be signed, the payment under way, the failure. */
  readonly view: ReactNode
}

export function useProposing(): Proposing {
  const channels = useChannels()
  const { send, sign, isBusy, paymentId, view } = useSigning(ChannelFailure, { needsVault: false })
  const refresh = () => void channels.refresh()
  return {
    isBusy,
    propose: (propose, confirm) => send(propose, refresh, confirm),
    sign: (propose, confirm) => sign(propose, confirm, refresh),
    view: (
      <>
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {view}
      </>
    ),
  }
}
