// English of what an owner asks of a slot from afar, and what can be in the way of it.
import type { AskedView } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { OwnerAct } from '../../../core/kiosk/ownerRequestMessage.ts'
import type { FailureText } from '../failureKinds.ts'

export const ask = {
  title: (slot: number) => `Slot ${String(slot)}`,
  body: 'Your kiosk carries what you sign here to the machine. It is done once the machine has said so, as a rule within half a minute.',
  filled: 'After filling it holds',
  fewer: 'One fewer',
  more: 'One more',
  fill: (stock: number) => `Tell the machine: ${String(stock)}`,
  clear: 'It works again',
  clearNote: 'Only if somebody has looked at it: what hangs half-way falls at the next sale.',
  reopen: 'Open it again',
  close: 'Close it',
  closeNote: 'Nothing comes out of it until you open it again, for customers and for staff.',
  test: 'Drop one as a test',
  testNote: 'For nothing, to see that it turns. It counts as free, and whoever stands there has it.',
  list: 'Asked from afar',
  acts: {
    fill: (slot: number, stock: number) => `Slot ${String(slot)}: holds ${String(stock)}`,
    open: (slot: number) => `Slot ${String(slot)}: back in service`,
    close: (slot: number) => `Slot ${String(slot)}: closed`,
    test: (slot: number) => `Slot ${String(slot)}: one as a test`,
  } satisfies Record<OwnerAct, unknown>,
  states: {
    waiting: 'On its way: no word of the machine yet',
    done: 'Done, by the machine’s word',
    refused: 'Not done',
    over: 'Not done: no kiosk fetched it within the hour',
  } satisfies Record<AskedView['state'], string>,
  reasons: {
    jam: 'it jammed',
    noDrop: 'it turned, and nothing fell',
    powerCut: 'the power failed meanwhile',
    doorOpened: 'the door was opened meanwhile',
    machineSaysOtherwise: 'the machine says something else now',
    slotNotGranted: 'the kiosk was not granted this slot',
    requestForOtherKiosk: 'another kiosk has fetched it',
    other: 'the machine refused it',
  },
  asked: (age: string) => `asked ${age}`,
}

export const askFailures = {
  askUnreachable: {
    title: 'Your box does not answer',
    meaning: 'Nothing was asked of the machine.',
    next: 'Look whether the box is online, and ask again.',
  },
  askRefused: {
    title: 'Your box does not take it',
    meaning: 'Nothing was asked of the machine.',
    next: 'Look whether that box is told to work for this machine, and wait until what was asked before is done.',
  },
  kioskUnknown: {
    title: 'No kiosk of yours has reported',
    meaning:
      'A test needs a grant for the key of a kiosk that you have let sell with this wallet. Nothing was signed.',
    next: 'Grant the kiosk here once more, or wait for its next report.',
  },
} satisfies Record<string, FailureText>
