// The machine as the sale engine uses it: each call may be repeated, and an answer is the device's signed word.
import type { Bytes } from '../../core/bytes.ts'
import type { RefundReason } from '../../core/kiosk/sale.ts'
import type { Failure, Result } from '../../core/result.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import type { VendReceipt, VendRecord } from '../../core/vending/vendRecord.ts'

export interface VendingLink {
  /** x || y, 64 bytes: whose word it is. */
  readonly devicePublicKey: Bytes
  /** Until the receipt is there. After a lost link: ask again, nothing moves twice. */
  vend(order: VendOrder): Promise<Result<VendReceipt, Failure>>
  /** What is metered: resolves as soon as it runs, or with what came of it. Asked again, how far it is. */
  start(order: VendOrder): Promise<Result<VendRecord, Failure>>
  /** A signed `failed` without a move; what is metered and runs is stopped; of what was vended the receipt that there is. */
  cancel(order: VendOrder): Promise<Result<VendReceipt, Failure>>
  acknowledge(receipt: VendReceipt): Promise<Result<null, Failure>>
  read(): Promise<Result<MachineReading, Failure>>
}

/** Refusals that the customer's time is too short for. What is not here is tried again. */
const LASTING: ReadonlyMap<string, RefundReason> = new Map([
  ['slotEmpty', 'soldOut'],
  ['orderDeadlineNear', 'tooLate'],
  ...(
    [
      'orderDiffers',
      'orderForgotten',
      'orderDeadlineFar',
      'slotUnknown',
      'slotNotGranted',
      'vendLimitReached',
      'vendGrantOver',
      'slotOutOfOrder',
      'machineDoorOpen',
      'machineTooWarm',
      'machineWithoutMarket',
      'machineReceiptsFull',
      'vendTermsRefused',
    ] as const
  ).map(kind => [kind, 'machineRefused'] as const),
])

/** Why the money goes back at once; null where it is worth trying again. */
export const lastingRefusal = ({ kind }: Failure): RefundReason | null => LASTING.get(kind) ?? null
