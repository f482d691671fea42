// The device whose turn it is: how far its update is, and what it asks; or the file that is fetched before all of them.
import { CloudOff } from 'lucide-react'
import { useState } from 'react'
import type { Fleet, FleetView } from '../../../app/fleet/fleet.ts'
import type { UpdateView } from '../../../app/fob.ts'
import type { FleetItem } from '../../../core/fleet/run.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Confirmation } from '../../../core/registry/decision.ts'
import type { UpdatePlan } from '../../../core/update/state.ts'
import { Bar } from '../../components/Bar.tsx'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Versions } from '../../components/Versions.tsx'
import { fractionOf } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { Demand } from '../update/Consent.tsx'
import { stepWords } from '../update/stepGroups.ts'

export function NowCard({ fleet, view }: { fleet: Fleet; view: FleetView }) {
  const { run: words } = useFleetMessages()
  const update = useActiveUpdate(view)
  const { run, next, fetching } = view
  if (fetching !== null) return <FetchCard fetching={fetching} />
  const active = run.items.find(({ key }) => key === run.active)
  if (active !== undefined) return <Active fleet={fleet} view={view} item={active} update={update} />
  const toChoose = next?.kind === 'choose' ? run.items.find(({ key }) => key === next.key) : undefined
  if (toChoose === undefined) return null
  return (
    <section className="card stack tight">
      <h2 className="card-title fleet-name">{words.chooseTitle(toChoose.name)}</h2>
      <p className="prose">{words.chooseBody}</p>
    </section>
  )
}

/** The update of the device whose turn it is; it may have another record than when it was chosen. */
function useActiveUpdate({ run }: FleetView): UpdateView | undefined {
  const fob = useFob()
  const updates = useReadable(fob.updates)
  const devices = useReadable(fob.devices)
  const item = run.items.find(({ key }) => key === run.active)
  if (item === undefined) return undefined
  const isSame = ({ record }: (typeof devices)[number]) =>
    item.deviceId !== null && record.deviceId === item.deviceId
  return updates.get(item.key) ?? updates.get(devices.find(isSame)?.record.key ?? '')
}

function FetchCard({ fetching }: { fetching: NonNullable<FleetView['fetching']> }) {
  const { run: words } = useFleetMessages()
  const { update } = useMessages()
  const formats = useFormats()
  const title = words.fetching(fetching.file, fetching.files)
  const fraction = fetching.total > 0 ? fetching.received / fetching.total : null
  return (
    <section className="card stack snug">
      <h2 className="card-title">{title}</h2>
      <Bar
        fraction={fraction}
        label={title}
        text={fraction === null ? title : `${title}, ${formats.percent(fraction)}`}
      />
      {fetching.isQuiet ? (
        <Notice tone="attention" icon={CloudOff} title={update.quiet} live>
          {update.quietBody}
        </Notice>
      ) : (
        <p className="row-note">{words.fetchingNote}</p>
      )}
    </section>
  )
}

function Active({
  fleet,
  view,
  item,
  update,
}: {
  fleet: Fleet
  view: FleetView
  item: FleetItem
  update: UpdateView | undefined
}) {
  const { run: words } = useFleetMessages()
  const messages = useMessages()
  const formats = useFormats()
  const state = update?.state
  const plan = state?.plan ?? null
  const fraction = update === undefined ? null : fractionOf(update)
  const label = state === undefined ? words.asking : stepWords(state, messages.update)
  return (
    <>
      <section className="card stack snug">
        <h2 className="card-title fleet-name">{words.now(item.name)}</h2>
        {plan !== null && <Versions from={plan.from} to={plan.manifest.version} />}
        <p className="gauge-label">{label}</p>
        <Bar
          fraction={fraction}
          label={messages.update.progressLabel}
          text={fraction === null ? label : `${label}, ${formats.percent(fraction)}`}
          still={view.run.status !== 'running' || state?.status === 'awaitingConsent'}
        />
        {update !== undefined && update.secondsLeft !== null && (
          <p className="row-note">{messages.update.timeLeft(formats.duration(update.secondsLeft))}</p>
        )}
        {state?.swapRequested === true ? (
          <p className="row-note">{words.tooLate}</p>
        ) : (
          view.mine &&
          view.run.kind === 'update' && (
            <Button onClick={() => fleet.skip(item.key)} aria-label={words.skipOf(item.name)}>
              {words.skip}
            </Button>
          )
        )}
      </section>
      {state?.status === 'awaitingConsent' && plan !== null && view.mine && (
        <Ask key={state.attempt} fleet={fleet} plan={plan} />
      )}
    </>
  )
}

/** What this device's update wants to be agreed to, in the words of a single update. */
function Ask({ fleet, plan }: { fleet: Fleet; plan: UpdatePlan }) {
  const { run: words } = useFleetMessages()
  const { update } = useMessages()
  const [agreed, setAgreed] = useState<readonly Confirmation[]>([])
  const version = formatVersion(plan.manifest.version)
  const isComplete = plan.confirm.every(reason => agreed.includes(reason))
  const isForAll = plan.confirm.every(reason => reason === 'remembered')
  return (
    <section className="stack" aria-label={update.consent.title}>
      {plan.confirm.map(reason => (
        <Demand
          key={reason}
          confirmation={reason}
          plan={plan}
          checked={agreed.includes(reason)}
          onChange={isAgreed =>
            setAgreed(isAgreed ? [...agreed, reason] : agreed.filter(other => other !== reason))
          }
        />
      ))}
      {isForAll && (
        <Button look="primary" wide disabled={!isComplete} onClick={() => fleet.consent(true)}>
          {words.consentAll(version)}
        </Button>
      )}
      <Button
        look={isForAll ? 'secondary' : 'primary'}
        wide
        disabled={!isComplete}
        onClick={() => fleet.consent(false)}
      >
        {isForAll ? words.consentOne : update.consent.install(version)}
      </Button>
    </section>
  )
}
