// English: what can go wrong with letting, booking and opening: what happened, what it means, what to do next.
import type { FailureText } from '../failureKinds.ts'
import type { MarketFailureKind } from '../marketFailureKinds.ts'

export const marketFailures: Record<MarketFailureKind, FailureText> = {
  chainUnreachable: {
    title: 'No endpoint answered',
    meaning:
      'What is offered, free and paid can only be read from the chain. Keys that are here work without it.',
    next: 'Check your connection and try again.',
  },
  offerNotFound: {
    title: 'There is no such offer',
    meaning: 'No endpoint knows it. The link may be cut off, or it is for another network.',
    next: 'Scan the code again, or ask for the whole link.',
  },
  offerNotFinal: {
    title: 'This offer is not final yet',
    meaning: 'It was made a moment ago, and could still be dropped. Until it is final, nobody can book it.',
    next: 'Stay here: it is looked for again every half minute.',
  },
  orderInvalid: {
    title: 'This can’t be booked like that',
    meaning: 'The offer does not sell this time or this many. Nothing was paid.',
    next: 'Choose another time.',
  },
  hoursTaken: {
    title: 'That time is taken',
    meaning: 'Somebody was quicker, or it is not for sale any more. Nothing was paid.',
    next: 'Choose another one: the calendar was read again.',
  },
  offerNotLive: {
    title: 'The offer can’t be booked any more',
    meaning: 'It was paused or has ended meanwhile. Nothing was paid.',
    next: 'Ask the owner, or look for another one.',
  },
  tooLate: {
    title: 'It is too late for that time',
    meaning: 'It begins before a key could be signed. Nothing was paid.',
    next: 'Choose a later one.',
  },
  keyNotStored: {
    title: 'This browser could not keep the key',
    meaning: 'Nothing is paid for a key that could be lost at once.',
    next: 'Make room in this browser, or use an ordinary window, and try again.',
  },
  keyNotReady: {
    title: 'The key is not here yet',
    meaning: 'Something that the lock asks for is still missing on this phone.',
    next: 'Go online for a moment, then try again.',
  },
  keyGone: {
    title: 'The secret of this key is gone',
    meaning:
      'This browser’s data was cleared. Recovery words don’t bring back keys to locks, so the lock was not asked.',
    next: 'Ask whoever lets or lends it for a new key. On another phone of yours that still has one, it opens.',
  },
  otherLock: {
    title: 'This is another lock',
    meaning: 'The device that answered is not the one of this key. Nothing was opened.',
    next: 'Stand closer to the right one, press again and choose it.',
  },
  outcomeUnknown: {
    title: 'The link broke: it may be open',
    meaning: 'The lock was asked, and its answer did not arrive.',
    next: 'Try the door. If it is closed, press again: it does not count twice.',
  },
  notAMarketCode: {
    title: 'This code is for something else',
    meaning: 'It is neither an offer nor a key.',
    next: 'Scan the code at the lock, or on the other phone.',
  },
  notAKeyCode: {
    title: 'This is no key',
    meaning: 'The code is for something else, or a part of it is missing.',
    next: 'Let the owner show the key’s code again.',
  },
  notAKeyRequest: {
    title: 'This is not the code of a phone',
    meaning: 'A key is made for one phone alone, and its code is needed for that.',
    next: 'Let them open My keys and show the code there.',
  },
  notABoxCode: {
    title: 'This is not the code of a box',
    meaning: 'It is for something else.',
    next: 'Scan the one that your box prints.',
  },
  boxCodeHere: {
    title: 'This is the code of a box',
    meaning: 'A box signs keys for an owner; it opens nothing itself.',
    next: 'Open “Let or lend” of your lock, and scan it there.',
  },
  notForUs: {
    title: 'This key is for another phone',
    meaning: 'It was made for a code that this phone did not show.',
    next: 'Show this phone’s code to the owner, and let them sign a new one.',
  },
  keyEnded: {
    title: 'The time of this key is over',
    meaning: 'It would not open any more.',
    next: 'Ask the owner for a new one.',
  },
  boxUnreachable: {
    title: 'The box does not answer',
    meaning: 'It may be switched off, or this phone can’t reach it. Nothing was changed.',
    next: 'See whether it runs, then try again.',
  },
  boxRefused: {
    title: 'The box refused',
    meaning: 'It answered, and does not do this. Nothing was changed.',
    next: 'Look at the technical detail, and at what the box itself says.',
  },
  boxUnproven: {
    title: 'The box could not read the chain',
    meaning: 'It wants proof of who owns the lock, and its endpoints did not suffice. Nothing was changed.',
    next: 'Try again in a minute. If it goes on, look at the box’s own endpoints.',
  },
  termsRefused: {
    title: 'The market would not take this',
    meaning: 'One of the terms does not fit the others. Nothing was sent.',
    next: 'Look at the technical detail: it names the one.',
  },
  keyRevoked: {
    title: 'The owner has ended this key',
    meaning: 'It was signed before all keys were ended.',
    next: 'Ask the owner for a new one: what you have paid for is still yours.',
  },
  configNotFiled: {
    title: 'The chain does not know the lock’s settings yet',
    meaning: 'Contracts look there for whose keys open it. Nothing was signed.',
    next: 'File the settings of the lock first.',
  },
  proofInvalid: {
    title: 'The proof does not hold',
    meaning: 'What the endpoints handed out does not fit what the witnesses signed. It was not used.',
    next: 'Try again. If it happens again, look at the endpoints in the network settings.',
  },
  attestationsMissing: {
    title: 'Too few witnesses answer',
    meaning: 'The lock wants more of them to sign for the block of your payment.',
    next: 'Wait a moment and try again.',
  },
  termsInvalid: {
    title: 'The terms contradict themselves',
    meaning: 'An offer like this can’t be carried out. Nothing was paid.',
    next: 'Ask the owner for another one.',
  },
  orderUnknown: {
    title: 'Nobody knows this booking',
    meaning: 'The chain names none with this number.',
    next: 'Try again once the payment is final.',
  },
  orderNotOpen: {
    title: 'This booking is settled already',
    meaning: 'Its key was signed, or the money went back.',
    next: 'Look at the stays again.',
  },
  orderNotSigned: {
    title: 'This booking has no key yet',
    meaning: 'Only a key that was signed can be moved or made again.',
    next: 'Wait until it is signed.',
  },
  signerIsAnother: {
    title: 'Somebody else signs for this lock',
    meaning: 'By the settings on the chain it is not this phone.',
    next: 'Let the box sign, or take the signing back and file that.',
  },
  serviceRefused: {
    title: 'The owner’s box refused',
    meaning: 'It answered, and does not hand out this key.',
    next: 'Ask the owner. Until it is signed, the money can come back.',
  },
  serviceUnreachable: {
    title: 'The owner’s box does not answer',
    meaning: 'Your key may be signed, and could not be fetched.',
    next: 'Try again in a moment; nothing is lost.',
  },
  receiptUnknown: {
    title: 'This receipt is not here any more',
    meaning: 'Of one key the newest 200 are kept on this phone.',
    next: 'Choose a newer one.',
  },
  notAnchoredYet: {
    title: 'This receipt is not written down on the chain yet',
    meaning: 'Its proof leads to a fingerprint on the chain, and the newest one there is older than it.',
    next: 'Write it down first.',
  },
  logOfAnotherPhone: {
    title: 'Another phone of yours has written down last',
    meaning: 'The newest fingerprint on the chain is of that phone’s list, which this receipt is not in.',
    next: 'Write the list of this phone down again, then make the proof.',
  },
  logEmpty: {
    title: 'There is nothing to write down',
    meaning: 'The lock has not said anything to this phone yet.',
    next: 'Open it first.',
  },
  notAReceipt: {
    title: 'This is no receipt of a lock',
    meaning: 'The file is something else, or a part of it is missing.',
    next: 'Ask for the file again, as Fob has saved it.',
  },
  receiptNotSigned: {
    title: 'The lock has not signed this',
    meaning: 'Something in the file was changed, or it was made up. Do not rely on it.',
    next: 'Ask for the file again. If it says the same, it is false.',
  },
  notAnchored: {
    title: 'The chain does not have its fingerprint',
    meaning:
      'The lock signed it, but when is not proven: no list like that was written down by this account.',
    next: 'Ask whether it was written down, and try again once that is final.',
  },
  notInLog: {
    title: 'It is not in the list that was written down',
    meaning: 'The lock signed it, but its way to the fingerprint on the chain does not hold.',
    next: 'Ask for the file again.',
  },
  timeNotTold: {
    title: 'The lock does not know the time yet',
    meaning: 'It has your settings, but guests can’t open it until it knows the time.',
    next: 'Go online, open your wallet, stand next to it and bring its settings again.',
  },
  lockTimeUntold: {
    title: 'The lock does not know the time',
    meaning: 'It has lost it, perhaps in a power cut, and nobody could tell it just now.',
    next: 'Go online with this phone for a moment, and press again.',
  },
}
