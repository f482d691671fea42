// What a lock still needs before it can be let, with the one thing that brings it on.
import { FileUp, Send, Store } from 'lucide-react'
import { useState } from 'react'
import type { LettingView } from '../../../../app/market/letting.ts'
import type { Proposal } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { SigningSheet } from '../../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function Readying({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const [filingId, setFilingId] = useState<string | null>(null)
  const { deviceId, readiness } = view
  const filing = useReadable(wallet.payments).find(({ id }) => id === filingId)
  const isFiling = filing !== undefined && ['stored', 'waiting', 'mined'].includes(filing.state.kind)
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
  const file = async () => {
    const asked = await task.run(() => wallet.proposeFileConfig(deviceId))
    if (asked) setProposal(asked.value)
  }
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
              busy={task.isBusy}
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
      {readiness === 'configNotFiled' &&
        (isFiling ? (
          <PaymentNow id={filing.id} />
        ) : (
          <Notice
            tone="info"
            icon={FileUp}
            title={words.notFiled}
            actions={
              <Button look="primary" icon={FileUp} busy={task.isBusy} onClick={() => void file()}>
                {words.notFiledAction}
              </Button>
            }
          >
            {words.notFiledBody}
          </Notice>
        ))}
      {task.failure !== null && <MarketFailure failure={task.failure} />}
      {proposal !== null && (
        <SigningSheet
          key={proposal.id}
          proposal={proposal}
          confirm={(value, speed) => wallet.confirm(value, speed)}
          onDone={payment => {
            setProposal(null)
            setFilingId(payment.id)
          }}
          onClose={() => setProposal(null)}
          again={() => void file()}
        />
      )}
    </>
  )
}
