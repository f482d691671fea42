// English of what can go wrong at the kiosk beside what the rest of the app has words for.
import type { InstantRefusal, KioskPin } from '../../../app/kiosk/kiosk.ts'
import type { FailureText } from '../failureKinds.ts'
import { instantRefusals } from './instantRefusals.ts'

type ErrorOf<T> = T extends { readonly ok: false; readonly error: { readonly kind: infer K extends string } }
  ? K
  : never

/** What setting a kiosk up can end in. */
type SetupKind =
  | 'noMarket'
  | 'deviceNotMet'
  | 'machineUnreachable'
  | 'deviceAnswerInvalid'
  | 'notAMachine'
  | 'deviceUnclaimed'
  | 'answerMalformed'
  | 'answerForOther'
  | 'answerSignatureInvalid'
  | 'ownerUnproven'
  | 'notStored'
  | 'saleOpen'
  | 'gasNotSent'
  | 'catalogueNotSigned'
  | 'catalogueOlder'
  | 'catalogueForOther'
  | 'catalogueMalformed'
  | 'boxUnreachable'

type PinKind = ErrorOf<Awaited<ReturnType<KioskPin['set']>>> | ErrorOf<Awaited<ReturnType<KioskPin['check']>>>

export type KioskFailureKind = SetupKind | PinKind | InstantRefusal['kind']

const unchanged = 'The kiosk stays as it was.'

export const kioskFailures: Readonly<Record<KioskFailureKind, FailureText>> = {
  noMarket: {
    title: 'This network can’t sell',
    meaning: 'It names no contracts (Market, Tills) for a kiosk to sell with.',
    next: 'Ask whoever runs this copy of Fob.',
  },
  deviceNotMet: {
    title: 'The machine could not be asked',
    meaning: 'The kiosk has not learnt which machine it is.',
    next: 'Go closer, look whether it has power, and choose it again.',
  },
  machineUnreachable: {
    title: 'The machine does not answer',
    meaning: 'Nothing was changed.',
    next: 'Go closer, look whether it has power, and try again.',
  },
  deviceAnswerInvalid: {
    title: 'The machine’s answer is not its own',
    meaning: 'Its signature does not hold: something else may have answered in its place.',
    next: 'Move away from other devices and try again. If it stays, do not use this machine.',
  },
  notAMachine: {
    title: 'This device sells nothing',
    meaning: 'It has no slots that could drop a product.',
    next: 'Choose a vending machine.',
  },
  deviceUnclaimed: {
    title: 'Nobody owns this machine yet',
    meaning: 'Only its owner can let a kiosk sell.',
    next: 'Claim it in Fob on your phone first, then come back here.',
  },
  answerMalformed: {
    title: 'That is not an answer for a kiosk',
    meaning: unchanged,
    next: 'On your phone choose “Sales”, “Grant a kiosk”, and show its code here.',
  },
  answerForOther: {
    title: 'That answer is for another kiosk',
    meaning: 'It names another tablet, machine or network.',
    next: 'Scan this kiosk’s code with your phone, and show the answer that it then gives.',
  },
  answerSignatureInvalid: {
    title: 'The owner has not signed that',
    meaning: `The signature is not of the key that this machine obeys. ${unchanged}`,
    next: 'Use the phone on which the machine was claimed.',
  },
  ownerUnproven: {
    title: 'Whose machine it is can’t be proven now',
    meaning: 'Too few endpoints of the chain agree, and the kiosk believes none alone.',
    next: 'Look at the network connection and try again.',
  },
  notStored: {
    title: 'Could not be stored',
    meaning: 'This browser did not keep what the kiosk has to know after a restart.',
    next: 'Look whether the browser may store data for this site, and whether there is room.',
  },
  saleOpen: {
    title: 'A sale is not settled yet',
    meaning: 'It has to be paid out or refunded first, for which this tablet’s keys are needed.',
    next: 'Wait until no sale is open, then try again.',
  },
  gasNotSent: {
    title: 'What is left for fees could not be sent',
    meaning: `It is still on this tablet. ${unchanged}`,
    next: 'Try again when the chain answers.',
  },
  catalogueNotSigned: {
    title: 'The catalogue is not signed by the owner',
    meaning: 'It is not used, and the present one stays.',
    next: 'Publish it from the phone on which the machine was claimed.',
  },
  catalogueOlder: {
    title: 'The catalogue is an older one',
    meaning: 'It is not used, and the present one stays.',
    next: 'Publish it anew: it then has a higher version.',
  },
  catalogueForOther: {
    title: 'The catalogue is for another machine',
    meaning: 'It is not used, and the present one stays.',
    next: 'Look in Fob on your phone to which machine you have published it.',
  },
  catalogueMalformed: {
    title: 'The catalogue can’t be read',
    meaning: 'It is not used, and the present one stays.',
    next: 'Publish it anew with a recent Fob; look whether the kiosk’s is recent too.',
  },
  boxUnreachable: {
    title: 'Your box does not answer',
    meaning: 'No newer catalogue can be fetched. The present one stays.',
    next: 'Look whether the box is online.',
  },
  pinTooSimple: {
    title: 'That PIN is too simple',
    meaning: 'Four to twelve digits, not all the same and not in a row.',
    next: 'Choose another one.',
  },
  pinNotStored: {
    title: 'The PIN could not be stored',
    meaning: 'None is set.',
    next: 'Look whether the browser may store data for this site, and try again.',
  },
  pinWrong: { title: 'That PIN is wrong', meaning: 'Nothing was opened.', next: 'Try again.' },
  pinWaiting: {
    title: 'Too many wrong PINs',
    meaning: 'Each wrong one makes the wait longer.',
    next: 'Wait, then try again.',
  },
  ...instantRefusals,
}
