// What is said where this browser's memory can't be read, or is gone. Only its screen imports this.
export const memoryEn = {
  unreadable: {
    title: 'Fob can’t read its memory',
    what: 'This is no fresh start: Fob has deleted nothing',
    whatBody: 'The browser does not hand out what Fob stored in it. Fob has not touched it.',
    doTitle: 'What to do',
    steps: [
      'Wait a moment: Fob goes on trying, and opens by itself as soon as it works.',
      'Close other tabs and windows of Fob, then the whole browser, and open it again.',
      'See whether the phone’s storage is full.',
    ],
    notNow: 'Don’t clear this site’s data: that would delete what is stored, the wallet’s keys included.',
    retry: 'Try again',
    goOn: 'Go on without it',
    goOnTitle: 'Going on without it',
    goOnBody:
      'In a private window, or where you block site data, there is nothing to read. Elsewhere, know what will be missing until Fob can read it again:',
    missing: [
      'your devices, their history and updates under way',
      'the makers you trust: no release counts as theirs until you add them again for this visit',
      'the network you began with: the one that this site names now is used, and can’t be compared',
      'your wallet’s payments and devices: nothing is paid from here',
    ],
    goOnAfter: 'Nothing that you do then is stored, and nothing stored is replaced.',
  },
  gone: {
    title: 'What Fob stored here is gone',
    what: 'Fob was used in this browser before',
    whatBody:
      'Now its memory is empty. Browsers remove it when the phone runs out of space, or when it was damaged.',
    doTitle: 'What is affected',
    steps: [
      'Wallet: if you had one here, bring it back with your words or its backup file. Your money and your devices are still yours on chain; don’t create a new wallet instead.',
      'Makers: trust them again by their own QR code or website, as at the first time.',
      'Network: check that you are at the right address. The chain and endpoints that this site names now are used from here on.',
      'Devices: add them again. Nothing on them has changed.',
    ],
    prevent:
      'Installing Fob, and “Protect it” under storage in its settings, make browsers keep what is stored.',
    goOn: 'Begin anew',
    restore: 'Bring back my wallet',
  },
}

export type MemoryMessages = typeof memoryEn
