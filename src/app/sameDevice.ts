// One record per device key: browsers give a device another id after each permission, and what was proven must not be lost by it.
import { type Devices, deviceLock } from './devices.ts'
import type { Platform } from './ports/platform.ts'
import type { DeviceRecord, Stores } from './ports/store.ts'

/**
 * Lets `record`, just identified, take over what an earlier record of the same device key holds: its name, its history, an
 * update to go on with, and what it must never go below. The earlier one is removed, unless somebody is busy with it.
 */
export async function takeOverEarlier(
  record: DeviceRecord,
  devices: Devices,
  stores: Stores,
  platform: Platform,
): Promise<DeviceRecord> {
  const earlier = [...devices.records.get().values()].find(
    ({ key, source, deviceId }) =>
      key !== record.key && source === record.source && deviceId !== null && deviceId === record.deviceId,
  )
  if (!earlier) return record
  const taken = await platform.withLock(deviceLock(earlier.key), async () => {
    for (const entry of await stores.history.forDevice(earlier.key)) {
      await stores.history.put({ ...entry, deviceKey: record.key })
    }
    const update = await stores.updates.get(earlier.key)
    if (update) {
      await stores.updates.put({ ...update, deviceKey: record.key })
      await stores.updates.delete(earlier.key)
    }
    const { name, addedAt, lastCheck, highWater } = earlier
    const changed = await devices.change(record.key, { name, addedAt, lastCheck, highWater })
    await devices.forget(earlier.key)
    return changed
  })
  return taken?.value ?? record
}
