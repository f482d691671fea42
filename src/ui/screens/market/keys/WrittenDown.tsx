// How much of what a lock has told this phone is written down on the chain, and since when; read when somebody asks.
import { BookCheck, PenLine } from 'lucide-react'
import { useCallback, useEffect, useId, useState } from 'react'
import type { ServiceLogView } from '../../../../app/market/market.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useRead } from '../useRead.ts'
import { useAnchoring } from './useAnchoring.tsx'

export function WrittenDown({ deviceId }: { deviceId: DeviceId }) {
  const { log: words } = useMarketMessages()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="stack snug">
      <Button
        look="quiet"
        icon={BookCheck}
        wide
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {words.look}
      </Button>
      <div id={id}>{isOpen && <Log deviceId={deviceId} />}</div>
    </div>
  )
}

function Log({ deviceId }: { deviceId: DeviceId }) {
  const { log: words, oneKey } = useMarketMessages()
  const market = useMarket()
  const read = useCallback(() => market.serviceLog(deviceId), [market, deviceId])
  const { value, failure, again } = useRead(read)
  const task = useDeviceTask()
  const { start, isSent, isFinal, view } = useAnchoring(deviceId, task)
  useEffect(() => {
    if (isFinal) again()
  }, [isFinal, again])
  const isWhole = value?.anchored?.isOurs === true && value.anchored.size === value.size
  return (
    <section className="card stack">
      {failure !== null ? (
        <MarketFailure failure={failure} actions={<Button onClick={again}>{oneKey.fetch}</Button>} />
      ) : value === null ? (
        <p role="status">{words.reading}</p>
      ) : (
        <>
          <Standing log={value} />
          <p className="prose small soft">{words.whole}</p>
          <ProofLink evidence={value.evidence} manifest={null} />
          {!isWhole && value.size > 0 && (!isSent || isFinal) && (
            <>
              <p className="prose small">{words.why}</p>
              <Button icon={PenLine} wide busy={task.isBusy} onClick={start}>
                {oneKey.anchorAction}
              </Button>
            </>
          )}
        </>
      )}
      {task.failure !== null && <MarketFailure failure={task.failure} />}
      {view}
    </section>
  )
}

function Standing({ log: { size, anchored } }: { log: ServiceLogView }) {
  const { log: words, failures } = useMarketMessages()
  const formats = useFormats()
  if (anchored === null) return <Notice tone="info" title={words.none(size)} live />
  const since = anchored.at === 0 ? undefined : words.since(formats.dateTime(anchored.at))
  if (!anchored.isOurs)
    return (
      <Notice tone="attention" title={failures.logOfAnotherPhone.title} live>
        {words.ofAnother} {since}
      </Notice>
    )
  const isWhole = anchored.size === size
  return (
    <Notice
      tone={isWhole ? 'ok' : 'info'}
      title={isWhole ? words.all(size) : words.some(anchored.size, size)}
      live
    >
      {since}
    </Notice>
  )
}
