// This board's adapter as a central: scans for devices with SMP, connects, and carries bytes over their characteristic.
import { Variant } from 'dbus-next'
import { fail, ok, type Result } from '../../src/core/result.ts'
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../src/core/smp/gattUuids.ts'
import { LinkListeners } from '../../src/core/smp/linkListeners.ts'
import { type ByteTransport, LinkError, type LinkLoss, type Timer } from '../../src/core/smp/transport.ts'
import type { HeardDevice, Radio, RadioFailure, RadioLink } from '../gateway/radio.ts'
import { ADAPTER, type BluezChange, type BluezObjects, CHARACTERISTIC, DEVICE } from './bluezObjects.ts'
import { BusError } from './dbus.ts'

export interface CentralOptions {
  readonly bluez: BluezObjects
  readonly timer: Timer
  /** `hci0`; the first one where left out. */
  readonly adapter?: string | undefined
  readonly log: (line: string) => void
}

/** How long the radio goes on scanning after the last time that somebody asked. */
const SCAN_MS = 45_000
const CONNECT_MS = 20_000
const SERVICES_MS = 20_000
const WRITE_MS = 10_000
/** The smallest ATT_MTU, 23, less a write's header (Bluetooth Core, Vol 3, Part F, 3.2.8). */
const CERTAIN_WRITE = 20
const ATT_HEADER = 3
const BATTERY_LEVEL = '00002a19-0000-1000-8000-00805f9b34fb'

export class BluezCentral implements Radio {
  readonly #options: CentralOptions
  #cancelScan: (() => void) | undefined

  constructor(options: CentralOptions) {
    this.#options = options
    options.bluez.onRestart(() => {
      this.#cancelScan?.()
      this.#cancelScan = undefined
    })
  }

  isOn(): boolean {
    const { bluez } = this.#options
    const adapter = this.#adapter()
    return adapter !== undefined && bluez.get(adapter, ADAPTER)?.Powered === true
  }

