// English: the keys that this phone has, and opening with them.
import type { OpenStatus } from '../../../core/lock/openResult.ts'
import { plural } from '../plural.ts'

export const keys = {
  title: 'My keys',
  unnamed: { own: 'Your lock', lent: 'Lent to you', bought: 'Rented lock' },
  none: 'No keys yet',
  noneBody:
    'A key comes from somebody who lends you one, or from a lock that you rent. It lies in this browser alone: recovery words don’t bring it back.',
  near: 'Locks near me',
  scan: 'Scan a code',
  scanTitle: 'Scan a code',
  scanHint: 'The code of a lock that is to let, or of a key that somebody lends you.',
  pasteHint: 'It begins with FOB, or it is the link that you were sent.',
  now: 'Open now',
  later: 'Later',
  waiting: 'On their way',
  over: 'Over',
  own: 'Your own locks',
  ownNote: 'You are the owner: your key has no end.',
  receive: 'Let somebody lend me a key',
  notFound: 'This key is not on this phone',
  state: {
    over: 'Over',
    notPaid: 'Not paid: nothing was bought',
    waitingForSigner: 'Paid; waits for the key’s signature',
    moving: 'Moving to another phone',
    own: 'Yours',
    open: 'Opens now',
    takesUntil: (moment: string) => `Free products, until ${moment}`,
    openUntil: (moment: string) => `Opens now, until ${moment}`,
    closedHours: 'Not at this hour',
    from: (moment: string) => `From ${moment}`,
    ended: (moment: string) => `Ended ${moment}`,
    spent: 'No uses left',
    paying: 'Being paid',
    confirming: 'Paid; waits until it is final',
    waitingForOwner: 'Paid; waits for the owner’s key',
    refundDue: 'You can have your money back',
    refunding: 'Your money is on its way back',
    refunded: 'Your money came back',
    revoked: 'The owner has ended it',
    moved: 'Moved to another phone',
  },
  offline: 'Works offline',
  offlineNote: 'All that the lock asks for is on this phone.',
  let: 'Let or lend a lock of yours',
  letNone: 'Add it under Devices, then make it yours on its own page.',
  letChoose: 'Choose it among your devices in the wallet.',
  receiveNote: 'Family, a host, or your own other phone.',
  bought: 'Bought at kiosks',
  boughtNote: 'Scan a kiosk’s code, see receipts',
}

