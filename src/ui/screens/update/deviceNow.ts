// After an update stopped: what became of the device itself, from what is known and nothing more.
import type { UpdateState } from '../../../core/update/state.ts'

export type DeviceNow =
  /** Not a byte was written. */
  | 'untouched'
  /** The old firmware runs; the free slot holds a part, or all, of the new one. */
  | 'partly'
  /** Only its loader runs: the new firmware is not complete, or nothing was written yet. */
  | 'inLoader'
  /** Told to boot the new image and not read back since. */
  | 'restarted'
  /** The same, of a device that does not go back by itself. */
  | 'startsNew'
  | 'reverted'

export function deviceNow(state: UpdateState): DeviceNow {
  if (state.failure?.kind === 'reverted') return 'reverted'
  const confirm = state.plan?.confirm ?? []
  const isOverwritten = confirm.includes('overwrittenByLoader')
  const staysNew = isOverwritten || confirm.includes('noWayBack')
  if (state.swapRequested) return staysNew ? 'startsNew' : 'restarted'
  const isWritten = state.hasWritten === true
  if (isInLoader(state) || (isOverwritten && isWritten)) return 'inLoader'
  return isWritten ? 'partly' : 'untouched'
}

/** Whether it was sent into its loader, and not told to start anything since. */
export const isInLoader = ({ loaderRequested, swapRequested, failure }: UpdateState): boolean =>
  loaderRequested === true && !swapRequested && failure?.kind !== 'loaderNotEntered'
