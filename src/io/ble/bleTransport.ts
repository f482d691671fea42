// SMP bytes over one GATT characteristic: writes out, notifications in.
import type { Bytes } from '../../core/bytes.ts'
import { type ByteTransport, LinkError, type LinkLoss } from '../../core/smp/transport.ts'
import { textOf } from './browserErrors.ts'
import type { GattLink } from './gattLink.ts'

/** The smallest ATT_MTU, 23, less the 3 bytes of a write's header (Bluetooth Core, Vol 3, Part F, 3.2.8 and 3.4.5.3). */
const CERTAIN_WRITE = 20
/** The longest attribute value (Vol 3, Part F, 3.2.9), and what Web Bluetooth takes in one write. */
const LARGEST_WRITE = 512

/**
 * `maxWrite` is what every link takes; the browser tells no MTU, so the client finds out how much more goes through by
 * trying. Longer writes, up to 512 bytes, are passed on as they are; one that the system refuses rejects with
 * `refused` and leaves the link as it was.
 */
export class BleTransport implements ByteTransport {
  readonly maxWrite = CERTAIN_WRITE
  private readonly link: GattLink
  private readonly characteristic: BluetoothRemoteGATTCharacteristic
  private readonly listeners = new Set<(bytes: Uint8Array) => void>()

  /** Notifications of `characteristic` must be on, or be turned on after this. */
  constructor(link: GattLink, characteristic: BluetoothRemoteGATTCharacteristic) {
    this.link = link
    this.characteristic = characteristic
    characteristic.addEventListener('characteristicvaluechanged', this.onValue)
    link.onEnd(() => characteristic.removeEventListener('characteristicvaluechanged', this.onValue))
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > LARGEST_WRITE) {
      throw new LinkError('refused', `a write of ${bytes.length} bytes, more than ${LARGEST_WRITE}`)
    }
    // A copy: the caller may reuse its buffer while the write waits for its turn.
    const copy: Bytes = Uint8Array.from(bytes)
    try {
      await this.link.run('write', this.link.timing.write, () => this.send(copy))
    } catch (error) {
      if (error instanceof LinkError) throw error
      throw new LinkError('refused', textOf(error), { cause: error })
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    return this.link.onEnd(listener)
  }

  async close(): Promise<void> {
    this.link.end('closed')
  }

  private send(bytes: Bytes): Promise<void> {
    return this.characteristic.properties.writeWithoutResponse
      ? this.characteristic.writeValueWithoutResponse(bytes)
      : this.characteristic.writeValueWithResponse(bytes)
  }

  private readonly onValue = () => {
    const value = this.characteristic.value
    if (value === undefined || this.link.loss !== undefined) return
    // A copy: the browser may put the next notification into the same buffer.
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
    for (const listener of [...this.listeners]) listener(bytes)
  }
}