  listen(): void {
    const isScanning = this.#cancelScan !== undefined
    this.#cancelScan?.()
    this.#cancelScan = this.#options.timer.after(SCAN_MS, () => {
      this.#cancelScan = undefined
      void this.#onAdapter('StopDiscovery').catch(() => undefined)
    })
    if (!isScanning) void this.#scan()
  }

  heard(): readonly HeardDevice[] {
    const { bluez } = this.#options
    return bluez.all(DEVICE).flatMap(([path, { Address, Alias, Name, RSSI, Connected, UUIDs }]) => {
      const services = Array.isArray(UUIDs) ? UUIDs.map(uuid => String(uuid).toLowerCase()) : []
      // BlueZ tells a strength only of what it hears in this scan.
      const isHere = typeof RSSI === 'number' || Connected === true
      if (!isHere || !services.includes(SMP_SERVICE) || !this.#isOwn(path)) return []
      return [
        {
          id: String(Address),
          name: String(Name ?? Alias ?? ''),
          rssi: typeof RSSI === 'number' && RSSI >= -127 && RSSI <= 20 ? RSSI : null,
          services,
        },
      ]
    })
  }

  async connect(id: string): Promise<Result<RadioLink, RadioFailure>> {
    if (!this.isOn()) return fail({ kind: 'radioOff', detail: 'the adapter is off' })
    let path = this.#pathOf(id)
    if (path === undefined) {
      // BlueZ forgets what it has not heard for half a minute; a device that restarts comes back.
      this.listen()
      path = await this.#until(CONNECT_MS, () => this.#pathOf(id))
    }
    if (path === undefined) return fail({ kind: 'unknownDevice', detail: 'it is not heard' })
    try {
      return await this.#open(path)
    } catch (error) {
      void this.#options.bluez.call({ path, interface: DEVICE, member: 'Disconnect' }).catch(() => undefined)
      return fail(failureOf(error))
    }
  }

  async stop(): Promise<void> {
    if (this.#cancelScan === undefined) return
    this.#cancelScan()
    this.#cancelScan = undefined
    await this.#onAdapter('StopDiscovery').catch(() => undefined)
  }

  /** Rejects with BusError or LinkError. */
  async #open(path: string): Promise<Result<RadioLink, RadioFailure>> {
    const { bluez, timer } = this.#options
    await within(timer, CONNECT_MS, bluez.call({ path, interface: DEVICE, member: 'Connect' }))
    const isResolved = await this.#until(
      SERVICES_MS,
      () => bluez.get(path, DEVICE)?.ServicesResolved === true || undefined,
    )
    if (!isResolved) throw new LinkError('timeout', 'its services were not told')
    const smp = this.#characteristic(path, SMP_CHARACTERISTIC)
    if (smp === undefined) throw new NotSmp('it has no SMP characteristic')
    const transport = new BluezTransport(bluez, timer, path, smp)
    await within(
      timer,
      SERVICES_MS,
      bluez.call({ path: smp, interface: CHARACTERISTIC, member: 'StartNotify' }),
    )
    const battery = this.#characteristic(path, BATTERY_LEVEL)
    return ok({
      transport,
      batteryLevel: () => (battery ? transport.readByte(battery) : Promise.resolve(null)),
    })
  }

  async #scan(): Promise<void> {
    try {
      const filter = { Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', false) }
      await this.#onAdapter('SetDiscoveryFilter', 'a{sv}', [filter])
      await this.#onAdapter('StartDiscovery')
    } catch (error) {
      if (error instanceof BusError && error.errorName.endsWith('.InProgress')) return
      this.#options.log(`The radio does not scan: ${error instanceof Error ? error.message : String(error)}`)
      this.#cancelScan?.()
      this.#cancelScan = undefined
    }
  }

  async #onAdapter(member: string, signature = '', body: readonly unknown[] = []): Promise<void> {
    const path = this.#adapter()
    if (path === undefined) throw new Error('there is no Bluetooth adapter')
    await this.#options.bluez.call({ path, interface: ADAPTER, member, signature, body })
  }

  #adapter(): string | undefined {
    return this.#options.bluez.adapter(this.#options.adapter, ADAPTER)
  }

  #isOwn(path: string): boolean {
    return path.startsWith(`${this.#adapter()}/`)
  }

  #pathOf(id: string): string | undefined {
    const found = this.#options.bluez
      .all(DEVICE)
      .find(([path, { Address }]) => Address === id && this.#isOwn(path))
    return found?.[0]
  }

  #characteristic(device: string, uuid: string): string | undefined {
    const found = this.#options.bluez
      .all(CHARACTERISTIC)
      .find(([path, { UUID }]) => path.startsWith(`${device}/`) && String(UUID).toLowerCase() === uuid)
    return found?.[0]
  }

  /** What `read` gives once it gives something; undefined where that takes longer. */
  #until<T>(ms: number, read: () => T | undefined): Promise<T | undefined> {
    return new Promise(resolve => {
      const end = (value: T | undefined) => {
        cancel()
        stop()
        resolve(value)
      }
      const cancel = this.#options.timer.after(ms, () => end(undefined))
      const stop = this.#options.bluez.onChange(() => {
        const value = read()
        if (value !== undefined) end(value)
      })
      const now = read()
      if (now !== undefined) end(now)
    })
  }
}

class BluezTransport implements ByteTransport {
  readonly maxWrite: number
  readonly #bluez: BluezObjects
  readonly #timer: Timer
  readonly #device: string
  readonly #characteristic: string
  readonly #listeners = new LinkListeners()
  readonly #stopListening: () => void
  #turn: Promise<unknown> = Promise.resolve()

