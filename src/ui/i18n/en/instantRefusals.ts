// English of why a kiosk does not take a signed order: said by the kiosk, and by the app that signed it.
import type { InstantRefusal } from '../../../app/kiosk/kiosk.ts'
import type { FailureText } from '../failureKinds.ts'

export const instantRefusals: Readonly<Record<InstantRefusal['kind'], FailureText>> = {
  notASignedOrder: {
    title: 'That is not a purchase',
    meaning: 'The code holds no signed order. Nothing was charged.',
    next: 'Open this kiosk’s code in Fob, and show what it then shows.',
  },
  otherSale: {
    title: 'That is for another purchase',
    meaning: 'It names another machine, product or number. Nothing was charged.',
    next: 'Scan the code that is on this screen now.',
  },
  signatureInvalid: {
    title: 'The signature does not hold',
    meaning: 'The account that it names has not signed this. Nothing was charged.',
    next: 'Try again from Fob.',
  },
  validityUnfit: {
    title: 'It is not valid for the right time',
    meaning: 'It ends too soon or too late to be settled. Nothing was charged.',
    next: 'Look whether your phone’s clock is right, and scan the code again.',
  },
  balanceTooLow: {
    title: 'The prepaid balance is too low',
    meaning: 'It is less than this and what else is open of it. Nothing was charged.',
    next: 'Pay with any wallet, or add to your balance.',
  },
  balanceLeaving: {
    title: 'The prepaid balance is being withdrawn',
    meaning: 'It could be gone before this is settled. Nothing was charged.',
    next: 'Pay with any wallet.',
  },
  overSaleLimit: {
    title: 'Too much for a signature',
    meaning: 'The owner takes signatures for smaller purchases only. Nothing was charged.',
    next: 'Pay with any wallet.',
  },
  overBuyerLimit: {
    title: 'Other purchases of yours are still open',
    meaning: 'The owner takes no more signatures of one buyer at a time. Nothing was charged.',
    next: 'Wait until they are settled, or pay with any wallet.',
  },
  overOpenLimit: {
    title: 'Too many purchases are open',
    meaning: 'The owner takes no more signatures at a time. Nothing was charged.',
    next: 'Wait a moment, or pay with any wallet.',
  },
  alreadyOrdered: {
    title: 'That order was used before',
    meaning: 'Nothing was charged a second time.',
    next: 'Scan the code that is on this screen now.',
  },
  instantOff: {
    title: 'No signatures at this kiosk',
    meaning: 'The owner has switched paying by a signature off. Nothing was charged.',
    next: 'Pay with any wallet, or by an order in Fob.',
  },
  chainUnreachable: {
    title: 'No connection to the chain',
    meaning: 'Nothing can be read or proven just now.',
    next: 'Look at the network connection and try again.',
  },
  chainUnproven: {
    title: 'The endpoints do not agree',
    meaning: 'Nothing is believed that only one of them says.',
    next: 'Try again in a moment.',
  },
}
