// A Bluetooth LE peripheral: what it advertises, its GATT table, and what happens on the air between it and the phone.
import { FaultPlan, type FaultPlan as Faults } from './faults.ts'
import { instantLink, type LinkModel } from './linkModel.ts'

type CharacteristicFlag = 'read' | 'write' | 'write-without-response' | 'notify' | 'indicate'

export interface Characteristic {
  /** 128 bits, lower case. */
  readonly uuid: string
  readonly flags: readonly CharacteristicFlag[]
  /** Refuses reads, writes and subscriptions of a phone that is not paired. */
  readonly demandsPairing?: boolean
  read?(): Uint8Array
  write?(bytes: Uint8Array): void | Promise<void>
  /** The phone turns notifications on or off. */
  subscribe?(on: boolean): void
}

export interface Service {
  readonly uuid: string
  readonly characteristics: readonly Characteristic[]
}

export interface PeripheralOptions {
  readonly name: string
  /** `C0:00:00:00:00:01`. */
  readonly address: string
  readonly services: readonly Service[]
  /** Service UUIDs in the advertisement; default: all. */
  readonly advertised?: readonly string[]
  /** ATT_MTU of its links; a write or notification carries 3 bytes less. Default 247. */
  readonly mtu?: number
  readonly linkModel?: LinkModel
  /** Rejects where the device takes no connection now. */
  onConnect?(): void | Promise<void>
  onDisconnect?(): void
}

/** What the phone's side of the air does for a peripheral; the radio sets it. */
export interface Air {
  notify(characteristic: Characteristic, bytes: Uint8Array): void
  linkDropped(): void
}

/** The 128-bit form of a 16-bit UUID (Bluetooth Core, Vol 3, Part B, 2.5.1). */
export const fullUuid = (short: number) =>
  `0000${short.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`

/** Rejects an operation that was under way when the link dropped. */
export class LinkDroppedError extends Error {
  override readonly name = 'LinkDroppedError'
}

export class Peripheral {
  readonly name: string
  readonly address: string
  readonly services: readonly Service[]
  readonly advertised: readonly string[]
  readonly mtu: number
  readonly writeFaults: Faults = new FaultPlan()
  readonly notificationFaults: Faults = new FaultPlan()
  /** How many of the next connection attempts are refused. */
  refuseConnects = 0
  /** What the device is reached through; may be set between tests. */
  linkModel: LinkModel
  isPaired = false
  /** What comes of the system's pairing prompt. */
  acceptsPairing = false
  /** Connections made so far. */
  connections = 0
  private readonly options: PeripheralOptions
  private air: Air | undefined
  private linked = false
  private inReach = true
  /** Nothing comes back on this link any more: it is about to drop. */
  private isMuted = false
  private readonly subscribed = new Set<Characteristic>()
  private readonly stalled = new Set<(error: Error) => void>()
  private readonly reachListeners = new Set<() => void>()
  private outbox: Promise<void> = Promise.resolve()

  constructor(options: PeripheralOptions) {
    this.options = options
    this.name = options.name
    this.address = options.address.toUpperCase()
    this.services = options.services
    this.advertised = options.advertised ?? options.services.map(service => service.uuid)
    this.mtu = options.mtu ?? 247
    this.linkModel = options.linkModel ?? instantLink
  }

  get isConnected(): boolean {
    return this.linked
  }

  /** Whether it advertises and answers: false while it restarts, is switched off or is carried away. */
  get isInReach(): boolean {
    return this.inReach
  }

  set isInReach(value: boolean) {
    this.inReach = value
    if (!value) this.dropLink()
    for (const listener of [...this.reachListeners]) listener()
  }

  onReachChange(listener: () => void): () => void {
    this.reachListeners.add(listener)
    return () => this.reachListeners.delete(listener)
  }

  attach(air: Air): void {
    this.air = air
  }

  /** Rejects with what the device says no with; the link may also be gone again when this resolves. */
  async connect(): Promise<void> {
    this.linked = true
    this.isMuted = false
    this.connections++
    try {
      await this.options.onConnect?.()
    } catch (error) {
      this.linked = false
      throw error
    }
  }

  /** The link is gone: out of range, reset, or the phone hung up. Nothing happens when there is none. */
  dropLink(): void {
    if (!this.linked) return
    this.linked = false
    this.subscribed.clear()
    this.outbox = Promise.resolve()
    for (const reject of [...this.stalled]) reject(new LinkDroppedError('not connected'))
    this.stalled.clear()
    this.options.onDisconnect?.()
    this.air?.linkDropped()
  }

  subscribe(characteristic: Characteristic, on: boolean): void {
    if (on) this.subscribed.add(characteristic)
    else this.subscribed.delete(characteristic)
    characteristic.subscribe?.(on)
  }

  /** A write of the phone; resolves when the phone may be told that it is done. */
  async receive(characteristic: Characteristic, bytes: Uint8Array): Promise<void> {
    const link = this.connections
    const fault = this.writeFaults.next()
    await this.untilDropped(this.linkModel.carry('toDevice', bytes.length))
    if (fault === 'drop') this.dropLink()
    if (fault === 'stall') await this.untilDropped(new Promise(() => undefined))
    if (typeof fault === 'object') await this.untilDropped(wait(fault.delay))
    if (!this.linked || link !== this.connections) throw new LinkDroppedError('not connected')
    if (fault === 'swallow') return
    if (fault === 'deliverThenDrop') this.isMuted = true
    await characteristic.write?.(bytes)
    if (fault === 'duplicate') await characteristic.write?.(bytes)
    if (fault === 'deliverThenDrop') this.dropLink()
  }

  /** Sends notifications in order; what is not sent when the link drops is gone, as is what nobody subscribed to. */
  notify(characteristic: Characteristic, bytes: Uint8Array): void {
    if (bytes.length > this.mtu - 3) throw new RangeError(`${bytes.length} bytes, more than one packet takes`)
    if (this.isMuted) return
    const link = this.connections
    const isGone = () => !this.linked || link !== this.connections
    const packet = Uint8Array.from(bytes)
    this.outbox = this.outbox.then(async () => {
      if (isGone() || !this.subscribed.has(characteristic)) return
      const fault = this.notificationFaults.next()
      await this.linkModel.carry('toPhone', packet.length)
      if (typeof fault === 'object') await wait(fault.delay)
      if (isGone()) return
      if (fault === 'drop') return this.dropLink()
      if (fault === 'swallow' || fault === 'stall') return
      this.air?.notify(characteristic, packet)
      if (fault === 'duplicate') this.air?.notify(characteristic, packet)
      if (fault === 'deliverThenDrop') this.dropLink()
    })
  }

  private untilDropped<T>(task: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.stalled.add(reject)
      task.then(resolve, reject).finally(() => this.stalled.delete(reject))
    })
  }
}

const wait = (ms: number) =>
  new Promise<void>(resolve => {
    setTimeout(resolve, ms)
  })
