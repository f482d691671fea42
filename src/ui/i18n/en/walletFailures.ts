// English: every failure of the wallet as what happened, what it means, what to do next.
import type { FailureText } from '../failureKinds.ts'
import type { WalletFailureKind } from '../walletFailureKinds.ts'

export const walletFailures: Record<WalletFailureKind, FailureText> = {
  chainUnreachable: {
    title: 'No endpoint answered',
    meaning: 'Balances, fees and owners can only be read from the chain. Without it nothing new is signed.',
    next: 'Check your connection and try again.',
  },
  // Passphrases
  wrongPassphrase: {
    title: 'The passphrase is wrong',
    meaning: 'The wallet stays as it is, closed.',
    next: 'Look at what you typed and try again. Upper and lower case count.',
  },
  vaultWaiting: {
    title: 'Too many wrong passphrases',
    meaning: 'Fob waits before it tries another one, so that nobody can guess quickly.',
    next: 'Wait until the time is over, or use a passkey.',
  },
  passphraseTooShort: {
    title: 'The passphrase is too short',
    meaning: 'It could be guessed in no time by somebody who copies this browser’s data.',
    next: 'Take four or five words that have nothing to do with each other.',
  },
  passphraseTooSimple: {
    title: 'The passphrase is too simple',
    meaning: 'It has hardly any different characters.',
    next: 'Take four or five words that have nothing to do with each other.',
  },
  passphraseTooLong: {
    title: 'The passphrase is too long',
    meaning: 'More than about a thousand characters make nothing safer.',
    next: 'Take a shorter one.',
  },
  stretchFailed: {
    title: 'This device could not work the passphrase out',
    meaning: 'It needs about 128 MB of memory for a moment, and did not get them. Nothing was changed.',
    next: 'Close other tabs and apps, then try again.',
  },
  // The stored vault
  vaultMissing: {
    title: 'There is no wallet in this browser',
    meaning: 'It was erased, perhaps in another tab, or the browser has cleared its data.',
    next: 'Restore it from your words or a backup file.',
  },
  vaultExists: {
    title: 'There is a wallet already',
    meaning: 'This browser holds one wallet at a time, and none is ever overwritten.',
    next: 'Use it, or erase it in the wallet settings first.',
  },
  vaultLocked: {
    title: 'The wallet is locked',
    meaning: 'It has locked itself meanwhile. Nothing was done.',
    next: 'Unlock it and try again.',
  },
  vaultChangedElsewhere: {
    title: 'Another tab has changed the wallet',
    meaning: 'This tab has locked itself, so that neither overwrites the other.',
    next: 'Unlock it and try again.',
  },
  vaultStorageFull: {
    title: 'The browser’s storage is full',
    meaning: 'The change was not stored. What was stored before is still there.',
    next: 'Free some space, for example by removing stored firmware in the settings, then try again.',
  },
  vaultStorageUnavailable: {
    title: 'The browser gives no storage',
    meaning: 'A private window, or blocked site data: a wallet could not be kept here.',
    next: 'Open Fob in an ordinary window and allow it to store data.',
  },
  vaultNotStored: {
    title: 'The browser did not store it properly',
    meaning: 'What was written did not read back the same. What was stored before is still there.',
    next: 'Try again. If it happens again, save a backup file and use another browser.',
  },
  // Files
  fileUnreadable: {
    title: 'The file can’t be read',
    meaning: 'It was moved or deleted, or its drive was taken away.',
    next: 'Choose it again.',
  },
  notAVault: {
    title: 'This is not a backup of a wallet',
    meaning: 'The file was not saved by Fob, or something has changed its beginning.',
    next: 'Choose the file that ends in .fobvault.',
  },
  vaultDamaged: {
    title: 'The stored wallet is damaged',
    meaning:
      'A part of it is missing or was changed. Its checksum says so; the passphrase is not the reason.',
    next: 'Use another copy of the backup file, or restore from your words.',
  },
  vaultNewer: {
    title: 'It was made by a newer Fob',
    meaning: 'This version can’t read it, and changes nothing in it.',
    next: 'Reload the page to get the newest Fob.',
  },
  vaultStrengthRefused: {
    title: 'Its protection is not acceptable',
    meaning: 'The file asks for weaker or far more work than Fob ever uses. Somebody may have made it up.',
    next: 'Don’t type your passphrase for it. Use another copy, or restore from your words.',
  },
  // Words
  phraseLength: {
    title: 'The number of words is not right',
    meaning: 'A wallet has 12 or 24 words.',
    next: 'Compare them with your paper.',
  },
  phraseUnknownWord: {
    title: 'One word is not in the list',
    meaning: 'It was misread or mistyped.',
    next: 'Compare it with your paper.',
  },
  phraseChecksum: {
    title: 'These words don’t belong together',
    meaning: 'Each of them exists, but one is wrong, or two have changed places.',
    next: 'Compare them with your paper, one by one.',
  },
  backupMismatch: {
    title: 'These are not the words',
    meaning: 'At least one of those that you picked stands elsewhere.',
    next: 'Look at the words once more and correct your paper.',
  },
  backupNeeded: {
    title: 'Confirm your words first',
    meaning: 'Money that is sent to a wallet without a backup can be lost with this phone.',
    next: 'Write the recovery words down and confirm them.',
  },
  // Passkeys
  passkeyUnavailable: {
    title: 'No passkeys here',
    meaning: 'This browser has none, or not for this address.',
    next: 'Use the passphrase.',
  },
  passkeyCancelled: {
    title: 'The passkey was not used',
    meaning: 'The request was closed, or took too long. Nothing has changed.',
    next: 'Try again, or use the passphrase.',
  },
  passkeyWithoutPrf: {
    title: 'This passkey can’t open a wallet',
    meaning: 'It can sign you in somewhere, but it can’t keep a secret for a page (PRF). It was not added.',
    next: 'Try another authenticator, for example the phone’s own or a newer security key.',
  },
  passkeyExists: {
    title: 'This authenticator is added already',
    meaning: 'One passkey of it is enough.',
    next: 'Nothing to do.',
  },
  passkeyUnknown: {
    title: 'The wallet does not know this passkey',
    meaning: 'It was removed here, or belongs to another wallet.',
    next: 'Use another one, or the passphrase.',
  },
  wrongPasskey: {
    title: 'The passkey does not open this wallet',
    meaning: 'It answered, but its answer does not fit. It may be a copy on another authenticator.',
    next: 'Use the passphrase, then remove this passkey and add it again.',
  },
  passkeyLimit: {
    title: 'No room for another passkey',
    meaning: 'A wallet takes eight at most.',
    next: 'Remove one that you no longer use.',
  },
  passkeyFailed: {
    title: 'The passkey did not work',
    meaning: 'The browser or the authenticator refused, and said no more than the technical detail.',
    next: 'Try again, or use the passphrase.',
  },
  // Wallets of the browser
  injectedMissing: {
    title: 'That wallet is not there any more',
    meaning: 'It was switched off or removed from the browser.',
    next: 'Switch it on and reload this page.',
  },
  injectedRefused: {
    title: 'The other wallet said no',
    meaning: 'Its request was refused. Nothing has changed.',
    next: 'Try again and agree in its window.',
  },
  injectedOtherChain: {
    title: 'The other wallet is on another chain',
    meaning: 'It did not change to the chain of this network.',
    next: 'Choose this network’s chain in that wallet, then try again.',
  },
  injectedOtherAccount: {
    title: 'The other wallet gives another account',
    meaning: 'The account that was chosen is no longer open to this page.',
    next: 'Choose the same account in that wallet, or connect again.',
  },
  injectedFailed: {
    title: 'The other wallet did not answer properly',
    meaning: 'Nothing was done.',
    next: 'Open it, see whether it waits for something, and try again.',
  },
}
