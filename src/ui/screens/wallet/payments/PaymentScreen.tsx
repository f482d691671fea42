// One payment, from written down to final: what it does, where it is, how that was proven, and what can still be done.
import { FastForward, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { PaymentView } from '../../../../app/wallet/wallet.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { exactAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { ExplorerLink } from '../activity/MovementSheet.tsx'
import { Details } from '../signing/Details.tsx'
import { describeSentence } from '../signing/describeSentence.ts'
import { useNames } from '../signing/useNames.ts'
import { useSigning } from '../signing/useSigning.tsx'
import { WalletFailure } from '../WalletFailure.tsx'
import { isUnanswered, paymentState } from './paymentState.ts'

export function PaymentScreen({ id }: { id: string }) {
  const payment = useReadable(useWallet().payments).find(each => each.id === id)
  return payment === undefined ? <NotFoundScreen /> : <KnownPayment payment={payment} />
}

function KnownPayment({ payment }: { payment: PaymentView }) {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const { what, details } = describeSentence(payment.sentence, words, formats, names)
  const { icon, tone, text } = paymentState(payment, words.payments)
  const { state } = payment
  return (
    <Screen
      title={titleOf(payment, words)}
      back={paths.wallet}
      actions={
        <LinkButton look="primary" wide href={paths.wallet}>
          {words.payments.done}
        </LinkButton>
      }
    >
      <p className="lead breakable">{what}</p>
      {isUnanswered(payment) ? (
        <Unanswered payment={payment} />
      ) : (
        <Notice tone={tone} title={text} icon={icon} live>
          {state.kind === 'stored' && words.payments.storedNote}
        </Notice>
      )}
      {state.kind === 'stored' && state.lastFailure !== null && (
        <WalletFailure
          failure={{
            kind: state.lastFailure.kind,
            ...('detail' in state.lastFailure ? { detail: state.lastFailure.detail } : {}),
          }}
        />
      )}
      <Stuck payment={payment} />
      {state.kind === 'final' && (
        <section className="card pad-snug">
          <ProofLink evidence={state.evidence} manifest={null} />
        </section>
      )}
      <section className="card flush">
        <Facts>
          <Fact name={words.payments.when}>{formats.dateTime(payment.createdAt)}</Fact>
          {'block' in state && <Fact name={words.payments.block}>{formats.number(state.block)}</Fact>}
          {'fee' in state && (
            <Fact name={words.payments.fee}>{exactAmount(state.fee, formats.language)}</Fact>
          )}
          {payment.hash !== null && (
            <Fact name={words.payments.transaction}>
              <Hash value={payment.hash} name={words.payments.transaction} />
            </Fact>
          )}
        </Facts>
        <Details details={details} />
      </section>
      {payment.hash !== null && <ExplorerLink transaction={payment.hash} />}
    </Screen>
  )
}

function titleOf(payment: PaymentView, { payments: words }: WalletMessages): string {
  if (isUnanswered(payment)) return words.transaction
  return payment.state.kind === 'final' ? words.doneFinal : words.doneTitle
}

/** Only the person can tell what became of it, by a look into the other wallet. */
function Unanswered({ payment }: { payment: PaymentView }) {
  const { payments: words } = useWalletMessages()
  const wallet = useWallet()
  const [, navigate] = useLocation()
  const forget = async () => {
    if (await wallet.forgetUnanswered(payment.id)) navigate(paths.wallet, { replace: true })
  }
  return (
    <Notice
      tone="attention"
      title={words.unanswered}
      live
      actions={<Button onClick={() => void forget()}>{words.storedExternalForget}</Button>}
    >
      {words.storedExternal}
    </Notice>
  )
}

type Replacement = 'speedUp' | 'cancel'

function Stuck({ payment }: { payment: PaymentView }) {
  const { payments: words } = useWalletMessages()
  const wallet = useWallet()
  const { send, isBusy, isLooking, view } = useSigning(WalletFailure)
  const [asked, setAsked] = useState<Replacement>('speedUp')
  const propose = (kind: Replacement) => {
    setAsked(kind)
    send(() => (kind === 'speedUp' ? wallet.proposeSpeedUp(payment.id) : wallet.proposeCancel(payment.id)))
  }
  // What is looked at stays while it is signed, though this one moves on by that: it says how it ended.
  if (!payment.isStuck && !isLooking) return null
  return (
    <section className="card stack">
      <h2 className="card-title">{words.stuck}</h2>
      <p className="prose soft">{words.stuckBody}</p>
      <div className="button-row">
        <Button
          icon={FastForward}
          busy={isBusy && asked === 'speedUp'}
          disabled={isBusy}
          onClick={() => propose('speedUp')}
        >
          {words.speedUp}
        </Button>
        <Button
          icon={Undo2}
          busy={isBusy && asked === 'cancel'}
          disabled={isBusy}
          onClick={() => propose('cancel')}
        >
          {words.cancel}
        </Button>
      </div>
      {view}
    </section>
  )
}
