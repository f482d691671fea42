// After an update stopped: what became of the device itself, from what is known and nothing more.
import type { UpdateState } from '../../../core/update/state.ts'

export type DeviceNow =
  /** Not a byte was written. */
  | 'untouched'
  /** The old firmware runs; the free slot holds a part, or all, of the new one. */
  | 'partly'
  /** Told to boot the new image and not read back since. */
  | 'restarted'
  | 'reverted'

export function deviceNow(state: UpdateState): DeviceNow {
  if (state.failure?.kind === 'reverted') return 'reverted'
  if (state.swapRequested) return 'restarted'
  return state.hasWritten === true ? 'partly' : 'untouched'
}
