// Finds Nordic's and Espressif's updaters on a device without SMP, and maps them to pipes. Loaded when one is met.
import type { EspConnection, NordicConnection } from '../../app/ports/device.ts'
import type { Bytes } from '../../core/bytes.ts'
import type { Pipe } from '../../core/dfu/pipe.ts'
import { LinkError } from '../../core/smp/transport.ts'
import { batteryReader } from './battery.ts'
import { isNotFound, textOf } from './browserErrors.ts'
import type { GattLink } from './gattLink.ts'
import {
  ESP_COMMAND,
  ESP_OTA_SERVICE,
  ESP_RECV_FIRMWARE,
  NORDIC_BUTTONLESS,
  NORDIC_CONTROL_POINT,
  NORDIC_DFU_SERVICE,
  NORDIC_PACKET,
} from './updaterUuids.ts'

/** undefined for a device with neither. Rejects with LinkError or the browser's own error. */
export async function findUpdater(link: GattLink): Promise<NordicConnection | EspConnection | undefined> {
  const common = {
    batteryLevel: batteryReader(link),
    onClose: link.onEnd.bind(link),
    close: async () => link.end('closed'),
  }
  const nordic = await optional(find(link, NORDIC_DFU_SERVICE))
  const mode = nordic && (await nordicMode(link, nordic))
  if (mode) return { updater: 'nordicDfu', mode, ...common }
  const esp = await optional(find(link, ESP_OTA_SERVICE))
  if (!esp) return undefined
  const command = await pipeOf(link, esp, ESP_COMMAND)
  const firmware = await pipeOf(link, esp, ESP_RECV_FIRMWARE)
  return { updater: 'espOta', link: { command, firmware, onClose: common.onClose }, ...common }
}

async function nordicMode(
  link: GattLink,
  service: BluetoothRemoteGATTService,
): Promise<NordicConnection['mode'] | undefined> {
  const control = await optional(pipeOf(link, service, NORDIC_CONTROL_POINT))
  if (control) {
    // It notifies nothing.
    const packet = await pipeOf(link, service, NORDIC_PACKET, false)
    return { kind: 'bootloader', link: { control, packet, onClose: link.onEnd.bind(link) } }
  }
  for (const uuid of NORDIC_BUTTONLESS) {
    const pipe = await optional(pipeOf(link, service, uuid))
    if (pipe) return { kind: 'application', enterBootloader: () => enter(link, pipe) }
  }
  return undefined
}

/** Opcode 1, answered by 0x20, the opcode and 1 for success ("Buttonless Secure DFU Service"). */
const ENTER_BOOTLOADER = 0x01
const BUTTONLESS_ANSWER = 0x20

async function enter(link: GattLink, pipe: Pipe): Promise<void> {
  let stop = () => undefined as undefined
  const answered = new Promise<void>((resolve, reject) => {
    const stopData = pipe.onData(([start, , result]) => {
      if (start !== BUTTONLESS_ANSWER) return
      if (result === 1) resolve()
      else reject(new LinkError('refused', `the application answers ${result}`))
    })
    // It may restart before its answer is on the air.
    const stopEnd = link.onEnd(() => resolve())
    stop = () => {
      stopData()
      stopEnd()
      return undefined
    }
  })
  try {
    await pipe.write(Uint8Array.of(ENTER_BOOTLOADER))
    await answered
  } finally {
    stop()
  }
}

const find = (link: GattLink, uuid: number): Promise<BluetoothRemoteGATTService> =>
  link.run('find updater', link.timing.discover, () => link.server.getPrimaryService(uuid))

/** undefined where there is none of it. */
async function optional<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Writes with response where the characteristic has it and is not made for packets. */
async function pipeOf(
  link: GattLink,
  service: BluetoothRemoteGATTService,
  uuid: string | number,
  notifies = true,
): Promise<Pipe> {
  const { discover, subscribe, write } = link.timing
  const characteristic = await link.run('find characteristic', discover, () =>
    service.getCharacteristic(uuid),
  )
  const listeners = new Set<(bytes: Uint8Array) => void>()
  const onValue = () => {
    const { value } = characteristic
    if (value === undefined || link.loss !== undefined) return
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
    for (const listener of [...listeners]) listener(bytes)
  }
  if (notifies) {
    characteristic.addEventListener('characteristicvaluechanged', onValue)
    link.onEnd(() => characteristic.removeEventListener('characteristicvaluechanged', onValue))
    await link.run('turn notifications on', subscribe, () => characteristic.startNotifications())
  }
  const isPacket = characteristic.properties.writeWithoutResponse
  return {
    async write(bytes) {
      const copy: Bytes = Uint8Array.from(bytes)
      try {
        await link.run('write', write, () =>
          isPacket
            ? characteristic.writeValueWithoutResponse(copy)
            : characteristic.writeValueWithResponse(copy),
        )
      } catch (error) {
        if (error instanceof LinkError) throw error
        throw new LinkError('refused', textOf(error), { cause: error })
      }
    },
    onData(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
