// English: what can go wrong with signing and sending, and with owning a device.
import type { FailureText } from '../failureKinds.ts'
import type { MoneyFailureKind, OwnershipFailureKind } from '../walletFailureKinds.ts'

export const moneyFailures: Record<MoneyFailureKind, FailureText> = {
  transactionInvalid: {
    title: 'This can’t be sent as it is',
    meaning: 'A number in it does not fit. Nothing was signed.',
    next: 'Look at the amount and the address, and try again.',
  },
  statementInvalid: {
    title: 'This can’t be signed as it is',
    meaning: 'A value in it does not fit its type. Nothing was signed.',
    next: 'Ask whoever wants the signature.',
  },
  unknownContract: {
    title: 'Nobody here knows this contract',
    meaning: 'What it would do can’t be put into words, so Fob does not sign it.',
    next: 'Experts can allow it in the wallet’s settings. If somebody told you to, they may be after your money.',
  },
  unknownCall: {
    title: 'This contract has no such function',
    meaning: 'What it would do can’t be put into words, so Fob does not sign it.',
    next: 'Experts can allow it in the wallet’s settings. If somebody told you to, they may be after your money.',
  },
  unknownStatement: {
    title: 'Nobody here knows this statement',
    meaning: 'What it would allow can’t be put into words, so Fob does not sign it.',
    next: 'Experts can allow it in the wallet’s settings. If somebody told you to, they may be after your money.',
  },
  valueNotTaken: {
    title: 'The contract takes no coins for this',
    meaning: 'They would come back, and the fee would be lost.',
    next: 'Send it without an amount.',
  },
  textUnreadable: {
    title: 'This is no text',
    meaning: 'It holds bytes that nobody can read, and could be something else in disguise.',
    next: 'Do not sign it.',
  },
  delegationRefused: {
    title: 'This would hand over the whole account',
    meaning: 'It lets a contract act for the account in everything. Fob never signs that.',
    next: 'Whoever asked for it may be after your money.',
  },
  wouldRevert: {
    title: 'The contract would refuse this',
    meaning: 'It was tried out without being sent. Nothing was paid.',
    next: 'Something may have changed meanwhile. Look at the details and try again.',
  },
  insufficientFunds: {
    title: 'There is not enough in the account',
    meaning: 'Amount and fee together are more than it holds.',
    next: 'Send less, or add money first.',
  },
  walletMissing: {
    title: 'There is no wallet yet',
    meaning: 'Without one there is nothing to sign with.',
    next: 'Create or restore a wallet.',
  },
  notEnough: {
    title: 'There is not enough in the account',
    meaning: 'Amount and fee together are more than it holds.',
    next: 'Send less, or add money first.',
  },
  notOnThisNetwork: {
    title: 'This network does not offer that',
    meaning: 'The network file names no contract for it.',
    next: 'Use another network, or ask whoever runs this one.',
  },
  unknownAccount: {
    title: 'The account is not there any more',
    meaning: 'It may have been removed in another tab.',
    next: 'Go back to the wallet.',
  },
  deviceNotOwned: {
    title: 'The device is not yours by the chain',
    meaning: 'Only its owner can do this.',
    next: 'Read the wallet again; it may have changed hands.',
  },
  alreadyMined: {
    title: 'It is in a block already',
    meaning: 'It can’t be made faster or cancelled any more.',
    next: 'Wait until it is final.',
  },
  nonceTooLow: {
    title: 'Its number was used already',
    meaning: 'Something else was sent from this account, perhaps by another app with the same words.',
    next: 'Look at the activity, then try again.',
  },
  replacementUnderpriced: {
    title: 'The fee is not high enough',
    meaning: 'To take the place of one that waits, it has to offer clearly more.',
    next: 'Choose a quicker one.',
  },
  broadcastRefused: {
    title: 'No endpoint took it',
    meaning: 'It is written down and signed, and was not sent. It is tried again by itself.',
    next: 'Wait, or look at the endpoints in the network settings.',
  },
  proposalExpired: {
    title: 'This was checked too long ago',
    meaning: 'Nothing was signed: what was tried out then says little of now.',
    next: 'Check it again.',
  },
  sendingElsewhere: {
    title: 'Another tab sends from this account just now',
    meaning: 'Two at once could take the same number. Nothing was signed here.',
    next: 'Wait a moment and try again.',
  },
  notStored: {
    title: 'It could not be written down',
    meaning: 'Nothing is sent that Fob could forget. Nothing was sent, and nothing was paid.',
    next: 'Make room in this browser and try again.',
  },
  wrongSigner: {
    title: 'Another account would have to sign this',
    meaning: 'It names an account that is not the chosen one.',
    next: 'Choose the right account.',
  },
  faucetUnavailable: {
    title: 'No play money just now',
    meaning: 'The demo network’s purse does not answer.',
    next: 'Try again in a moment.',
  },
  faucetEnough: {
    title: 'You have enough play money',
    meaning: 'The demo network gives some to empty accounts only.',
    next: 'Spend some first.',
  },
}

