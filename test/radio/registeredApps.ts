// What programs on this machine put on the air themselves: GATT applications with an advertisement, as peripherals in reach of
// everybody else (BlueZ, doc/org.bluez.GattManager.rst, org.bluez.LEAdvertisingManager.rst).
import { type Message, type MessageBus, MessageType, Variant } from 'dbus-next'
import { call, failed, listenFor, reply, unknownMethod } from '../../node/bluez/dbus.ts'
import type { ObjectTree } from '../../node/bluez/objectTree.ts'
import { ADAPTER_PATH, CHARACTERISTIC, flag } from './gattObjects.ts'
import { type Characteristic, Peripheral } from './peripheral.ts'

/** ATT_MTU of the links to them. */
const MTU = 247
const CENTRAL = `${ADAPTER_PATH}/dev_CE_00_00_00_00_01`
const DEVICE = 'org.bluez.Device1'

const MEMBERS: ReadonlySet<string> = new Set([
  'RegisterApplication',
  'UnregisterApplication',
  'RegisterAdvertisement',
  'UnregisterAdvertisement',
])

type Managed = Record<string, Record<string, Record<string, Variant>>>

interface App {
  readonly path: string
  readonly objects: Managed
  isAdvertised: boolean
  peripheral?: Peripheral
}

export class RegisteredApps {
  private readonly bus: MessageBus
  private readonly tree: ObjectTree
  private readonly onAir: (peripheral: Peripheral) => void
  private readonly offAir: (peripheral: Peripheral) => void
  /** Unique name of the program -> what it offers. */
  private readonly apps = new Map<string, App>()
  private addresses = 0

  constructor(
    bus: MessageBus,
    tree: ObjectTree,
    air: { readonly onAir: (it: Peripheral) => void; readonly offAir: (it: Peripheral) => void },
  ) {
    this.bus = bus
    this.tree = tree
    this.onAir = air.onAir
    this.offAir = air.offAir
    bus.on('message', (message: Message) => this.hear(message))
  }

  clientLeft(client: string): void {
    const { peripheral } = this.apps.get(client) ?? {}
    this.apps.delete(client)
    if (peripheral) this.offAir(peripheral)
  }

  /** Whether the call is for them. */
  isFor({ path, member }: Message): boolean {
    return (path === CENTRAL && member === 'Disconnect') || MEMBERS.has(member)
  }

  /** A call that is for them. Throws BusError. */
  async answer(request: Message): Promise<void> {
    if (request.path === CENTRAL && request.member === 'Disconnect') {
      for (const { peripheral } of this.apps.values()) peripheral?.dropLink()
      return reply(this.bus, request)
    }
    const { sender, member, body } = request
    const path = String(body[0])
    switch (member) {
      case 'RegisterApplication': {
        await listenFor(this.bus, `type='signal',sender='${sender}'`)
        const objects = await this.objectsOf(sender, path)
        this.apps.set(sender, { path, objects, isAdvertised: false })
        break
      }
      case 'UnregisterApplication':
        this.clientLeft(sender)
        break
      case 'RegisterAdvertisement':
        await this.advertise(sender, path)
        break
      case 'UnregisterAdvertisement': {
        const app = this.apps.get(sender)
        if (!app) throw failed('no application')
        app.isAdvertised = false
        if (app.peripheral && !app.peripheral.isConnected) app.peripheral.isInReach = false
        break
      }
    }
    reply(this.bus, request)
  }

  private async objectsOf(sender: string, path: string): Promise<Managed> {
    const target = { destination: sender, path, interface: 'org.freedesktop.DBus.ObjectManager' }
    const [objects] = await call(this.bus, { ...target, member: 'GetManagedObjects' }).catch(() => [{}])
    return objects as Managed
  }

  private async advertise(sender: string, path: string): Promise<void> {
    const app = this.apps.get(sender)
    if (!app) throw failed('no application')
    app.isAdvertised = true
    const [properties] = (await call(this.bus, {
      destination: sender,
      path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'GetAll',
      signature: 's',
      body: ['org.bluez.LEAdvertisement1'],
    })) as [Record<string, Variant>]
    if (app.peripheral) {
      app.peripheral.isInReach = true
      return
    }
    const name = String(properties.LocalName?.value ?? '')
    const advertised = (properties.ServiceUUIDs?.value ?? []) as string[]
    app.peripheral = this.peripheralOf(sender, app, name, advertised)
    this.onAir(app.peripheral)
  }

  private peripheralOf(sender: string, app: App, name: string, advertised: readonly string[]): Peripheral {
    this.addresses++
    const services = this.with(app, 'org.bluez.GattService1').map(([path, service]) => ({
      uuid: String(service.UUID?.value),
      characteristics: this.with(app, CHARACTERISTIC)
        .filter(([, it]) => it.Service?.value === path)
        .map(([at, it]): Characteristic => {
          const options = {
            device: new Variant('o', CENTRAL),
            mtu: new Variant('q', MTU),
            type: new Variant('s', 'command'),
            offset: new Variant('q', 0),
          }
          return {
            uuid: String(it.UUID?.value),
            flags: it.Flags?.value as Characteristic['flags'],
            write: async bytes => {
              const target = { destination: sender, path: at, interface: CHARACTERISTIC }
              // Nobody hears whether a write without response was taken.
              await call(this.bus, {
                ...target,
                member: 'WriteValue',
                signature: 'aya{sv}',
                body: [Buffer.from(bytes), options],
              }).catch(() => undefined)
            },
            subscribe: on => {
              const target = { destination: sender, path: at, interface: CHARACTERISTIC }
              void call(this.bus, { ...target, member: on ? 'StartNotify' : 'StopNotify' }).catch(
                () => undefined,
              )
            },
          }
        }),
    }))
    const peripheral: Peripheral = new Peripheral({
      name,
      address: `D0:00:00:00:00:0${this.addresses}`,
      ...{ services, advertised },
      mtu: MTU,
      onConnect: () => {
        this.tree.add(CENTRAL, {
          [DEVICE]: { Address: new Variant('s', 'CE:00:00:00:00:01'), Connected: flag(true) },
        })
      },
      onDisconnect: () => {
        this.tree.set(CENTRAL, DEVICE, { Connected: flag(false) })
        this.tree.remove(CENTRAL)
        // What does not advertise takes no connection.
        if (!app.isAdvertised) peripheral.isInReach = false
      },
    })
    return peripheral
  }

  private with(app: App, face: string): readonly (readonly [string, Record<string, Variant>])[] {
    return Object.entries(app.objects).flatMap(([path, faces]) => {
      const properties = faces[face]
      return properties ? [[path, properties] as const] : []
    })
  }

  /** A value that an application changes is a notification. */
  private hear(message: Message): void {
    if (message.type !== MessageType.SIGNAL || message.member !== 'PropertiesChanged') return
    const { peripheral, objects } = this.apps.get(message.sender) ?? {}
    const [face, changed] = message.body as [string, Record<string, Variant>]
    const value: unknown = changed.Value?.value
    const uuid = objects?.[message.path]?.[CHARACTERISTIC]?.UUID?.value
    if (!peripheral || face !== CHARACTERISTIC || !Buffer.isBuffer(value)) return
    const found = peripheral.services.flatMap(it => it.characteristics).find(it => it.uuid === uuid)
    if (!found) throw unknownMethod(message)
    peripheral.notify(found, value)
  }
}
