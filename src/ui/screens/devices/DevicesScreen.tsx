// The devices that this browser knows, those that need something first; and the two ways to add one.
import { Bluetooth, FlaskConical, ListChecks, RefreshCw, Router } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { DeviceView, UpdateView } from '../../../app/fob.ts'
import { Button, type ButtonLook, LinkButton } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { TextField } from '../../components/Field.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useAddDevice } from '../../useAddDevice.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { DemoSheet } from './DemoSheet.tsx'
import { DeviceCard } from './DeviceCard.tsx'
import { findDevices, groupDevices, type ListedDevice, pageSize } from './deviceList.ts'
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
      {adding.failure?.kind === 'chooserCancelled' && <NotListed onShowAll={adding.addAny} />}
      {isLoaded && <Several count={devices.length} />}
      {isLoaded && !hasRadio && <OtherWays look="secondary" />}
      {!isLoaded ? <Loading /> : devices.length === 0 ? <Welcome /> : <DeviceList devices={devices} />}
      {isLoaded && hasRadio && <OtherWays look="quiet" />}
      {isDemoOpen && (
        <DemoSheet onClose={() => setDemoOpen(false)} onAdded={key => navigate(paths.device(key))} />
      )}
    </Screen>
  )
}

function OtherWays({ look }: { look: ButtonLook }) {
  const { devices: words } = useMessages()
  return (
    <LinkButton look={look} icon={Router} href={paths.ways}>
      {words.ways}
    </LinkButton>
  )
}

/** The chooser was closed: perhaps because the device was not in it. */
function NotListed({ onShowAll }: { onShowAll: () => void }) {
  const { devices: words } = useMessages()
  return (
    <div className="card stack snug">
      <p className="prose">{words.notListed}</p>
      <Button onClick={onShowAll}>{words.showAll}</Button>
    </div>
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
  const found = useMemo(() => findDevices(devices, text), [devices, text])
  const groups = useMemo(() => groupDevices(found, updates, now), [found, updates, now])
  return (
    <>
      {devices.length >= searchFrom && (
        <TextField label={words.search} type="search" value={text} onChange={setText} />
      )}
      {found.length === 0 && <p className="soft">{words.searchNone(text)}</p>}
      {groups.map(([group, listed]) => (
        <Section key={group} title={`${words.groups[group]} · ${formats.number(listed.length)}`}>
          <Cards listed={listed} />
        </Section>
      ))}
    </>
  )
}

/** A page of them: a thousand cards at once would keep a phone busy for seconds. */
function Cards({ listed }: { listed: readonly ListedDevice[] }) {
  const { devices: words } = useMessages()
  const formats = useFormats()
  const [shown, setShown] = useState(pageSize)
  const left = listed.length - shown
  return (
    <>
      <ul className="stack snug">
        {listed.slice(0, shown).map(({ view, update, state }) => (
          <li key={view.record.key}>
            <DeviceCard view={view} update={update} state={state} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <Button wide onClick={() => setShown(shown + pageSize)}>
          {words.more(formats.number(Math.min(left, pageSize)))}
        </Button>
      )}
    </>
  )
}

/** From two devices on, or where a run of several is kept. */
function Several({ count }: { count: number }) {
  const { devices: words } = useMessages()
  const isKept = useReadable(useFob().hasFleetRun)
  if (count < 2 && !isKept) return null
  return (
    <LinkButton look={isKept ? 'secondary' : 'quiet'} icon={ListChecks} href={paths.fleet}>
      {isKept ? words.severalGoesOn : words.several}
    </LinkButton>
  )
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
