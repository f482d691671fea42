// The phone's Bluetooth adapter: its switch, and scanning (BlueZ, doc/org.bluez.Adapter.rst).
import type { Message, MessageBus } from 'dbus-next'
import { bluezError, reply, unknownMethod } from '../../node/bluez/dbus.ts'
import type { ObjectTree } from '../../node/bluez/objectTree.ts'
import { ADAPTER, ADAPTER_PATH, flag, showAdapter, showAdvertisement } from './gattObjects.ts'
import type { Peripheral } from './peripheral.ts'

/** Milliseconds between two advertisements of a peripheral while somebody scans. */
const ADVERTISING_INTERVAL = 200

export class Adapter {
  private readonly bus: MessageBus
  private readonly tree: ObjectTree
  private readonly peripherals: () => Iterable<Peripheral>
  /** Client of the bus -> how many scans it has begun. */
  private readonly scanners = new Map<string, number>()
  private powered = true
  private advertising: NodeJS.Timeout | undefined
  private ticks = 0

  constructor(bus: MessageBus, tree: ObjectTree, peripherals: () => Iterable<Peripheral>) {
    this.bus = bus
    this.tree = tree
    this.peripherals = peripherals
    showAdapter(tree)
  }

  get isPowered(): boolean {
    return this.powered
  }

  /** Off drops every link. */
  setPowered(on: boolean): void {
    this.powered = on
    if (!on) {
      for (const peripheral of this.peripherals()) peripheral.dropLink()
      this.scanners.clear()
      this.updateScanning()
    }
    this.tree.set(ADAPTER_PATH, ADAPTER, { Powered: flag(on) })
  }

  clientLeft(client: string): void {
    if (this.scanners.delete(client)) this.updateScanning()
  }

  /** Makes everything in reach heard, if somebody scans. */
  advertise(): void {
    if (this.scanners.size === 0) return
    this.ticks++
    for (const peripheral of this.peripherals()) {
      // A connected peripheral does not advertise.
      if (!peripheral.isInReach || peripheral.isConnected) continue
      showAdvertisement(this.tree, peripheral, -50 - (this.ticks % 2))
    }
  }

  stop(): void {
    clearInterval(this.advertising)
  }

  /** Throws BusError. */
  answer(call: Message): void {
    switch (call.member) {
      case 'StartDiscovery':
        if (!this.powered) throw bluezError('NotReady')
        this.scanners.set(call.sender, (this.scanners.get(call.sender) ?? 0) + 1)
        break
      case 'StopDiscovery': {
        const left = (this.scanners.get(call.sender) ?? 0) - 1
        if (left > 0) this.scanners.set(call.sender, left)
        else this.scanners.delete(call.sender)
        break
      }
      case 'RegisterAgent':
      case 'RequestDefaultAgent':
      case 'UnregisterAgent':
      case 'SetDiscoveryFilter':
      case 'Ping':
        break
      default:
        throw unknownMethod(call)
    }
    reply(this.bus, call)
    if (call.member === 'StartDiscovery' || call.member === 'StopDiscovery') this.updateScanning()
  }

  private updateScanning(): void {
    const isScanning = this.scanners.size > 0
    this.tree.set(ADAPTER_PATH, ADAPTER, { Discovering: flag(isScanning) })
    clearInterval(this.advertising)
    if (!isScanning) return
    this.advertising = setInterval(() => this.advertise(), ADVERTISING_INTERVAL)
    this.advertise()
  }
}
