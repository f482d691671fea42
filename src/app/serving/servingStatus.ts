// Whether to serve now: the person's rules against what is the case.
import type { Battery } from '../ports/battery.ts'
import type { ServingRules } from './rules.ts'
import type { ServingStatus } from './serving.ts'

export interface Circumstances {
  readonly isOnline: boolean
  readonly isHidden: boolean
  /** null where there is none, or the browser does not tell: then it limits nothing. */
  readonly battery: Battery | null
  readonly bytesToday: number
  /** Files that may be passed on. */
  readonly files: number
}

/** `serving` where nothing stands in the way. */
export function servingStatus(rules: ServingRules, now: Circumstances): ServingStatus {
  if (!rules.isOn) return { kind: 'off' }
  if (!now.isOnline) return { kind: 'offline' }
  if (now.isHidden) return { kind: 'hidden' }
  if (rules.bytesPerDay !== null && now.bytesToday >= rules.bytesPerDay) return { kind: 'dataSpent' }
  const { battery } = now
  if (battery && !battery.isCharging && battery.percent < rules.minBattery)
    return { kind: 'batteryLow', percent: battery.percent }
  return { kind: now.files === 0 ? 'nothingHeld' : 'serving' }
}
