// Asks the lock of an offer, from the offer’s own page: what was chosen there stays chosen.
import { FlaskConical, Radio } from 'lucide-react'
import { useState } from 'react'
import type { DeviceId } from '../../../../core/identity.ts'
import { Button } from '../../../components/Button.tsx'
import { useFob } from '../../../fobContext.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useAddDevice } from '../../../useAddDevice.ts'
import { useReadable } from '../../../useReadable.ts'
import { DemoSheet } from '../../devices/DemoSheet.tsx'
import { useMeetLock } from '../keys/useMeetLock.ts'
import { MarketFailure } from '../MarketFailure.tsx'

/** One object for all times: it is not another failure with each drawing. */
const otherLock = { kind: 'otherLock' }

export function AskLock({ deviceId }: { deviceId: DeviceId }) {
  const words = useMarketMessages()
  const fob = useFob()
  const radio = useReadable(fob.radio)
  const devices = useReadable(fob.devices)
  const demos = useReadable(fob.demoDevices)
  const { asked, lock, failure, ask } = useMeetLock()
  const [isDemoOpen, setDemoOpen] = useState(false)
  const adding = useAddDevice(deviceKey => void ask(deviceKey))
  const known = devices.find(
    ({ record, reachable }) => record.deviceId === deviceId && (record.source === 'demo' || reachable),
  )
  const isBusy = asked !== null || adding.isOpen
  return (
    <div className="stack snug">
      <div className="button-row">
        {(known !== undefined || radio === 'ready') && (
          <Button
            icon={Radio}
            busy={isBusy}
            onClick={() => {
              // Straight from the press: the browser opens its list for nothing else.
              if (known === undefined) adding.add()
              else void ask(known.record.key)
            }}
          >
            {words.offer.askLock}
          </Button>
        )}
        {known === undefined && demos.length > 0 && (
          <Button icon={FlaskConical} disabled={isBusy} onClick={() => setDemoOpen(true)}>
            {words.offer.isDemo}
          </Button>
        )}
      </div>
      <p className="row-note" role="status">
        {asked === null ? '' : words.near.looking}
      </p>
      {adding.failure !== null && adding.failure.kind !== 'chooserCancelled' && (
        <MarketFailure failure={adding.failure} />
      )}
      {failure !== null && <MarketFailure failure={failure} />}
      {lock !== null && lock.deviceId !== deviceId && <MarketFailure failure={otherLock} />}
      {isDemoOpen && (
        <DemoSheet
          onClose={() => setDemoOpen(false)}
          onAdded={deviceKey => {
            setDemoOpen(false)
            void ask(deviceKey)
          }}
        />
      )}
    </div>
  )
}
