// Connects to a device that the browser may talk to, and finds SMP on it, or another updater.
import type { ConnectFailure, DeviceConnection } from '../../app/ports/device.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { SMP_CHARACTERISTIC, SMP_SERVICE } from '../../core/smp/gattUuids.ts'
import { LinkError, type Timer } from '../../core/smp/transport.ts'
import { pause, within } from '../../core/timeLimit.ts'
import { batteryReader } from './battery.ts'
import { BleTransport } from './bleTransport.ts'
import { connectFailureOf, isNotFound, isOutOfSight, isRadioOff, textOf } from './browserErrors.ts'
import { GattLink } from './gattLink.ts'
import { type Scan, startScan } from './scan.ts'
import type { BleTiming } from './timing.ts'

export interface OpenLink {
  readonly link: GattLink
  readonly connection: DeviceConnection
}

/** One attempt's end: `again` says whether another attempt may do better. */
type Attempt =
  | { readonly ok: true; readonly value: OpenLink }
  | { readonly ok: false; readonly error: ConnectFailure; readonly again: 'no' | 'yes' | 'afterScan' }

/**
 * Connects, finds the SMP characteristic and turns its notifications on; tries again within the bounds of `timing` where
 * the device is out of reach or drops the link on the way. A device that restarts is just that for a while.
 */
export async function openLink(
  device: BluetoothDevice,
  timer: Timer,
  timing: BleTiming,
): Promise<Result<OpenLink, ConnectFailure>> {
  const deadline = timer.now() + timing.connectTotal
  let backOff = timing.backOff
  let scan: Scan | undefined
  try {
    for (let attempts = 1; ; ) {
      const attempt = await attemptOnce(device, timer, timing)
      if (attempt.ok) return attempt
      if (attempt.again === 'no' || timer.now() >= deadline) return fail(attempt.error)
      if (attempt.again === 'afterScan') {
        scan ??= startScan(device)
        // Without a scan nothing brings it back but the chooser, which scans by itself.
        if (scan === undefined) return fail({ kind: 'mustChooseAgain' })
        await scan.sighting(timer, timing.sighting)
      } else {
        if (attempts >= timing.connectAttempts) return fail(attempt.error)
        attempts++
        await pause(timer, backOff)
        backOff *= 2
      }
    }
  } finally {
    scan?.stop()
  }
}

async function attemptOnce(device: BluetoothDevice, timer: Timer, timing: BleTiming): Promise<Attempt> {
  const server = device.gatt
  if (server === undefined) return { ok: false, error: { kind: 'mustChooseAgain' }, again: 'no' }
  try {
    await within(timer, timing.connectAttempt, 'connect', server.connect())
  } catch (error) {
    // Also takes back an attempt that goes on after its time.
    server.disconnect()
    const again = isOutOfSight(error) ? 'afterScan' : 'yes'
    return failedAttempt(connectFailureOf(error), again)
  }
  const link = new GattLink(device, server, timer, timing)
  const connection = await findConnection(link, device)
  if (!connection.ok) {
    // Dropped on the way (still restarting, or at the edge of reach): worth another attempt.
    const again = link.loss === 'lost' ? 'yes' : 'no'
    link.end('closed')
    return failedAttempt(connection.error, again)
  }
  return ok({ link, connection: connection.value })
}

/**
 * Browsers show no service on their block list, so that a name is all there is: what bootloaders of Nordic's SDK before
 * 12 and TI's examples are called by default (Web Bluetooth registries, gatt_blocklist.txt).
 */
const isBlocked = (name: string): boolean => /^DfuTarg$|SensorTag|^TI |OAD/.test(name)

async function findConnection(
  link: GattLink,
  device: BluetoothDevice,
): Promise<Result<DeviceConnection, ConnectFailure>> {
  const smp = await findSmp(link)
  if (smp.ok) return ok({ transport: smp.value, batteryLevel: batteryReader(link) })
  if (smp.error.kind !== 'notSmp') return smp
  try {
    const { findUpdater } = await import('./updaters.ts')
    const found = await findUpdater(link)
    if (found) return ok(found)
    return isBlocked(device.name ?? '') ? fail({ kind: 'blockedUpdater', detail: device.name ?? '' }) : smp
  } catch (error) {
    return fail(failureOf(error))
  }
}

const failedAttempt = (error: ConnectFailure, again: 'no' | 'yes' | 'afterScan'): Attempt => ({
  ok: false,
  error,
  again: error.kind === 'outOfReach' ? again : 'no',
})

async function findSmp(link: GattLink): Promise<Result<BleTransport, ConnectFailure>> {
  const { discover, subscribe } = link.timing
  let characteristic: BluetoothRemoteGATTCharacteristic
  try {
    const service = await link.run('find SMP', discover, () => link.server.getPrimaryService(SMP_SERVICE))
    characteristic = await link.run('find SMP characteristic', discover, () =>
      service.getCharacteristic(SMP_CHARACTERISTIC),
    )
  } catch (error) {
    const isMissing = isNotFound(error) && !isRadioOff(error)
    return fail(isMissing ? { kind: 'notSmp', detail: textOf(error) } : failureOf(error))
  }
  const { write, writeWithoutResponse, notify } = characteristic.properties
  if (!notify || !(write || writeWithoutResponse)) {
    return fail({ kind: 'notSmp', detail: 'its SMP characteristic can not be written or does not notify' })
  }
  // Listens before notifications are on, so that none is missed.
  const transport = new BleTransport(link, characteristic)
  try {
    await link.run('turn notifications on', subscribe, () => characteristic.startNotifications())
  } catch (error) {
    return fail(failureOf(error))
  }
  return ok(transport)
}

function failureOf(error: unknown): ConnectFailure {
  return error instanceof LinkError ? { kind: 'outOfReach', detail: error.message } : connectFailureOf(error)
}
