// 简体中文的付费开锁文字；首次打开相关页面时才加载。
import type { MarketMessages } from './marketEn.ts'
import { marketFailures } from './zh/marketFailures.ts'
import { checkReceipt, keys, log, near, oneKey, outcomes, receiveKey, scan } from './zh/marketKeys.ts'
import { calendar, hours, offer, shares } from './zh/marketOffers.ts'
import { editor, lend, letting } from './zh/marketOwner.ts'

export const marketZh: MarketMessages = {
  keys,
  oneKey,
  outcomes,
  near,
  receiveKey,
  scan,
  checkReceipt,
  log,
  offer,
  calendar,
  hours,
  shares,
  letting,
  editor,
  lend,
  failures: marketFailures,
}
