// English: making, keeping, locking and unlocking the wallet.
import { plural } from '../plural.ts'

export const wallet = {
  title: 'Wallet',
  settings: 'Wallet settings',
  welcomeTitle: 'Keys that are yours alone',
  welcomeBody: [
    'The wallet holds the keys that make a device yours, and the money that it earns and spends.',
    'They lie encrypted in this browser: your passphrase opens them, and a list of words on paper brings them back on another phone.',
  ],
  welcomeNobody:
    'Nobody else has them, and nobody can reset them for you: not the maker of a device, not us.',
  how: [
    { title: 'Choose a passphrase', body: 'It opens the wallet in this browser.' },
    { title: 'Write down twelve words', body: 'Have paper and a pen at hand. It takes about two minutes.' },
    { title: 'Pick three of them', body: 'So that you know that the paper is right.' },
  ],
  create: 'Create a wallet',
  restore: 'I have one already',
}

export const lock = {
  locked: 'Wallet locked',
  lockedBody: 'You see what was last read. To send or sign anything, unlock it first.',
  unlock: 'Unlock',
  title: 'Unlock the wallet',
  withPasskey: 'Use a passkey',
  or: 'or',
  checking: 'Checking. This takes about a second: it makes guessing expensive.',
  wrong: 'This passphrase is wrong. Upper and lower case count; the eye shows what you typed.',
  waiting: (time: string) => `Try again in ${time}`,
  waitingSaid: (time: string) => `Several wrong passphrases in a row: try again in ${time}.`,
  waitingBody:
    'Several wrong passphrases in a row. Each further one takes longer; waiting counts only while Fob is open.',
  waitingPasskey: 'A passkey opens it at once.',
  waitingOver: 'You can try again now.',
  forgotten: 'Forgotten?',
  forgottenBody:
    'Nobody can tell it to you or reset it. With your recovery words you can erase the wallet here and restore it with a new passphrase.',
  forgottenLink: 'Wallet settings',
  notBackedUp: 'Your words are not confirmed yet',
  notBackedUpBody:
    'If this browser loses its data now, everything in the wallet is lost. Until you confirm them, Fob shows no address to be paid at.',
  backUp: 'Write them down now',
}

export const passphrase = {
  label: 'Passphrase',
  present: 'Present passphrase',
  next: 'New passphrase',
  ofFile: 'Passphrase of the file',
  repeat: 'The same once more',
  repeatDiffers: 'The two are different.',
  show: 'Show the passphrase',
  hide: 'Hide the passphrase',
  hint: 'Four or five words that have nothing to do with each other are easy to remember and hard to guess.',
  missing: (count: number) => plural(count, 'One more character', `${count} more characters`),
  tooSimple: 'Too few different characters',
  tooLong: 'Too long: a thousand characters at most',
  accepted:
    'Long enough, just about. Somebody who copies this browser’s data could try many: longer is safer.',
  long: 'Good length. Fob measures nothing else: don’t use a saying, a song or a name.',
}

export const create = {
  title: 'New wallet',
  intro: 'This passphrase opens the wallet in this browser. You need it each time Fob has locked itself.',
  options: 'Number and language of the words',
  words: 'Recovery words',
  words12: '12 words',
  words24: '24 words',
  wordsHint: 'Twelve are enough to be safe. The language can’t be changed later: it is part of the wallet.',
  language: 'Language of the words',
  languageEn: 'English',
  languageZh: 'Chinese',
  languageHint: 'Most other wallets read English words only.',
  submit: 'Create the wallet',
  working: 'Making the keys. This takes a second or two.',
  readyTitle: 'Your wallet is ready',
  readyBody: 'It locks itself after five minutes without use, and when you put Fob away.',
  readyUnconfirmed:
    'Your words are not confirmed yet. Until then, Fob shows no address to be paid at. You find them under Wallet settings.',
  open: 'Open the wallet',
  goOn: 'Go on where you were',
}

