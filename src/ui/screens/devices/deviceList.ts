// Which devices a list shows, by what is searched for, each with its state: for as many as a service company has.
import type { DeviceView, UpdateView } from '../../../app/fob.ts'
import { type DeviceGroup, type DeviceState, deviceGroups, deviceState, groupOf } from '../../deviceState.ts'

/** As many cards as are drawn at once; more are drawn when they are asked for. */
export const pageSize = 60

export interface ListedDevice {
  readonly view: DeviceView
  readonly update: UpdateView | undefined
  readonly state: DeviceState
}

/** Text that a search looks into: made once for each record, which is never changed in place. */
const searched = new WeakMap<DeviceView['record'], string>()

/** By name, model and device id, without regard to case; every device where `text` is empty. */
export function findDevices(devices: readonly DeviceView[], text: string): readonly DeviceView[] {
  const wanted = text.trim().toLocaleLowerCase()
  return wanted === '' ? devices : devices.filter(({ record }) => textOf(record).includes(wanted))
}

/** By group, in the order of the list; only groups that have somebody. `now`: Unix seconds. */
export function groupDevices(
  devices: readonly DeviceView[],
  updates: ReadonlyMap<string, UpdateView>,
  now: number,
): readonly (readonly [DeviceGroup, readonly ListedDevice[]])[] {
  const groups = new Map<DeviceGroup, ListedDevice[]>(deviceGroups.map(group => [group, []]))
  for (const view of devices) {
    const update = updates.get(view.record.key)
    const state = deviceState(view, update, now)
    groups.get(groupOf(state))?.push({ view, update, state })
  }
  for (const listed of groups.values())
    listed.sort((a, b) => b.view.record.lastSeenAt - a.view.record.lastSeenAt)
  return [...groups].filter(([, listed]) => listed.length > 0)
}

function textOf(record: DeviceView['record']): string {
  const known = searched.get(record)
  if (known !== undefined) return known
  const text = `${record.name} ${record.model?.name ?? ''} ${record.deviceId ?? ''}`.toLocaleLowerCase()
  searched.set(record, text)
  return text
}
