// The buyer’s side of kiosks, for the screens below its route.
import { createContext, use } from 'react'
import type { SaleBuyer } from '../../../app/kiosk/buyer/saleBuyer.ts'

export const BuyerContext = createContext<SaleBuyer | null>(null)

export function useBuyer(): SaleBuyer {
  const buyer = use(BuyerContext)
  if (buyer === null) throw new Error('the buyer is used outside of BuyingRoutes')
  return buyer
}
