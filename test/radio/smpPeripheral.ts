// Puts a device that speaks SMP over a byte pipe on the air: the SMP service, and a Battery Service where it has one.
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../src/core/smp/gattUuids.ts'
import type { ByteTransport } from '../../src/core/smp/transport.ts'
import { BATTERY_LEVEL, BATTERY_SERVICE } from '../../src/io/ble/uuids.ts'
import type { LinkModel } from './linkModel.ts'
import { type Characteristic, fullUuid, Peripheral, type Service } from './peripheral.ts'

export interface CarriedDevice {
  /** The central's end of a new link. A device that can't be reached now throws, rejects or hands out a closed one. */
  connect(): ByteTransport | Promise<ByteTransport>
}

export interface SmpPeripheralOptions {
  readonly device: CarriedDevice
  readonly name: string
  /** Default: `C0:00:00:00:00:01`. */
  readonly address?: string
  readonly mtu?: number
  readonly linkModel?: LinkModel
  /** Percent; without it there is no Battery Service. */
  batteryLevel?(): number
  readonly demandsPairing?: boolean
}

export function smpPeripheral(options: SmpPeripheralOptions): Peripheral {
  let link: ByteTransport | undefined
  const smp: Characteristic = {
    uuid: SMP_CHARACTERISTIC,
    flags: ['write-without-response', 'notify'],
    demandsPairing: options.demandsPairing ?? false,
    write: bytes => link?.write(bytes),
  }
  const services: Service[] = [{ uuid: SMP_SERVICE, characteristics: [smp] }]
  const { batteryLevel } = options
  if (batteryLevel !== undefined) {
    const read = () => Uint8Array.of(batteryLevel())
    services.push({
      uuid: fullUuid(BATTERY_SERVICE),
      characteristics: [{ uuid: fullUuid(BATTERY_LEVEL), flags: ['read'], read }],
    })
  }
  const peripheral: Peripheral = new Peripheral({
    name: options.name,
    address: options.address ?? 'C0:00:00:00:00:01',
    services,
    advertised: [SMP_SERVICE],
    ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
    ...(options.linkModel === undefined ? {} : { linkModel: options.linkModel }),
    async onConnect() {
      const opened = await options.device.connect()
      if (!peripheral.isConnected) return opened.close()
      link = opened
      opened.onData(bytes => {
        const room = peripheral.mtu - 3
        for (let at = 0; at < bytes.length; at += room) peripheral.notify(smp, bytes.subarray(at, at + room))
      })
      // The device hangs up, or restarts.
      opened.onClose(() => {
        if (link === opened) peripheral.dropLink()
      })
    },
    onDisconnect() {
      const closing = link
      link = undefined
      void closing?.close()
    },
  })
  return peripheral
}
