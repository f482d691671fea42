// The Battery Service's level, read in the link's queue.
import { isNotFound } from './browserErrors.ts'
import type { GattLink } from './gattLink.ts'
import { BATTERY_LEVEL, BATTERY_SERVICE } from './uuids.ts'

/**
 * Returns a reader of the level in percent (0 to 100); null where the device has no Battery Service, where the value is
 * none, and where the link ends before it is read.
 */
export function batteryReader(link: GattLink): () => Promise<number | null> {
  let found: BluetoothRemoteGATTCharacteristic | null | undefined
  return async () => {
    try {
      if (found === undefined) found = await find(link)
      if (found === null) return null
      const characteristic = found
      const value = await link.run('read battery', link.timing.read, () => characteristic.readValue())
      const percent = value.byteLength > 0 ? value.getUint8(0) : null
      return percent !== null && percent <= 100 ? percent : null
    } catch (error) {
      if (isNotFound(error)) found = null
      return null
    }
  }
}

async function find(link: GattLink): Promise<BluetoothRemoteGATTCharacteristic> {
  const limit = link.timing.discover
  const service = await link.run('find battery', limit, () => link.server.getPrimaryService(BATTERY_SERVICE))
  return link.run('find battery level', limit, () => service.getCharacteristic(BATTERY_LEVEL))
}
