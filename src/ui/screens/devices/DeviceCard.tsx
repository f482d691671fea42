// One device in the list: what it is, and what is truly known of its firmware, in words.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { DeviceView, UpdateView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Bar } from '../../components/Bar.tsx'
import { DeviceGlyph } from '../../components/DeviceGlyph.tsx'
import { stateIcon } from '../../components/stateIcon.ts'
import { type DeviceState, toneOf } from '../../deviceState.ts'
import { stateNote, stateTitle } from '../../deviceWords.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'

export function DeviceCard({
  view,
  update,
  state,
}: {
  view: DeviceView
  update: UpdateView | undefined
  state: DeviceState
}) {
  const messages = useMessages()
  const formats = useFormats()
  const now = useNow()
  const { record } = view
  const tone = toneOf(state)
  const Icon = stateIcon(state)
  const title = stateTitle(state, messages, formats)
  const note = stateNote(state, view, update, now, messages, formats)
  const about = [
    record.model?.name ?? messages.devices.modelUnknown,
    record.running === null ? messages.devices.versionUnknown : formatVersion(record.running.version),
    ...(record.source === 'bluetooth' ? [] : [messages.devices.badges[record.source]]),
    // Nobody knows what a gateway hears before it is asked.
    ...(view.reachable && record.source !== 'gateway' ? [messages.deviceState.reachable] : []),
  ]
  return (
    <Link
      href={state.kind === 'update' ? paths.update(record.key) : paths.device(record.key)}
      className={state.kind === 'alarm' ? 'card device-card alarmed' : 'card device-card'}
    >
      <DeviceGlyph model={record.model} />
      <span>
        <span className="name">{record.name}</span>
        <span className="row-note tabular">{about.join(' · ')}</span>
      </span>
      <ChevronRight size={20} className="soft" aria-hidden />
      <span className="state stack tight">
        <span className={`state-line tone-${tone}`}>
          <Icon size={17} aria-hidden />
          <span>
            <strong>{title}</strong>
            {note !== null && <span className="note">{note}</span>}
          </span>
        </span>
        {state.kind === 'update' && (
          <Bar fraction={state.fraction} label={title} text={title} still={state.phase !== 'running'} />
        )}
      </span>
    </Link>
  )
}
