// What a lock still needs before it can be let, with the one thing that brings it on.
import { FileUp, Send, Store } from 'lucide-react'
import type { LettingView } from '../../../../app/market/letting.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function Readying({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const wallet = useWallet()
  const { send, task, isBusy, isUnderWay, isFinal, paymentId, view: signing } = useSigning(MarketFailure)
  const { deviceId, readiness } = view
  const goOn = (run: () => ReturnType<typeof market.tellMarket>) =>
    void task.run(async () => {
      const done = await run()
      // Also where it failed half-way: the lock may have its settings, and only the time was not told.
      await market.readLetting(deviceId)
      return done
    })
  /** Signed and carried to the device in one go: it is one thing to who stands next to it. */
  const tell = () =>
    goOn(async () => {
      const told = await market.tellMarket(deviceId)
      return told.ok ? market.bringSettings(deviceId) : told
    })
  return (
    <>
      {readiness === 'noMarket' && <Notice tone="info" title={words.noMarket} />}
      {readiness === 'notOwned' && <Notice tone="attention" title={words.notYours} />}
      {(readiness === 'marketNotTold' || readiness === 'configNotDelivered') && (
        <Notice
          tone="info"
          icon={Store}
          title={readiness === 'marketNotTold' ? words.notReady : words.notDelivered}
          actions={
            <Button
              look="primary"
              icon={Send}
              busy={isBusy}
              onClick={
                readiness === 'marketNotTold' ? tell : () => goOn(() => market.bringSettings(deviceId))
              }
            >
              {words.notReadyAction}
            </Button>
          }
        >
          {words.notReadyBody}
        </Notice>
      )}
      {readiness === 'configNotFiled' && (
        <>
          {paymentId !== null && !isFinal && <PaymentNow id={paymentId} />}
          {!isUnderWay && (
            <Notice
              tone="info"
              icon={FileUp}
              title={words.notFiled}
              actions={
                <Button
                  look="primary"
                  icon={FileUp}
                  busy={isBusy}
                  onClick={() => send(() => wallet.proposeFileConfig(deviceId))}
                >
                  {words.notFiledAction}
                </Button>
              }
            >
              {words.notFiledBody}
            </Notice>
          )}
        </>
      )}
      {signing}
    </>
  )
}
