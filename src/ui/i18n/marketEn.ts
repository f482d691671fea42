// English of the screens of paid unlocks: loaded with them. Every other language must have the same messages.

import { keys, near, oneKey, outcomes, receiveKey } from './en/marketKeys.ts'
import { calendar, hours, offer, shares } from './en/marketOffers.ts'
import { editor, lend, letting } from './en/marketOwner.ts'

export const marketEn = {
  keys,
  oneKey,
  outcomes,
  near,
  receiveKey,
  offer,
  calendar,
  hours,
  shares,
  letting,
  editor,
  lend,
}

export type MarketMessages = typeof marketEn
