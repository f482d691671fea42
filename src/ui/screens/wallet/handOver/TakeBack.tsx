// Thinking better of a hand-over that is signed: on the chain it is blocked for as long as it holds, at the device it ends.
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../payments/PaymentNow.tsx'
import { useSigning } from '../signing/useSigning.tsx'
import { WalletFailure } from '../WalletFailure.tsx'

interface TakeBackProps {
  readonly device: OwnedDeviceView
  readonly stage: Extract<OwnedDeviceView['stage'], { kind: 'givingAway' }>
}

export function TakeBack({ device, stage }: TakeBackProps) {
  const { handOver: words } = useWalletMessages()
  const wallet = useWallet()
  const formats = useFormats()
  const { send, task, isBusy, isUnderWay, paymentId, view } = useSigning(WalletFailure)
  const { deviceId, report } = device
  const until = formats.dateTime(stage.deadline)
  const block = () => send(() => wallet.propose({ kind: 'report', deviceId, report: 'lost' }))
  return (
    <Section title={words.takeBack}>
      <div className="card stack">
        <p className="prose">{words.takeBackIntro(until)}</p>
        {report === 'none' ? (
          <>
            <p className="prose soft">{words.blockBody(until)}</p>
            <Button wide busy={isBusy} disabled={isUnderWay} onClick={block}>
              {words.block}
            </Button>
          </>
        ) : (
          <p className="prose">{words.blocked(until)}</p>
        )}
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {stage.isKeyPromised ? (
          <>
            <p className="prose soft">{words.atDeviceBody}</p>
            <Button wide busy={isBusy} onClick={() => void task.run(() => wallet.takeBackGiven(deviceId))}>
              {words.atDevice}
            </Button>
          </>
        ) : (
          <p className="prose" role="status">
            {words.atDeviceDone}
          </p>
        )}
        {view}
      </div>
    </Section>
  )
}
