// English of what only the owner sees at the kiosk: setting it up, and the page behind the PIN.
import type { KioskAlarm } from '../../../app/kiosk/kiosk.ts'
import { plural } from '../plural.ts'

export const kioskSetup = {
  title: 'Set up a kiosk',
  noMarket: 'This network can’t sell',
  noMarketBody:
    'It names no contracts (Market, Tills) for a kiosk to sell with. Ask whoever runs this copy of Fob.',
  step: (step: number, of: number) => `Step ${String(step)} of ${String(of)}`,
  pinTitle: 'Choose a PIN',
  pinBody:
    'With it you get out of the kiosk, and see its stock and alarms: touch the name at the top five times. Nobody can tell it to you again.',
  pinAgain: 'The same once more',
  pinDiffers: 'These two differ. Please choose it anew.',
  pinSet: 'PIN is set',
  machineTitle: 'Choose the machine',
  machineBody: 'The kiosk holds a key that may only have this machine drop what was paid for.',
  bluetooth: 'Search by Bluetooth',
  noBluetooth: 'This browser has no Bluetooth. Only the demo machine can be used here.',
  demo: 'Use the demo machine',
  known: 'Devices that this browser knows',
  meeting: 'Asking the machine who it is',
  ownerTitle: 'Ask its owner',
  ownerBody: 'The owner opens this machine in Fob, “Sales”, “Grant a kiosk”, and scans this code.',
  code: 'The kiosk’s code',
  answer: 'Then scan the answer from the owner’s phone',
  answerScan: 'Scan the answer',
  answerHint: 'Begins with FOB:KIOSKGRANT:',
  gasTitle: 'Money for fees',
  gasBody:
    'The kiosk pays a small fee for each sale that it hands in. Send a little to this address: what is there is all that this tablet could ever lose.',
  readyTitle: 'Ready to sell',
  readyBody: (slots: string, perDay: string, until: string) =>
    `It may drop from slots ${slots}, at most ${perDay} a day, until ${until}.`,
  start: 'Start the kiosk',
  other: 'Choose another machine',
}

type AlarmText = { readonly title: string; readonly next: string }

export const kioskInside = {
  title: 'Behind the PIN',
  back: 'Back to selling',
  leave: 'Leave the kiosk',
  refresh: 'Ask again',
  noAlarms: 'All is well',
  noAlarmsBody: 'Machine, chain and box answer, and nothing needs you.',
  alarms: 'Needs you',
  stock: 'Stock',
  slot: (slot: number) => `Slot ${String(slot)}`,
  stockOf: (stock: number, capacity: number) => `${String(stock)} of ${String(capacity)}`,
  counters: (vended: number, failed: number) => `${String(vended)} dropped, ${String(failed)} failed`,
  free: (count: number) => plural(count, 'one free for staff', `${String(count)} free for staff`),
  gives: { tenWattHours: 'Energy', minute: 'Time' },
  faults: {
    jam: 'Jammed',
    noDrop: 'Turned, and nothing fell',
    powerCut: 'Power failed while it turned',
    closed: 'Closed by its owner',
  },
  temperature: 'Temperature',
  door: 'Door',
  doorOpen: 'Open',
  doorClosed: 'Closed',
  gas: 'Money for fees',
  gasUnknown: 'Not known just now',
  gasSales: (count: number) =>
    plural(count, 'enough for about one sale', `enough for about ${String(count)} sales`),
  openSales: 'Sales not settled yet',
  sales: 'Last sales',
  noSales: 'Nothing was sold yet.',
  service: (slot: number) => `Fill or clear slot ${String(slot)}`,
  serviceBody: 'Units in it now, counted by you.',
  serviceFewer: 'One fewer',
  serviceMore: 'One more',
  serviceFull: 'Full',
  serviceCleared: 'I have looked at it, and it works again',
  serviceDone: 'Tell the machine',
  serviceCancel: 'Cancel',
  demo: 'The demo machine',
  demoBody: 'It runs in this page. Break something, and see what a customer sees.',
  demoJam: 'The next one jams',
  demoDoor: 'Open the door',
  demoMend: 'Mend everything',
  demoSet: 'The machine has been told.',
  machine: 'Machine',
  catalogue: 'Catalogue',
  catalogueOf: (version: number) => `Version ${String(version)}`,
  noCatalogue: 'None yet: publish one from your phone',
  grantUntil: 'May sell until',
  changePin: 'Change the PIN',
  forget: 'Set up anew',
  forgetTitle: 'Forget this machine?',
  forgetBody:
    'Grant and catalogue go from this tablet. What is left for fees is sent to the owner of the machine first.',
  forgetAction: 'Forget it',
  keep: 'Keep it',
  alarmOfSlot: { slotOutOfOrder: 'out of order', slotEmpty: 'empty' },
  alarm: {
    machineUnreachable: {
      title: 'The machine does not answer',
      next: 'Look whether it has power and is within a few metres. Nothing is sold meanwhile.',
    },
    chainUnreachable: {
      title: 'No connection to the chain',
      next: 'Look at the tablet’s network. Nothing is sold meanwhile.',
    },
    chainUnproven: {
      title: 'The chain can’t be believed just now',
      next: 'Too few endpoints agree, or none proves what it says. Nothing is sold meanwhile; look at the endpoints of your network.',
    },
    stuck: {
      title: 'A part of the kiosk does not go on',
      next: 'It is tried again and again, and the kiosk loads itself anew if that does not help. If this stays, look whether the tablet’s storage is full, and switch it off and on.',
    },
    gasLow: {
      title: 'Money for fees is getting low',
      next: 'Send a little to the kiosk’s account for fees.',
    },
    gasEmpty: {
      title: 'No money for fees',
      next: 'Nothing can be sold until you send a little to the kiosk’s account for fees.',
    },
    slotOutOfOrder: {
      title: 'A slot is out of order',
      next: 'Look at it, then tap it in the kiosk’s stock (behind its PIN).',
    },
    slotEmpty: {
      title: 'A slot is empty',
      next: 'Fill it, then tap it in the kiosk’s stock (behind its PIN).',
    },
    doorOpen: { title: 'The door is open', next: 'Close it: nothing drops while it is open.' },
    tooWarm: {
      title: 'It is too warm in the machine',
      next: 'Look at the cooling. Chilled products are not sold meanwhile.',
    },
    grantEnding: {
      title: 'The permission to sell ends soon',
      next: 'Grant it anew from your phone: “Sales”, “Grant a kiosk”.',
    },
    catalogueRefused: {
      title: 'A new catalogue was refused',
      next: 'The present one stays. Publish it anew from your phone.',
    },
    catalogueUnreachable: {
      title: 'The catalogue can’t be fetched',
      next: 'The present one stays. Look whether your box is online.',
    },
    lossSuffered: {
      title: 'Products dropped that nobody paid for',
      next: 'The network took payments back. Demand more confirmations in the catalogue.',
    },
  } satisfies Record<KioskAlarm['kind'], AlarmText>,
}
