// The market for the screens that need it: loaded once, over the wallet’s sheets; works without a wallet until somebody pays.
import { createContext, type ReactNode, use } from 'react'
import type { Fob } from '../../../app/fob.ts'
import type { Market } from '../../../app/market/market.ts'
import { Observable } from '../../../app/observable.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { useFob } from '../../fobContext.ts'
import { WalletProvider } from '../../walletContext.tsx'

const MarketContext = createContext<Market | null>(null)

/** Locks that were near since the page was opened: whether they have room for proofs of payment. */
type MetLocks = Observable<ReadonlyMap<DeviceId, { readonly takesProofs: boolean }>>

/** Beyond any screen: every change of the address begins the tree anew. */
const metBy = new WeakMap<Market, MetLocks>()

const loading = new WeakMap<Fob, Promise<Market>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function marketOf(fob: Fob): Promise<Market> {
  const known = loading.get(fob)
  if (known !== undefined) return known
  const asked = fob.market()
  loading.set(fob, asked)
  return asked
}

/** Suspends until the market is there; below it `useMarket` works, and all that WalletProvider gives. */
export function MarketProvider({ children }: { children: ReactNode }) {
  const market = use(marketOf(useFob()))
  return (
    <WalletProvider>
      <MarketContext value={market}>{children}</MarketContext>
    </WalletProvider>
  )
}

export function useMarket(): Market {
  const market = use(MarketContext)
  if (market === null) throw new Error('the market is used outside of MarketProvider')
  return market
}

export function useMetLocks(): MetLocks {
  const market = useMarket()
  const met: MetLocks = metBy.get(market) ?? new Observable(new Map())
  metBy.set(market, met)
  return met
}
