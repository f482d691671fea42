// org.bluez, as far as Chromium's Bluetooth backend calls it: scanning, connecting, and GATT as a client.
import { type Message, type MessageBus, MessageType, type Variant } from 'dbus-next'
import { bluezError, failed, reply, replyError, unknownMethod } from '../../node/bluez/dbus.ts'
import { ObjectTree } from '../../node/bluez/objectTree.ts'
import { Adapter } from './adapter.ts'
import {
  bytesOf,
  CHARACTERISTIC,
  characteristicAt,
  characteristicPath,
  devicePath,
  flag,
  showConnected,
  showDisconnected,
  showPaired,
  showServices,
} from './gattObjects.ts'
import { type Characteristic, LinkDroppedError, type Peripheral } from './peripheral.ts'
import { RegisteredApps } from './registeredApps.ts'

/** Milliseconds after which connecting to a device that is out of reach fails. */
const CONNECT_LIMIT = 20_000

export interface BluezOptions {
  /** Refuse a GATT operation while another one of the same device is under way, as phones do. */
  readonly oneAtATime: boolean
  /**
   * Keep a device's services over a disconnection, as BlueZ does by default (main.conf, [GATT] Cache). Without, they go
   * at once: an operation under way then makes Chromium 156 answer no Bluetooth call of that page any more.
   */
  readonly cachesServices: boolean
}

export class Bluez {
  /** GATT operations that came while another one was under way. */
  overlaps = 0
  private readonly bus: MessageBus
  private readonly options: BluezOptions
  private readonly tree: ObjectTree
  private readonly peripherals = new Map<string, Peripheral>()
  private readonly busy = new Set<Peripheral>()
  /** Which client of the bus made the link. */
  private readonly connectedBy = new Map<Peripheral, string>()
  private readonly abortConnect = new Map<Peripheral, () => void>()
  private readonly adapter: Adapter
  private readonly apps: RegisteredApps

  constructor(bus: MessageBus, options: BluezOptions) {
    this.bus = bus
    this.options = options
    this.tree = new ObjectTree(bus)
    this.adapter = new Adapter(bus, this.tree, () => this.peripherals.values())
    this.apps = new RegisteredApps(bus, this.tree, {
      onAir: peripheral => this.add(peripheral),
      offAir: peripheral => this.remove(peripheral),
    })
    bus.addMethodHandler((message: Message) => this.dispatch(message))
  }

  stop(): void {
    this.adapter.stop()
  }

  add(peripheral: Peripheral): void {
    this.peripherals.set(devicePath(peripheral), peripheral)
    peripheral.attach({
      notify: (characteristic, bytes) => this.changeValue(peripheral, characteristic, bytes),
      linkDropped: () => {
        this.connectedBy.delete(peripheral)
        showDisconnected(this.tree, peripheral, this.options.cachesServices)
      },
    })
    this.adapter.advertise()
  }

  remove(peripheral: Peripheral): void {
    peripheral.dropLink()
    this.forget(peripheral)
    this.peripherals.delete(devicePath(peripheral))
  }

  clear(): void {
    for (const peripheral of [...this.peripherals.values()]) this.remove(peripheral)
  }

  /** Drops what is known of a device, as BlueZ does when it has not heard it for half a minute. */
  forget(peripheral: Peripheral): void {
    this.tree.removeBelow(devicePath(peripheral))
    this.tree.remove(devicePath(peripheral))
  }

  setPowered(on: boolean): void {
    this.adapter.setPowered(on)
  }

  /** What BlueZ does when a program ends: what it had asked for stops. */
  clientLeft(client: string): void {
    this.adapter.clientLeft(client)
    this.apps.clientLeft(client)
    for (const [peripheral, owner] of this.connectedBy) if (owner === client) peripheral.dropLink()
  }

  private dispatch(call: Message): boolean {
    if (call.type !== MessageType.METHOD_CALL) return false
    this.answer(call).catch(error => {
      replyError(this.bus, call, error instanceof LinkDroppedError ? failed(error.message) : error)
    })
    return true
  }

  private async answer(call: Message): Promise<void> {
    if (this.tree.answer(call)) return
    if (this.apps.isFor(call)) return this.apps.answer(call)
    for (const [at, peripheral] of this.peripherals) {
      if (call.path === at) return this.answerDevice(call, peripheral)
      if (!call.path.startsWith(`${at}/`)) continue
      const characteristic = characteristicAt(peripheral, call.path)
      if (characteristic !== undefined) return this.answerGatt(call, peripheral, characteristic)
    }
    if (call.member === 'RemoveDevice') {
      const peripheral = this.peripherals.get(String(call.body[0]))
      if (peripheral === undefined) throw bluezError('DoesNotExist')
      peripheral.dropLink()
      this.forget(peripheral)
      return reply(this.bus, call)
    }
    this.adapter.answer(call)
  }

