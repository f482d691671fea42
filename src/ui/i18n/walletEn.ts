// English of the wallet's screens: loaded with them. Every other language must have the same messages.

import { moneyFailures, ownershipFailures } from './en/moneyFailures.ts'
import {
  backup,
  create,
  lock,
  owner,
  passkeys,
  passphrase,
  persistence,
  restore,
  unreadable,
  vault,
  wallet,
} from './en/wallet.ts'
import { accounts, activity, payments, receive, send } from './en/walletAccounts.ts'
import { claim, handOver, owned, rules } from './en/walletDevices.ts'
import { walletFailures } from './en/walletFailures.ts'
import { sentences, sentenceWords, signing } from './en/walletSentences.ts'

export const walletEn = {
  wallet,
  lock,
  passphrase,
  create,
  backup,
  restore,
  passkeys,
  persistence,
  vault,
  owner,
  unreadable,
  claim,
  owned,
  rules,
  handOver,
  accounts,
  receive,
  send,
  payments,
  activity,
  sentences,
  sentenceWords,
  signing,
  failures: { ...moneyFailures, ...ownershipFailures, ...walletFailures },
}

export type WalletMessages = typeof walletEn
