// A tree of D-Bus objects with properties (D-Bus specification, "Standard Interfaces": ObjectManager and Properties).
import type { Message, MessageBus, Variant } from 'dbus-next'
import { BusError, emitSignal, reply } from './dbus.ts'

const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager'
const PROPERTIES = 'org.freedesktop.DBus.Properties'

export type Properties = Record<string, Variant>
/** Interface name -> its properties. */
export type Interfaces = Record<string, Properties>

export class ObjectTree {
  private readonly bus: MessageBus
  /** Path of the object that tells of all others. */
  private readonly root: string
  private readonly objects = new Map<string, Interfaces>()

  constructor(bus: MessageBus, root = '/') {
    this.bus = bus
    this.root = root
  }

  has(path: string): boolean {
    return this.objects.has(path)
  }

  add(path: string, interfaces: Interfaces): void {
    this.objects.set(path, interfaces)
    emitSignal(this.bus, this.root, OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', [path, interfaces])
  }

  remove(path: string): void {
    const interfaces = this.objects.get(path)
    if (interfaces === undefined) return
    this.objects.delete(path)
    const names = Object.keys(interfaces)
    emitSignal(this.bus, this.root, OBJECT_MANAGER, 'InterfacesRemoved', 'oas', [path, names])
  }

  /** Removes what lies below `path`, deepest first, as a daemon does. */
  removeBelow(path: string): void {
    const below = [...this.objects.keys()].filter(key => key.startsWith(`${path}/`))
    for (const key of below.sort((a, b) => b.length - a.length)) this.remove(key)
  }

  /** Changes properties and says so; nothing happens for an object that is not there (any more). */
  set(path: string, face: string, changes: Properties): void {
    const properties = this.objects.get(path)?.[face]
    if (properties === undefined) return
    Object.assign(properties, changes)
    emitSignal(this.bus, path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', [face, changes, []])
  }

  /** Answers the two standard interfaces; returns false for every other call. Throws BusError. */
  answer(call: Message): boolean {
    if (call.interface === OBJECT_MANAGER && call.member === 'GetManagedObjects' && call.path === this.root) {
      reply(this.bus, call, 'a{oa{sa{sv}}}', [Object.fromEntries(this.objects)])
      return true
    }
    if (call.interface !== PROPERTIES) return false
    const [face, name, value] = call.body as [string, string, Variant]
    const properties = this.objects.get(call.path)?.[face]
    if (properties === undefined) throw new BusError('org.freedesktop.DBus.Error.UnknownInterface', face)
    if (call.member === 'GetAll') {
      reply(this.bus, call, 'a{sv}', [properties])
    } else if (call.member === 'Get') {
      const property = properties[name]
      if (property === undefined) throw new BusError('org.freedesktop.DBus.Error.UnknownProperty', name)
      reply(this.bus, call, 'v', [property])
    } else {
      reply(this.bus, call)
      this.set(call.path, face, { [name]: value })
    }
    return true
  }
}
