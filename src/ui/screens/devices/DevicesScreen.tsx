// The devices that this browser knows, those that need something first; and the two ways to add one.
import { Bluetooth, FlaskConical, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DeviceView, UpdateView } from '../../../app/fob.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { TextField } from '../../components/Field.tsx'
import { Screen } from '../../components/Screen.tsx'
import { deviceGroups, deviceState, groupOf } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useAddDevice } from '../../useAddDevice.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { DemoSheet } from './DemoSheet.tsx'
import { DeviceCard } from './DeviceCard.tsx'
import { Welcome } from './Welcome.tsx'

/** From this many on, finding one by eye takes longer than typing three letters. */
const searchFrom = 8

export function DevicesScreen() {
  const fob = useFob()
  const { devices: words } = useMessages()
  const [, navigate] = useLocation()
  const devices = useReadable(fob.devices)
  const isLoaded = useReadable(fob.isLoaded)
  const radio = useReadable(fob.radio)
  const demos = useReadable(fob.demoDevices)
  const [isDemoOpen, setDemoOpen] = useState(false)
  const adding = useAddDevice(key => navigate(paths.device(key)))

  const hasRadio = radio !== 'unsupported'
  return (
    <Screen
      title={words.title}
      side={devices.length > 1 ? <CheckAll devices={devices} /> : undefined}
      actionsBeside={devices.length > 0 && hasRadio}
      actions={
        <>
          {hasRadio && (
            <Button look="primary" icon={Bluetooth} wide busy={adding.isOpen} onClick={adding.add}>
              {adding.isOpen ? words.addBusy : words.add}
            </Button>
          )}
          {(demos.length > 0 || !hasRadio) && (
            <Button
              look={!hasRadio ? 'primary' : devices.length > 0 ? 'secondary' : 'quiet'}
              icon={FlaskConical}
              wide
              onClick={() => setDemoOpen(true)}
            >
              {hasRadio && devices.length > 0 ? words.demoShort : words.demo}
            </Button>
          )}
        </>
      }
    >
      {adding.failure !== null && adding.failure.kind !== 'chooserCancelled' && (
        <FailureNotice
          kind={adding.failure.kind}
          detail={'detail' in adding.failure ? adding.failure.detail : null}
        />
      )}
      {!isLoaded ? <Loading /> : devices.length === 0 ? <Welcome /> : <DeviceList devices={devices} />}
      {isDemoOpen && (
        <DemoSheet onClose={() => setDemoOpen(false)} onAdded={key => navigate(paths.device(key))} />
      )}
    </Screen>
  )
}

function Loading() {
  const { common } = useMessages()
  return (
    <div className="stack" role="status">
      <span className="hidden-text">{common.loading}</span>
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  )
}

function DeviceList({ devices }: { devices: readonly DeviceView[] }) {
  const { devices: words } = useMessages()
  const formats = useFormats()
  const updates = useReadable(useFob().updates)
  const now = useNow()
  const [text, setText] = useState('')
  const found = devices.filter(({ record }) => matches(record, text))
  return (
    <>
      {devices.length >= searchFrom && (
        <TextField label={words.search} type="search" value={text} onChange={setText} />
      )}
      {found.length === 0 && <p className="soft">{words.searchNone(text)}</p>}
      {deviceGroups.map(group => {
        const inGroup = found
          .map(view => ({ view, update: updates.get(view.record.key) }))
          .map(entry => ({ ...entry, state: deviceState(entry.view, entry.update, now) }))
          .filter(({ state }) => groupOf(state) === group)
          .sort((a, b) => b.view.record.lastSeenAt - a.view.record.lastSeenAt)
        return (
          inGroup.length > 0 && (
            <Section key={group} title={`${words.groups[group]} · ${formats.number(inGroup.length)}`}>
              <ul className="stack snug">
                {inGroup.map(({ view, update, state }) => (
                  <li key={view.record.key}>
                    <DeviceCard view={view} update={update} state={state} />
                  </li>
                ))}
              </ul>
            </Section>
          )
        )
      })}
    </>
  )
}

function matches(record: DeviceView['record'], text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase()
  return `${record.name} ${record.model?.name ?? ''} ${record.deviceId ?? ''}`
    .toLocaleLowerCase()
    .includes(wanted)
}

/** One after the other: a phone's radio holds few links at a time. */
function CheckAll({ devices }: { devices: readonly DeviceView[] }) {
  const fob = useFob()
  const { devices: words } = useMessages()
  const updates: ReadonlyMap<string, UpdateView> = useReadable(fob.updates)
  const [isBusy, setBusy] = useState(false)
  const reachable = devices.filter(
    ({ record, reachable: isReachable, activity }) =>
      isReachable && activity === 'idle' && !updates.has(record.key),
  )
  if (reachable.length === 0 && !isBusy) return null
  const checkAll = async () => {
    setBusy(true)
    for (const { record } of reachable) await fob.checkDevice(record.key)
    setBusy(false)
  }
  return (
    <Button look="quiet" icon={RefreshCw} busy={isBusy} onClick={() => void checkAll()}>
      {words.checkAll}
    </Button>
  )
}
