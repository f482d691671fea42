// English of the kiosk: what strangers read at two metres, and what its owner reads behind the PIN. Other languages have the same.
import type { BeginFailure, KioskSale, RefundReason, SaleTrouble } from '../../app/kiosk/kiosk.ts'
import type { VendUnit } from '../../core/vending/machine.ts'
import { kioskFailures } from './en/kioskFailures.ts'
import { kioskInside, kioskSetup } from './en/kioskOwner.ts'
import { plural } from './plural.ts'

interface TwoLines {
  readonly title: string
  readonly body: string
}

export const kioskEn = {
  documentTitle: 'Kiosk',
  loading: 'One moment',
  speech: { on: 'Turn the voice on', off: 'Turn the voice off' },
  startOver: 'Start over',
  back: 'Back',
  owner: 'For the owner',
  attract: {
    touch: 'Touch to buy',
    from: (price: string) => `From ${price}`,
    promise: 'Pay with any wallet. Nothing drops? Your money comes back by itself.',
    spoken: 'Touch the screen to buy.',
  },
  closed: {
    title: 'Closed for a moment',
    body: 'This machine sells again as soon as it can. Nothing can be paid now.',
  },
  grid: {
    title: 'What would you like?',
    spoken: 'What would you like? Touch a product.',
    left: (count: number) => plural(count, 'Last one', `${String(count)} left`),
    states: {
      soldOut: 'Sold out',
      outOfOrder: 'Out of order',
      notOffered: 'Not for sale now',
      unknown: 'Not available',
    },
    about: (price: string) => `about ${price}`,
    none: 'Nothing is for sale here yet.',
  },
  product: {
    howMany: 'How many?',
    fewer: 'One fewer',
    more: 'One more',
    buy: (total: string) => `Pay ${total}`,
    starting: 'One moment',
    refund: 'If nothing drops, your money goes back to you by itself.',
    spoken: (name: string, price: string) => `${name}, ${price}. Touch pay to go on.`,
  },
  units: {
    each: { product: 'each', tenWattHours: 'for 10 Wh', minute: 'a minute' } satisfies Record<
      VendUnit,
      string
    >,
    wattHours: (count: string) => `${count} Wh`,
    kilowattHours: (count: string) => `${count} kWh`,
    minutes: (count: string) => `${count} min`,
  },
  metered: {
    howMuch: 'How much at most?',
    refund: 'Stop at any time: what you do not use goes back to you by itself.',
    title: 'It is on',
    spoken: 'It is on. Touch stop when you have had enough.',
    used: (used: string, of: string) => `${used} of ${of}`,
    cost: (amount: string) => `${amount} so far`,
    note: 'What you do not use goes back to you. You may leave: it ends by itself when it is used up.',
    stop: 'Stop',
    stopping: 'Stopping',
    stopTitle: 'Stop now?',
    stopBody: (rest: string) => `The rest, ${rest}, is not given, and its price goes back to whoever paid.`,
    goOn: 'Let it run',
    done: 'Done',
    doneSpoken: 'Done. What was not used goes back to you.',
    all: (used: string) => `${used} were given: all that was paid for.`,
    part: (used: string, of: string) =>
      `${used} of ${of} were given. What you paid for the rest goes back to you.`,
  },
  pay: {
    title: 'Pay',
    ways: 'How would you like to pay?',
    till: 'Any wallet',
    fob: 'Fob app',
    tillStep: 'Scan with your wallet and send exactly this amount',
    fobStep: 'Scan with your phone: Fob opens with the price',
    code: 'Code to pay with',
    exactly: 'Exactly',
    exactNote: 'The last digits say which purchase is yours. What they are worth comes back at once.',
    to: 'To',
    instant: 'With a prepaid balance: charged only when it drops.',
    camera: 'Show your phone’s code',
    rate: (day: string) => `at the rate of ${day}`,
    left: 'Time left',
    waiting: 'Waiting for your payment',
    waitingNote: 'It appears here by itself.',
    spoken: (total: string, name: string) => `${name}, ${total}. Scan the code with your phone to pay.`,
    lastMinute: 'Less than a minute left. If you haven’t paid yet, start over.',
  },
  steps: { pay: 'Pay', confirm: 'Confirm', collect: 'Collect' },
  seen: {
    title: 'Payment received',
    blocks: (has: number, needs: number) => `Confirmation ${String(has)} of ${String(needs)}`,
    final: 'Waiting until nobody can undo it',
    first: 'The machine is being told',
    note: 'A few seconds more. You need not touch anything.',
    spoken: 'Payment received. One moment.',
  },
  dispensing: {
    title: 'Here it comes',
    body: 'Take it from the hatch below.',
    spoken: 'Here it comes. Take it from the hatch below.',
  },
  dropped: {
    title: 'Enjoy!',
    body: 'It is in the hatch below.',
    part: (dropped: number, of: number) =>
      `${String(dropped)} of ${String(of)} dropped. What you paid for the rest goes back to you.`,
    receipt: 'Your receipt',
    receiptNote: 'Scan to keep it. The machine has signed it.',
    settled: 'Paid out to the sellers',
    settling: 'Paying out to the sellers',
    done: 'Done',
    spoken: 'Enjoy. It is in the hatch below.',
  },
  refunding: {
    title: 'We’re sorry',
    sub: 'Your money is on its way back to you.',
    now: 'It is being sent back now. You need not do anything, and need not wait here.',
    by: (time: string) =>
      `It goes back by ${time} at the latest, to the wallet that paid. You need not wait here.`,
    spoken: 'We are sorry. Your money is on its way back to you.',
  },
  refunded: {
    title: 'Your money is back',
    body: 'It is in the wallet that paid.',
    notCharged: 'Nothing was charged',
    notChargedBody: 'What you signed is void: nothing leaves your balance.',
    spoken: 'Your money is back in the wallet that paid.',
    spokenNot: 'Nothing was charged.',
  },
  why: {
    nothingDropped: 'The machine tried, and nothing fell.',
    soldOut: 'Somebody else got the last one.',
    machineRefused: 'The machine can’t give this product just now.',
    tooLate: 'The payment came after its time.',
    paidTwice: 'This was paid twice. The second payment goes back.',
    notOurs: 'The payment was not for a purchase at this machine.',
    machineUnreachable: 'The machine did not answer in time.',
  } satisfies Record<RefundReason, string>,
  timedOut: {
    title: 'Time is up',
    body: 'No payment has arrived. One that is still on its way comes back to you by itself.',
    again: 'Try again',
    spoken: 'Time is up. No payment has arrived.',
  },
  trouble: {
    machineUnreachable: {
      title: 'The machine does not answer',
      body: 'It is asked again. If it stays silent, your money comes back to you by itself.',
    },
    chainUnreachable: {
      title: 'No connection just now',
      body: 'A payment shows here once the connection is back, or comes back to you by itself.',
    },
    chainUnproven: {
      title: 'The network’s answers differ',
      body: 'The machine waits until they agree. What you have paid is not lost: it comes back if it can’t go on.',
    },
    notPaid: {
      title: 'The payment has gone',
      body: 'The network took it back after the product had dropped. The owner knows of it; you need not do anything.',
    },
  } satisfies Record<SaleTrouble, TwoLines>,
  states: {
    idle: 'Not begun',
    paying: 'Waiting for payment',
    timedOut: 'Not paid',
    seen: 'Payment seen',
    dispensing: 'Dropping',
    dropped: 'Dropped',
    refunding: 'Going back',
    refunded: 'Refunded',
    trouble: 'Trouble',
  } satisfies Record<KioskSale['kind'], string>,
  ways: { till: 'Any wallet', order: 'Fob', instant: 'Fob, prepaid', staff: 'Staff' },
  begin: {
    productUnknown: {
      title: 'This product is gone',
      body: 'The owner has just changed what is sold here. Please choose again.',
    },
    soldOut: { title: 'Sold out', body: 'Somebody just got the last one. Please choose something else.' },
    slotOutOfOrder: {
      title: 'Out of order',
      body: 'The machine can’t give this one just now. Please choose something else.',
    },
    notOffered: {
      title: 'Not for sale now',
      body: 'The owner has paused this product. Please choose something else.',
    },
    quantityTooLarge: {
      title: 'Not that many',
      body: 'Fewer are left, or allowed at once. Please choose a smaller number.',
    },
    kioskBusy: {
      title: 'One moment',
      body: 'The machine is finishing the last purchase. Please try again in a few seconds.',
    },
    gasEmpty: {
      title: 'Closed for a moment',
      body: 'The kiosk can’t settle purchases just now. Nothing was charged; the owner knows of it.',
    },
    machineUnreachable: {
      title: 'The machine does not answer',
      body: 'Nothing was charged. Please try again in a moment.',
    },
    chainUnreachable: {
      title: 'No connection just now',
      body: 'Payments can’t be seen. Nothing was charged; please try again in a moment.',
    },
    chainUnproven: {
      title: 'The network’s answers differ',
      body: 'No payment could be relied on just now. Nothing was charged; please try again in a moment.',
    },
    notStored: {
      title: 'Closed for a moment',
      body: 'The kiosk can’t keep its books just now. Nothing was charged; the owner knows of it.',
    },
  } satisfies Record<BeginFailure['kind'], TwoLines>,
  idle: {
    title: 'Are you still there?',
    body: (seconds: number) =>
      plural(seconds, 'This clears in a second.', `This clears in ${String(seconds)} seconds.`),
    stay: 'I’m still here',
  },
  clears: (seconds: number) => plural(seconds, 'Clears in a second', `Clears in ${String(seconds)} s`),
  leaveSale: {
    title: 'Clear the screen?',
    body: 'Your payment goes on by itself: the product drops, or your money comes back. Only what is on this screen is cleared.',
    stay: 'Stay here',
    clear: 'Clear the screen',
  },
  pin: {
    title: 'Owner’s PIN',
    digits: (count: number) => plural(count, 'One digit typed', `${String(count)} digits typed`),
    erase: 'Delete the last digit',
    enter: 'OK',
    wrong: 'That PIN is wrong.',
    wait: (time: string) => `Too many wrong ones. Try again in ${time}.`,
  },
  setup: kioskSetup,
  inside: kioskInside,
  failures: kioskFailures,
}

export type KioskMessages = typeof kioskEn
