// Terms of a sale, for looking at the screens of kiosks.
import type { OfferTerms } from '../../src/core/registry/marketStatements.ts'
import * as fixtures from './fixtures.ts'

/** `price` of one product, in the coin's smallest unit: most is the owner's, a tenth the supplier's. */
export const saleTerms = (price: bigint): OfferTerms => ({
  deviceId: fixtures.hex(45),
  owner: fixtures.hex(210, 20),
  token: null,
  price,
  unit: 'product',
  isInstant: false,
  slot: 0,
  maxQuantity: 3,
  slotHours: 0,
  startHour: 0,
  utcOffset: 0,
  fulfilWithin: 3600,
  weeklyHours: new Uint8Array(21),
  maxUses: 0,
  actions: 2,
  legalHash: fixtures.hex(211),
  shares: [
    { payee: fixtures.hex(201, 20), amount: price - price / 10n },
    { payee: fixtures.hex(212, 20), amount: price / 10n },
  ],
})
