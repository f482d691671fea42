// Makes the system look for one known device again, where the browser can (watchAdvertisements).
import type { Timer } from '../../core/smp/transport.ts'

export interface Scan {
  /** Resolves when the device is heard, and at the latest after `ms`. */
  sighting(timer: Timer, ms: number): Promise<void>
  stop(): void
}

/**
 * Returns undefined where the browser can't watch. A sighting that never comes proves nothing: Chromium on Linux knows
 * the device again without telling its old object. So a caller tries to connect after each `sighting`, heard or not.
 */
export function startScan(device: BluetoothDevice): Scan | undefined {
  if (typeof device.watchAdvertisements !== 'function') return undefined
  const stopping = new AbortController()
  const heard = new Set<() => void>()
  const onHeard = () => {
    for (const wake of [...heard]) wake()
  }
  device.addEventListener('advertisementreceived', onHeard)
  // A refusal leaves the attempts on the timer, which end by themselves.
  device.watchAdvertisements({ signal: stopping.signal }).catch(() => undefined)
  return {
    sighting: (timer, ms) =>
      new Promise(resolve => {
        const wake = () => {
          cancel()
          heard.delete(wake)
          resolve()
        }
        const cancel = timer.after(ms, wake)
        heard.add(wake)
      }),
    stop() {
      stopping.abort()
      device.removeEventListener('advertisementreceived', onHeard)
      onHeard()
    },
  }
}
