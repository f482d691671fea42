// What the machine has counted of each slot: its stock, what it gave out and failed to, and what is wrong with it.
import type { MachineSlot } from '../../src/core/vending/machine.ts'
import { decodeSlot, encodeSlot } from '../../src/core/vending/machine.ts'
import type { Settings } from '../owner/settings.ts'
import { type HardwareSlot, MAX_SLOTS, NOT_COUNTED } from './hardware.ts'
import type { Change } from './vendRecords.ts'

/** Keys of the slots: from here on, one for each. */
const FIRST_KEY = 0x300
const UINT32 = 2 ** 32

export class SlotStates {
  readonly #settings: Settings
  readonly #slots: readonly HardwareSlot[]

  constructor(settings: Settings, slots: readonly HardwareSlot[]) {
    if (slots.length > MAX_SLOTS) throw new RangeError(`${slots.length} slots, at most ${MAX_SLOTS}`)
    this.#settings = settings
    this.#slots = slots
  }

  get count(): number {
    return this.#slots.length
  }

  /** undefined where there is no such slot. */
  get(slot: number): MachineSlot | undefined {
    const built = this.#slots[slot]
    if (!built) return undefined
    const { unit, isChilled, capacity, stock } = built
    const bytes = this.#settings.get(FIRST_KEY + slot)
    const stored = bytes && decodeSlot(bytes, slot)
    const counted = stored ?? { slot, fault: 'none', stock, given: 0, failed: 0 }
    return { ...counted, unit, isChilled, capacity, stock: Math.min(counted.stock, capacity) }
  }

  change(state: MachineSlot): Change {
    return [FIRST_KEY + state.slot, encodeSlot(state)]
  }

  /** After an order: `given` units of it passed the sensor. */
  after(state: MachineSlot, given: number, fault: MachineSlot['fault']): MachineSlot {
    const stock = state.capacity === NOT_COUNTED ? NOT_COUNTED : Math.max(0, state.stock - given)
    const failed = given === 0 ? state.failed + 1 : state.failed
    return {
      ...state,
      stock,
      given: Math.min(state.given + given, UINT32 - 1),
      failed: Math.min(failed, UINT32 - 1),
      fault: fault === 'none' ? state.fault : fault,
    }
  }
}
