// A lock near us, before anybody pays: what it says of itself, and what it sells.
import { takesProofs } from '../../core/lock/buildChainProof.ts'
import { ok, type Result } from '../../core/result.ts'
import type { DeviceTaskFailure } from '../wallet/deviceOwnership.ts'
import { meetDevice } from '../wallet/ownership/meet.ts'
import { Tasks } from '../wallet/ownership/tasks.ts'
import type { NearbyLock, OfferFailure } from './market.ts'
import { offersOf } from './offers.ts'
import type { MarketParts } from './parts.ts'

export async function meetLock(
  parts: MarketParts,
  deviceKey: string,
): Promise<Result<NearbyLock, DeviceTaskFailure | OfferFailure>> {
  const met = await meetDevice(parts, new Tasks(), deviceKey, async ({ identity, ownership }) =>
    ok({
      deviceId: identity.deviceId,
      takesProofs: takesProofs(ownership),
      isPaired: ownership.ownerKeyHash !== null,
    }),
  )
  if (!met.ok) return met
  // The link is free for the next one while the chain is asked.
  const offers = await offersOf(parts, met.value.deviceId)
  return offers.ok ? ok({ deviceKey, ...met.value, offers: offers.value }) : offers
}
