// English: what a signature does, in a sentence, with the words for its details and warnings.
import type { OwnerAct } from '../../../core/kiosk/ownerRequestMessage.ts'
import type { Sentence, Warning } from '../../../core/wallet/sentence.ts'
import { plural } from '../plural.ts'

/** `what`: one line that says what happens. `confirm`: the button that does it. `note`: what a person may not expect. */
interface SentenceText {
  readonly what: string
  readonly confirm: string
  readonly note?: string
}

/** The parts of a sentence, already in words. */
interface SentenceParts {
  readonly amount: string
  readonly to: string
  readonly device: string
  readonly contract: string
  readonly name: string
  readonly from: string
  readonly until: string
}

export type SentenceTexts = Readonly<Record<Sentence['kind'], (parts: SentenceParts) => SentenceText>>

export const sentences: SentenceTexts = {
  transfer: ({ amount, to }) => ({ what: `Send ${amount} to ${to}`, confirm: `Send ${amount}` }),
  tokenTransfer: ({ amount, to }) => ({ what: `Send ${amount} to ${to}`, confirm: `Send ${amount}` }),
  tokenApproval: ({ amount, to }) => ({
    what: `Allow ${to} to take up to ${amount}`,
    confirm: 'Allow it',
    note: 'It can take that much at any time, until you take the permission back.',
  }),
  tokenPermit: ({ amount, to }) => ({
    what: `Allow ${to} to take up to ${amount}`,
    confirm: 'Allow it',
    note: 'Whoever has this signature can use it until the deadline.',
  }),
  claimDevice: ({ device }) => ({
    what: `Make ${device} yours`,
    confirm: 'Make it mine',
    note: 'Everybody can see on the chain which account owns which device. It can’t be undone, but you can hand the device over.',
  }),
  handOverDevice: ({ device, to }) => ({
    what: `Take over ${device}; its owner becomes ${to}`,
    confirm: 'Take it over',
    note: 'From then on it is yours on the chain, with a new account for what it earns.',
  }),
  handOverGiven: ({ device, to }) => ({
    what: `Give ${device} to ${to}`,
    confirm: 'Give it away',
    note: 'The new owner can send this until the deadline. What the device’s account holds stays yours.',
  }),
  handOverAccepted: ({ device }) => ({ what: `Accept ${device}`, confirm: 'Accept it' }),
  fileConfig: ({ device }) => ({
    what: `File the settings of ${device} on the chain`,
    confirm: 'File them',
    note: 'So that contracts know whose keys open it.',
  }),
  deviceConfig: ({ device }) => ({
    what: `Change the settings of ${device}`,
    confirm: 'Sign them',
    note: 'They count once the device has taken them.',
  }),
  pairDevice: ({ device }) => ({
    what: `Pair ${device} with your key`,
    confirm: 'Pair it',
    note: 'From then on it obeys only you and those whom you allow.',
  }),
  changeOwnerKey: ({ device }) => ({
    what: `Let ${device} obey another owner’s key`,
    confirm: 'Change its owner’s key',
    note: 'Once the device has taken it, your key opens it no longer.',
  }),
  tellTime: ({ device, until }) => ({ what: `Tell ${device} that it is ${until}`, confirm: 'Tell it' }),
  resetDevice: ({ device }) => ({
    what: `Reset ${device} to the state of the factory`,
    confirm: 'Reset it',
    note: 'Anybody who stands next to it can pair it after that.',
  }),
  deviceGrant: ({ device, name, until }) => ({
    what: `Allow a key to ${name} ${device} until ${until}`,
    confirm: 'Allow it',
    note: 'Whoever holds that key can use this until then.',
  }),
  vendTerms: ({ device, name }) => ({
    what: `Let the key that you have just allowed ${name} ${device}`,
    confirm: 'Let it',
    note: 'The machine itself keeps to this number and these slots.',
  }),
  reportDevice: ({ device, name }) => ({
    what: `Report ${device} as ${name}`,
    confirm: 'Report it',
    note: 'Everybody can see this. While it is lost or stolen, it can’t change hands.',
  }),
  setDeviceUser: ({ device, to, until }) => ({
    what: `Name ${to} as the user of ${device} until ${until}`,
    confirm: 'Name them',
    note: 'This is shown on the chain. It opens no lock.',
  }),
  createModel: ({ name }) => ({ what: `Register the model ${name}`, confirm: 'Register it' }),
  publishRelease: ({ name }) => ({ what: `Release version ${name}`, confirm: 'Release it' }),
  revokeFirmware: () => ({
    what: 'Withdraw a firmware for good',
    confirm: 'Withdraw it',
    note: 'Devices that run it raise an alarm. It can’t be undone.',
  }),
  attestFirmware: ({ name }) => ({ what: name, confirm: 'Publish it' }),
  changeModelKey: ({ name }) => ({ what: name, confirm: 'Change it' }),
  makeOffer: ({ device, amount, name }) => ({
    what: `Offer ${device} for ${amount} ${name}`,
    confirm: 'Make the offer',
    note: 'Price and terms of an offer never change. You can pause it at any time.',
  }),
  pauseOffer: ({ device, name }) => ({
    what: `${name} for ${device}`,
    confirm: 'Sign',
    note: 'What is paid already is not touched.',
  }),
  openHours: ({ device }) => ({
    what: `Change which hours of ${device} are for sale`,
    confirm: 'Change them',
    note: 'Hours that are booked stay booked.',
  }),
  placeOrder: ({ device, amount, from, until }) => ({
    what:
      from === ''
        ? `Pay ${amount} to use ${device}`
        : `Pay ${amount} for ${device}, from ${from} until ${until}`,
    confirm: `Pay ${amount}`,
  }),
  bindKey: ({ device, until }) => ({
    what: `Move the key for ${device} (until ${until}) to another phone`,
    confirm: 'Move it',
    note: 'This phone’s key stops working once the lock has seen the new one.',
  }),
  refundOrder: ({ device, amount }) => ({
    what: `Take back ${amount} that was paid for ${device}`,
    confirm: 'Take it back',
  }),
  fulfilOrder: ({ device, amount, until }) => ({
    what: `Hand in the key for ${device} until ${until}, and earn ${amount}`,
    confirm: 'Hand it in',
    note: 'From then on the guest can open, and the money is yours.',
  }),
  handInReceipt: ({ device, name }) => ({
    what: `Hand in a receipt of ${device}: ${name}`,
    confirm: 'Hand it in',
  }),
  payOut: ({ to, name }) => ({ what: `Pay out what ${name} earned to ${to}`, confirm: 'Pay it out' }),
  prepay: ({ amount, contract }) => ({
    what: `Put down ${amount} at ${contract}`,
    confirm: `Put down ${amount}`,
    note: 'For orders that you sign at a machine. You get it back when you ask for it, after a while.',
  }),
  prepaidBack: ({ contract, name }) => ({ what: `${name} ${contract}`, confirm: 'Take it back' }),
  prepaidOrder: ({ device, amount, until }) => ({
    what: `Order at ${device} for up to ${amount}`,
    confirm: 'Sign the order',
    note: `It is taken from what you have put down, once, if the machine delivers before ${until}.`,
  }),
  openChannel: ({ amount, to, name }) => ({
    what: `Put ${amount} aside for ${to}`,
    confirm: `Put ${amount} aside`,
    note: `Nothing is paid yet. A key of this browser pays from it, block by block, never more than that. What is left comes back ${name} after you ask for it, or at once if ${to} agrees.`,
  }),
  topUpChannel: ({ amount, to, name }) => ({
    what: `Put ${amount} more aside for ${to}`,
    confirm: `Put ${amount} aside`,
    note: `What is left comes back ${name} after you ask for it, or at once if ${to} agrees.`,
  }),
  leaveChannel: ({ to, name }) => ({
    what: `Ask back what was put aside for ${to}`,
    confirm: 'Ask it back',
    note: `What you have not paid can be taken in ${name}. Until then ${to} can still take what you have paid.`,
  }),
  emptyChannel: ({ to, name }) => ({
    what: `Take what is left of what ${name} put aside for ${to}`,
    confirm: 'Take it back',
  }),
  claimChannel: ({ amount, name }) => ({
    what: `Take what ${name} has paid: ${amount} in all`,
    confirm: 'Take it',
    note: 'What was taken before counts in. The voucher of this amount is handed in; the channel goes on.',
  }),
  closeChannel: ({ amount, to, name }) => ({
    what: `Close the channel: ${to} has ${amount} in all, the rest goes back to ${name}`,
    confirm: 'Close it',
    note: 'It can’t be opened again. Another one can.',
  }),
  agreeToClose: ({ amount, to, name }) => ({
    what: `Agree that the channel ends now: ${to} has ${amount} in all, the rest goes back to ${name}`,
    confirm: 'Agree',
    note: `${name} can then close it at any time, and pays the fee. Nothing more is sold through it.`,
  }),
  keyRebinding: () => ({
    what: 'Let a stay that you have paid move to another key',
    confirm: 'Allow it',
    note: 'Whoever has that key can open then, and the present one can’t.',
  }),
  anchorLog: ({ name }) => ({
    what: `Write down for everybody that your log had ${name} entries`,
    confirm: 'Write it down',
    note: 'Only a fingerprint goes on the chain. With it you can show later what a lock has said, and since when.',
  }),
  agentIssuing: ({ device, name }) => ({
    what: `${name} for ${device}`,
    confirm: 'Sign',
    note: 'It signs for orders that are paid, and for nothing else.',
  }),
  openTill: ({ device }) => ({
    what: `Open the Till of ${device}`,
    confirm: 'Open it',
    note: 'Any wallet can then pay this machine by a plain transfer. The Till keeps none of the money: it orders at the Market in the payer’s name.',
  }),
  setTillProduct: ({ device, amount, name }) => ({
    what: `Sell product ${name} of ${device} at its Till, for ${amount} each`,
    confirm: 'Put it into the Till',
  }),
  removeTillProduct: ({ name }) => ({
    what: `Take product ${name} out of the Till`,
    confirm: 'Take it out',
    note: 'Transfers for it are not taken any more; their money stays with the sender.',
  }),
  sweepTill: ({ to }) => ({
    what: `Send what was left in the Till to ${to}`,
    confirm: 'Send it',
    note: 'It is change that payers’ wallets did not take back.',
  }),
  kioskCatalogue: ({ device, name }) => ({
    what: `Publish the catalogue of ${device}: ${name}`,
    confirm: 'Sign it',
    note: 'Its kiosks show and sell just this from then on. It moves no money.',
  }),
  kioskRequest: ({ device, name, until }) => ({
    what: `${name} (${device})`,
    confirm: 'Ask the kiosk',
    note: `The kiosk carries it to the machine, not later than ${until}. It moves no money.`,
  }),
  contractCall: ({ name, contract }) => ({
    what: `Call ${name} of ${contract}`,
    confirm: 'Sign',
    note: 'Fob knows the contract and shows every value, but has no words of its own for this.',
  }),
  statement: ({ name, contract }) => ({
    what: `Sign ${name} for ${contract}`,
    confirm: 'Sign',
    note: 'Fob knows the contract and shows every value, but has no words of its own for this.',
  }),
  text: () => ({ what: 'Sign a text', confirm: 'Sign', note: 'It moves no money by itself.' }),
  unknownCall: ({ to }) => ({
    what: `Call something unknown at ${to}`,
    confirm: 'Sign it all the same',
    note: 'Nobody here knows what this does. It can cost everything that the account has.',
  }),
  unknownStatement: ({ name }) => ({
    what: `Sign ${name}, which is not known here`,
    confirm: 'Sign it all the same',
    note: 'Nobody here knows what this does. It can cost everything that the account has.',
  }),
}

