// What BlueZ tells of its adapters, devices and characteristics, kept up to date (BlueZ, doc/org.bluez.*.rst).
import { type Message, type MessageBus, Variant } from 'dbus-next'
import { type Call, call, connectToBus, listenFor } from './dbus.ts'

const BLUEZ = 'org.bluez'
export const ADAPTER = 'org.bluez.Adapter1'
export const DEVICE = 'org.bluez.Device1'
export const CHARACTERISTIC = 'org.bluez.GattCharacteristic1'
export const GATT_MANAGER = 'org.bluez.GattManager1'
export const ADVERTISING_MANAGER = 'org.bluez.LEAdvertisingManager1'
const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager'
const PROPERTIES = 'org.freedesktop.DBus.Properties'

/** Values as they are, without D-Bus's signatures. */
export type Properties = Readonly<Record<string, unknown>>

export interface BluezChange {
  readonly path: string
  readonly face: string
  /** What is new; empty where the object is gone. */
  readonly changed: Properties
  readonly isGone: boolean
}

export class BluezObjects {
  readonly bus: MessageBus
  readonly #objects = new Map<string, Map<string, Properties>>()
  readonly #listeners = new Set<(change: BluezChange) => void>()
  readonly #restartListeners = new Set<() => void>()

  private constructor(bus: MessageBus) {
    this.bus = bus
  }

  /** Rejects where there is no bus. BlueZ itself may come later. */
  static async open(address?: string): Promise<BluezObjects> {
    const objects = new BluezObjects(await connectToBus(address))
    const { bus } = objects
    // An error of the connection would otherwise end the process; what waits for an answer hears of it.
    bus.on('error', () => objects.#forgetAll())
    bus.on('message', (message: Message) => objects.#hear(message))
    await listenFor(bus, `type='signal',sender='${BLUEZ}'`)
    await listenFor(bus, `type='signal',member='NameOwnerChanged',arg0='${BLUEZ}'`)
    await objects.#load()
    return objects
  }

  /** undefined where there is no such object, or it has no such interface. */
  get(path: string, face: string): Properties | undefined {
    return this.#objects.get(path)?.get(face)
  }

  /** All objects with this interface, in the order in which BlueZ told of them. */
  all(face: string): readonly (readonly [path: string, properties: Properties])[] {
    return [...this.#objects].flatMap(([path, faces]) => {
      const properties = faces.get(face)
      return properties ? [[path, properties] as const] : []
    })
  }

  onChange(listener: (change: BluezChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back when BlueZ has started anew: what was registered with the one before is gone. */
  onRestart(listener: () => void): () => void {
    this.#restartListeners.add(listener)
    return () => this.#restartListeners.delete(listener)
  }

  /** Rejects with BusError. */
  call(request: Omit<Call, 'destination'>): Promise<unknown[]> {
    return call(this.bus, { destination: BLUEZ, ...request })
  }

  async set(path: string, face: string, property: string, value: Variant): Promise<void> {
    await this.call({
      path,
      interface: PROPERTIES,
      member: 'Set',
      signature: 'ssv',
      body: [face, property, value],
    })
  }

  /** The path of the adapter of this name (`hci0`), or of the first that has what `face` names; undefined without one. */
  adapter(name: string | undefined, face: string): string | undefined {
    const found = this.all(ADAPTER).find(
      ([path]) => (name === undefined || path.endsWith(`/${name}`)) && this.get(path, face) !== undefined,
    )
    return found?.[0]
  }

  close(): void {
    this.bus.disconnect()
  }

  async #load(): Promise<void> {
    const managed = await this.call({
      path: '/',
      interface: OBJECT_MANAGER,
      member: 'GetManagedObjects',
    }).catch(() => [])
    for (const [path, faces] of entriesOf(managed[0])) this.#add(path, faces)
  }

  #hear(message: Message): void {
    const { interface: face, member, path, body } = message
    if (member === 'NameOwnerChanged' && body[0] === BLUEZ) {
      this.#forgetAll()
      if (body[2] === '') return
      void this.#load().then(() => {
        for (const listener of [...this.#restartListeners]) listener()
      })
    } else if (face === OBJECT_MANAGER && member === 'InterfacesAdded') {
      this.#add(String(body[0]), body[1])
    } else if (face === OBJECT_MANAGER && member === 'InterfacesRemoved') {
      const names: unknown = body[1]
      for (const name of Array.isArray(names) ? names : []) this.#remove(String(body[0]), String(name))
    } else if (face === PROPERTIES && member === 'PropertiesChanged') {
      const gone: unknown = body[2]
      this.#change(path, String(body[0]), plain(body[1]), Array.isArray(gone) ? gone.map(String) : [])
    }
  }

  #add(path: string, faces: unknown): void {
    const known = this.#objects.get(path) ?? new Map<string, Properties>()
    this.#objects.set(path, known)
    for (const [face, properties] of entriesOf(faces)) {
      known.set(face, plain(properties))
      this.#tell({ path, face, changed: plain(properties), isGone: false })
    }
  }

  #change(path: string, face: string, changed: Properties, gone: readonly string[]): void {
    const faces = this.#objects.get(path)
    const before = faces?.get(face)
    if (!faces || !before) return
    const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !gone.includes(name)))
    faces.set(face, { ...kept, ...changed })
    this.#tell({ path, face, changed, isGone: false })
  }

  #remove(path: string, face: string): void {
    const faces = this.#objects.get(path)
    if (!faces?.delete(face)) return
    if (faces.size === 0) this.#objects.delete(path)
    this.#tell({ path, face, changed: {}, isGone: true })
  }

  #forgetAll(): void {
    for (const [path, faces] of [...this.#objects]) {
      for (const face of [...faces.keys()]) this.#remove(path, face)
    }
  }

  #tell(change: BluezChange): void {
    for (const listener of [...this.#listeners]) listener(change)
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function plain(properties: unknown): Properties {
  return Object.fromEntries(
    entriesOf(properties).map(([name, value]) => [name, value instanceof Variant ? value.value : value]),
  )
}
