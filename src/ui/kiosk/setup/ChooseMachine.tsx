// The machine that this kiosk is to sell from: one that the browser knows, one nearby, or the demo.
import '../../styles/wallet.css'
import { Bluetooth, FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { Failure } from '../../../core/result.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useFob } from '../../fobContext.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useAddDevice } from '../../useAddDevice.ts'
import { useReadable } from '../../useReadable.ts'
import { KioskFailure } from '../KioskFailure.tsx'
import { useKiosk } from '../kioskContext.tsx'

export function ChooseMachine() {
  const { setup: words } = useKioskMessages()
  const fob = useFob()
  const kiosk = useKiosk()
  const radio = useReadable(fob.radio)
  const devices = useReadable(fob.devices)
  const demo = useReadable(fob.demoDevices).find(({ kind }) => kind === 'vending')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)

  const choose = async (deviceKey: string) => {
    setBusy(true)
    setFailure(null)
    const chosen = await kiosk.chooseMachine(deviceKey)
    setBusy(false)
    if (!chosen.ok) setFailure(chosen.error)
  }
  const chooseDemo = async (id: string) => {
    setBusy(true)
    setFailure(null)
    try {
      await choose(await fob.addDemo(id))
    } catch (error) {
      // Its code or its factory image could not be loaded.
      setFailure({ kind: 'unexpectedError', detail: error instanceof Error ? error.message : String(error) })
      setBusy(false)
    }
  }
  const adding = useAddDevice(key => void choose(key))
  const hasRadio = radio !== 'unsupported'
  return (
    <>
      {hasRadio ? (
        <Button
          look="primary"
          wide
          icon={Bluetooth}
          busy={adding.isOpen || isBusy}
          onClick={() => adding.add()}
        >
          {words.bluetooth}
        </Button>
      ) : (
        <Notice tone="info" title={words.noBluetooth} />
      )}
      {demo !== undefined && (
        <Button wide icon={FlaskConical} disabled={isBusy} onClick={() => void chooseDemo(demo.id)}>
          {words.demo}
        </Button>
      )}
      <p role="status" className="soft">
        {isBusy ? words.meeting : ''}
      </p>
      {adding.failure !== null && adding.failure.kind !== 'chooserCancelled' && (
        <KioskFailure failure={adding.failure} />
      )}
      {failure !== null && <KioskFailure failure={failure} />}
      {devices.length > 0 && (
        <Section title={words.known}>
          <ul className="card flush rows">
            {devices.map(({ record }) => (
              <li key={record.key}>
                <button
                  type="button"
                  className="row"
                  disabled={isBusy}
                  onClick={() => void choose(record.key)}
                >
                  <span className="grow row-title breakable">{record.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
