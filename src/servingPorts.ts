// What serving onward goes by in a browser: whether the page is seen, and the battery where the browser tells of it.
import type { ServingPorts } from './app/ports.ts'

/** Battery Status API, https://www.w3.org/TR/battery-status/; Chromium has it, others do not. */
interface BatteryManager {
  /** From 0 to 1. */
  readonly level: number
  readonly charging: boolean
}

export function createServingPorts(): ServingPorts {
  return {
    page: {
      isHidden: () => document.visibilityState === 'hidden',
      onVisibilityChange(listener) {
        document.addEventListener('visibilitychange', listener)
        return () => document.removeEventListener('visibilitychange', listener)
      },
    },
    async battery() {
      const getBattery: unknown = Reflect.get(navigator, 'getBattery')
      if (typeof getBattery !== 'function') return null
      try {
        const { level, charging }: BatteryManager = await getBattery.call(navigator)
        return { percent: Math.round(level * 100), isCharging: charging }
      } catch {
        // Refused by a permissions policy.
        return null
      }
    },
  }
}