export const sentenceWords = {
  reports: { none: 'found again', lost: 'lost', stolen: 'stolen' },
  actions: { open: 'open', vend: 'use', manage: 'manage', own: 'act as the owner of' },
  attests: { approves: 'Vouch for a firmware', rejects: 'Warn against a firmware' },
  keyChanges: {
    proposeReleaseKey: 'Propose another release key',
    acceptReleaseKey: 'Take over as release key',
    cancelReleaseKey: 'Cancel the change of the release key',
    setGuardian: 'Name another guardian',
  },
  per: { hour: 'an hour', night: 'a night', stay: 'a stay', product: 'each' },
  pausing: { paused: 'Take no new bookings', live: 'Take bookings again' },
  boxes: { on: 'Let your box sign keys', off: 'Stop your box from signing keys' },
  vending: {
    sell: (perDay: string) => `sell up to ${perDay} a day from`,
    free: (perDay: string) => `take up to ${perDay} a day, for nothing, from`,
  },
  products: (count: number) => plural(count, 'one product', `${String(count)} products`),
  kioskActs: {
    fill: (slot: string, stock: string) => `Note that slot ${slot} holds ${stock} now`,
    open: (slot: string) => `Put slot ${slot} back into service`,
    close: (slot: string) => `Close slot ${slot}`,
    test: (slot: string) => `Drop one from slot ${slot} as a test, for nothing`,
  } satisfies Record<OwnerAct, unknown>,
  outcomes: { dropped: 'delivered', failed: 'not delivered' },
  prepaidSteps: { ask: 'Ask back what you have put down at', take: 'Take back what you have put down at' },
  ownAccount: 'this account',
  unlimited: 'everything that the account has and will have',
  nobody: 'nobody',
  you: 'you',
  device: (short: string) => `device ${short}`,
  addressOf: (name: string, short: string) => `${name} (${short})`,
  labels: {
    product: 'Product',
    catalogueVersion: 'Version',
    catalogueHash: 'Its fingerprint',
    to: 'To',
    amount: 'Amount',
    contract: 'Contract',
    token: 'Token',
    spender: 'Who may take it',
    device: 'Device',
    account: 'Account of the device',
    model: 'Model',
    owner: 'Present owner',
    newOwner: 'New owner',
    newAccount: 'New account of the device',
    deadline: 'Valid until',
    version: 'Version of the settings',
    ownerKey: 'Owner’s key',
    userKey: 'Key that is allowed',
    maxUses: 'How many times at most',
    grant: 'Fingerprint of what was allowed',
    slots: 'Slots of the machine',
    epoch: 'Keys from before number',
    epochNote: (n: string) => `Keys issued before number ${n} stop working.`,
    attestors: 'Witnesses needed',
    attestorsMayOpen: 'So many of them together can open the lock by proof of payment.',
    market: 'Market',
    issuer: 'Key that issues keys',
    user: 'User',
    price: 'Price',
    from: 'From',
    quantity: 'How many',
    payer: 'Paid back to',
    payee: 'Who is paid',
    deposit: 'Put aside',
    exitDelay: 'Until the rest comes back',
    voucherKey: 'Key that pays from it',
    inAll: 'In all',
    instant: 'How it is paid',
    instantNote: 'At once, and never refunded',
    escrowNote: 'Held until the key is signed; refunded if it is not',
    shares: 'Payees',
    document: 'Terms',
    documentNote: 'A document, named by its fingerprint',
    withdrawEvery: 'Pays out every (seconds)',
    order: 'Order',
    time: 'Time',
    log: 'Log',
    root: 'Fingerprint',
    until: 'Until',
    hardware: 'Hardware',
    releaseKey: 'Release key',
    guardian: 'Guardian',
    channel: 'Channel',
    securityCounter: 'Least security counter',
    digest: 'Firmware',
    reason: 'Reason',
    uri: 'Where it is explained',
    key: 'Key',
    function: 'Function',
    data: 'Data',
    text: 'Text',
  },
  warnings: {
    lookAlike: {
      title: 'This looks like an address you know, and is another one',
      body: 'Somebody may have made it to be mistaken. Compare every group, not only the ends.',
      known: 'The one you know',
      given: 'The one that would be paid',
      sure: 'I have compared them, and I mean the new one',
    },
    unlimitedApproval: {
      title: 'Without limit',
      body: 'It could take everything of this token, now and later.',
      sure: 'I want to allow that',
    },
    paysNobody: {
      title: 'Nobody can use what is sent there',
      body: 'This address belongs to no one, or to a token that gives nothing back. The money would be lost.',
      sure: 'I want to send it there all the same',
    },
    deadlinePassed: {
      title: 'The deadline has passed',
      body: 'The contract would refuse this.',
      sure: 'Sign all the same',
    },
  } satisfies Record<
    Warning['kind'],
    { title: string; body: string; sure: string; known?: string; given?: string }
  >,
}

export const signing = {
  titleTransaction: 'Check before you sign',
  titleStatement: 'Check before you sign',
  from: 'From',
  effects: 'What changes',
  effectNow: 'now',
  effectThen: 'after',
  effectsNone: 'No balance of yours changes, apart from the fee.',
  effectsUnknown: 'The endpoints only say that it would not fail, not what it changes.',
  simulated: 'Tried out on the newest block, without sending it.',
  fee: 'Fee',
  feeExpected: (amount: string) => `about ${amount}`,
  feeAtMost: (amount: string) => `at most ${amount}`,
  feeByWallet: 'Your wallet shows and sets the fee.',
  free: 'Costs nothing: nothing is sent to the chain.',
  speeds: { slow: 'Can wait', normal: 'Usual', fast: 'Quick' },
  seconds: (duration: string) => `about ${duration}`,
  details: 'All details',
  expired: 'This was checked too long ago. Nothing was signed; look at it again.',
  again: 'Check again',
  signing: 'Signing …',
  cancel: 'Cancel',
  inWallet: (name: string) => `Confirm it in ${name} as well.`,
  waitingFor: (name: string) => `Waiting for ${name} …`,
  replaces: 'It takes the place of the one that waits: only one of the two can happen.',
}
