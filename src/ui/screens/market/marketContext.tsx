// The market for the screens that need it: loaded once, over the wallet’s sheets; works without a wallet until somebody pays.
import { createContext, type ReactNode, use, useState } from 'react'
import type { Fob } from '../../../app/fob.ts'
import type { Market } from '../../../app/market/market.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { useFob } from '../../fobContext.ts'
import { WalletProvider } from '../../walletContext.tsx'

interface MarketAccess {
  readonly market: Market
  /** Locks that were near since the page was opened: whether they have room for proofs of payment. */
  readonly met: Map<DeviceId, { readonly takesProofs: boolean }>
}

const MarketContext = createContext<MarketAccess | null>(null)

const loading = new WeakMap<Fob, Promise<Market>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function marketOf(fob: Fob): Promise<Market> {
  const known = loading.get(fob)
  if (known !== undefined) return known
  const asked = (fob as Fob & { market(): Promise<Market> }).market()
  loading.set(fob, asked)
  return asked
}

/** Suspends until the market is there; below it `useMarket` works, and all that WalletProvider gives. */
export function MarketProvider({ children }: { children: ReactNode }) {
  const market = use(marketOf(useFob()))
  const [met] = useState(() => new Map<DeviceId, { readonly takesProofs: boolean }>())
  return (
    <WalletProvider>
      <MarketContext value={{ market, met }}>{children}</MarketContext>
    </WalletProvider>
  )
}

function useAccess(): MarketAccess {
  const access = use(MarketContext)
  if (access === null) throw new Error('the market is used outside of MarketProvider')
  return access
}

export const useMarket = (): Market => useAccess().market
export const useMetLocks = (): MarketAccess['met'] => useAccess().met
