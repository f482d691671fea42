// The DevicePort over the browser's own Web Bluetooth.
import type {
  ChooseFailure,
  ConnectFailure,
  DeviceConnection,
  DevicePort,
  RadioState,
  ReachableDevice,
} from '../../app/ports/device.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { SMP_SERVICE } from '../../core/smp/gattUuids.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { pause, within } from '../../core/timeLimit.ts'
import { chooseFailureOf } from './browserErrors.ts'
import type { GattLink } from './gattLink.ts'
import { type BleTiming, defaultTiming } from './timing.ts'
import { ESP_OTA_SERVICE, NORDIC_DFU_SERVICE } from './updaterUuids.ts'
import { BATTERY_SERVICE, DEVICE_INFORMATION_SERVICE } from './uuids.ts'

/** All that talks to a device: the chooser needs none of it, and comes first. */
const loadLinks = () => import('./openLink.ts')

/** One of them tells a device that can be updated. */
const UPDATER_SERVICES = [SMP_SERVICE, NORDIC_DFU_SERVICE, ESP_OTA_SERVICE]

export interface BluetoothOptions {
  /** `navigator.bluetooth`, undefined where the browser has none. */
  readonly bluetooth: Bluetooth | undefined
  readonly timer: Timer
  readonly timing?: Partial<BleTiming>
}

export function createBluetoothDevices({ bluetooth, timer, timing }: BluetoothOptions): DevicePort {
  return bluetooth === undefined
    ? noBluetooth
    : new BluetoothDevices(bluetooth, timer, { ...defaultTiming, ...timing })
}

const noBluetooth: DevicePort = {
  source: 'bluetooth',
  radioState: async () => 'unsupported',
  choose: async () => fail({ kind: 'radioUnsupported' }),
  known: async () => [],
  connect: async () => fail({ kind: 'radioUnsupported' }),
  forget: async () => undefined,
}

class BluetoothDevices implements DevicePort {
  readonly source = 'bluetooth'
  private readonly bluetooth: Bluetooth
  private readonly timer: Timer
  private readonly timing: BleTiming
  /** Devices that this page was given: they connect again without a chooser as long as the page lives. */
  private readonly met = new Map<string, BluetoothDevice>()
  private readonly links = new Map<string, GattLink>()
  /** When this page hung up on a device, by the timer. */
  private readonly hungUpAt = new Map<string, number>()
  /** The latest `connect` per device: two at a time would share one link, and mix their bytes. */
  private readonly connecting = new Map<string, Promise<unknown>>()

  constructor(bluetooth: Bluetooth, timer: Timer, timing: BleTiming) {
    this.bluetooth = bluetooth
    this.timer = timer
    this.timing = timing
  }

  async radioState(): Promise<RadioState> {
    if (typeof this.bluetooth.getAvailability !== 'function') return 'ready'
    const asked = within(
      this.timer,
      this.timing.availability,
      'availability',
      this.bluetooth.getAvailability(),
    )
    return (await asked.catch(() => true)) ? 'ready' : 'off'
  }

  async choose(which: 'updatable' | 'all' = 'updatable'): Promise<Result<ReachableDevice, ChooseFailure>> {
    try {
      // Nothing may be awaited before this line, or the gesture no longer counts.
      const device = await this.bluetooth.requestDevice({
        ...(which === 'all'
          ? { acceptAllDevices: true }
          : { filters: UPDATER_SERVICES.map(service => ({ services: [service] })) }),
        optionalServices: [...UPDATER_SERVICES, BATTERY_SERVICE, DEVICE_INFORMATION_SERVICE],
      })
      this.met.set(device.id, device)
      return ok(reachable(device))
    } catch (error) {
      const failure = chooseFailureOf(error)
      // With the adapter off, the chooser can only be cancelled: the person needs to hear the cause.
      const isOff = failure.kind === 'chooserCancelled' && (await this.radioState()) === 'off'
      return fail(isOff ? { kind: 'radioOff' } : failure)
    }
  }

  async known(): Promise<readonly ReachableDevice[]> {
    await this.recall()
    return [...this.met.values()].map(reachable)
  }

  connect(
    id: string,
    withinMs = this.timing.connectTotal,
  ): Promise<Result<DeviceConnection, ConnectFailure>> {
    const before = this.connecting.get(id) ?? Promise.resolve()
    const connection = before.then(() => this.connectAlone(id, withinMs))
    this.connecting.set(id, connection)
    return connection
  }

  async forget(id: string): Promise<void> {
    await this.recall()
    const device = this.met.get(id)
    this.links.get(id)?.end('closed')
    this.met.delete(id)
    if (device !== undefined && typeof device.forget === 'function')
      await device.forget().catch(() => undefined)
  }

  private async connectAlone(
    id: string,
    connectTotal: number,
  ): Promise<Result<DeviceConnection, ConnectFailure>> {
    this.links.get(id)?.end('closed')
    if (!this.met.has(id)) await this.recall()
    const device = this.met.get(id)
    if (device === undefined) return fail({ kind: 'mustChooseAgain' })
    if ((await this.radioState()) === 'off') return fail({ kind: 'radioOff' })
    await this.settled(id)
    const { openLink } = await loadLinks()
    const opened = await openLink(device, this.timer, { ...this.timing, connectTotal })
    if (!opened.ok) {
      // The adapter may have been switched off meanwhile, which no error tells reliably.
      return (await this.radioState()) === 'off' ? fail({ kind: 'radioOff' }) : opened
    }
    const { link, connection } = opened.value
    this.links.set(id, link)
    link.onEnd(loss => {
      if (this.links.get(id) === link) this.links.delete(id)
      if (loss !== 'lost') this.hungUpAt.set(id, this.timer.now())
    })
    return ok(connection)
  }

  private async settled(id: string): Promise<void> {
    const hungUpAt = this.hungUpAt.get(id)
    const left = hungUpAt === undefined ? 0 : hungUpAt + this.timing.settle - this.timer.now()
    if (left > 0) await pause(this.timer, left)
  }

  /** Adds the devices that the browser remembers the permission for, where it tells (behind a flag in Chrome). */
  private async recall(): Promise<void> {
    if (typeof this.bluetooth.getDevices !== 'function') return
    // Called on its object: a detached getDevices throws "Illegal invocation".
    const asked = within(this.timer, this.timing.availability, 'known devices', this.bluetooth.getDevices())
    const devices = await asked.catch(() => [])
    for (const device of devices) if (!this.met.has(device.id)) this.met.set(device.id, device)
  }
}

const reachable = (device: BluetoothDevice): ReachableDevice => ({
  source: 'bluetooth',
  id: device.id,
  name: device.name ?? '',
})
