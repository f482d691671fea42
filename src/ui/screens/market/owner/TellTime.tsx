// A lock that has lost the time opens for no guest: its owner, standing next to it, tells it.
import { Clock } from 'lucide-react'
import { useState } from 'react'
import type { DeviceId } from '../../../../core/identity.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function TellTime({ deviceId }: { deviceId: DeviceId }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const task = useDeviceTask()
  const [isTold, setTold] = useState(false)
  const tell = async () => {
    setTold(false)
    const told = await task.run(() => market.bringSettings(deviceId))
    setTold(told !== undefined)
  }
  return (
    <section className="card">
      <Disclosure title={words.guestsStuck}>
        <div className="stack snug">
          <p className="soft prose">{words.guestsStuckBody}</p>
          {isTold && <Notice tone="ok" title={words.timeTold} live />}
          <Button icon={Clock} wide busy={task.isBusy} onClick={() => void tell()}>
            {words.tellTime}
          </Button>
          {task.failure !== null && <MarketFailure failure={task.failure} />}
        </div>
      </Disclosure>
    </section>
  )
}
