// 简体中文的钱包文字；首次打开钱包时才加载。
import type { WalletMessages } from './walletEn.ts'
import { moneyFailures, ownershipFailures } from './zh/moneyFailures.ts'
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
} from './zh/wallet.ts'
import { accounts, activity, payments, receive, send } from './zh/walletAccounts.ts'
import { claim, handOver, owned, rules } from './zh/walletDevices.ts'
import { walletFailures } from './zh/walletFailures.ts'
import { sentences, sentenceWords, signing } from './zh/walletSentences.ts'

export const walletZh: WalletMessages = {
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
