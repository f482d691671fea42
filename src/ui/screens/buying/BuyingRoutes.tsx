// Buying at somebody’s kiosk, behind one lazily loaded door: the code’s price, the payment, what was bought.
import '../../styles/money.css'
import '../../styles/wallet.css'
import '../../styles/market.css'
import { lazy, use } from 'react'
import { Route, Switch } from 'wouter'
import type { Fob } from '../../../app/fob.ts'
import type { SaleBuyer } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { useFob } from '../../fobContext.ts'
import { paths } from '../../paths.ts'
import { WalletProvider } from '../../walletContext.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { BuyScreen } from './BuyScreen.tsx'
import { BuyerContext } from './buyerContext.ts'

const BoughtScreen = lazy(async () => ({ default: (await import('./BoughtScreen.tsx')).BoughtScreen }))
const PrepaidScreen = lazy(async () => ({ default: (await import('./PrepaidScreen.tsx')).PrepaidScreen }))

const loading = new WeakMap<Fob, Promise<SaleBuyer>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function buyerOf(fob: Fob, load: () => Promise<SaleBuyer>): Promise<SaleBuyer> {
  const known = loading.get(fob) ?? load()
  loading.set(fob, known)
  return known
}

export function BuyingRoutes() {
  const fob = useFob()
  const load = fob.saleBuyer
  return load === undefined ? <NotFoundScreen /> : <Opened buyer={use(buyerOf(fob, () => load()))} />
}

function Opened({ buyer }: { buyer: SaleBuyer }) {
  return (
    <WalletProvider>
      <BuyerContext value={buyer}>
        <Switch>
          <Route path={paths.bought} component={BuyScreen} />
          <Route path={paths.prepaid} component={PrepaidScreen} />
          <Route path="/buy/:id">{({ id }) => <BoughtScreen key={id} id={decodeURIComponent(id)} />}</Route>
          <Route>{() => <NotFoundScreen />}</Route>
        </Switch>
      </BuyerContext>
    </WalletProvider>
  )
}
