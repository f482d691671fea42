// Breaking the demo machine on purpose, to see what a customer sees; a real machine has nothing of it.
import { useState } from 'react'
import type { DemoDisturbance } from '../../../app/ports/device.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { useFob } from '../../fobContext.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useReadable } from '../../useReadable.ts'
import { useKiosk } from '../kioskContext.tsx'

export function DemoSection() {
  const { inside: words } = useKioskMessages()
  const fob = useFob()
  const setup = useReadable(useKiosk().setup)
  const key = setup.kind === 'ready' ? setup.deviceKey : null
  const isDemo = useReadable(fob.devices).some(({ record }) => record.key === key && record.source === 'demo')
  const [isTold, setTold] = useState(false)
  if (key === null || !isDemo) return null
  const tell = async (disturbance: DemoDisturbance) => {
    setTold(false)
    setTold(await fob.disturbDemo(key, disturbance))
  }
  return (
    <Section title={words.demo}>
      <p className="row-note">{words.demoBody}</p>
      <div className="button-row">
        <Button onClick={() => void tell('jam')}>{words.demoJam}</Button>
        <Button onClick={() => void tell('door')}>{words.demoDoor}</Button>
        <Button onClick={() => void tell('none')}>{words.demoMend}</Button>
      </div>
      <p role="status">{isTold ? words.demoSet : ''}</p>
    </Section>
  )
}
