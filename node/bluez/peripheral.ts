// A device on the air through BlueZ: SMP's service and characteristic as a GATT server, and the advertisement that leads there.
import { type Message, MessageType, Variant } from 'dbus-next'
import type { Advertisement } from '../../device/advertisement.ts'
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../src/core/smp/gattUuids.ts'
import { type ByteTransport, LinkError } from '../../src/core/smp/transport.ts'
import { describeError } from '../describeError.ts'
import {
  ADAPTER,
  ADVERTISING_MANAGER,
  type BluezChange,
  type BluezObjects,
  CHARACTERISTIC,
  DEVICE,
  GATT_MANAGER,
} from './bluezObjects.ts'
import { BusError, bluezError, failed, reply, replyError, unknownMethod } from './dbus.ts'
import { ObjectTree } from './objectTree.ts'

/** What is put on the air: a device that takes one connection at a time, and is not there while it restarts. */
interface CarriedDevice {
  readonly advertisement: Advertisement
  readonly isAdvertising: boolean
  /** Rejects with LinkError where it takes no connection now. */
  connect(): Promise<ByteTransport>
  onEvent(listener: (event: { readonly kind: string }) => void): () => void
}

export interface PeripheralOptions {
  readonly bluez: BluezObjects
  readonly device: CarriedDevice
  /** `hci0`; the first that can be a peripheral where left out. */
  readonly adapter?: string | undefined
  readonly log: (line: string) => void
}

const APPLICATION = '/org/fob/application'
const SERVICE_PATH = `${APPLICATION}/service0`
const CHARACTERISTIC_PATH = `${SERVICE_PATH}/char0`
const ADVERTISEMENT_PATH = '/org/fob/advertisement'
const ADVERTISEMENT = 'org.bluez.LEAdvertisement1'
const OWN_PATHS = [APPLICATION, ADVERTISEMENT_PATH]
/** The smallest ATT_MTU (Bluetooth Core, Vol 3, Part F, 3.2.8), and the bytes of it that a notification does not have. */
const SMALLEST_MTU = 23
const ATT_HEADER = 3

interface Central {
  /** Path of its `Device1`. */
  readonly path: string
  readonly link: ByteTransport
  mtu: number
}

/** Throws where no adapter can be a peripheral. */
export async function startPeripheral(options: PeripheralOptions): Promise<Peripheral> {
  const peripheral = new Peripheral(options)
  await peripheral.start()
  return peripheral
}

export class Peripheral {
  readonly #options: PeripheralOptions
  readonly #tree: ObjectTree
  readonly #advertisement: ObjectTree
  readonly #stopListening: (() => void)[] = []
  #central: Central | undefined
  /** Writes are carried out in the order in which they came. */
  #writes: Promise<unknown> = Promise.resolve()
  /** Registering and taking back, one after the other. */
  #advertising: Promise<unknown> = Promise.resolve()
  #isAdvertised = false
  #isStopped = false

  constructor(options: PeripheralOptions) {
    const { bus } = options.bluez
    this.#options = options
    this.#tree = new ObjectTree(bus, APPLICATION)
    this.#advertisement = new ObjectTree(bus, ADVERTISEMENT_PATH)
  }