export const oneKey = {
  open: 'Open',
  opening: 'Opening',
  again: 'Try again',
  opened: 'Open',
  notNow: 'Not yet',
  ended: 'Over',
  idle: 'Stand at the lock and press.',
  off: {
    later: (time: string) => `It opens in ${time}.`,
    hours: 'It does not open at this hour.',
    ended: 'The time of this key is over.',
    spent: 'All its uses are spent.',
    revoked: 'The owner has ended this key.',
    moved: 'This key lives on another phone now.',
    waiting: 'The key is not here yet.',
  },
  steps: {
    choosing: 'Choose the lock in the browser’s list.',
    connecting: 'Connecting to the lock …',
    asking: 'Asking the lock …',
    proving: 'Getting the proof of your payment …',
    timing: 'Telling the lock what time it is …',
    opening: 'The lock is checking your key …',
  },
  timeLeft: 'Time left',
  left: (time: string) => `${time} left`,
  leftDays: (days: number) => plural(days, 'One day left', `${days} days left`),
  from: 'From',
  until: 'Until',
  always: 'No end',
  hours: 'Hours',
  anyHour: 'At any hour',
  uses: 'Openings',
  usesLeft: (left: number, of: number) => `${left} of ${of} left`,
  usesAny: 'As often as you like',
  paid: 'Paid',
  by: 'Signed by',
  lockTime: (zone: string) => `Times are those of the lock (${zone}).`,
  details: 'About this key',
  offer: 'The offer',
  whenItFails: 'If it does not open',
  help: [
    'Stand within an arm’s length, and press once more. Pressing twice never costs two uses.',
    'Switch Bluetooth on, and let this browser use it. Close other apps that talk to the lock.',
    'After a power cut the lock may not know the time. Then it needs this phone to be online for a moment.',
    'If the owner has changed something, the phone has to be online once to get the key again.',
  ],
  contact: 'Whatever the lock says is kept below, signed by it. Show it to the owner.',
  receipts: 'What the lock has said',
  receiptsNone: 'Nothing yet.',
  receiptCounter: (n: string) => `No. ${n}`,
  receiptProof: 'Signed by the lock',
  refund: 'Get my money back',
  refundBody: 'Nobody has signed your key before the deadline. The whole price comes back to you.',
  progress: 'On the way to your key',
  progressSteps: {
    paid: 'Paid',
    final: 'Final on the chain',
    signed: 'Key signed',
    proof: 'Proof of payment here',
    here: 'Key on this phone',
  },
  progressOwner: (moment: string) => `If nobody signs it before ${moment}, you get your money back.`,
  fetch: 'Look again',
  move: 'Move it to another phone',
  moveTitle: 'Move this key',
  moveBody:
    'On the other phone: “My keys”, “Let somebody lend me a key”. Scan the code that it shows. This phone’s key stops working as soon as the lock has seen the new one.',
  moveScan: 'Scan the other phone’s code',
  movePasteHint: 'It begins with FOB.',
  movedBody: 'Let the other phone scan this code: it then finds the key by itself.',
  forget: 'Remove from this list',
  byWhom: {
    owner: 'The owner',
    issuer: 'Whoever signs for the owner',
    chain: 'The chain, by proof',
  },
  notPaidTitle: 'It was not paid',
  notPaidBody: 'The payment failed or was cancelled. Nothing was bought.',
  finalIn: (time: string) => `In about ${time}.`,
  finalSoon: 'Any moment now.',
  progressProof: 'The proof of your payment is being fetched.',
  progressClose: 'You can close this page meanwhile: it goes on when you come back.',
  refundTitle: 'You can have your money back',
  movedTitle: 'This key lives on another phone',
  movedShow: 'Show its code',
  forgetSure: 'Really remove it?',
  isDemo: 'It is a demo lock of this page',
  receiptDigest: 'What was signed',
  receiptSignature: 'Signature',
  prove: 'Save a proof of it',
  provedTitle: (file: string) => `Saved as ${file}`,
  provedBody: 'Give the file to whoever doubts it. They look at it in Fob, under “Look at a receipt”.',
  anchorTitle: 'First write it down on the chain',
  anchorBody:
    'Of the list of all that this lock has told this phone, a fingerprint goes on the chain: nobody can read it there, and later nobody can say that it was made up afterwards. It costs a fee. Once it is final, save the proof.',
  anchorAction: 'Write it down',
  check: 'Look at a receipt',
}

/** What of a lock's receipts is on the chain. */
export const log = {
  look: 'What of it is written down',
  reading: 'Reading the chain …',
  none: (size: number) =>
    plural(
      size,
      'This answer is not written down on the chain',
      `None of ${size} answers is written down on the chain`,
    ),
  some: (anchored: number, size: number) =>
    plural(
      anchored,
      `The first of ${size} answers is written down`,
      `The first ${anchored} of ${size} answers are written down`,
    ),
  all: (size: number) =>
    plural(size, 'The one answer is written down', `All ${size} answers are written down`),
  since: (moment: string) => `Since ${moment}: what is made up later can’t get among them.`,
  ofAnother: 'The fingerprint on the chain is not of this phone’s list.',
  whole: 'All that this lock has told this phone counts, whichever key it was asked with.',
  why: 'Only a fingerprint of the list goes on the chain: nobody can read there what was said, or how often. It costs a fee.',
}

