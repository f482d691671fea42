// What is done seldom: reporting a device lost or stolen, naming its user, taking it off the list.
import { Trash2, TriangleAlert, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { WriteRequest } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../payments/PaymentNow.tsx'
import { useSigning } from '../signing/useSigning.tsx'
import { WalletFailure } from '../WalletFailure.tsx'
import { LendSheet } from './LendSheet.tsx'

export function MoreSection({ device }: { device: OwnedDeviceView }) {
  const { owned: words } = useWalletMessages()
  const wallet = useWallet()
  const { send, isBusy, paymentId, view } = useSigning(WalletFailure)
  const [, navigate] = useLocation()
  const [isLending, setLending] = useState(false)
  const { deviceId, report, stage } = device
  const isOurs = stage.kind === 'owned' || stage.kind === 'givingAway'
  const propose = (write: WriteRequest) => send(() => wallet.propose(write))
  const reporting = (value: 'none' | 'lost' | 'stolen') => () =>
    propose({ kind: 'report', deviceId, report: value })
  return (
    <Section title={words.more}>
      <div className="card stack">
        {isOurs && (
          <Button icon={UserRound} wide onClick={() => setLending(true)}>
            {words.lend}
          </Button>
        )}
        {isOurs && report === 'none' && (
          <div className="button-row">
            <Button icon={TriangleAlert} busy={isBusy} onClick={reporting('lost')}>
              {words.reportLost}
            </Button>
            <Button icon={TriangleAlert} busy={isBusy} onClick={reporting('stolen')}>
              {words.reportStolen}
            </Button>
          </div>
        )}
        {isOurs && report !== 'none' && (
          <Button look="primary" wide busy={isBusy} onClick={reporting('none')}>
            {words.reportFound}
          </Button>
        )}
        {(stage.kind === 'gone' || stage.kind === 'paired' || stage.kind === 'begun') && (
          <Button
            look="danger-quiet"
            icon={Trash2}
            onClick={() => void wallet.forgetOwned(deviceId).then(() => navigate(paths.wallet))}
          >
            {words.forget}
          </Button>
        )}
        {paymentId !== null && <PaymentNow id={paymentId} />}
        {view}
      </div>
      {isLending && (
        <LendSheet
          onClose={() => setLending(false)}
          onChosen={(user, expires) => {
            setLending(false)
            propose({ kind: 'setUser', deviceId, user, expires })
          }}
        />
      )}
    </Section>
  )
}
