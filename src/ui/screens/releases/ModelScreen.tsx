// The releases of one model: the newest with its proof, then what the endpoints report of earlier ones.
import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ModelOverview } from '../../../app/fob.ts'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { Model } from '../../../core/registry/model.ts'
import type { ModelRecord } from '../../../core/registry/release.ts'
import type { Result } from '../../../core/result.ts'
import { Button, IconButton } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { ReleaseCard } from './ReleaseCard.tsx'

export function ModelScreen({ model }: { model: Model }) {
  const fob = useFob()
  const { releases: words, common } = useMessages()
  const { channel } = useReadable(fob.settings)
  const isReady = useReadable(fob.network).status === 'ready'
  const [overview, setOverview] = useState<Result<ModelOverview, ChainFailure> | null>(null)
  const [attempt, setAttempt] = useState(0)
  const { maker, name, hardware } = model

  useEffect(() => {
    if (!isReady) return
    let isCurrent = true
    void readModel(fob, { maker, name, hardware }, channel, attempt).then(read => {
      if (isCurrent) setOverview(read)
    })
    return () => {
      isCurrent = false
    }
  }, [fob, maker, name, hardware, channel, attempt, isReady])

  const again = () => {
    setOverview(null)
    setAttempt(before => before + 1)
  }
  return (
    <Screen
      title={name}
      back={paths.releases}
      side={<IconButton icon={RefreshCw} label={words.refresh} onClick={again} />}
    >
      <p className="soft">
        {common.hardware(hardware)} · {words.channel(channel)}
      </p>
      {overview === null && (
        <div className="stack" role="status">
          <span className="hidden-text">{common.loading}</span>
          <div className="skeleton" />
          <div className="skeleton" />
        </div>
      )}
      {overview?.ok === false && (
        <FailureNotice
          kind={overview.error.kind}
          detail={overview.error.endpoints.map(({ host, verdict }) => `${host} ${verdict}`).join(', ')}
          actions={<Button onClick={again}>{common.retry}</Button>}
        />
      )}
      {overview?.ok === true && <Overview overview={overview.value} />}
    </Screen>
  )
}

/** The facade reads the channel from the settings; `channel` and `attempt` are here so that a change of either reads anew. */
function readModel(fob: ReturnType<typeof useFob>, model: Model, _channel: string, _attempt: number) {
  return fob.readModel(model)
}

function Overview({ overview }: { overview: ModelOverview }) {
  const { releases: words } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const { reading, releases, remembered } = overview
  const newest = releases.find(({ isHead }) => isHead)
  const earlier = releases.filter(({ isHead }) => !isHead)
  return (
    <>
      {remembered && (
        <Notice tone="attention" title={words.remembered(formats.age(reading.evidence.verifiedAt, now))} />
      )}
      <div className="card pad-snug">
        <ProofLink evidence={reading.evidence} manifest={reading.manifest} />
      </div>
      {reading.record === null ? (
        <Notice tone="attention" title={words.notRegistered} />
      ) : reading.head === null ? (
        <Notice tone="plain" title={words.none} />
      ) : (
        <Section title={words.newest}>
          {newest !== undefined && <ReleaseCard entry={newest} head={reading.head} />}
        </Section>
      )}
      {earlier.length > 0 && (
        <Section title={words.earlier}>
          <p className="row-note indent">{words.earlierNote}</p>
          <ul className="stack snug">
            {earlier.map(entry => (
              <li key={entry.manifestHash + String(entry.seq)}>
                <ReleaseCard entry={entry} head={null} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {reading.record !== null && <Keys record={reading.record} />}
    </>
  )
}

function Keys({ record }: { record: ModelRecord }) {
  const { releases: words, makers } = useMessages()
  const formats = useFormats()
  return (
    <Section title={words.keys}>
      {record.pending !== null && (
        <Notice tone="attention" title={words.rotation}>
          {words.rotationBody(formats.dateTime(record.pending.readyAt))}
        </Notice>
      )}
      <div className="card flush">
        <Facts>
          <Fact name={makers.address}>
            <Hash value={record.maker} name={makers.address} />
          </Fact>
          <Fact name={words.releaseKey}>
            <Hash value={record.releaseKey} name={words.releaseKey} />
          </Fact>
          {!/^0x0*$/.test(record.guardian) && (
            <Fact name={words.guardian}>
              <Hash value={record.guardian} name={words.guardian} />
            </Fact>
          )}
        </Facts>
      </div>
    </Section>
  )
}
