// Which devices: from the list by search, model and state, or by their stickers.
import { ListChecks, ScanLine } from 'lucide-react'
import { useMemo, useState } from 'react'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button } from '../../components/Button.tsx'
import { TextField } from '../../components/Field.tsx'
import { Screen } from '../../components/Screen.tsx'
import { type DeviceState, groupOf } from '../../deviceState.ts'
import { stateTitle } from '../../deviceWords.ts'
import { useFob } from '../../fobContext.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { findDevices, groupDevices, type ListedDevice, pageSize } from '../devices/deviceList.ts'
import { Select } from './Select.tsx'
import { StickerSheet } from './StickerSheet.tsx'

const stateFilters = ['any', 'update', 'unknown', 'attention', 'rest'] as const

type StateFilter = (typeof stateFilters)[number]

export function ChooseDevices({
  chosen,
  onChange,
  onPlan,
}: {
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
  onPlan: () => void
}) {
  const fob = useFob()
  const { choose: words, title } = useFleetMessages()
  const devices = useReadable(fob.devices)
  const updates = useReadable(fob.updates)
  const now = useNow()
  const [text, setText] = useState('')
  const [model, setModel] = useState('')
  const [state, setState] = useState<StateFilter>('any')
  const [isScanning, setScanning] = useState(false)
  const models = useMemo(
    () => [...new Set(devices.flatMap(({ record }) => record.model?.name ?? []))].sort(),
    [devices],
  )
  const shown = useMemo(() => {
    const ofModel = model === '' ? devices : devices.filter(({ record }) => record.model?.name === model)
    return groupDevices(findDevices(ofModel, text), updates, now)
      .flatMap(([, listed]) => listed)
      .filter(listed => state === 'any' || filterOf(listed.state) === state)
  }, [devices, updates, now, text, model, state])
  const isEveryShownChosen = shown.every(({ view }) => chosen.has(view.record.key))
  const toggle = (key: string, isChosen: boolean) => {
    const after = new Set(chosen)
    if (isChosen) after.add(key)
    else after.delete(key)
    onChange(after)
  }
  return (
    <Screen
      title={title}
      back={paths.devices}
      actions={
        <Button look="primary" icon={ListChecks} wide disabled={chosen.size === 0} onClick={onPlan}>
          {words.plan(chosen.size)}
        </Button>
      }
    >
      <div className="fleet-filters">
        <TextField label={words.search} type="search" value={text} onChange={setText} />
        <Select
          label={words.model}
          value={model}
          onChange={setModel}
          options={[
            { value: '', label: words.anyModel },
            ...models.map(name => ({ value: name, label: name })),
          ]}
        />
        <Select
          label={words.state}
          value={state}
          onChange={setState}
          options={stateFilters.map(value => ({ value, label: words.states[value] }))}
        />
      </div>
      <div className="button-row">
        <Button
          disabled={shown.length === 0 || isEveryShownChosen}
          onClick={() => onChange(new Set([...chosen, ...shown.map(({ view }) => view.record.key)]))}
        >
          {words.selectShown(shown.length)}
        </Button>
        <Button disabled={chosen.size === 0} onClick={() => onChange(new Set())}>
          {words.clear}
        </Button>
        <Button icon={ScanLine} onClick={() => setScanning(true)}>
          {words.scan}
        </Button>
      </div>
      <p className="soft" role="status">
        {shown.length === 0 ? words.none : words.chosen(chosen.size)}
      </p>
      {shown.length > 0 && <DeviceChecks shown={shown} chosen={chosen} onToggle={toggle} />}
      {isScanning && (
        <StickerSheet
          chosen={chosen}
          onChosen={key => toggle(key, true)}
          onClose={() => setScanning(false)}
        />
      )}
    </Screen>
  )
}

function DeviceChecks({
  shown,
  chosen,
  onToggle,
}: {
  shown: readonly ListedDevice[]
  chosen: ReadonlySet<string>
  onToggle: (key: string, isChosen: boolean) => void
}) {
  const { choose: words } = useFleetMessages()
  const messages = useMessages()
  const formats = useFormats()
  const [count, setCount] = useState(pageSize)
  const left = shown.length - count
  return (
    <>
      <ul className="card flush rows">
        {shown.slice(0, count).map(({ view: { record }, state }) => (
          <li key={record.key}>
            <label className="row fleet-check">
              <input
                type="checkbox"
                checked={chosen.has(record.key)}
                onChange={event => onToggle(record.key, event.target.checked)}
              />
              <span className="grow">
                <span className="row-title fleet-name">{record.name}</span>
                <br />
                <span className="row-note tabular">
                  {[
                    record.model?.name ?? messages.devices.modelUnknown,
                    record.running === null
                      ? messages.devices.versionUnknown
                      : formatVersion(record.running.version),
                    stateTitle(state, messages, formats),
                  ].join(' · ')}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <Button wide onClick={() => setCount(count + pageSize)}>
          {words.more(Math.min(left, pageSize))}
        </Button>
      )}
    </>
  )
}

function filterOf(state: DeviceState): StateFilter {
  const group = groupOf(state)
  if (group === 'update' || group === 'rest') return group
  return group === 'other' ? 'unknown' : 'attention'
}
