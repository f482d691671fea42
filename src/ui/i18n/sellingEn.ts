// English of an owner’s kiosks, from anywhere: loaded with their screens. Every other language must have the same messages.
import type { PublishStep, SalesReading } from '../../app/kiosk/owner/kioskOwner.ts'
import type { SlotFault } from '../../core/vending/machine.ts'
import { kioskInside } from './en/kioskOwner.ts'
import type { FailureText } from './failureKinds.ts'
import { plural } from './plural.ts'

const unchanged = 'Nothing was changed.'

export const sellingEn = {
  title: 'Sales',
  notYours: 'This machine is not yours',
  machine: 'The machine',
  partyBody:
    'Whoever has a share of its sales sees here what it has sold and what is theirs, without asking its owner.',
  payOut: 'Pay out',
  forParties: 'For those who share',
  forPartiesNote: 'Give them this link: they see the same from the chain, and pay out what is theirs.',
  reading: 'Asking box and chain',
  products: 'Products',
  productsNote: (count: number, version: number) =>
    `${plural(count, 'One product', `${String(count)} products`)}, version ${String(version)}`,
  productsNone: 'Nothing is for sale yet',
  productsUnread: 'What is sold, for how much, to whom it goes',
  grant: 'Grant a kiosk',
  grantNote: 'Let a tablet sell from this machine',
  staff: 'Let staff take products',
  staffNote: 'For nothing: some slots, so many a day',
  state: 'Now',
  never: 'No kiosk has reported yet',
  neverBody: 'Grant one, and look that it reaches your box.',
  reported: (age: string) => `Reported ${age}`,
  noAlarms: 'All is well',
  alarm: kioskInside.alarm,
  stock: 'Stock',
  slot: (slot: number) => `Slot ${String(slot)}`,
  stockOf: (stock: number, capacity: number) => `${String(stock)} of ${String(capacity)}`,
  gas: 'Money for fees',
  till: 'Till',
  tillNone: 'Not open yet: opened with the first publishing',
  salesOf: 'Sales',
  period: { week: '7 days', month: '30 days', quarter: '90 days' },
  perDay: 'Sold per day',
  plot: (sold: string, refunded: string, from: string, to: string) =>
    `${sold} sold and ${refunded} refunded, from ${from} to ${to}`,
  most: (count: number) => `At most ${String(count)} a day`,
  dayOf: (day: string, sold: number, refunded: number) =>
    `${day}: ${String(sold)} sold${refunded === 0 ? '' : `, ${String(refunded)} refunded`}`,
  byDay: 'Day by day',
  parties: 'Who has earned what',
  partiesNote: 'Read from the chain alone: each of them sees the same without asking you.',
  kept: (amount: string) => `${amount} not withdrawn yet`,
  escrow: 'Paid, and neither dropped nor refunded',
  csv: 'Save as a table (CSV)',
  noSales: 'Nothing was sold in this time.',
  rows: 'Last sales',
  rowStates: { open: 'Open', sold: 'Sold', refunded: 'Refunded' } satisfies Record<
    SalesReading['rows'][number]['state'],
    string
  >,
  product: (number: number) => `Product ${String(number)}`,
  productUnknown: 'Product of an earlier offer',
  free: (count: number) => plural(count, 'one free for staff', `${String(count)} free for staff`),
  gives: { tenWattHours: 'Energy', minute: 'Time' },
  faults: {
    jam: 'Jammed',
    noDrop: 'Turned, and nothing fell',
    powerCut: 'Power failed while it turned',
    closed: 'Closed by you',
  } satisfies Record<Exclude<SlotFault, 'none'>, string>,
  unknownKiosk:
    'No kiosk that you have let sell with this wallet has signed this report. A box could have made it up.',
  editor: {
    title: 'Products',
    kioskTitle: 'Name of the kiosk',
    titleEn: 'Name in English',
    titleZh: 'Name in Chinese',
    add: 'Add a product',
    remove: 'Remove it',
    unnamed: 'New product',
    nameEn: 'Name in English',
    nameZh: 'Name in Chinese',
    noteEn: 'A line about it, in English',
    noteZh: 'A line about it, in Chinese',
    zhHint: 'Left empty, the English one is shown.',
    money: 'Sold for',
    tokenNote: 'A token is paid from Fob alone: other wallets’ plain transfers are of coins.',
    price: (symbol: string) => `Price (${symbol})`,
    perUnit: {
      tenWattHours: 'For 10 Wh: this slot gives energy. What is not used goes back.',
      minute: 'For a minute: this slot gives time. What is not used goes back.',
    },
    slot: 'Slot of the machine',
    slotHint: 'As printed beside it, from 0.',
    most: 'At most at once',
    picture: 'Picture',
    pictureChoose: 'Choose a picture',
    pictureOther: 'Choose another one',
    pictureNote: 'At most 512 kB. Your box gives it away; kiosks and buyers check each part of it.',
    shares: 'Who gets how much',
    ways: 'Ways to pay',
    way: {
      till: 'Any wallet: a plain transfer of the exact amount',
      order: 'Fob: paid on chain before it drops',
      instant: 'Fob: signed at once, charged when it drops',
    },
    depth: 'When the machine drops',
    depthNote:
      'After so many blocks on top of the payment. Less is quicker; a payment that vanishes afterwards is your loss.',
    depthUpTo: (symbol: string) => `Up to this price (${symbol})`,
    depthBlocks: 'after so many blocks',
    depthAbove: 'Above that: when nobody can undo the payment.',
    instant: 'What you risk on signatures',
    perSale: (symbol: string) => `In one sale (${symbol})`,
    perBuyer: (symbol: string) => `Open of one buyer (${symbol})`,
    open: (symbol: string) => `Open in all (${symbol})`,
    publish: 'Look what has to be signed',
    stepsTitle: 'Until it is for sale',
    steps: {
      openTill: 'Open the Till of this machine',
      makeOffer: (name: string) => `Offer “${name}”`,
      setProduct: (name: string) => `Put “${name}” into the Till`,
      removeProduct: (number: string) => `Take product ${number} out of the Till`,
      sign: 'Sign the catalogue, and give it to your box',
    } satisfies Record<PublishStep['kind'], unknown>,
    next: 'Next signature',
    waiting: 'Waiting until that is final; then the next one',
    published: (version: number) =>
      `Version ${String(version)} is published. Kiosks take it within a minute.`,
    faults: {
      number: 'A whole number.',
      fields: 'Something here can’t be published yet',
    },
  },
  kiosk: {
    title: 'Grant a kiosk',
    body: 'The tablet shows a code while it is set up (at the address /kiosk). Its key may then have this machine drop what was paid for, and nothing else.',
    scan: 'Scan the kiosk’s code',
    scanHint: 'Begins with FOB:KIOSK:',
    scanned: 'The kiosk of this machine',
    gas: 'Its account for fees',
    slots: 'Slots',
    slotsHint: 'From–to, or a list: 0-7, 9',
    perDay: 'Products a day, at most',
    days: 'For so many days',
    box: 'Your box',
    boxHint: 'Its address, where the kiosk fetches the catalogue.',
    sign: 'Sign the grant',
    answer: 'The kiosk’s answer',
    answerBody: 'Let the kiosk scan it, or paste it there.',
  },
  failures: {
    chainUnreachable: {
      title: 'No connection to the chain',
      meaning:
        'What is for sale, was sold and is yours is read from it. Your kiosks keep the catalogue that they have.',
      next: 'Look at the network connection and try again.',
    },
    notOnThisNetwork: {
      title: 'This network can’t sell',
      meaning: 'It names no contracts (Market, Tills) to sell with.',
      next: 'Ask whoever runs this copy of Fob.',
    },
    walletMissing: {
      title: 'There is no wallet here',
      meaning: unchanged,
      next: 'Open the wallet with which the machine was claimed.',
    },
    notOwner: {
      title: 'This machine is not yours',
      meaning: `The chain names another owner. ${unchanged}`,
      next: 'Use the wallet with which it was claimed.',
    },
    codeMalformed: {
      title: 'That is no code of a kiosk',
      meaning: unchanged,
      next: 'Scan the code that the kiosk shows while it is set up.',
    },
    codeForOther: {
      title: 'That kiosk stands before another machine',
      meaning: unchanged,
      next: 'Open that machine’s sales, or choose this machine at the kiosk.',
    },
    boxUnreachable: {
      title: 'Your box does not answer',
      meaning: 'What is on the chain is there; the catalogue was not handed over.',
      next: 'Look whether the box is online, and go on here.',
    },
    boxRefused: {
      title: 'Your box refused it',
      meaning: 'Kiosks keep the catalogue that they have.',
      next: 'Look whether that box is told to work for this machine.',
    },
    pictureTooLarge: {
      title: 'That picture is too large',
      meaning: 'At most 512 kB, so that a kiosk has it at once.',
      next: 'Make it smaller and choose it again.',
    },
    pictureNotStored: {
      title: 'The picture could not be stored',
      meaning: 'This browser can’t give it away.',
      next: 'Look whether there is room, and try again.',
    },
    notAPicture: {
      title: 'That is not a picture',
      meaning: unchanged,
      next: 'Choose a PNG, JPEG, WebP, AVIF, GIF or SVG file.',
    },
    draftInvalid: {
      title: 'This can’t be published yet',
      meaning: 'A field is not what the contract takes.',
      next: 'Look at the field that is named below.',
    },
  } satisfies Record<string, FailureText>,
}

export type SellingMessages = typeof sellingEn
