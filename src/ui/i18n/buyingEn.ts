// English of buying at a kiosk with Fob: loaded with its screens. Every other language must have the same messages.
import type { BoughtView, SaleRequest } from '../../app/kiosk/buyer/saleBuyer.ts'
import { instantRefusals } from './en/instantRefusals.ts'
import type { FailureText } from './failureKinds.ts'
import { plural } from './plural.ts'

interface TwoLines {
  readonly title: string
  readonly body: string
}

const nothingPaid = 'Nothing was paid.'

export const buyingEn = {
  title: 'Buy',
  reading: 'Asking the chain what this is',
  thing: (quantity: number) => plural(quantity, 'One product', `${String(quantity)} products`),
  slot: (slot: number) => `Slot ${String(slot)}`,
  kiosk: 'Machine',
  paidTo: 'Goes to',
  parties: (count: number) => plural(count, 'One party', `${String(count)} parties, split on chain`),
  promise: 'If nothing drops, all of it comes back to you by itself.',
  until: (time: string) => `The kiosk waits for ${time} more.`,
  over: {
    title: 'This code’s time is over',
    body: 'Choose the product at the kiosk again, and scan the new code.',
  },
  pay: (total: string) => `Pay ${total}`,
  sign: (total: string) => `Pay ${total} when it drops`,
  signNote: (prepaid: string) =>
    `From your prepaid balance of ${prepaid}: charged only when the product has dropped.`,
  other: 'Pay now from your account instead',
  states: {
    paused: { title: 'Not for sale now', body: 'The owner has paused this product.' },
    ended: { title: 'Not for sale any more', body: 'The machine has changed hands.' },
  } satisfies Record<Exclude<SaleRequest['state'], 'live'>, TwoLines>,
  needsWallet: 'A wallet is needed to pay',
  needsWalletBody:
    'It is made on this phone in a minute. You can also pay at the kiosk with any other wallet.',
  createWallet: 'Create a wallet',
  haveOne: 'I have one already',
  purchases: 'Bought at kiosks',
  purchasesNone: 'Nothing yet',
  purchasesNoneBody: 'Scan the code on a kiosk’s screen: you see the price before anything is paid.',
  purchasesNote: 'Receipts, and refunds under way',
  scan: 'Scan a kiosk’s code',
  scanHint: 'Begins with FOB:SALE: or FOB:SOLD:',
  state: {
    paying: { title: 'Paying', body: 'Your payment is on its way.' },
    paid: {
      title: 'Paid: go to the hatch',
      body: 'The machine drops it as soon as the payment is safe enough.',
    },
    signed: {
      title: 'Signed: go to the hatch',
      body: 'The kiosk has your order. Nothing is charged unless it drops.',
    },
    toShow: {
      title: 'Signed: show it to the kiosk',
      body: 'The kiosk does not have it yet: hold this code before its camera. Nothing is charged unless it drops.',
    },
    refused: {
      title: 'The kiosk did not take it',
      body: 'You have signed, and nothing was charged. Pay at the kiosk in another way; what you have signed ends by itself.',
    },
    dropped: { title: 'Dropped', body: 'The machine says that it has dropped. Enjoy!' },
    refunded: { title: 'Your money is back', body: 'Nothing dropped, and all of it was sent back to you.' },
    refundable: {
      title: 'You can have it back',
      body: 'The machine said nothing in time. One transaction brings your money back.',
    },
    notCharged: {
      title: 'Nothing was charged',
      body: 'The payment did not go through, or the order ended before anything dropped.',
    },
  } satisfies Record<BoughtView['state']['kind'], TwoLines>,
  prepaid: {
    title: 'Prepaid balance',
    linkNote: 'Pay at kiosks by a signature, only for what has dropped',
    hint: 'With one you pay here only for what has dropped',
    empty: 'Nothing is put aside yet.',
    body: 'A kiosk that takes signatures charges it only after the machine has dropped your product. Nobody can take more than you have signed.',
    amount: (symbol: string) => `Put aside (${symbol})`,
    add: 'Put it aside',
    ask: 'Ask for all of it back',
    askNote: 'You can take it a day after asking. Until then, what you have signed can still be charged.',
    leaving: (time: string) => `Asked back: you can take it from ${time} on.`,
    leavingNote:
      'Shortly before that, kiosks stop taking signatures against it. Put something aside, and it stays.',
    take: 'Take it all back',
  },
  part: (dropped: number, of: number) =>
    `${String(dropped)} of ${String(of)} dropped; the rest was sent back to you.`,
  final: 'Final',
  notFinal: 'In a block, not final yet',
  backBy: (time: string) => `If the machine says nothing by ${time}, the money comes back.`,
  atBox:
    'It waits at its owner’s box, where the kiosk looks all the time. Nothing is charged unless it drops.',
  handIn: 'Hand it in again',
  showSigned: 'If the kiosk does not see it by itself, hold this code before its camera.',
  refund: 'Send it back to me',
  paid: 'Paid',
  price: 'Price',
  at: 'When',
  order: 'Order',
  forget: 'Remove from this phone',
  receipt: 'Receipt',
  receiptDropped: (quantity: number, slot: number) =>
    `The machine has signed: ${plural(quantity, 'one', String(quantity))} dropped from slot ${String(slot)}.`,
  receiptFailed: (slot: number) => `The machine has signed: nothing dropped from slot ${String(slot)}.`,
  machinesWord: 'That is the machine’s word, signed by its key.',
  notFound: 'This purchase is not on this phone',
  failures: {
    ...instantRefusals,
    codeMalformed: {
      title: 'That is no code of a kiosk',
      meaning: nothingPaid,
      next: 'Scan the code on the kiosk’s screen.',
    },
    codeForOther: {
      title: 'That kiosk is on another network',
      meaning: nothingPaid,
      next: 'Open it in a copy of Fob for that network, or pay with any wallet.',
    },
    notOnThisNetwork: {
      title: 'Nothing can be bought on this network',
      meaning: 'It names no contract (Market) to buy through.',
      next: 'Pay at the kiosk with any wallet.',
    },
    offerNotFound: {
      title: 'The chain does not know this product',
      meaning: `${nothingPaid} No endpoint has terms that fit the code.`,
      next: 'Choose it at the kiosk again; if it stays, tell the machine’s owner.',
    },
    offerNotLive: {
      title: 'Not for sale now',
      meaning: nothingPaid,
      next: 'Choose something else at the kiosk.',
    },
    saleOver: {
      title: 'This code’s time is over',
      meaning: nothingPaid,
      next: 'Choose the product at the kiosk again, and scan the new code.',
    },
    walletMissing: {
      title: 'There is no wallet yet',
      meaning: nothingPaid,
      next: 'Create one, or pay at the kiosk with any other wallet.',
    },
    signedNotHandedIn: {
      title: 'The kiosk did not get it',
      meaning: 'You have signed; nothing is charged unless the product drops.',
      next: 'Hold its code before the kiosk’s camera, or hand it in again: both are under “Bought at kiosks”. Or pay from your account.',
    },
    receiptNotSigned: {
      title: 'This receipt does not hold',
      meaning: 'The machine has not signed it.',
      next: 'Trust what the chain says of the order.',
    },
    tokenUnknown: {
      title: 'This costs a token that is not known here',
      meaning: `${nothingPaid} This network does not list it, so nobody can say what an amount of it means.`,
      next: 'Choose something else, or ask whoever runs this copy of Fob to list it.',
    },
    alreadyBought: {
      title: 'You have paid this already',
      meaning: 'Nothing was paid a second time.',
      next: 'Look under “Bought at kiosks” what became of it.',
    },
    notBought: {
      title: 'This purchase is not on this phone',
      meaning: 'Nothing was changed.',
      next: 'Look on the phone that paid.',
    },
    notStored: {
      title: 'Could not be stored',
      meaning: `${nothingPaid} This browser did not keep the purchase, which it has to before anything is paid.`,
      next: 'Look whether the browser may store data for this site.',
    },
  } satisfies Record<string, FailureText>,
}

export type BuyingMessages = typeof buyingEn
