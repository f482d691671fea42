// Puts devices with others' updaters on the air: Nordic's Secure DFU with its buttonless application, Espressif's ble_ota.
import { bootEsp, type EspFlash, EspOtaDevice, type EspTarget } from '../../device/espOta.ts'
import { bootNordic, NordicBootloader, type NordicFlash, type NordicTarget } from '../../device/nordicDfu.ts'
import {
  ESP_COMMAND,
  ESP_OTA_SERVICE,
  ESP_RECV_FIRMWARE,
  NORDIC_BUTTONLESS,
  NORDIC_CONTROL_POINT,
  NORDIC_DFU_SERVICE,
  NORDIC_PACKET,
} from '../../src/io/ble/updaterUuids.ts'
import { type Characteristic, fullUuid, Peripheral } from './peripheral.ts'

/** Milliseconds of a restart. */
const RESTART_MS = 60
/** Of a device that answers and then restarts: the answer is on the air first. */
const ANSWER_MS = 30

/** An application and its bootloader are two peripherals: without a bond they have two addresses, and two names. */
export function nordicPeripherals(
  flash: NordicFlash,
  target: NordicTarget,
  { name, address }: { readonly name: string; readonly address: string },
): { readonly application: Peripheral; readonly bootloader: Peripheral } {
  const goes = (from: Peripheral, to: Peripheral) =>
    setTimeout(() => {
      from.isInReach = false
      setTimeout(() => {
        if (to === application) bootNordic(flash)
        to.isInReach = true
      }, RESTART_MS)
    }, ANSWER_MS)

  const buttonless: Characteristic = {
    uuid: NORDIC_BUTTONLESS[0],
    flags: ['write', 'indicate'],
    write: ([op]) => {
      if (op !== 1) return
      application.notify(buttonless, Uint8Array.of(0x20, 1, 1))
      life = start()
      goes(application, bootloader)
    },
  }
  const control: Characteristic = {
    uuid: NORDIC_CONTROL_POINT,
    flags: ['write', 'notify'],
    write: bytes => life.control(bytes),
  }
  const packet: Characteristic = {
    uuid: NORDIC_PACKET,
    flags: ['write-without-response'],
    write: bytes => life.packet(bytes),
  }
  const service = fullUuid(NORDIC_DFU_SERVICE)
  const application = new Peripheral({
    name,
    address,
    services: [{ uuid: service, characteristics: [buttonless] }],
  })
  const bootloader = new Peripheral({
    name: 'DfuTarg',
    address: address.replace(/..$/, last => (Number.parseInt(last, 16) + 1).toString(16).padStart(2, '0')),
    services: [{ uuid: service, characteristics: [control, packet] }],
  })
  bootloader.isInReach = false
  const start = () =>
    new NordicBootloader(
      flash,
      target,
      bytes => bootloader.notify(control, bytes),
      () => goes(bootloader, application),
    )
  let life = start()
  return { application, bootloader }
}

export function espPeripheral(
  flash: EspFlash,
  target: EspTarget,
  { name, address }: { readonly name: string; readonly address: string },
): Peripheral {
  const command: Characteristic = {
    uuid: fullUuid(ESP_COMMAND),
    flags: ['write', 'notify'],
    write: bytes => life.command(bytes),
  }
  const firmware: Characteristic = {
    uuid: fullUuid(ESP_RECV_FIRMWARE),
    flags: ['write-without-response', 'notify'],
    write: bytes => life.packet(bytes),
  }
  const peripheral = new Peripheral({
    name,
    address,
    services: [{ uuid: fullUuid(ESP_OTA_SERVICE), characteristics: [command, firmware] }],
  })
  const start = () =>
    new EspOtaDevice(
      flash,
      target,
      {
        command: bytes => peripheral.notify(command, bytes),
        firmware: bytes => peripheral.notify(firmware, bytes),
      },
      () =>
        setTimeout(() => {
          peripheral.isInReach = false
          setTimeout(() => {
            bootEsp(flash)
            life = start()
            peripheral.isInReach = true
          }, RESTART_MS)
        }, ANSWER_MS),
    )
  let life = start()
  return peripheral
}
