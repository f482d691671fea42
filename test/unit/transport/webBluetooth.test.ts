// The contract of transports, over Web Bluetooth: the browser's calls are stood in for at their lowest layer, one write or one
// notification at a time; test/e2e/ble.test.ts has the browser's own.
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { createBluetoothDevices } from '../../../src/io/ble/bluetoothDevices.ts'
import { asBluetooth, browserError, FakeDevice } from '../ble/fakeBluetooth.ts'
import { transportContract } from './contract.ts'

/** ATT_MTU less the header of a write. */
const ROOM = 244

/** A browser's device object in front of a device. */
class CarriedDevice extends FakeDevice {
  #link: ByteTransport | undefined
  #isWriting = false

  constructor(device: ReferenceDevice) {
    super('a', device.advertisement.localName)
    const { gatt } = this
    gatt.connect = async () => {
      try {
        this.#link = await device.connect()
      } catch {
        throw browserError('NetworkError', 'Connection attempt failed.')
      }
      gatt.connected = true
      this.#link.onData(bytes => {
        for (let at = 0; at < bytes.length; at += ROOM) gatt.smp.notify(...bytes.subarray(at, at + ROOM))
      })
      this.#link.onClose(() => this.dropLink())
      return gatt
    }
    gatt.disconnect = () => {
      gatt.connected = false
      void this.#link?.close()
    }
    gatt.smp.writeValueWithoutResponse = bytes => this.#write(bytes)
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#isWriting) throw browserError('NetworkError', 'GATT operation already in progress.')
    if (!this.gatt.connected) throw browserError('NetworkError', 'GATT Server is disconnected.')
    this.#isWriting = true
    try {
      await this.#link?.write(bytes)
    } catch {
      throw browserError('NetworkError', 'GATT Server disconnected while writing.')
    } finally {
      this.#isWriting = false
    }
  }
}

transportContract('over Web Bluetooth', async device => {
  const carried = new CarriedDevice(device)
  const devices = createBluetoothDevices({
    bluetooth: asBluetooth({ getAvailability: async () => true, requestDevice: async () => carried }),
    timer,
    timing: { settle: 5, backOff: 20, connectAttempts: 20 },
  })
  const chosen = await devices.choose()
  if (!chosen.ok) throw new Error(chosen.error.kind)
  return {
    async connect() {
      const opened = await devices.connect(chosen.value.id)
      return opened.ok && 'transport' in opened.value ? opened.value.transport : undefined
    },
    cut: () => device.dropLink(),
    stop: () => devices.forget(chosen.value.id),
  }
})