  private async answerDevice(call: Message, peripheral: Peripheral): Promise<void> {
    switch (call.member) {
      case 'Connect':
      case 'ConnectLE':
        return this.connect(call, peripheral)
      case 'Disconnect':
        this.abortConnect.get(peripheral)?.()
        peripheral.dropLink()
        return reply(this.bus, call)
      case 'Pair':
        if (!peripheral.acceptsPairing) throw bluezError('AuthenticationFailed')
        peripheral.isPaired = true
        showPaired(this.tree, peripheral)
        return reply(this.bus, call)
      case 'CancelPairing':
        return reply(this.bus, call)
      case 'GetConnInfo':
        return reply(this.bus, call, 'nnn', [-50, 0, 4])
      default:
        throw unknownMethod(call)
    }
  }

  private async connect(call: Message, peripheral: Peripheral): Promise<void> {
    if (!this.adapter.isPowered) throw bluezError('NotReady')
    if (!this.tree.has(devicePath(peripheral))) throw bluezError('DoesNotExist')
    if (peripheral.isConnected) return reply(this.bus, call)
    if (this.abortConnect.has(peripheral)) throw bluezError('InProgress')
    if (!peripheral.isInReach) await this.untilInReach(peripheral)
    if (peripheral.refuseConnects > 0) {
      peripheral.refuseConnects--
      throw failed('le-connection-abort-by-local')
    }
    await peripheral.connect()
    if (!peripheral.isConnected) throw failed('le-connection-abort-by-local')
    this.connectedBy.set(peripheral, call.sender)
    showConnected(this.tree, peripheral)
    reply(this.bus, call)
    showServices(this.tree, peripheral)
  }

  private async untilInReach(peripheral: Peripheral): Promise<void> {
    const listening = new AbortController()
    try {
      await new Promise<void>((resolve, reject) => {
        const abort = () => reject(failed('le-connection-abort-by-local'))
        this.abortConnect.set(peripheral, abort)
        const limit = setTimeout(abort, CONNECT_LIMIT)
        const stopListening = peripheral.onReachChange(() => {
          if (peripheral.isInReach) resolve()
        })
        listening.signal.addEventListener('abort', () => {
          clearTimeout(limit)
          stopListening()
        })
      })
    } finally {
      listening.abort()
      this.abortConnect.delete(peripheral)
    }
  }

  private async answerGatt(
    call: Message,
    peripheral: Peripheral,
    characteristic: Characteristic,
  ): Promise<void> {
    if (!peripheral.isConnected) throw failed('Not connected')
    if (this.busy.has(peripheral)) {
      this.overlaps++
      if (this.options.oneAtATime) throw bluezError('InProgress')
    }
    this.busy.add(peripheral)
    try {
      await this.perform(call, peripheral, characteristic)
    } finally {
      this.busy.delete(peripheral)
    }
  }

  private async perform(
    call: Message,
    peripheral: Peripheral,
    characteristic: Characteristic,
  ): Promise<void> {
    const at = characteristicPath(peripheral, characteristic)
    const isDescriptor = call.path !== at
    if (characteristic.demandsPairing && !peripheral.isPaired) throw bluezError('NotAuthorized')
    switch (call.member) {
      case 'ReadValue': {
        if (isDescriptor) return reply(this.bus, call, 'ay', [Buffer.alloc(2)])
        const value = characteristic.read?.()
        if (value === undefined) throw bluezError('NotPermitted')
        // BlueZ signals the value that was read, and Chromium swallows one change of value per read: without this, it
        // would swallow the next notification.
        this.changeValue(peripheral, characteristic, value)
        return reply(this.bus, call, 'ay', [Buffer.from(value)])
      }
      case 'WriteValue': {
        if (isDescriptor) return reply(this.bus, call)
        const [value, options] = call.body as [Buffer, Record<string, Variant>]
        const isCommand = options.type?.value === 'command'
        if (isCommand && value.length > peripheral.mtu - 3) throw failed('Failed to initiate write')
        await peripheral.receive(characteristic, Uint8Array.from(value))
        return reply(this.bus, call)
      }
      case 'StartNotify':
      case 'StopNotify': {
        const on = call.member === 'StartNotify'
        peripheral.subscribe(characteristic, on)
        reply(this.bus, call)
        return this.tree.set(at, CHARACTERISTIC, { Notifying: flag(on) })
      }
      default:
        throw unknownMethod(call)
    }
  }

  private changeValue(peripheral: Peripheral, characteristic: Characteristic, value: Uint8Array): void {
    this.tree.set(characteristicPath(peripheral, characteristic), CHARACTERISTIC, { Value: bytesOf(value) })
  }
}
