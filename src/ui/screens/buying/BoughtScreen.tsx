// One purchase: what is waited for, what the machine has said, and the money’s way back.
import { Send, Trash2, Undo2 } from 'lucide-react'
import { useLocation } from 'wouter'
import type { BoughtView } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { Screen } from '../../components/Screen.tsx'
import { exactAmount } from '../../i18n/amounts.ts'
import { sentences } from '../../i18n/punctuation.ts'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { textIn } from '../../kiosk/productText.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
import { BuyFailure } from './BuyFailure.tsx'
import { boughtLook } from './boughtLook.ts'
import { useBuyer } from './buyerContext.ts'

/** Whose money has left the buyer, be it for a while. */
const isPaid: ReadonlySet<BoughtView['state']['kind']> = new Set([
  'paid',
  'dropped',
  'refunded',
  'refundable',
])
/** Nothing more happens to these. */
const ended: ReadonlySet<BoughtView['state']['kind']> = new Set(['dropped', 'refunded', 'notCharged'])

export function BoughtScreen({ id }: { id: string }) {
  const words = useBuyingMessages()
  const bought = useReadable(useBuyer().bought).find(each => each.id === id)
  return bought === undefined ? <NotFoundScreen title={words.notFound} /> : <Bought bought={bought} />
}

function Bought({ bought }: { bought: BoughtView }) {
  const words = useBuyingMessages()
  const { language, dateTime } = useFormats()
  const buyer = useBuyer()
  const [, navigate] = useLocation()
  const { state } = bought
  const { tone, icon } = boughtLook[state.kind]
  const { title, body } = words.state[state.kind]
  return (
    <Screen title={title} back={paths.bought} notices={false}>
      <Notice tone={tone} icon={icon} title={title} live>
        {state.kind === 'dropped' && state.dropped < bought.order.quantity
          ? words.part(state.dropped, bought.order.quantity)
          : state.kind === 'signed' && state.at === 'box'
            ? words.atBox
            : body}
      </Notice>
      {state.kind === 'paid' && (
        <p className="row-note indent">
          {sentences(
            [state.isFinal ? words.final : words.notFinal, words.backBy(dateTime(state.deadline))],
            language,
          )}
        </p>
      )}
      {(state.kind === 'toShow' || (state.kind === 'signed' && state.at === 'box')) && (
        <section className="card stack">
          <QrCode text={state.code} label={words.showSigned} />
          {state.kind === 'signed' && <p className="row-note">{words.showSigned}</p>}
        </section>
      )}
      {state.kind === 'toShow' && <HandIn id={bought.id} />}
      {state.kind === 'refundable' && <TakeBack id={bought.id} />}
      <section className="card flush">
        <Facts>
          <Fact name={isPaid.has(state.kind) ? words.paid : words.price}>
            {exactAmount(bought.total, language)}
          </Fact>
          <Fact name={words.title} note={words.slot(bought.terms.slot)}>
            {bought.product !== null && `${textIn(bought.product.name, language)} · `}
            {words.thing(bought.order.quantity)}
          </Fact>
          <Fact name={words.at}>{dateTime(bought.at)}</Fact>
          <Fact name={words.order}>
            <Hash value={bought.orderId} name={words.order} />
          </Fact>
        </Facts>
        {(state.kind === 'dropped' || state.kind === 'refunded') && (
          <div className="card-foot">
            <ProofLink evidence={state.evidence} manifest={null} />
          </div>
        )}
      </section>
      {ended.has(state.kind) && (
        <Button
          look="danger-quiet"
          icon={Trash2}
          onClick={() => {
            navigate(paths.bought, { replace: true })
            void buyer.forget(bought.id)
          }}
        >
          {words.forget}
        </Button>
      )}
    </Screen>
  )
}

function HandIn({ id }: { id: string }) {
  const words = useBuyingMessages()
  const buyer = useBuyer()
  const task = useDeviceTask()
  return (
    <>
      <Button wide icon={Send} busy={task.isBusy} onClick={() => void task.run(() => buyer.handIn(id))}>
        {words.handIn}
      </Button>
      {task.failure !== null && <BuyFailure failure={task.failure} />}
    </>
  )
}

function TakeBack({ id }: { id: string }) {
  const words = useBuyingMessages()
  const buyer = useBuyer()
  const { send, isBusy, isUnderWay, paymentId, view } = useSigning(BuyFailure)
  return (
    <>
      {paymentId !== null && <PaymentNow id={paymentId} />}
      {!isUnderWay && (
        <Button
          look="primary"
          wide
          icon={Undo2}
          busy={isBusy}
          onClick={() => send(() => buyer.proposeRefund(id))}
        >
          {words.refund}
        </Button>
      )}
      {view}
    </>
  )
}