export const backup = {
  title: 'Recovery words',
  intro: (count: number) =>
    `These ${count} words are the wallet. Whoever reads them can take everything; without them, a lost phone means lost money, and devices that nobody can make yours again.`,
  askTitle: 'Show the words',
  askBody: 'Make sure that nobody looks over your shoulder. Have paper and a pen at hand.',
  show: 'Show the words',
  hide: 'Hide them',
  hidden: 'Hidden. Tap when nobody looks on.',
  list: 'Recovery words, in this order',
  rules: [
    'Write them on paper, with their numbers.',
    'No screenshot and no photo: they end up in galleries and clouds.',
    'There is no copy button, because other apps read the clipboard.',
    'Type them nowhere but into a wallet that you restore. Nobody from Fob asks for them.',
  ],
  written: 'I have written them down',
  later: 'Later',
  laterTitle: 'Leave the words for later?',
  laterBody:
    'If this browser loses its data before you have written them down, everything in the wallet is lost. Until you confirm them, Fob shows no address to be paid at.',
  laterYes: 'Later, I know the risk',
  laterNo: 'Write them down now',
  checkTitle: 'Check your paper',
  checkBody: 'Pick the words that stand at these places.',
  checkWord: (place: number) => `Word ${place}`,
  checkPick: (place: number) => `Which is word ${place}?`,
  check: 'Check',
  mismatch: 'At least one of them is another word.',
  mismatchBody: 'Look at your paper again. If it is unclear, look at the words once more and correct it.',
  again: 'Look at the words again',
  confirmedTitle: 'The words are confirmed',
  confirmedBody:
    'Keep the paper where fire, water and visitors don’t get at it. Anybody with these words needs no passphrase.',
  lockedMeanwhile: 'The wallet has locked itself, so the words are hidden again.',
}

export const restore = {
  title: 'Restore a wallet',
  how: 'Restore from',
  fromWords: 'Words',
  fromFile: 'Backup file',
  wordsIntro: 'Type or paste the words in their order: 12 or 24, English or Chinese.',
  nextWord: (place: number) => `Word ${place}`,
  changeWord: (place: number) => `Correct word ${place}`,
  wordHint: 'A space takes the word. The first four letters are enough.',
  suggestions: 'Suggestions',
  entered: 'Your words',
  notTheWord: 'not in the list',
  take: (word: string) => `Take ${word}`,
  removeLast: 'Remove the last one',
  clear: 'Remove all',
  notInList: (word: string) => `“${word}” is not in the list of words.`,
  needs: (count: number) => `${count} of 12 or 24 words`,
  otherLanguage: 'All words must be of one language.',
  tooMany: 'More than 24 words: remove those that don’t belong.',
  checksumWrong: 'These words don’t belong together',
  checksumWrongBody:
    'Each of them exists, but the checksum in the last one does not fit: one word is another one, or two have changed places. Compare them with your paper, one by one.',
  complete: 'All words are right and belong together.',
  passphraseIntro: 'Choose a passphrase for this browser. It need not be the old one.',
  submitWords: 'Restore the wallet',
  fileIntro:
    'A backup file ends in .fobvault and opens with the passphrase that the wallet had when the file was saved.',
  chooseFile: 'Choose the file',
  otherFile: 'Choose another file',
  fileTooLarge: 'This file is too large to be a backup of a wallet.',
  submitFile: 'Restore from the file',
  working: 'Restoring. This takes a second or two.',
}

export const passkeys = {
  title: 'Passkeys',
  body: 'A passkey opens the wallet with your fingerprint, your face or a security key. The passphrase goes on working.',
  none: 'No passkey yet.',
  unavailable: 'This browser has no passkeys for this address.',
  add: 'Add a passkey',
  addTitle: 'Add a passkey',
  addBody:
    'Your phone or browser asks for your fingerprint, face or PIN. Not every authenticator can open a wallet; you will be told.',
  name: 'Name',
  nameHint: 'To tell it apart, for example the phone’s name.',
  nameTooLong: 'Too long: shorten it.',
  defaultName: 'This device',
  addedOn: (date: string) => `added on ${date}`,
  remove: 'Remove',
  removeNamed: (name: string) => `Remove the passkey ${name}`,
  removeTitle: (name: string) => `Remove ${name}?`,
  removeBody:
    'It no longer opens the wallet here. An older backup file can still be opened with it at this address.',
  offerTitle: 'Open it with your finger or face',
  offerBody:
    'A passkey spares you the passphrase in everyday use. Keep the passphrase all the same: it is what always works.',
  skip: 'Not now',
  added: 'The passkey opens the wallet now.',
  gone: 'Passkey removed.',
}

