// Whether a machine gives something out now: by order, terms and time, and by what is the matter with slot, door and cold.
import type { Address } from '../../src/core/bytes.ts'
import { FobError } from '../../src/core/smp/errors.ts'
import type { MachineSlot } from '../../src/core/vending/machine.ts'
import { LONGEST_ORDER_S, VEND_MARGIN_S, type VendOrder } from '../../src/core/vending/vendOrder.ts'
import { hasSlot, type SignedVendTerms, VendUse } from '../../src/core/vending/vendTerms.ts'
import type { DeviceClock } from '../lock/clock.ts'
import type { OwnerState } from '../owner/ownerState.ts'
import type { VendingHardware } from './hardware.ts'
import type { VendRecords } from './vendRecords.ts'

export const NO_MARKET: Address = `0x${'0'.repeat(40)}`

interface OrderFacts {
  readonly state: OwnerState
  readonly clock: DeviceClock
  readonly records: VendRecords
}

/** Of an order that is not known, whatever is in its slot. A FobError, or null. */
export function refusalOfOrder(
  { slot, notAfter }: Pick<VendOrder, 'slot' | 'notAfter'>,
  terms: SignedVendTerms,
  { state, clock, records }: OrderFacts,
): number | null {
  if (!hasSlot(terms.slots, slot)) return FobError.SLOT_NOT_GRANTED
  if (!state.owner) return FobError.NOT_PAIRED
  const market = state.config?.config.market ?? NO_MARKET
  if (terms.use === VendUse.sell && market === NO_MARKET) return FobError.NO_MARKET
  if (records.mayBeForgotten(notAfter)) return FobError.ORDER_FORGOTTEN
  const { time, isTimeCertain } = clock.now()
  if (!isTimeCertain) return FobError.TIME_UNCERTAIN
  if (notAfter > time + LONGEST_ORDER_S) return FobError.DEADLINE_FAR
  return notAfter - VEND_MARGIN_S <= time ? FobError.DEADLINE_NEAR : null
}

/** Of a slot that so many units are asked of. A FobError, or null. */
export function refusalOfSlot(slot: MachineSlot, quantity: number, hardware: VendingHardware): number | null {
  if (slot.fault !== 'none') return FobError.SLOT_FAULTY
  if (slot.stock < quantity) return FobError.SLOT_EMPTY
  if (hardware.isDoorOpen()) return FobError.DOOR_OPEN
  return slot.isChilled && isTooWarm(hardware) ? FobError.TOO_WARM : null
}

export function isTooWarm(hardware: VendingHardware): boolean {
  const temperature = hardware.temperature()
  return temperature !== null && temperature > hardware.warmest
}
