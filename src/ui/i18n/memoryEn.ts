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
    newer:
      'A newer Fob has been here, and what is stored is for that version alone: reload this page to get it.',
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
  lost: {
    title: 'Your wallet’s keys are gone from this browser',
    body: 'There was a wallet here, and nobody erased it in Fob. The browser removed it, or what it stored was damaged.',
    address: 'Its address was',
    after: [
      'Your money and your devices are not lost: they are on chain, and your recovery words or a backup file bring the keys back. Nothing can be paid or signed until then.',
      'Fob keeps what it knows of your devices and payments for that.',
    ],
    restore: 'Bring it back',
    giveUp: 'Give it up',
    giveUpTitle: 'Without the words it stays gone',
    giveUpBody:
      'This browser forgets the list of that wallet’s devices and payments. Whoever has its words can still bring it back later; without words and backup file, its money and devices stay out of reach for ever.',
    giveUpYes: 'Forget it here',
  },
  maker: {
    title: 'A maker that you trust can’t be read',
    body: (address: string) =>
      `What was stored of ${address} is damaged, or from a newer Fob. Its releases don’t count as trusted until you add the maker again, by its own QR code or website.`,
    addAgain: 'Add again',
    forget: 'Forget it',
  },
  network: {
    title: 'The network file that you began with is damaged',
    body: 'Fob can’t tell whether this site still names the same chain and registry. It uses none until you have looked at the one that is offered now.',
    look: 'Look at it',
    offered:
      'The network file that you began with is damaged in this browser, so that there is nothing to compare with. This is what the site names now. Compare it with what its operator publishes, or with Fob on another of your devices.',
    check: 'I have looked at it, and want to use it',
    accept: 'Use this network',
  },
}

export type MemoryMessages = typeof memoryEn
