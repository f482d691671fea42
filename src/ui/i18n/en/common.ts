// English: words used on several screens, the frame, notices.
export const common = {
  appName: 'Fob',
  back: 'Back',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  save: 'Save',
  retry: 'Try again',
  reload: 'Reload',
  loading: 'Loading',
  copy: 'Copy',
  copied: 'Copied',
  copyValue: (name: string) => `Copy ${name}`,
  technicalDetail: 'Technical detail',
  unknown: 'Unknown',
  none: 'None',
  skipToContent: 'Skip to content',
  navigation: 'Main',
  actions: 'Actions',
  nav: {
    devices: 'Devices',
    keys: 'Keys',
    wallet: 'Wallet',
    makers: 'Makers',
    releases: 'Releases',
    settings: 'Settings',
  },
  versionChange: (from: string, to: string) => `from ${from} to ${to}`,
  hardware: (revision: string) => `Hardware ${revision}`,
  checkedAgo: (age: string) => `Checked ${age}`,
}

export const notices = {
  offline: 'No connection',
  offlineNever: 'Nothing was proven on this phone yet, so there is nothing to show until you are online.',
  offlineSince: (age: string) =>
    `You see what was last proven, ${age}. Firmware that is already stored can still be installed.`,
  radioOff: 'Bluetooth is off',
  radioOffBody: 'Switch Bluetooth on in your system settings to reach your devices.',
  radioUnsupported: 'This browser can’t reach Bluetooth devices',
  radioUnsupportedBody:
    'The demo devices and the releases work here. Real devices need another browser, or a gateway near them.',
  radioUnsupportedLink: 'Which browsers work',
  networkChanged: 'The network file has changed',
  networkChangedBody:
    'This site now names another chain, registry or peers than the ones you began with. Fob keeps using yours until you decide.',
  networkChangedLink: 'Compare',
  networkMissing: 'No network file',
  networkMissingBody:
    'Fob could not load which chain and peers to use. Connect to the internet once; after that it works offline.',
  appUpdate: 'A new version of Fob is ready',
  appUpdateAction: 'Restart Fob',
}

/** What became of storing: from then on less is remembered than the person expects. */
export const storeProblems = {
  storeBlocked: {
    title: 'An older Fob is still open',
    body: 'Close the other tabs of Fob: until then, nothing new is stored.',
  },
  storeOutdated: {
    title: 'A newer Fob has taken over',
    body: 'Reload this page. Until then, nothing new is stored here.',
  },
  storeUnavailable: {
    title: 'Fob can’t use its memory here',
    body: 'What was stored may not be shown, nothing of it is replaced, and nothing new is kept. Reload to try again.',
  },
  recordDropped: {
    title: 'A stored record was damaged',
    body: 'It was removed. What it was about can be added or read again at any time.',
  },
  recordUnreadable: {
    title: 'A record of your wallet can’t be read',
    body: 'It was left as it is, and is not shown. A newer Fob may read it; your money on chain is not affected.',
  },
  storageFull: {
    title: 'This phone’s storage is full',
    body: 'Fob goes on, but remembers nothing new. Free some space or remove stored firmware.',
  },
  other: {
    title: 'Fob can’t store anything now',
    body: 'It goes on, but may forget what it learns when you close this page.',
  },
}

export const failureUi = {
  whatToDo: 'What to do',
  fallback: {
    title: 'Something did not work',
    meaning: 'Fob stopped before doing anything that it could not check.',
    next: 'Try again. If it happens again, pass on the technical detail below.',
  },
}

export const notFound = {
  title: 'There is nothing here',
  body: 'The address is mistyped, or what it pointed to was removed from this browser.',
  action: 'Go to your devices',
}

export const crash = {
  title: 'Fob ran into a fault of its own',
  body: 'Your devices are not affected: an update only ends after the device was read back, and one that was under way can be resumed.',
}

export const evidence = {
  title: 'How this was proven',
  titleUnproven: 'Why this is not proven',
  open: 'How this was proven',
  openUnproven: 'Why this is not proven',
  provenShort: (agreed: number, total: number, age: string) =>
    `Proven by ${agreed} of ${total} endpoints, ${age}`,
  unprovenShort: (agreed: number, total: number, age: string) =>
    `Not proven: ${agreed} of ${total} endpoints, ${age}`,
  provedBy: (agreed: number, total: number, age: string) =>
    `${agreed} of ${total} endpoints proved it, ${age}`,
  block: (number: string) => `block ${number}`,
  explainProven:
    'Each endpoint handed out a block header and a storage proof. Fob recomputed both on this phone: the registry’s entry is part of the block that the endpoints agree on. No endpoint was taken at its word.',
  explainUnproven: {
    oneEndpoint:
      'Only one endpoint answered. One alone could show you an old or invented entry, so Fob does not call this proven.',
    noProofs: 'An endpoint hands out values without proofs. Fob can read them, but can’t check them.',
    endpointLied:
      'An endpoint was caught with a forged header or proof and left out. Too few honest ones remain to agree.',
    stale:
      'By this device’s clock, the newest block on which the endpoints agree is too old. Something newer, such as a withdrawal, could be missing. If date and time here are wrong, set them and check again.',
    clockBehind:
      'The newest block comes later than the date and time here: this device’s clock is behind. Without the right time Fob can’t tell how old anything is. Set the clock and check again.',
  },
  verdicts: 'Endpoints',
  verdict: {
    agreed: 'Agreed, proof checked',
    unreachable: 'Did not answer',
    wrongChain: 'Is on another chain',
    badHeader: 'Forged block header',
    badProof: 'Forged proof',
    noProofs: 'Refuses proofs',
    disagreed: 'Contradicts the others',
  },
  blockNumber: 'Block',
  blockHash: 'Block hash',
  blockTime: 'Block time',
  verifiedAt: 'Verified here',
  registry: 'Registry',
  chain: 'Chain',
  manifestHash: 'Manifest hash',
  imageHash: 'Image hash',
  fileHash: 'File hash',
  keyHash: 'Signing key hash',
  explorer: 'Look at the block in an explorer',
}
