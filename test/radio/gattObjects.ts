// Peripherals as BlueZ shows them: paths and properties of devices, services and characteristics (BlueZ, doc/org.bluez.*.rst).
import { Variant } from 'dbus-next'
import type { ObjectTree } from '../../node/bluez/objectTree.ts'
import { type Characteristic, fullUuid, type Peripheral } from './peripheral.ts'

export const ADAPTER_PATH = '/org/bluez/hci0'
export const ADAPTER = 'org.bluez.Adapter1'
const DEVICE = 'org.bluez.Device1'
export const CHARACTERISTIC = 'org.bluez.GattCharacteristic1'
const SERVICE = 'org.bluez.GattService1'
const DESCRIPTOR = 'org.bluez.GattDescriptor1'
const CLIENT_CONFIGURATION = fullUuid(0x2902)

const text = (value: string) => new Variant('s', value)
export const flag = (value: boolean) => new Variant('b', value)
export const bytesOf = (value: Uint8Array) => new Variant('ay', Buffer.from(value))
const path = (value: string) => new Variant('o', value)
const texts = (value: readonly string[]) => new Variant('as', [...value])

export const devicePath = (peripheral: Peripheral) =>
  `${ADAPTER_PATH}/dev_${peripheral.address.replaceAll(':', '_')}`

const servicePath = (peripheral: Peripheral, service: number) =>
  `${devicePath(peripheral)}/service${(service + 1).toString(16).padStart(4, '0')}`

export function showAdapter(tree: ObjectTree): void {
  tree.add('/org/bluez', { 'org.bluez.AgentManager1': {}, 'org.bluez.ProfileManager1': {} })
  tree.add(ADAPTER_PATH, {
    [ADAPTER]: {
      Address: text('02:00:00:00:00:01'),
      AddressType: text('public'),
      Name: text('test radio'),
      Alias: text('test radio'),
      Class: new Variant('u', 0),
      Powered: flag(true),
      Discoverable: flag(false),
      DiscoverableTimeout: new Variant('u', 0),
      Pairable: flag(false),
      PairableTimeout: new Variant('u', 0),
      Discovering: flag(false),
      UUIDs: texts([]),
      Modalias: text('usb:v1D6Bp0246d0540'),
      Roles: texts(['central']),
    },
    'org.bluez.GattManager1': {},
    'org.bluez.LEAdvertisingManager1': {
      ActiveInstances: new Variant('y', 0),
      SupportedInstances: new Variant('y', 5),
      SupportedIncludes: texts([]),
    },
  })
}

/** What an advertisement brings. `rssi` in dBm; a change of it is what says that the device was heard again. */
export function showAdvertisement(tree: ObjectTree, peripheral: Peripheral, rssi: number): void {
  const at = devicePath(peripheral)
  const heard = { RSSI: new Variant('n', rssi), UUIDs: texts(peripheral.advertised) }
  if (tree.has(at)) {
    tree.set(at, DEVICE, heard)
    return
  }
  tree.add(at, {
    [DEVICE]: {
      ...heard,
      Address: text(peripheral.address),
      AddressType: text('random'),
      Name: text(peripheral.name),
      Alias: text(peripheral.name),
      Paired: flag(peripheral.isPaired),
      Bonded: flag(peripheral.isPaired),
      Trusted: flag(false),
      Blocked: flag(false),
      LegacyPairing: flag(false),
      Connected: flag(false),
      ServicesResolved: flag(false),
      Adapter: path(ADAPTER_PATH),
      AdvertisingFlags: bytesOf(Uint8Array.of(6)),
    },
  })
}

export function showConnected(tree: ObjectTree, peripheral: Peripheral): void {
  tree.set(devicePath(peripheral), DEVICE, { Connected: flag(true) })
}

export function showServices(tree: ObjectTree, peripheral: Peripheral): void {
  const device = devicePath(peripheral)
  peripheral.services.forEach((service, s) => {
    const serviceAt = servicePath(peripheral, s)
    if (tree.has(serviceAt)) return
    tree.add(serviceAt, {
      [SERVICE]: {
        UUID: text(service.uuid),
        Primary: flag(true),
        Device: path(device),
        Includes: new Variant('ao', []),
      },
    })
    for (const characteristic of service.characteristics) {
      const at = characteristicPath(peripheral, characteristic)
      tree.add(at, {
        [CHARACTERISTIC]: {
          UUID: text(characteristic.uuid),
          Service: path(serviceAt),
          Value: bytesOf(Uint8Array.of()),
          Notifying: flag(false),
          Flags: texts(characteristic.flags),
          MTU: new Variant('q', peripheral.mtu),
        },
      })
      if (!characteristic.flags.includes('notify') && !characteristic.flags.includes('indicate')) continue
      tree.add(`${at}/desc0001`, {
        [DESCRIPTOR]: {
          UUID: text(CLIENT_CONFIGURATION),
          Characteristic: path(at),
          Value: bytesOf(Uint8Array.of()),
          Flags: texts(['read', 'write']),
        },
      })
    }
  })
  tree.set(device, DEVICE, { ServicesResolved: flag(true) })
}

export function showPaired(tree: ObjectTree, peripheral: Peripheral): void {
  tree.set(devicePath(peripheral), DEVICE, { Paired: flag(true), Bonded: flag(true) })
}

/** With `keepsServices` they stay, as what is known of the device, and only notify no more. */
export function showDisconnected(tree: ObjectTree, peripheral: Peripheral, keepsServices: boolean): void {
  const device = devicePath(peripheral)
  if (keepsServices) {
    for (const characteristic of peripheral.services.flatMap(service => service.characteristics)) {
      tree.set(characteristicPath(peripheral, characteristic), CHARACTERISTIC, { Notifying: flag(false) })
    }
  } else {
    tree.removeBelow(device)
  }
  tree.set(device, DEVICE, { Connected: flag(false), ServicesResolved: flag(false) })
}

export function characteristicPath(peripheral: Peripheral, characteristic: Characteristic): string {
  const s = peripheral.services.findIndex(service => service.characteristics.includes(characteristic))
  const c = peripheral.services[s]?.characteristics.indexOf(characteristic) ?? -1
  return `${servicePath(peripheral, s)}/char${(c + 1).toString(16).padStart(4, '0')}`
}

/** The characteristic at `at`, or whose descriptor is there. */
export function characteristicAt(peripheral: Peripheral, at: string): Characteristic | undefined {
  return peripheral.services
    .flatMap(service => service.characteristics)
    .find(characteristic => `${at}/`.startsWith(`${characteristicPath(peripheral, characteristic)}/`))
}
