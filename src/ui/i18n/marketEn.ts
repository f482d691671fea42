// English of the screens of paid unlocks: loaded with them. Every other language must have the same messages.

import { marketFailures } from './en/marketFailures.ts'
import { checkReceipt, keys, log, near, oneKey, outcomes, receiveKey, scan } from './en/marketKeys.ts'
import { calendar, hours, offer, shares } from './en/marketOffers.ts'
import { editor, lend, letting } from './en/marketOwner.ts'

export const marketEn = {
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

export type MarketMessages = typeof marketEn
