// English of paying for blocks and being paid: loaded with their screens. Every other language must have the same messages.
import type { ChannelState } from '../../app/channels/channels.ts'
import type { ChannelsFailureKind } from './channelsFailureKinds.ts'
import type { FailureText } from './failureKinds.ts'

export const channelsEn = {
  title: 'Paid blocks',
  lead: 'Some peers ask a price for passing files on. You put money aside for one of them, and a key of this browser pays block by block. Whoever buys from you does the same.',
  none: 'You have put nothing aside for anybody, and nobody for you.',
  notHere: 'This network has no contract for paying by the block.',
  asPayer: 'You pay',
  asPayee: 'You are paid',
  to: (who: string) => `To ${who}`,
  by: (who: string) => `From ${who}`,
  deposit: 'Put aside',
  paid: 'Paid of it',
  left: 'Left',
  earnedOf: 'Paid to you',
  taken: 'Taken by you',
  lockedFor: (duration: string) => `What is left comes back ${duration} after you ask for it.`,
  states: {
    opening: 'Waiting for the chain',
    open: 'Open',
    leaving: 'Being asked back',
    ready: 'Can be taken back',
    closed: 'Closed',
    unread: 'Not read yet',
  } satisfies Record<ChannelState['kind'], string>,
  leavingUntil: (date: string) =>
    `Locked until ${date}. Until then the other side can take what you have paid, and no more.`,
  payerLeaves: (date: string) =>
    `They ask their rest back. Take what is yours before ${date}: after that it is lost.`,
  payerGone: 'Their time is over: what you have not taken can be lost any moment.',
  notPayable: 'The key that pays from it is not in this browser. You can still take the rest back.',
  topUp: 'Put more aside',
  leave: 'Ask it back',
  empty: 'Take it back',
  claim: (amount: string) => `Take ${amount}`,
  closeIt: 'Take it and close',
  closing: {
    now: 'Close now',
    again: 'Ask again',
    asked:
      'They were asked to agree, and have to do so on their phone. Ask again later, or ask your rest back and wait.',
    theyAgreed: 'They have agreed: close it, and your rest comes back at once.',
    wished: 'They want to close it now',
    wishedHint: (amount: string) =>
      `You keep ${amount}; the rest goes back to them. Agreeing costs you nothing: they pay the fee, and yours is kept for you by the contract.`,
    agree: 'Agree',
    youAgreed: (amount: string) =>
      `You agreed to close it. When they do, ${amount} is yours, less what you have taken, and kept by the contract until you pay it out.`,
  },
  forget: 'Take off the list',
  claimCost: (cost: string) => `Taking it costs about ${cost} in fees.`,
  claimDear: (gain: string, cost: string) =>
    `Taking ${gain} costs about ${cost} in fees: it brings less than it costs, or hardly more. Wait until there is more. It stays yours as long as they do not ask their rest back.`,
  claimUnknown: 'What taking it costs could not be estimated just now.',
  kept: (amount: string) => `${amount} is kept for you by the contract.`,
  withdraw: 'Pay it out',
  earned: 'Earned in all',
  find: 'Look for channels that I opened',
  findHint: 'On the chain, for another phone or a browser that has forgotten them.',
  foundNone: 'There are no others.',
  found: (count: string) => `Found: ${count}`,
  limits: 'Limits',
  limitsHint: 'Within these, what you have agreed to is paid without unlocking the wallet again.',
  perFile: 'At most for a file',
  perDay: 'At most in a day',
  save: 'Save',
  saved: 'Saved',
  amountWrong: 'An amount, like 0.001',
  amountLabel: (symbol: string) => `Amount (${symbol})`,
  readFailed: 'The chain could not be read',
  failures: {
    channelUnknown: {
      title: 'This channel is not known here',
      meaning: 'What was stored of it is gone, or can’t be read. Nothing was signed.',
      next: 'Look for channels that you opened, below.',
    },
    channelNotStored: {
      title: 'It could not be written down',
      meaning: 'Nothing is paid that this browser would not remember.',
      next: 'Make room on this device, then try again.',
    },
    limitTooLow: {
      title: 'More than your limit',
      meaning: 'It costs more than you allow for a file.',
      next: 'Change the limit under Wallet, Paid blocks, if you want to pay that much.',
    },
    unproven: {
      title: 'The chain could not be proven',
      meaning: 'No money moves on the word of one endpoint.',
      next: 'Try again in a minute, or look at the network’s endpoints in the settings.',
    },
    noChannel: {
      title: 'Nothing is put aside for this seller',
      meaning: 'Blocks are paid from money that was put aside before.',
      next: 'Put something aside for them.',
    },
    depositExhausted: {
      title: 'What you put aside is used up',
      meaning: 'What is left does not pay for the next block. The blocks that came are kept.',
      next: 'Put more aside, then go on.',
    },
    budgetExhausted: {
      title: 'Your limit is reached',
      meaning: 'The file, or the day, has cost as much as you allowed. The blocks that came are kept.',
      next: 'Go on tomorrow, or change the limits.',
    },
    payingElsewhere: {
      title: 'Another purchase is under way',
      meaning: 'One file is paid for at a time, so that your limits hold.',
      next: 'Wait until it is done, or close the other tab.',
    },
    offerChanged: {
      title: 'The seller asks for more now',
      meaning: 'More than you agreed to. Nothing was paid at the new price.',
      next: 'Look for sellers again, and decide anew.',
    },
    channelNotOpen: {
      title: 'The channel is not open',
      meaning: 'It was closed, or its rest is being asked back.',
      next: 'Put money aside for this seller anew.',
    },
    purseUnreadable: {
      title: 'What was stored of the channel can’t be read',
      meaning: 'Nothing is signed on a guess.',
      next: 'Ask the rest back under Wallet, Paid blocks, and put money aside anew.',
    },
    keyLost: {
      title: 'The key that pays is gone',
      meaning: 'This browser has lost it. What is put aside is not lost.',
      next: 'Ask it back under Wallet, Paid blocks.',
    },
    standingForged: {
      title: 'The seller shows a cheque that you never signed',
      meaning: 'It was not believed, and nothing was paid.',
      next: 'Choose another seller.',
    },
    debtTooLarge: {
      title: 'The seller says that you owe more than a block',
      meaning: 'Never more than one block is on credit. Nothing was paid.',
      next: 'Choose another seller.',
    },
    overcharged: {
      title: 'The seller asked for more than the block’s price',
      meaning: 'It was not paid.',
      next: 'Choose another seller.',
    },
    wrongBlock: {
      title: 'The seller gave wrong bytes',
      meaning: 'They were thrown away before anything was paid for them.',
      next: 'Choose another seller.',
    },
    payeeNotThere: {
      title: 'They could not be asked',
      meaning: 'Nobody who is paid at this account was found just now: their phone is off, or sells no more.',
      next: 'Try again when they are there, or ask it back and wait.',
    },
    peerRefused: {
      title: 'They refused',
      meaning: 'The other side answered, and would not. Nothing was paid.',
      next: 'Try again in a minute, or ask your rest back.',
    },
    consentForged: {
      title: 'Their consent does not hold',
      meaning:
        'It is for another amount than you have paid, or not signed by their account. It was not believed.',
      next: 'Ask your rest back instead.',
    },
  } satisfies Record<ChannelsFailureKind, FailureText>,
  buy: {
    title: 'Get it from somebody who sells it',
    looking: 'Looking who sells this file …',
    freeNone: 'Nobody gives it away just now. Free sources are asked first each time.',
    nobody: 'Nobody sells it either.',
    again: 'Look again',
    nearby: 'Get it from the phone next to you',
    sellers: (count: string, atMost: string) =>
      `Sellers: ${count}. What is missing of the file costs at most ${atMost}.`,
    atMost: (amount: string) => `At most ${amount}`,
    perMiB: (amount: string) => `${amount} for each MiB`,
    choose: 'Sellers',
    severalHint:
      'You can buy from several at once: each block once, from whoever is quicker. When one leaves, the others go on. Money is put aside for each.',
    enoughForAll: (amount: string) => `${amount} is put aside for these sellers already.`,
    nextSeller: (who: string, number: string, count: string) => `${number} of ${count}: ${who}`,
    needsWallet: 'To pay you need a wallet with some money.',
    toWallet: 'Open the wallet',
    setAside: 'How much to put aside',
    setAsideHint: (duration: string) =>
      `What you don’t use comes back ${duration} after you ask for it, or sooner if the seller agrees.`,
    once: 'For this file',
    tenTimes: 'For ten such files',
    putAside: 'Put it aside',
    waiting: 'Waiting until the chain has it for good. You can leave this page open, or come back.',
    enough: (amount: string) => `${amount} is put aside for this seller already.`,
    tooLittle: (amount: string) => `${amount} is put aside for this seller: too little for what is missing.`,
    agree: (amount: string) => `Pay at most ${amount}`,
    agreeHint: 'Each block is checked before it is paid. You pay for those that come, and for no others.',
    agreed: (amount: string) => `You agreed to pay at most ${amount}.`,
    goOn: 'Get the file',
    takeBack: 'Don’t pay after all',
    tooDear: {
      perFile: 'That is more than your limit for a file.',
      perDay: 'With what was paid today, that is more than your limit for a day.',
    },
    changeLimits: 'Change the limits',
  },
  sell: {
    title: 'Price',
    hint: 'Nothing, unless you set one. Whoever buys puts money aside for you, and pays each block by a cheque that is yours to take.',
    label: (symbol: string) => `For each MiB (${symbol})`,
    free: 'Given away',
    perBlock: (amount: string) => `${amount} for each 64 KiB block`,
    save: 'Set this price',
    saved: (amount: string) => `Your price is ${amount} for each MiB.`,
    savedFree: 'You give it away.',
    delay:
      'You are not paid by anybody who could take the money back in less than 7 days: a phone may be off for days. Open Fob once a week while you sell.',
    known: 'Buyers see your account’s address, and the chain shows what you take.',
    thanks: 'Let makers thank you',
    thanksHint:
      'You give it away, and who wants to pay for that is told your account and how many blocks went out.',
    earned: 'Earned',
    open: 'Who paid, and taking it',
    needsWallet: 'To be paid you need a wallet.',
    closing: (count: string) => `Buyers that want to close now: ${count}. It needs your word.`,
    leaving: (count: string) => `Buyers that ask their rest back: ${count}. Take what is yours in time.`,
  },
}

export type ChannelsMessages = typeof channelsEn
