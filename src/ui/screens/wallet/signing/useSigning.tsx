// One proposal at a time for a screen: asked for, looked at, signed, followed; and what went wrong in words.
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { paymentOutcome } from '../../../../app/wallet/paymentOutcome.ts'
import type { PaymentView, Proposal } from '../../../../app/wallet/wallet.ts'
import { ok, type Result } from '../../../../core/result.ts'
import { useReadable } from '../../../useReadable.ts'
import { useUnlocked, useWallet } from '../../../walletContext.tsx'
import { type Task, useDeviceTask } from '../useDeviceTask.ts'
import type { ShownFailure } from '../WalletFailure.tsx'
import { ProposalSheet } from './ProposalSheet.tsx'
import { type Confirm, type Look, Signing, toSend, toSign } from './signing.ts'

type Propose = () => Promise<Result<Proposal, ShownFailure>>

interface SigningHere {
  /** What else the screen asks for; its failures are shown at the same place. */
  readonly task: Task
  /** Asking, or finishing what can’t be called back: nothing else should be asked for. */
  readonly isBusy: boolean
  readonly isLooking: boolean
  /** What was sent last from here: a `PaymentNow` says where it is. */
  readonly paymentId: string | null
  /** It is sent and not final yet, and has not failed either. */
  readonly isUnderWay: boolean
  readonly isFinal: boolean
  /** Asks for a transaction; `confirm` is the wallet’s, unless told otherwise. */
  readonly send: (propose: Propose, onSent?: (payment: PaymentView) => void, confirm?: Confirm) => void
  /** Asks for a statement. */
  readonly sign: <T>(
    propose: Propose,
    confirm: (proposal: Proposal) => Promise<Result<T, ShownFailure>>,
    onSigned: (value: T) => void,
  ) => void
  /** Asks for whatever comes next of several. */
  readonly ask: <T>(propose: () => Promise<Result<T, ShownFailure>>, lookAt: (asked: T) => Look) => void
  /** Shows what comes next without asking: the answer to what was signed just now. */
  readonly show: (look: Look) => void
  /** The failure, and the sheet to be signed. */
  readonly view: ReactNode
}

/** `Failure` says in words what may go wrong here. */
export function useSigning(
  Failure: ComponentType<{ failure: ShownFailure }>,
  {
    around,
    needsVault = true,
  }: {
    /** The task of a screen around this, which shows its failures. */
    readonly around?: Task
    /** Whether the wallet has to be open for what is asked for, and not only to sign it. */
    readonly needsVault?: boolean
  } = {},
): SigningHere {
  const wallet = useWallet()
  const unlock = useUnlocked()
  const own = useDeviceTask()
  const task = around ?? own
  const [signing] = useState(() => new Signing(task, unlock))
  useEffect(() => {
    signing.setThere(true)
    return () => signing.setThere(false)
  }, [signing])
  const { look, isSigning, isFinishing, failure, paymentId } = useReadable(signing.state)
  const outcome = paymentOutcome(useReadable(wallet.payments), paymentId)
  const said = failure ?? task.failure
  const isBusy = task.isBusy || isFinishing
  const ask: SigningHere['ask'] = (propose, lookAt) =>
    void signing.ask(async () => {
      const proposed = await propose()
      return proposed.ok ? ok(lookAt(proposed.value)) : proposed
    }, needsVault)
  return {
    task: { ...task, isBusy },
    isBusy,
    isLooking: look !== null,
    paymentId,
    isUnderWay: outcome === 'underWay' || outcome === 'mined',
    isFinal: outcome === 'final',
    send: (propose, onSent, confirm = (proposal, speed) => wallet.confirm(proposal, speed)) =>
      ask(propose, proposal => toSend(proposal, confirm, onSent)),
    sign: (propose, confirm, onSigned) => ask(propose, proposal => toSign(proposal, confirm, onSigned)),
    ask,
    show: next => signing.show(next),
    view: (
      <>
        {look === null && around === undefined && task.failure !== null && <Failure failure={task.failure} />}
        {look !== null && (
          <ProposalSheet
            key={look.proposal.id}
            proposal={look.proposal}
            isSigning={isSigning}
            isAsking={task.isBusy}
            isStale={failure?.kind === 'proposalExpired'}
            failure={said !== null && <Failure failure={said} />}
            onSign={speed => void signing.sign(speed)}
            onAgain={() => signing.again()}
            onClose={() => signing.close()}
          />
        )}
      </>
    ),
  }
}
