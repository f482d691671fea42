// What staff takes from a machine for nothing, as the ui sees it. Part of `Market`.
import type { Hex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { MachineSlot } from '../../core/vending/machine.ts'
import type { VendCause } from '../../core/vending/vendRecord.ts'
import type { KeyId } from './market.ts'

/** What a key of staff allows: which slots, and how many units in one day of UTC. The machine keeps to it. */
export interface FreeVends {
  readonly slots: readonly number[]
  readonly perDay: number
  /** Newest first: what the machine has signed. */
  readonly taken: readonly FreeVendView[]
  /** Asked, and the machine's answer never came: it may have given it out. Asking again gives its answer, and nothing twice. */
  readonly unanswered: { readonly slot: number } | null
}

/** The machine's signed word. */
export interface FreeVendView {
  /** Unix seconds, by this phone's clock. */
  readonly at: number
  readonly slot: number
  readonly outcome: 'dropped' | 'failed'
  /** Why it failed; not signed. */
  readonly cause: VendCause
  /** Of the device's receipts. */
  readonly counter: number
  readonly signature: Hex
  /** What was signed. */
  readonly digest: Hex
}

/** What is in the slots that the key allows, just now. */
export interface StaffReading {
  readonly slots: readonly MachineSlot[]
  readonly isDoorOpen: boolean
  readonly isBusy: boolean
}

export interface FreeVending {
  /** Over `deviceKey` of the device list, chosen before, as in `open`. The link is let go of afterwards. */
  lookInto(keyId: KeyId, deviceKey: string): Promise<Result<StaffReading, Failure>>
  /**
   * One unit of the slot, written down before the machine hears of it. `vendOutcomeUnknown`: it may have dropped; asked again, for
   * whichever slot, the machine says what became of that one, and does nothing more.
   */
  takeFree(keyId: KeyId, deviceKey: string, slot: number): Promise<Result<FreeVendView, Failure>>
  /** Signs what a phone may take for nothing, with the owner key; beside `lend`, in the same list. */
  lendFree(request: LendFreeRequest): Promise<Result<{ readonly code: string }, Failure>>
}

export interface LendFreeRequest {
  readonly deviceId: DeviceId
  /** For the owner alone. */
  readonly name: string
  /** From the code that the other phone shows; null: this phone. */
  readonly userKeyHash: Hex | null
  /** Unix seconds. */
  readonly from: number
  readonly until: number
  readonly slots: readonly number[]
  readonly perDay: number
}
