// Opens a link to a device and finds out how its firmware is changed; the rarer drivers are loaded when one is met.
import { ok, type Result } from '../core/result.ts'
import { DeviceSession, type WriteSizes } from './deviceSession.ts'
import type { ConnectFailure, DevicePort } from './ports/device.ts'
import type { Platform } from './ports/platform.ts'
import type { Updater } from './updater.ts'

export async function openUpdater(
  port: DevicePort,
  sourceId: string,
  platform: Platform,
  writeSizes: WriteSizes,
  withinMs?: number,
): Promise<Result<Updater, ConnectFailure>> {
  const connected = await port.connect(sourceId, withinMs)
  if (!connected.ok) return connected
  const connection = connected.value
  if (connection.updater === 'nordicDfu') {
    const { NordicSession } = await import('./dfuSessions.ts')
    return ok(new NordicSession(connection, platform.timer))
  }
  if (connection.updater === 'espOta') {
    const { EspSession } = await import('./dfuSessions.ts')
    return ok(new EspSession(connection, platform.timer))
  }
  return ok(new DeviceSession(connection, platform, writeSizes, `${port.source}/${sourceId}`))
}
