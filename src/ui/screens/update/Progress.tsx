// How far it is: the step, what is counted of it, and the steps before and after.
import { CloudOff, Smartphone } from 'lucide-react'
import type { UpdateView } from '../../../app/fob.ts'
import { Bar } from '../../components/Bar.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Versions } from '../../components/Versions.tsx'
import { fractionOf } from '../../deviceState.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { groupAt, isReturning, stepGroups, stepWords } from './stepGroups.ts'
import { Timeline } from './Timeline.tsx'

export function Progress({ view }: { view: UpdateView }) {
  const { update: words } = useMessages()
  const { state } = view
  return (
    <>
      <StateNotice view={view} />
      <section className="card gauge">
        {state.plan !== null && (
          <div className="release-head">
            <Versions from={state.plan.from} to={state.plan.manifest.version} />
            <span className="row-note tabular">{state.plan.model.name}</span>
          </div>
        )}
        <Gauge view={view} />
      </section>
      <section className="card">
        <Timeline state={state} />
      </section>
      {state.status === 'running' && view.mine && (
        <p className="row-note with-icon">
          <Smartphone size={16} aria-hidden />
          {state.swapRequested ? words.tooLate : words.keepOpen}
        </p>
      )}
    </>
  )
}

function Gauge({ view }: { view: UpdateView }) {
  const { update: words } = useMessages()
  const formats = useFormats()
  const { state } = view
  const fraction = fractionOf(view)
  const isStill = state.status !== 'running'
  const isMoving = !isStill && !view.isQuiet
  const place = words.step(stepGroups.indexOf(groupAt(state)) + 1, stepGroups.length)
  const label = stepWords(state, words)
  return (
    <>
      <div>
        {fraction !== null && <p className="gauge-number">{formats.percent(fraction)}</p>}
        <p className={fraction === null ? 'gauge-label large' : 'gauge-label'}>{label}</p>
      </div>
      <Bar
        fraction={fraction}
        label={words.progressLabel}
        text={fraction === null ? label : `${label}, ${formats.percent(fraction)}`}
        still={isStill}
      />
      <div className="gauge-figures">
        <span>
          {fraction === null
            ? place
            : words.amount(formats.bytes(state.progress.done), formats.bytes(state.progress.total))}
        </span>
        {isMoving && fraction !== null && view.speed !== null && <span>{formats.speed(view.speed)}</span>}
        {isMoving && fraction !== null && view.secondsLeft !== null && (
          <span>{words.timeLeft(formats.duration(view.secondsLeft))}</span>
        )}
        {isReturning(state) && !state.swapRequested && <span>{words.goesOn}</span>}
        {state.reconnects > 0 && <span>{words.reconnects(state.reconnects)}</span>}
      </div>
    </>
  )
}

function StateNotice({ view }: { view: UpdateView }) {
  const messages = useMessages()
  const { update: words } = messages
  const { state } = view
  if (!view.mine) {
    return (
      <Notice tone="info" title={words.elsewhere}>
        {words.elsewhereBody}
      </Notice>
    )
  }
  if (view.isQuiet) {
    return (
      <Notice tone="attention" icon={CloudOff} title={words.quiet} live>
        {words.quietBody}
      </Notice>
    )
  }
  if (state.status === 'paused') {
    return (
      <Notice tone="plain" title={words.paused}>
        {words.pausedBody}
      </Notice>
    )
  }
  if (state.status === 'awaitingDevice') {
    const cause =
      state.failure === null || state.failure.kind === 'linkLost'
        ? null
        : failureText(messages, state.failure.kind)
    return (
      <Notice tone="attention" title={words.awaitingDevice}>
        {cause !== null && (
          <p>
            <strong>{cause.title}.</strong> {cause.next}
          </p>
        )}
        <p>{state.swapRequested ? words.awaitingDeviceRestart : words.awaitingDeviceBody}</p>
      </Notice>
    )
  }
  return null
}
