// A browser's Bluetooth calls as a script, for what no real browser can be made to do at will. Only the calls are faked:
// everything above them is the real transport.
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../../src/core/smp/gattUuids.ts'

/** What browsers reject with: an error with the name of a DOMException. */
export function browserError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

type Properties = Pick<BluetoothCharacteristicProperties, 'notify' | 'write' | 'writeWithoutResponse'>

class FakeCharacteristic extends EventTarget {
  readonly uuid = SMP_CHARACTERISTIC
  readonly written: { readonly kind: 'command' | 'request'; readonly bytes: number[] }[] = []
  properties: Properties = { notify: true, write: false, writeWithoutResponse: true }
  value: DataView | undefined
  /** What the next writes come to; done at once where there is none. */
  readonly writes: Promise<void>[] = []
  /** What turning notifications on comes to. */
  subscribe: () => Promise<void> = async () => undefined

  startNotifications(): Promise<void> {
    return this.subscribe()
  }

  writeValueWithoutResponse(bytes: Uint8Array): Promise<void> {
    return this.write('command', bytes)
  }

  writeValueWithResponse(bytes: Uint8Array): Promise<void> {
    return this.write('request', bytes)
  }

  notify(...bytes: number[]): void {
    this.value = new DataView(Uint8Array.from([0xff, ...bytes, 0xff]).buffer, 1, bytes.length)
    this.dispatchEvent(new Event('characteristicvaluechanged'))
  }

  private async write(kind: 'command' | 'request', bytes: Uint8Array): Promise<void> {
    await (this.writes.shift() ?? Promise.resolve())
    this.written.push({ kind, bytes: [...bytes] })
  }
}

export class FakeServer {
  connected = false
  connects = 0
  disconnects = 0
  /** What the next attempts come to; connected at once where there is none. */
  readonly attempts: Promise<void>[] = []
  readonly smp = new FakeCharacteristic()
  /** Services looked for so far. */
  readonly lookedFor: (string | number)[] = []
  /** What looking for a service rejects with. */
  serviceError: Error | undefined

  async connect(): Promise<this> {
    this.connects++
    await (this.attempts.shift() ?? Promise.resolve())
    this.connected = true
    return this
  }

  disconnect(): void {
    this.disconnects++
    this.connected = false
  }

  async getPrimaryService(uuid: string | number): Promise<unknown> {
    this.lookedFor.push(uuid)
    if (this.serviceError) throw this.serviceError
    if (uuid !== SMP_SERVICE)
      throw browserError('NotFoundError', `No Services matching UUID ${uuid} found in Device.`)
    return { getCharacteristic: async () => this.smp }
  }
}

export class FakeDevice extends EventTarget {
  readonly gatt = new FakeServer()
  readonly id: string
  readonly name: string | undefined
  watches = 0
  constructor(id: string, name?: string) {
    super()
    this.id = id
    this.name = name
  }

  dropLink(): void {
    this.gatt.connected = false
    this.dispatchEvent(new Event('gattserverdisconnected'))
  }
}

/** A device of a browser with `watchAdvertisements`. */
export class WatchableDevice extends FakeDevice {
  isWatched = false
  async watchAdvertisements({ signal }: { signal: AbortSignal }): Promise<void> {
    this.watches++
    this.isWatched = true
    signal.addEventListener('abort', () => {
      this.isWatched = false
    })
  }
}

/** Takes the fakes for what the browser's types promise: the transport uses nothing else of them. */
export const asBluetooth = (calls: object): Bluetooth => calls as Bluetooth
export const asDevice = (device: FakeDevice): BluetoothDevice => device as unknown as BluetoothDevice
export const asServer = (server: FakeServer): BluetoothRemoteGATTServer =>
  server as unknown as BluetoothRemoteGATTServer
