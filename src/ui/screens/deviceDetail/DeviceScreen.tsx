// One device: who it is, what it runs, what is proven about that, and what can be done.
import { ChevronRight, Pencil, SquareTerminal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { DeviceView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button, IconButton } from '../../components/Button.tsx'
import { DeviceGlyph } from '../../components/DeviceGlyph.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { deviceState } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { DeviceActions } from './DeviceActions.tsx'
import { ForgetSheet, ModelSheet, RenameSheet } from './DeviceSheets.tsx'
import { History } from './History.tsx'
import { Identity } from './Identity.tsx'
import { Verdict } from './Verdict.tsx'

export function DeviceScreen({ deviceKey }: { deviceKey: string }) {
  const fob = useFob()
  const { device: words } = useMessages()
  const isLoaded = useReadable(fob.isLoaded)
  const view = useReadable(fob.devices).find(({ record }) => record.key === deviceKey)
  if (view !== undefined) return <KnownDevice view={view} />
  if (isLoaded) return <NotFoundScreen title={words.notFound} />
  return (
    <Screen title="" back={paths.devices}>
      <div className="skeleton" />
    </Screen>
  )
}

function KnownDevice({ view }: { view: DeviceView }) {
  const fob = useFob()
  const { device: words, devices: deviceList } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const [sheet, setSheet] = useState<'rename' | 'forget' | 'model' | null>(null)
  const { record } = view
  const update = useReadable(fob.updates).get(record.key)
  const state = deviceState(view, update, now)
  return (
    <Screen
      title={record.name}
      back={paths.devices}
      side={<IconButton icon={Pencil} label={words.rename} onClick={() => setSheet('rename')} />}
      actions={<DeviceActions view={view} state={state} onChooseModel={() => setSheet('model')} />}
    >
      <section className="card flush">
        <div className="device-head card-pad">
          <DeviceGlyph model={record.model} large />
          <div>
            <p className="row-title">{record.model?.name ?? deviceList.modelUnknown}</p>
            {record.model !== null && <p className="row-note">{view.maker?.name ?? words.makerNotPinned}</p>}
          </div>
        </div>
        <dl className="device-numbers">
          <div>
            <dt>{words.version}</dt>
            <dd>{record.running === null ? '–' : formatVersion(record.running.version)}</dd>
          </div>
          {record.battery !== null && (
            <div>
              <dt>{words.battery}</dt>
              <dd>{formats.percent(record.battery / 100)}</dd>
            </div>
          )}
          <div>
            <dt>{words.lastSeen}</dt>
            <dd className="last-seen">{formats.age(record.lastSeenAt, now)}</dd>
          </div>
        </dl>
      </section>
      {record.isInLoader && (
        <Notice tone="attention" title={words.inLoader}>
          {words.inLoaderBody}
        </Notice>
      )}
      <Verdict view={view} state={state} />
      <Identity view={view} onChooseModel={() => setSheet('model')} />
      {(record.format ?? 'mcuboot') === 'mcuboot' && (
        <Link href={paths.console(record.key)} className="card row">
          <SquareTerminal size={20} aria-hidden />
          <span className="grow row-title">{words.console}</span>
          <ChevronRight size={18} className="chevron" aria-hidden />
        </Link>
      )}
      <History deviceKey={record.key} lastChange={record.lastCheck?.at ?? 0} />
      <Button
        look="danger-quiet"
        icon={Trash2}
        disabled={view.activity !== 'idle'}
        onClick={() => setSheet('forget')}
      >
        {words.forget}
      </Button>
      {sheet === 'rename' && <RenameSheet record={record} onClose={() => setSheet(null)} />}
      {sheet === 'forget' && <ForgetSheet record={record} onClose={() => setSheet(null)} />}
      {sheet === 'model' && <ModelSheet record={record} onClose={() => setSheet(null)} />}
    </Screen>
  )
}