  async start(): Promise<void> {
    const { bluez, device, log } = this.#options
    this.#offer()
    bluez.bus.addMethodHandler((call: Message) => this.#dispatch(call))
    await this.#register()
    this.#stopListening.push(
      bluez.onChange(change => this.#follow(change)),
      bluez.onRestart(() => {
        this.#isAdvertised = false
        this.#register().then(
          () => log('Bluetooth was started anew; the device is on the air again.'),
          error => log(`Bluetooth was started anew, and refused: ${describeError(error)}`),
        )
      }),
      device.onEvent(() => this.#advertise()),
    )
  }

  /** Takes the device off the air. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const stop of this.#stopListening.splice(0)) stop()
    await this.#hangUp()
    this.#advertise()
    await this.#advertising
    await this.#manage(GATT_MANAGER, 'UnregisterApplication', 'o', [APPLICATION]).catch(() => undefined)
  }

  #offer(): void {
    const { advertisement } = this.#options.device
    const text = (value: string) => new Variant('s', value)
    this.#tree.add(SERVICE_PATH, {
      'org.bluez.GattService1': { UUID: text(SMP_SERVICE), Primary: new Variant('b', true) },
    })
    this.#tree.add(CHARACTERISTIC_PATH, {
      [CHARACTERISTIC]: {
        UUID: text(SMP_CHARACTERISTIC),
        Service: new Variant('o', SERVICE_PATH),
        Flags: new Variant('as', ['write-without-response', 'notify']),
        Value: new Variant('ay', Buffer.alloc(0)),
      },
    })
    this.#advertisement.add(ADVERTISEMENT_PATH, {
      [ADVERTISEMENT]: {
        Type: text('peripheral'),
        ServiceUUIDs: new Variant('as', [...advertisement.serviceUuids]),
        LocalName: text(advertisement.localName),
      },
    })
  }

  async #register(): Promise<void> {
    const { bluez } = this.#options
    const adapter = this.#adapter()
    if (bluez.get(adapter, ADAPTER)?.Powered !== true) {
      await bluez.set(adapter, ADAPTER, 'Powered', new Variant('b', true))
    }
    await this.#manage(GATT_MANAGER, 'RegisterApplication', 'oa{sv}', [APPLICATION, {}])
    this.#advertise()
    await this.#advertising
  }

  #adapter(): string {
    const { bluez, adapter } = this.#options
    const found = bluez.adapter(adapter, GATT_MANAGER)
    if (found === undefined || bluez.get(found, ADVERTISING_MANAGER) === undefined) {
      throw new Error(
        `no Bluetooth adapter ${adapter ?? ''} that can be a peripheral: is bluetoothd running, and is the adapter there (bluetoothctl list)?`,
      )
    }
    return found
  }

  async #manage(face: string, member: string, signature: string, body: readonly unknown[]): Promise<void> {
    await this.#options.bluez.call({ path: this.#adapter(), interface: face, member, signature, body })
  }

  /** A device that restarts is not on the air, and one that is connected does not advertise: the others' answers are not for it. */
  #advertise(): void {
    this.#advertising = this.#advertising.then(async () => {
      const { device, log } = this.#options
      const isWanted = !this.#isStopped && device.isAdvertising && this.#central === undefined
      if (isWanted === this.#isAdvertised) return
      this.#isAdvertised = isWanted
      try {
        if (isWanted) {
          await this.#manage(ADVERTISING_MANAGER, 'RegisterAdvertisement', 'oa{sv}', [ADVERTISEMENT_PATH, {}])
        } else {
          await this.#manage(ADVERTISING_MANAGER, 'UnregisterAdvertisement', 'o', [ADVERTISEMENT_PATH])
        }
      } catch (error) {
        if (!isWanted) return
        this.#isAdvertised = false
        log(`Bluetooth does not advertise the device: ${describeError(error)}`)
      }
    })
  }

  #follow({ path, face, changed, isGone }: BluezChange): void {
    if (face !== DEVICE || path !== this.#central?.path) return
    if (isGone || changed.Connected === false) void this.#hangUp()
  }

  #dispatch(call: Message): boolean {
    if (call.type !== MessageType.METHOD_CALL) return false
    if (!OWN_PATHS.some(path => call.path === path || call.path.startsWith(`${path}/`))) return false
    this.#answer(call).catch(error => replyError(this.#options.bluez.bus, call, error))
    return true
  }

  /** Throws BusError. */
  async #answer(call: Message): Promise<void> {
    const { bus } = this.#options.bluez
    const tree = call.path === ADVERTISEMENT_PATH ? this.#advertisement : this.#tree
    if (tree.answer(call)) return
    if (call.interface === ADVERTISEMENT && call.member === 'Release') {
      this.#isAdvertised = false
      return reply(bus, call)
    }
    if (call.interface !== CHARACTERISTIC || call.path !== CHARACTERISTIC_PATH) throw unknownMethod(call)
    switch (call.member) {
      case 'StartNotify':
        this.#writes = this.#writes.then(() => this.#welcome()).catch(() => undefined)
        return reply(bus, call)
      case 'StopNotify':
        // BlueZ keeps the subscriptions, and sends to nobody who has none.
        return reply(bus, call)
      case 'WriteValue': {
        const [value, options] = call.body as [Buffer, Record<string, Variant>]
        const written = this.#writes.then(() => this.#write(Uint8Array.from(value), options))
        this.#writes = written.catch(() => undefined)
        await written
        return reply(bus, call)
      }
      default:
        throw unknownMethod(call)
    }
  }

  async #write(bytes: Uint8Array, options: Record<string, Variant>): Promise<void> {
    if (Number(options.offset?.value ?? 0) !== 0) throw bluezError('InvalidOffset')
    const central = await this.#centralAt(String(options.device?.value ?? ''))
    // Told with each write since BlueZ 5.50; without it, what every link takes.
    central.mtu = Math.max(SMALLEST_MTU, Number(options.mtu?.value ?? SMALLEST_MTU))
    try {
      for (let at = 0; at < bytes.length; at += central.link.maxWrite) {
        await central.link.write(bytes.subarray(at, at + central.link.maxWrite))
      }
    } catch (error) {
      if (error instanceof LinkError) throw failed(error.message)
      throw error
    }
  }

  /** Whoever subscribes is not named; where one central alone is connected, the device has it from now on. */
  async #welcome(): Promise<void> {
    const connected = this.#options.bluez.all(DEVICE).filter(([, { Connected }]) => Connected === true)
    const [only] = connected
    if (only && connected.length === 1) await this.#centralAt(only[0])
  }

  async #centralAt(path: string): Promise<Central> {
    if (this.#central?.path === path) return this.#central
    if (this.#central) throw bluezError('NotPermitted', 'another central is connected')
    const { device, log } = this.#options
    const link = await device.connect().catch((error: unknown) => {
      throw error instanceof LinkError ? new BusError('org.bluez.Error.Failed', error.message) : error
    })
    const central: Central = { path, link, mtu: SMALLEST_MTU }
    this.#central = central
    link.onData(bytes => this.#notify(central, bytes))
    link.onClose(() => {
      if (this.#central !== central) return
      this.#central = undefined
      // The device hangs up, or restarts: so does the radio.
      void this.#options.bluez
        .call({ path, interface: DEVICE, member: 'Disconnect' })
        .catch(() => undefined)
        .then(() => this.#advertise())
    })
    log(`Connected: ${path.split('dev_').at(-1)?.replaceAll('_', ':') ?? path}`)
    this.#advertise()
    return central
  }

  /** BlueZ cuts what does not fit, in silence. */
  #notify(central: Central, bytes: Uint8Array): void {
    if (this.#central !== central) return
    const room = central.mtu - ATT_HEADER
    for (let at = 0; at < bytes.length; at += room) {
      const value = new Variant('ay', Buffer.from(bytes.subarray(at, at + room)))
      this.#tree.set(CHARACTERISTIC_PATH, CHARACTERISTIC, { Value: value })
    }
  }

  async #hangUp(): Promise<void> {
    const central = this.#central
    this.#central = undefined
    await central?.link.close()
    if (central) this.#options.log('Disconnected')
    this.#advertise()
  }
}
