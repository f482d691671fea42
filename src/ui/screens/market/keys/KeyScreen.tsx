// One key: the button that opens at the thumb; above it what holds now, below it all that is known of the key.
import { Coins, Smartphone, Trash2, WifiOff } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyView } from '../../../../app/market/market.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { KeyFacts } from './KeyFacts.tsx'
import { KeyProgress } from './KeyProgress.tsx'
import { keyLook } from './keyLook.ts'
import { keyName } from './keyName.ts'
import { OpenLock } from './OpenLock.tsx'
import { Receipts } from './Receipts.tsx'

const TakeFree = lazy(async () => ({ default: (await import('./TakeFree.tsx')).TakeFree }))
const TakenFree = lazy(async () => ({ default: (await import('./TakenFree.tsx')).TakenFree }))

export function KeyScreen({ id }: { id: string }) {
  const { keys: words } = useMarketMessages()
  const key = useReadable(useMarket().keys).find(each => each.id === id)
  return key === undefined ? <NotFoundScreen title={words.notFound} /> : <OneKey view={key} />
}

function OneKey({ view }: { view: KeyView }) {
  const { keys, oneKey: words } = useMarketMessages()
  const market = useMarket()
  const times = useZoneTimes(view.utcOffset ?? ownOffset())
  const { icon: Icon, tone, text } = keyLook(view, keys, times)
  useEffect(() => void market.refreshKeys(), [market])
  const isDemo = useReadable(useFob().devices).some(
    ({ record }) => record.key === view.deviceKey && record.source === 'demo',
  )
  const isHere = view.authorisedBy !== null || view.kind === 'own'
  const canBeUsed = isHere && ['ready', 'notYet', 'closedHours', 'moving'].includes(view.state.kind)
  return (
    <Screen title={keyName(view, keys)} back={paths.keys} notices={!view.isOffline && !isDemo}>
      {view.state.kind !== 'refundDue' && (
        <div className="badges">
          <span className={`badge tone-${tone}`}>
            <Icon size={16} aria-hidden />
            {text}
          </span>
          {canBeUsed && view.isOffline && (
            <span className="badge" title={keys.offlineNote}>
              <WifiOff size={16} aria-hidden />
              {keys.offline}
            </span>
          )}
        </div>
      )}
      {view.vends !== null ? (
        <Suspense fallback={<div className="skeleton" aria-busy="true" />}>
          <TakeFree view={view} vends={view.vends} />
        </Suspense>
      ) : isHere && view.state.kind !== 'moved' ? (
        <OpenLock view={view} />
      ) : (
        <KeyProgress view={view} />
      )}
      <RefundNotice view={view} />
      <MovedNotice view={view} />
      {canBeUsed && view.vends === null && (
        <section className="card">
          <Disclosure title={words.whenItFails}>
            <ul className="stack snug help">
              {words.help.map(sentence => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <p className="row-note">{words.contact}</p>
          </Disclosure>
        </section>
      )}
      {view.lastFailure !== null && view.lastFailure.kind !== 'notSignedYet' && !isHere && (
        <MarketFailure
          failure={view.lastFailure}
          isAnswer={false}
          actions={<Button onClick={() => void market.refreshKeys()}>{words.fetch}</Button>}
        />
      )}
      <KeyFacts view={view} times={times} />
      {view.vends !== null && (
        <Suspense fallback={null}>
          <TakenFree vends={view.vends} />
        </Suspense>
      )}
      {isHere && view.vends === null && <Receipts keyId={view.id} />}
      <More view={view} />
    </Screen>
  )
}

function RefundNotice({ view }: { view: KeyView }) {
  const { oneKey: words } = useMarketMessages()
  const market = useMarket()
  const { send, isBusy, isLooking, view: signing } = useSigning(MarketFailure)
  const { state } = view
  // The look before it is signed stays, whatever the key has become meanwhile: it says how it ended.
  if (state.kind !== 'refundDue' && !isLooking) return null
  return (
    <>
      {state.kind === 'refundDue' && (
        <Notice
          tone="attention"
          icon={Coins}
          title={words.refundTitle}
          actions={
            <Button look="primary" busy={isBusy} onClick={() => send(() => market.proposeRefund(view.id))}>
              {words.refund}
            </Button>
          }
        >
          {words.refundBody}
        </Notice>
      )}
      {state.kind === 'refundDue' && state.failedPaymentId !== null && (
        <PaymentNow id={state.failedPaymentId} />
      )}
      {signing}
    </>
  )
}

/** The other phone finds its key by this. */
function MovedNotice({ view }: { view: KeyView }) {
  const { oneKey: words } = useMarketMessages()
  if (view.state.kind !== 'moved') return null
  return (
    <Notice
      tone="info"
      icon={Smartphone}
      title={words.movedTitle}
      actions={<LinkButton href={paths.moveKey(view.id)}>{words.movedShow}</LinkButton>}
    />
  )
}

const canMove = ({ kind, authorisedBy, state }: KeyView): boolean =>
  kind === 'bought' &&
  authorisedBy !== null &&
  (state.kind === 'ready' ||
    state.kind === 'notYet' ||
    state.kind === 'closedHours' ||
    state.kind === 'moving')

function More({ view }: { view: KeyView }) {
  const { oneKey: words } = useMarketMessages()
  const market = useMarket()
  const [, navigate] = useLocation()
  const [isSure, setSure] = useState(false)
  const isOver =
    view.kind === 'lent' ||
    ['notPaid', 'refunded', 'ended', 'spent', 'revoked', 'moved'].includes(view.state.kind)
  return (
    <div className="stack snug">
      {canMove(view) && (
        <LinkButton icon={Smartphone} wide href={paths.moveKey(view.id)}>
          {words.move}
        </LinkButton>
      )}
      {isOver && view.kind !== 'own' && (
        <Button
          look="danger-quiet"
          icon={Trash2}
          wide
          onClick={() => {
            if (!isSure) setSure(true)
            else void market.forgetKey(view.id).then(() => navigate(paths.keys))
          }}
        >
          {isSure ? words.forgetSure : words.forget}
        </Button>
      )}
    </div>
  )
}
