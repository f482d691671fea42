// A device’s calendar around now, read from the chain: what can be ordered, what is taken.
import { useCallback, useMemo } from 'react'
import type { HoursReading } from '../../../../app/market/market.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import type { Result } from '../../../../core/result.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { useRead } from '../useRead.ts'
import type { HourStates } from './slots.ts'

const HOURS_PER_WORD = 128

/** Days ahead and behind that are read. */
export const daysAhead = 180
export const daysBehind = 32

export interface HoursView {
  /** null until they were read. */
  readonly states: HourStates | null
  readonly failure: ShownFailure | null
  readonly again: () => void
}

/** `read` has to be the same function while the device is the same. */
export function useHours(read: (range: HourRange) => Promise<Result<HoursReading, ShownFailure>>): HoursView {
  const readNow = useCallback(() => {
    const hour = Math.floor(Date.now() / 3_600_000)
    return read({ first: hour - daysBehind * 24, end: hour + daysAhead * 24 })
  }, [read])
  const { value, failure, again } = useRead(readNow)
  const states = useMemo(() => (value === null ? null : statesOf(value)), [value])
  return { states, failure, again }
}

const statesOf =
  ({ wordAt }: HoursReading): HourStates =>
  hour => {
    const { open, booked } = wordAt(Math.floor(hour / HOURS_PER_WORD))
    const bit = 1n << BigInt(((hour % HOURS_PER_WORD) + HOURS_PER_WORD) % HOURS_PER_WORD)
    if ((booked & bit) !== 0n) return 'booked'
    return (open & bit) === 0n ? 'closed' : 'free'
  }
