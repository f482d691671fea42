// What concerns the whole app: no network, no radio, a changed network file, a newer build.
import { BluetoothOff, HardDrive, RefreshCw, WifiOff } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useLocation } from 'wouter'
import type { UpdateView } from '../../app/fob.ts'
import { useFob, useFrame } from '../fobContext.ts'
import { useFormats, useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'
import { useNow } from '../useNow.ts'
import { useReadable } from '../useReadable.ts'
import { Button, LinkButton } from './Button.tsx'
import { Notice } from './Notice.tsx'

/** Few ever see them. */
const loadDamage = () => import('./DamageNotices.tsx')
const MakerNotice = lazy(async () => ({ default: (await loadDamage()).MakerNotice }))
const PinNotice = lazy(async () => ({ default: (await loadDamage()).PinNotice }))

export function Notices() {
  return (
    <div className="notices">
      <NetworkNotice />
      <StoreNotice />
      <OfflineNotice />
      <RadioNotice />
      <AppUpdateNotice />
    </div>
  )
}

function OfflineNotice() {
  const fob = useFob()
  const { notices } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const devices = useReadable(fob.devices)
  if (useReadable(fob.online)) return null
  const verified = devices.flatMap(({ record }) => record.lastCheck?.evidence.verifiedAt ?? [])
  return (
    <Notice tone="plain" icon={WifiOff} title={notices.offline} live>
      {verified.length === 0 ? (
        notices.offlineNever
      ) : (
        // Read out once: its age grows in silence.
        <span aria-live="off">{notices.offlineSince(formats.age(Math.max(...verified), now))}</span>
      )}
    </Notice>
  )
}

function RadioNotice() {
  const fob = useFob()
  const { notices } = useMessages()
  const radio = useReadable(fob.radio)
  const [location] = useLocation()
  // Money needs no radio; whoever meets a device from the wallet hears of it there.
  const isAboutMoney = location.startsWith('/wallet') && !location.startsWith('/wallet/claim')
  if (radio === 'ready' || isAboutMoney) return null
  if (radio === 'off') {
    return (
      <Notice tone="attention" icon={BluetoothOff} title={notices.radioOff} live>
        {notices.radioOffBody}
      </Notice>
    )
  }
  return (
    <Notice
      tone="plain"
      icon={BluetoothOff}
      title={notices.radioUnsupported}
      actions={<LinkButton href={paths.browser}>{notices.radioUnsupportedLink}</LinkButton>}
    >
      {notices.radioUnsupportedBody}
    </Notice>
  )
}

function StoreNotice() {
  const problem = useReadable(useFob().storeProblem)
  const { storeProblems, common } = useMessages()
  if (problem === null) return null
  if (problem.kind === 'recordUnreadable' && problem.table === 'makers' && problem.key !== undefined) {
    return (
      <Suspense fallback={null}>
        <MakerNotice address={problem.key} />
      </Suspense>
    )
  }
  const known: Readonly<Record<string, { title: string; body: string }>> = storeProblems
  const text = (Object.hasOwn(known, problem.kind) ? known[problem.kind] : undefined) ?? storeProblems.other
  return (
    <Notice
      tone="attention"
      icon={HardDrive}
      title={text.title}
      actions={
        needsReload.has(problem.kind) ? (
          <Button onClick={() => window.location.reload()}>{common.reload}</Button>
        ) : undefined
      }
      live
    >
      {text.body}
    </Notice>
  )
}

const needsReload: ReadonlySet<string> = new Set(['storeUnavailable', 'storeOutdated'])

function NetworkNotice() {
  const fob = useFob()
  const { notices, common } = useMessages()
  const network = useReadable(fob.network)
  if (network.status === 'missing') {
    return (
      <Notice
        tone="attention"
        title={notices.networkMissing}
        actions={<Button onClick={() => void fob.reloadNetwork()}>{common.retry}</Button>}
      >
        {notices.networkMissingBody}
      </Notice>
    )
  }
  if (network.status === 'pinUnreadable') {
    return (
      <Suspense fallback={null}>
        <PinNotice canLook={network.change !== null} />
      </Suspense>
    )
  }
  if (network.status !== 'ready' || network.change === null) return null
  return (
    <Notice
      tone="attention"
      title={notices.networkChanged}
      actions={<LinkButton href={paths.networkChange}>{notices.networkChangedLink}</LinkButton>}
      live
    >
      {notices.networkChangedBody}
    </Notice>
  )
}

/** Never while an update is under way, not even a paused one: the new build would take the page down with it. */
function AppUpdateNotice() {
  const fob = useFob()
  const frame = useFrame()
  const { notices } = useMessages()
  const updates = useReadable(fob.updates)
  if (useReadable(frame.appUpdate) !== 'ready' || [...updates.values()].some(isUnderWay)) return null
  return (
    <Notice
      tone="info"
      icon={RefreshCw}
      title={notices.appUpdate}
      actions={<Button onClick={frame.applyAppUpdate}>{notices.appUpdateAction}</Button>}
    />
  )
}

const isUnderWay = ({ state }: UpdateView): boolean =>
  state.status === 'running' ||
  state.status === 'paused' ||
  state.status === 'awaitingConsent' ||
  state.status === 'awaitingDevice'
