// What a device says over the air before anybody connects, and which services it has.
import { deviceIdOf, devicePublicKey } from '../src/core/identity.ts'
import type { Model } from '../src/core/registry/model.ts'

/** SMP over Bluetooth (Zephyr, "SMP transport: Bluetooth"). Messages are written to the characteristic and notified by it. */
export const SMP_SERVICE_UUID = '8d53dc1d-1db7-4cd3-868b-8a527460aa84'
export const SMP_CHARACTERISTIC_UUID = 'da2e7828-fbce-4e01-ae9e-261174997c48'
/** Bluetooth SIG assigned numbers: Battery Service, Battery Level (one byte, percent). */
export const BATTERY_SERVICE_UUID = '0000180f-0000-1000-8000-00805f9b34fb'
export const BATTERY_LEVEL_UUID = '00002a19-0000-1000-8000-00805f9b34fb'

export interface Advertisement {
  /** At most 29 bytes of UTF-8: what fits the scan response. */
  readonly localName: string
  /** In the advertisement itself; the battery service is found after connecting only. */
  readonly serviceUuids: readonly string[]
}

/** The model's name and the last four digits of the device id, so that two of a kind can be told apart in the chooser. */
export function advertisementOf(model: Model, key: Uint8Array): Advertisement {
  const suffix = deviceIdOf(devicePublicKey(key)).slice(-4).toUpperCase()
  return { localName: `${shortened(model.name)} ${suffix}`, serviceUuids: [SMP_SERVICE_UUID] }
}

/** Up to 24 bytes, never a part of a character. */
function shortened(name: string): string {
  let text = ''
  let size = 0
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (size > 24) break
    text += character
  }
  return text.trimEnd()
}