const nearNext = 'Stand next to it and try again.'

export const ownershipFailures: Record<OwnershipFailureKind, FailureText> = {
  deviceNotPaired: {
    title: 'The device listens to nobody yet',
    meaning: 'It has no owner’s key, perhaps after a reset.',
    next: 'Make it yours first.',
  },
  deviceAlreadyPaired: {
    title: 'The device listens to somebody already',
    meaning: 'It takes no new owner without the present one.',
    next: 'Ask its owner to hand it over.',
  },
  pairingClosed: {
    title: 'The button was not pressed',
    meaning: 'The device takes an owner only within a minute after its button was pressed.',
    next: 'Press it and try again.',
  },
  buttonNotPressed: {
    title: 'The button was not pressed in time',
    meaning: 'Nothing was changed on the device.',
    next: 'Start again, then press the button.',
  },
  cancelled: {
    title: 'Stopped',
    meaning: 'Nothing was changed on the device.',
    next: 'Start again whenever you like.',
  },
  claimCodeMistyped: {
    title: 'The code is mistyped',
    meaning: 'Its last character does not fit the others. The device was not asked.',
    next: 'Compare it with the label.',
  },
  claimCodeWrong: {
    title: 'This is not the device’s code',
    meaning: 'Each wrong one makes the device wait longer.',
    next: 'Look whether the label belongs to this device.',
  },
  claimCodeWait: {
    title: 'The device takes no code just now',
    meaning: 'Wrong codes were given before, so it waits.',
    next: 'Wait some minutes, or use its button.',
  },
  deviceHasNoButton: {
    title: 'This device has no button',
    meaning: 'It is claimed by its printed code.',
    next: 'Use the code on its label.',
  },
  deviceHasNoClaimCode: {
    title: 'This device has no printed code',
    meaning: 'It is claimed by its button.',
    next: 'Use its button.',
  },
  deviceWithoutOwner: {
    title: 'This device can’t have an owner',
    meaning: 'Its firmware knows nothing of owners. It can be updated all the same.',
    next: 'Look whether a newer firmware does.',
  },
  deviceOfOthers: {
    title: 'The device belongs to somebody else',
    meaning: 'It obeys another owner’s key.',
    next: 'Ask its owner.',
  },
  deviceRefusedSignature: {
    title: 'The device refused the signature',
    meaning: 'It knows another owner’s key, or was told of another chain.',
    next: 'Ask it again who it listens to.',
  },
  pairingCounterPassed: {
    title: 'The device has changed meanwhile',
    meaning: 'It was paired or reset since this was signed.',
    next: 'Start again.',
  },
  pairedForOtherNetwork: {
    title: 'The device belongs to another network',
    meaning: 'It was paired for another chain or registry.',
    next: 'Open the network that it was paired in.',
  },
  identityForOtherNetwork: {
    title: 'The device is made for another network',
    meaning: 'It names another chain than this network’s.',
    next: 'Open the network that its maker names.',
  },
  configVersionRefused: {
    title: 'The device has other settings than expected',
    meaning: 'It takes them one after the other, and one was told by another phone.',
    next: 'Connect again: Fob reads what it has.',
  },
  configEpochRefused: {
    title: 'The device refused older settings',
    meaning: 'They would make keys work again that were stopped.',
    next: 'Make new settings.',
  },
  rulesMalformed: {
    title: 'These rules can’t be kept',
    meaning: 'A value in them does not fit. The rules of before still hold.',
    next: 'Look at the technical detail, change it and try again.',
  },
  configInvalid: {
    title: 'These settings can’t be signed',
    meaning: 'A value in them does not fit.',
    next: 'Change it and try again.',
  },
  configNotDelivered: {
    title: 'The device has not taken the settings yet',
    meaning: 'What it has not signed for can’t be filed.',
    next: nearNext,
  },
  configFiledAlready: {
    title: 'These settings are filed already',
    meaning: 'There is nothing to do.',
    next: 'Change them first.',
  },
  noDeviceConfig: {
    title: 'The device has no settings yet',
    meaning: 'Nothing was told to it so far.',
    next: 'Make its first settings.',
  },
  nonceRefused: {
    title: 'It took too long',
    meaning: 'The device’s question was open for half a minute and is closed now.',
    next: nearNext,
  },
  noDeviceSession: {
    title: 'The device has ended the conversation',
    meaning: 'After ten quiet minutes, or when its key changes, it forgets who speaks.',
    next: nearNext,
  },
  ownerSessionNeeded: {
    title: 'Only its owner can do this',
    meaning: 'A key that was lent is not enough.',
    next: 'Use the owner’s wallet.',
  },
  deviceAccessDenied: {
    title: 'The device obeys its owner alone',
    meaning: 'It refused, as it should with a stranger.',
    next: 'Its owner, or somebody with a key to manage it, can do this.',
  },
  openRefused: {
    title: 'The device refused',
    meaning: 'The key does not fit: expired, used up, stopped or for something else.',
    next: 'Look at the details; a new key may be needed.',
  },
  sessionRefused: {
    title: 'The device refused the conversation',
    meaning: 'It did not accept your key.',
    next: nearNext,
  },
  sessionRepeated: {
    title: 'The device has answered this already',
    meaning: 'Nothing was done twice.',
    next: nearNext,
  },
  passVoid: {
    title: 'Your key on this phone is too old',
    meaning: 'Keys from before were stopped.',
    next: 'Unlock the wallet: Fob makes a new one.',
  },
  deviceAnswerInvalid: {
    title: 'The device’s answer is not what it should be',
    meaning: 'Its signature does not fit what was asked. Fob believes none of it.',
    next: 'Try again. If it lasts, this may not be the device that it says it is.',
  },
  malformed: {
    title: 'The device’s answer can’t be read',
    meaning: 'It is cut short or of another kind. Fob believes none of it.',
    next: nearNext,
  },
  deviceNotMet: {
    title: 'This browser has not met the device',
    meaning: 'It knows it from the chain alone.',
    next: 'Add it on the devices page when you stand next to it.',
  },
  deviceForgotten: {
    title: 'The device is not in the list any more',
    meaning: 'It was removed, perhaps in another tab.',
    next: 'Add it again.',
  },
  deviceModelChanged: {
    title: 'The device says another model than before',
    meaning: 'A device’s model does not change. Fob stopped.',
    next: 'Look whether this is the right device.',
  },
  notYoursYet: {
    title: 'It is not yours by the chain yet',
    meaning: 'The hand-over is not final.',
    next: 'Wait until it is, then try again.',
  },
  notATakeCode: {
    title: 'This is no code for taking a device',
    meaning: 'It is of another kind, or not all of it was read.',
    next: 'Ask for the code under Wallet, “Take a device”.',
  },
  notAGiveCode: {
    title: 'This is no code for a device',
    meaning: 'It is of another kind, or not all of it was read.',
    next: 'Ask for the code that is shown after giving.',
  },
  otherNetwork: {
    title: 'The code is for another network',
    meaning: 'Both of you have to use the same network.',
    next: 'Compare the network in the settings.',
  },
  notForUs: {
    title: 'This code is for somebody else',
    meaning: 'It was made for a code that this wallet did not show.',
    next: 'Show your code again and let them scan it.',
  },
  takeCodeUsed: {
    title: 'Your code was used already',
    meaning: 'Each device gets an account of its own, so each needs a code of its own.',
    next: 'Show a new code.',
  },
  sameDeviceAccount: {
    title: 'The code names the device’s present account',
    meaning: 'A new owner needs a new account for it.',
    next: 'Ask for a new code.',
  },
  giveCodeExpired: {
    title: 'The code has expired',
    meaning: 'It was to be sent before a day that is over.',
    next: 'Ask for a new one.',
  },
  giveCodeInvalid: {
    title: 'A signature in the code is wrong',
    meaning: 'It was changed, or made by somebody else. Nothing was sent.',
    next: 'Ask for a new one, and look who gives it to you.',
  },
  giveCodeStale: {
    title: 'The code fits no longer',
    meaning: 'The device changed hands meanwhile, or was reported lost or stolen.',
    next: 'Talk to whoever gave you the code.',
  },
  deviceReported: {
    title: 'The device is reported lost or stolen',
    meaning: 'While it is, it can’t change hands.',
    next: 'Report that it was found first.',
  },
}
