// The owner’s side of kiosks, for the screens below its route.
import { createContext, use } from 'react'
import type { KioskOwner } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { OwnedDeviceView } from '../../../app/wallet/deviceOwnership.ts'

/** What each of these screens is of. */
export interface OwnMachine {
  readonly device: OwnedDeviceView
}

export const SellerContext = createContext<KioskOwner | null>(null)

export function useSeller(): KioskOwner {
  const seller = use(SellerContext)
  if (seller === null) throw new Error('the seller is used outside of SellingRoutes')
  return seller
}
