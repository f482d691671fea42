// Why a machine did not do what it was asked, as failures with a kind of their own.
import { explainRefusal, type LockFailure } from '../lock/refusal.ts'
import type { SmpFailure } from '../smp/client.ts'
import { FobError } from '../smp/errors.ts'
import { SmpGroup } from '../smp/message.ts'

/** The machine has refused, and the order is as it was: it can be asked for again before its deadline, or be cancelled. */
export type VendRefusal =
  /** The session has no terms yet: neither slots nor a day's limit are known. */
  | { readonly kind: 'vendTermsMissing' }
  /** The order was asked for with another slot, quantity or deadline before. */
  | { readonly kind: 'orderDiffers' }
  /** Its deadline lies before those of orders that the machine has forgotten: it may be one of them. */
  | { readonly kind: 'orderForgotten' }
  /** The machine knows nothing of it. */
  | { readonly kind: 'orderUnknown' }
  | { readonly kind: 'slotUnknown' }
  | { readonly kind: 'slotNotGranted' }
  /** As much was given out today under this grant as it allows. */
  | { readonly kind: 'vendLimitReached' }
  /** The grant has ended, is revoked or used up, or does not hold at this hour. */
  | { readonly kind: 'vendGrantOver' }
  /** Too late: the receipt might not reach the chain in time. */
  | { readonly kind: 'orderDeadlineNear' }
  /** More than a day ahead. */
  | { readonly kind: 'orderDeadlineFar' }
  /** Since a power loss: it has to be told the time first. */
  | { readonly kind: 'machineTimeUncertain' }
  /** Another order is running. */
  | { readonly kind: 'machineBusy' }
  | { readonly kind: 'slotEmpty' }
  /** Jammed, or it turned and nothing fell: somebody has to look at it. */
  | { readonly kind: 'slotOutOfOrder' }
  | { readonly kind: 'machineDoorOpen' }
  | { readonly kind: 'machineTooWarm' }
  /** Its Config names no Market. */
  | { readonly kind: 'machineWithoutMarket' }
  /** Too many receipts wait to be acknowledged. */
  | { readonly kind: 'machineReceiptsFull' }
  /** The order is running: there is no receipt yet. */
  | { readonly kind: 'vendRunning' }
  /** What the slot gives is not metered: it is sold by the piece. */
  | { readonly kind: 'slotNotMetered' }
  /** Not the channel's: of another signer, chain, contract, channel or total. */
  | { readonly kind: 'meterVoucherInvalid' }
  /** For more than the channel holds. */
  | { readonly kind: 'meterDepositExceeded' }
  /** The run has ended: its receipt says with what. */
  | { readonly kind: 'meterStopped' }

export type VendFailure =
  | LockFailure
  | VendRefusal
  /** No receipt in the time that was given: the order is written down, so ask for its receipt again. */
  | { readonly kind: 'vendUnfinished' }

const REFUSALS: ReadonlyMap<number, VendRefusal> = new Map<number, VendRefusal>([
  [FobError.VEND_TERMS_MISSING, { kind: 'vendTermsMissing' }],
  [FobError.ORDER_DIFFERS, { kind: 'orderDiffers' }],
  [FobError.ORDER_FORGOTTEN, { kind: 'orderForgotten' }],
  [FobError.ORDER_UNKNOWN, { kind: 'orderUnknown' }],
  [FobError.SLOT_UNKNOWN, { kind: 'slotUnknown' }],
  [FobError.SLOT_NOT_GRANTED, { kind: 'slotNotGranted' }],
  [FobError.DAY_LIMIT, { kind: 'vendLimitReached' }],
  [FobError.GRANT_OVER, { kind: 'vendGrantOver' }],
  [FobError.DEADLINE_NEAR, { kind: 'orderDeadlineNear' }],
  [FobError.DEADLINE_FAR, { kind: 'orderDeadlineFar' }],
  [FobError.TIME_UNCERTAIN, { kind: 'machineTimeUncertain' }],
  [FobError.MACHINE_BUSY, { kind: 'machineBusy' }],
  [FobError.SLOT_EMPTY, { kind: 'slotEmpty' }],
  [FobError.SLOT_FAULTY, { kind: 'slotOutOfOrder' }],
  [FobError.DOOR_OPEN, { kind: 'machineDoorOpen' }],
  [FobError.TOO_WARM, { kind: 'machineTooWarm' }],
  [FobError.NO_MARKET, { kind: 'machineWithoutMarket' }],
  [FobError.RECEIPTS_FULL, { kind: 'machineReceiptsFull' }],
  [FobError.VEND_RUNNING, { kind: 'vendRunning' }],
  [FobError.NOT_METERED, { kind: 'slotNotMetered' }],
  [FobError.VOUCHER_INVALID, { kind: 'meterVoucherInvalid' }],
  [FobError.VOUCHER_TOO_HIGH, { kind: 'meterDepositExceeded' }],
  [FobError.METER_STOPPED, { kind: 'meterStopped' }],
])

/** Other failures are explained as a lock's. */
export function explainVend(failure: SmpFailure): LockFailure | VendRefusal {
  const isFobs = failure.kind === 'deviceError' && failure.group === SmpGroup.fob
  return (isFobs && REFUSALS.get(failure.rc)) || explainRefusal(failure)
}
