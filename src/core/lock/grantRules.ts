// Whether a grant lets its holder act now: the checks that need no key. A lock decides by them, a phone foretells.
import { GrantAction } from './grant.ts'
import type { GrantTerms, SessionAction } from './openMessage.ts'
import type { OpenRefusal } from './openResult.ts'

export interface GrantFacts {
  readonly action: SessionAction
  /** Of the device's Config; 0 before the first. */
  readonly epoch: number
  /** Unix seconds: the last time that the device is certain to have passed. */
  readonly time: number
  /** Whether `time` is the present one. */
  readonly isTimeCertain: boolean
  /** Of the grants of this order that the device has seen. */
  readonly highestSeq: number
  /** Counted for this order, or for this grant where it has none. */
  readonly uses: number
}

/** null where the grant holds. */
export function grantRefusal(grant: GrantTerms, facts: GrantFacts): OpenRefusal | null {
  if ((grant.actions & facts.action) === 0) return 'actionNotGranted'
  if (grant.epoch < facts.epoch) return 'epochStale'
  if (grant.orderId !== 0n && grant.seq < facts.highestSeq) return 'superseded'
  // Time only grows: what has ended by the last known time has ended, however much later it is.
  if (grant.notAfter <= facts.time) return 'expired'
  if (facts.isTimeCertain) {
    if (facts.time < grant.notBefore) return 'notYet'
    if (!isGrantedHour(grant.weeklyHours, facts.time)) return 'outsideHours'
  } else if ((grant.actions & GrantAction.withoutTime) === 0 || grant.maxUses === 0) return 'timeUncertain'
  if (grant.maxUses !== 0 && facts.uses >= grant.maxUses) return 'usesSpent'
  return null
}

/** Thursday 1970-01-01 00:00 was three days after a Monday. */
const EPOCH_HOUR_OF_WEEK = 3 * 24

/** `weeklyHours` as in Grant, 21 bytes; `time` in Unix seconds. */
export function isGrantedHour(weeklyHours: Uint8Array, time: number): boolean {
  if (weeklyHours.every(byte => byte === 0)) return true
  const hour = (Math.floor(time / 3600) + EPOCH_HOUR_OF_WEEK) % 168
  return ((weeklyHours[hour >> 3] ?? 0) & (0x80 >> (hour & 7))) !== 0
}