  constructor(bluez: BluezObjects, timer: Timer, device: string, characteristic: string) {
    this.#bluez = bluez
    this.#timer = timer
    this.#device = device
    this.#characteristic = characteristic
    // BlueZ tells the MTU since 5.62.
    const mtu = bluez.get(characteristic, CHARACTERISTIC)?.MTU
    this.maxWrite =
      typeof mtu === 'number' && mtu > CERTAIN_WRITE + ATT_HEADER ? mtu - ATT_HEADER : CERTAIN_WRITE
    this.#stopListening = bluez.onChange(change => this.#follow(change))
    if (bluez.get(device, DEVICE)?.Connected !== true) this.#end('lost')
  }

  async write(bytes: Uint8Array): Promise<void> {
    const value = Buffer.from(bytes)
    if (value.length > this.maxWrite) {
      throw new LinkError('refused', `${value.length} bytes, the link takes ${this.maxWrite}`)
    }
    const options = { type: new Variant('s', 'command') }
    await this.#inTurn('WriteValue', this.#characteristic, 'aya{sv}', [value, options])
  }

  /** The first byte of a characteristic's value; null where it can't be read. */
  async readByte(characteristic: string): Promise<number | null> {
    try {
      const [value] = await this.#inTurn('ReadValue', characteristic, 'a{sv}', [{}])
      const byte: unknown = Buffer.isBuffer(value) ? value[0] : undefined
      return typeof byte === 'number' && byte <= 100 ? byte : null
    } catch {
      return null
    }
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    return this.#listeners.onData(listener)
  }

  onClose(listener: (loss: LinkLoss) => void): () => void {
    return this.#listeners.onClose(listener)
  }

  async close(): Promise<void> {
    if (this.#listeners.loss !== undefined) return
    this.#end('closed')
    await this.#bluez
      .call({ path: this.#device, interface: DEVICE, member: 'Disconnect' })
      .catch(() => undefined)
  }

  /** One GATT operation at a time; a link that does not take one is given up. */
  #inTurn(member: string, path: string, signature: string, body: readonly unknown[]): Promise<unknown[]> {
    const done = this.#turn.then(async () => {
      if (this.#listeners.loss !== undefined) throw new LinkError(this.#listeners.loss, 'the link is gone')
      try {
        const request = { path, interface: CHARACTERISTIC, member, signature, body }
        return await within(this.#timer, WRITE_MS, this.#bluez.call(request))
      } catch (error) {
        if (error instanceof LinkError) {
          this.#end(error.loss)
          throw error
        }
        if (this.#bluez.get(this.#device, DEVICE)?.Connected !== true) this.#end('lost')
        throw new LinkError(
          this.#listeners.loss ?? 'refused',
          error instanceof Error ? error.message : String(error),
        )
      }
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  #follow({ path, face, changed, isGone }: BluezChange): void {
    if (path === this.#device && face === DEVICE && (isGone || changed.Connected === false)) this.#end('lost')
    if (path !== this.#characteristic || face !== CHARACTERISTIC || !Buffer.isBuffer(changed.Value)) return
    const bytes = Uint8Array.from(changed.Value)
    this.#listeners.deliver(bytes)
  }

  #end(loss: LinkLoss): void {
    this.#listeners.end(loss, this.#stopListening)
  }
}

class NotSmp extends Error {
  override readonly name = 'NotSmp'
}

function failureOf(error: unknown): RadioFailure {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof NotSmp) return { kind: 'notSmp', detail }
  const name = error instanceof BusError ? error.errorName : ''
  if (/\.NotReady$/.test(name)) return { kind: 'radioOff', detail }
  if (
    /\.(NotAuthorized|NotPermitted|AuthenticationFailed|AuthenticationRejected|AuthenticationCanceled)$/.test(
      name,
    )
  ) {
    return { kind: 'pairingRequired', detail }
  }
  return { kind: 'outOfReach', detail }
}

function within<T>(timer: Timer, ms: number, task: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer.after(ms, () => reject(new LinkError('timeout', `no answer within ${ms} ms`)))
    task.then(resolve, reject).finally(cancel)
  })
}