export const persistence = {
  title: 'Kept by the browser',
  granted: 'The browser has promised not to clear it by itself',
  grantedNote: 'Deleting this site’s data still deletes the wallet.',
  refused: 'The browser may clear it when space runs out',
  refusedNote: 'Installing Fob on the home screen usually helps. Your words on paper matter all the more.',
  unknown: 'The browser was not asked yet',
  ask: 'Ask it to keep it',
}

export const vault = {
  title: 'Wallet settings',
  access: 'Access',
  lockNow: 'Lock now',
  locked: 'Locked.',
  changePassphrase: 'Change the passphrase',
  changePassphraseBody:
    'Backup files that were saved before keep the old one. The words stay the same, and so do your passkeys.',
  changed: 'The new passphrase is in force.',
  backup: 'Backup',
  words: 'Recovery words',
  wordsConfirmed: 'Confirmed. Show them again',
  wordsUnconfirmed: 'Not confirmed yet',
  wordsUnknown: 'Show or confirm them',
  exportFile: 'Save a backup file',
  exportNote: 'Encrypted; opens with the present passphrase',
  exportBody:
    'The file opens with today’s passphrase, even if you change it later. It does not replace the words: a forgotten passphrase makes it worthless.',
  exported: (name: string) => `Saved as ${name}.`,
  danger: 'For experts',
  expert: 'Sign what Fob does not understand',
  expertHint: 'Off: unknown contracts and messages are refused.',
  expertTitle: 'Sign what Fob can’t explain?',
  expertBody:
    'Fob then also offers to sign calls and messages of contracts that it does not know. It can’t say what they do. Most theft of wallets begins with such a signature. Nothing in Fob itself needs this.',
  expertCheck: 'I can read call data, and check it each time',
  expertOn: 'Switch it on',
  erase: 'Erase the wallet from this browser',
  eraseTitle: 'Erase the wallet?',
  eraseBody: [
    'Keys, accounts and passkeys of this wallet are deleted from this browser. Money and devices stay where they are on the chain, but without your words or a backup file nobody can reach them any more.',
    'What was lent to your key in this browser, for example a guest’s key, is not part of the words and is lost.',
  ],
  eraseUnconfirmed: 'Your words were never confirmed. If they are not on paper, everything is lost now.',
  eraseWord: 'erase',
  eraseLabel: (word: string) => `Type “${word}” to confirm`,
  eraseYes: 'Erase it',
}

export const owner = {
  title: 'Owner account',
  body: 'It owns your devices and pays the fees.',
  own: 'Account of this wallet',
  ownNote: 'Its key comes from your words',
  external: (name: string) => `Account in ${name}`,
  externalMissing: (name: string) =>
    `${name} is not there, or gives another account. Open it, or switch back.`,
  change: 'Use a wallet of the browser',
  changeBody:
    'Another wallet in this browser can be the owner account instead; it then asks you for each signature. Device accounts and the key that devices know stay here.',
  changeNote:
    'Devices that you own already stay with the account that they are registered to. Hand them over if you want to move them.',
  found: 'Found in this browser',
  none: 'No other wallet was found. Install one, or open Fob in that wallet’s own browser.',
  connect: (name: string) => `Use ${name}`,
  back: 'Use this wallet’s own account again',
}

export const unreadable = {
  title: 'The wallet can’t be read',
  untouched: 'Nothing was changed. What is stored stays as it is until you decide.',
  reload: 'Try again',
  restoreNote:
    'With your recovery words, or a backup file, you can erase what is stored here and restore the wallet.',
}