/** A receipt of a lock that somebody has handed over. */
export const checkReceipt = {
  title: 'Look at a receipt',
  intro:
    'Somebody has given you a file that says what a lock did. It is checked on this phone: whether the lock signed it, and since when it cannot have been made up.',
  choose: 'Choose the file',
  paste: 'Or paste its text',
  text: 'Text of the file',
  read: 'Check this text',
  checking: 'Checking it …',
  holds: 'The lock has signed this',
  holdsBody:
    'It is the word of that lock and of nobody else. That the door really moved is more than a signature can show.',
  said: 'It said',
  counter: 'Number',
  order: 'For the booking',
  orderNone: 'A key that nobody paid for',
  device: 'Lock',
  author: 'Written down by',
  since: 'Written down',
  sinceUnknown: 'On the chain once, as endpoints say; when is not proven.',
}

interface OutcomeText {
  /** What the button’s state says, in one sentence. */
  readonly state: string
  readonly next: string
}

/** The lock’s signed answer. */
export const outcomes: Record<OpenStatus, OutcomeText> = {
  done: { state: 'It is open.', next: 'Push or pull the door.' },
  interrupted: {
    state: 'The lock lost power while opening.',
    next: 'Look at the bolt. If it is closed, press again.',
  },
  failed: {
    state: 'Your key is right, but the bolt did not move.',
    next: 'Push or pull the door a little and press again. If it stays stuck, tell the owner.',
  },
  userSignatureInvalid: {
    state: 'The lock did not accept this phone’s signature.',
    next: 'Press again. If it goes on, ask for the key once more.',
  },
  authorisationInvalid: {
    state: 'The lock does not accept this key.',
    next: 'It may not have its owner’s newest settings. Go online and press again, or tell the owner.',
  },
  epochStale: { state: 'The owner has ended this key.', next: 'Ask the owner for a new one.' },
  superseded: {
    state: 'This key was moved to another phone.',
    next: 'Use that phone, or move it back.',
  },
  usesSpent: { state: 'All uses of this key are spent.', next: 'Ask the owner, or book again.' },
  actionNotGranted: { state: 'This key does not open this lock.', next: 'Ask the owner.' },
  notYet: { state: 'By the lock’s clock it is too early.', next: 'Wait until your time begins.' },
  expired: { state: 'By the lock’s clock your time is over.', next: 'Book again, or ask the owner.' },
  outsideHours: { state: 'At this hour the key does not open.', next: 'Look at its hours below.' },
  timeUncertain: {
    state: 'After a power cut the lock does not know the time.',
    next: 'Go online with this phone for a moment and press again: it tells the lock.',
  },
  noRoom: {
    state: 'The lock has no room left to count this key’s uses.',
    next: 'The owner has to end old keys first. Tell them.',
  },
  actionUnavailable: { state: 'This lock can’t do that.', next: 'Ask the owner.' },
  requestIdTaken: { state: 'The lock mixed this up with another request.', next: 'Press again.' },
}

export const near = {
  title: 'Look for a lock',
  intro: 'Stand in front of it. Your browser shows the devices that it hears.',
  look: 'Look around',
  looking: 'Asking the device …',
  demo: 'Or one of your own list',
  noRadio: 'This browser can’t hear devices',
  noRadioBody:
    'Scan the code at the lock instead: you can look at the offer and pay, and open with another browser.',
  offers: 'It lets itself',
  noOffers: 'It is not to let',
  noOffersBody: 'Its owner offers nothing at the moment.',
  notOwned: 'Nobody owns this device yet.',
  demoAdd: 'Add a demo device',
}

/** Shown to somebody who lends, or by a phone that a key is to be moved to. */
export const receiveKey = {
  title: 'Get a key',
  intro: 'Let the owner scan this code. It says which key this phone has, and holds no secret.',
  code: 'Code of this phone’s key',
  next: 'Then scan the code that they show you',
  scan: 'Scan their code',
  pasteHint: 'It begins with FOB:KEY.',
}

export const scan = {
  request: 'A phone that asks for a key',
  requestNoLock: 'Only the owner of a lock can answer it, and no lock is yours on this phone.',
  lendOf: 'Lend a key of',
}
