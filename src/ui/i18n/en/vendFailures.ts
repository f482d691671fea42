// English: why a machine gives nothing out, for staff and owners: what happened, what it means, what to do next.
import type { VendRefusal } from '../../../core/vending/failures.ts'
import type { FailureText } from '../failureKinds.ts'

/** Beside its refusals what a session with it can fail of. */
export type VendFailureKind =
  // Of orders the screens have words of their own.
  | Exclude<VendRefusal['kind'], 'orderUnknown'>
  | 'vendTermsRefused'
  | 'vendUnfinished'
  | 'vendOutcomeUnknown'
  | 'sessionRepeated'

const nothing = 'Nothing came out, and nothing was counted.'

export const vendFailures: Record<VendFailureKind, FailureText> = {
  vendTermsMissing: {
    title: 'The machine does not know what you may take',
    meaning: nothing,
    next: 'Try again. If it stays, ask the owner for a new code.',
  },
  vendTermsRefused: {
    title: 'The machine does not take these limits',
    meaning: `They are not signed by its owner, or for another key. ${nothing}`,
    next: 'Ask the owner for a new code.',
  },
  orderDiffers: {
    title: 'The machine knows another request by that number',
    meaning: nothing,
    next: 'Try again.',
  },
  orderForgotten: {
    title: 'The machine can’t tell any more whether it gave this out',
    meaning: 'So it does not give it out again.',
    next: 'Try again: that is a new request.',
  },
  slotUnknown: {
    title: 'The machine has no such slot',
    meaning: nothing,
    next: 'Read the slots anew, and choose another one.',
  },
  slotNotGranted: {
    title: 'This slot is not among yours',
    meaning: nothing,
    next: 'Choose another one, or ask the owner for it.',
  },
  vendLimitReached: {
    title: 'That is all for today',
    meaning: `The machine has given out as much as the owner allows in one day (UTC). ${nothing}`,
    next: 'Come back tomorrow, or ask the owner for more.',
  },
  vendGrantOver: {
    title: 'The machine does not take this key any more',
    meaning: `Its time is over, or the owner has ended it. ${nothing}`,
    next: 'Ask the owner for a new one.',
  },
  orderDeadlineNear: {
    title: 'The time for it was over',
    meaning: nothing,
    next: 'Try again: that is a new request.',
  },
  orderDeadlineFar: {
    title: 'The machine’s clock is far behind',
    meaning: nothing,
    next: 'Go online next to the machine, so that it is told the time, and try again.',
  },
  machineTimeUncertain: {
    title: 'The machine does not know the time',
    meaning: `It had no power for a while, and keeps to nobody’s limits without a clock. ${nothing}`,
    next: 'Go online next to the machine, so that it is told the time, and try again.',
  },
  machineBusy: {
    title: 'The machine is giving something out',
    meaning: nothing,
    next: 'Wait until it has come to rest, and try again.',
  },
  slotEmpty: {
    title: 'This slot is empty',
    meaning: `So the machine has counted. ${nothing}`,
    next: 'Choose another one, or have it filled.',
  },
  slotOutOfOrder: {
    title: 'This slot is out of order or closed',
    meaning: `Something got stuck, or the owner has closed it. ${nothing}`,
    next: 'Look at it, and have it opened again: at the kiosk or by its owner.',
  },
  machineDoorOpen: {
    title: 'The machine’s door is open',
    meaning: nothing,
    next: 'Close it, and try again.',
  },
  machineTooWarm: {
    title: 'It is too warm in the machine',
    meaning: `What has to be cold is not given out. ${nothing}`,
    next: 'Look at the cooling. Slots that need none work.',
  },
  machineWithoutMarket: {
    title: 'The machine was not told where it sells',
    meaning: nothing,
    next: 'Its owner brings its settings first.',
  },
  machineReceiptsFull: {
    title: 'The machine’s memory is full',
    meaning: `Too many of its receipts were not collected by anybody. ${nothing}`,
    next: 'Look whether the kiosk before it is switched on, and try again.',
  },
  vendRunning: {
    title: 'It is still running',
    meaning: 'The machine has not said yet what came of it.',
    next: 'Wait a moment, and press again.',
  },
  vendUnfinished: {
    title: 'The machine has not finished',
    meaning: 'It was asked, and has not said yet what came of it.',
    next: 'Look into its tray, and press again: nothing drops twice for it.',
  },
  vendOutcomeUnknown: {
    title: 'The link broke: it may have dropped',
    meaning: 'The machine was asked, and its answer did not arrive.',
    next: 'Look into its tray, then ask it again: it says what came of it, and drops nothing more for it.',
  },
  sessionRepeated: { title: 'The machine has heard that before', meaning: nothing, next: 'Try again.' },
  slotNotMetered: {
    title: 'This slot gives out pieces',
    meaning: `It does not measure. ${nothing}`,
    next: 'Choose another one.',
  },
  meterVoucherInvalid: {
    title: 'The machine does not take that payment',
    meaning: 'It is not signed for its channel. What was paid before stays what it was.',
    next: 'Stop, and begin anew.',
  },
  meterDepositExceeded: {
    title: 'The deposit is used up',
    meaning: 'The machine stops by itself; nothing more is owed.',
    next: 'Put more in, and begin anew.',
  },
  meterStopped: {
    title: 'It has stopped',
    meaning: 'The machine’s receipt says how much it gave.',
    next: 'Begin anew, if you need more.',
  },
}
