// Puts a reference device on the air: its name, its battery, and gone while it restarts.
import type { ReferenceDevice } from '../../device/referenceDevice.ts'
import type { Peripheral } from './peripheral.ts'
import { type SmpPeripheralOptions, smpPeripheral } from './smpPeripheral.ts'

export function referencePeripheral(
  device: ReferenceDevice,
  options: Omit<SmpPeripheralOptions, 'device' | 'name' | 'batteryLevel'> = {},
): Peripheral {
  const peripheral = smpPeripheral({
    ...options,
    device,
    name: device.advertisement.localName,
    batteryLevel: () => device.battery(),
  })
  const follow = () => {
    peripheral.isInReach = device.isAdvertising || device.isConnected
  }
  follow()
  device.onEvent(event => {
    if (event.kind === 'reset' || event.kind === 'booted' || event.kind === 'bricked') follow()
  })
  return peripheral
}
