// A kiosk’s owner, from anywhere, behind one lazily loaded door: sales, products, the kiosk’s grant.
import '../../styles/money.css'
import '../../styles/wallet.css'
import '../../styles/market.css'
import '../../styles/selling.css'
import { lazy, use } from 'react'
import { Route, Switch } from 'wouter'
import type { Fob } from '../../../app/fob.ts'
import type { KioskOwner } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { useFob } from '../../fobContext.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet, WalletProvider } from '../../walletContext.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { SalesScreen } from './SalesScreen.tsx'
import { type OwnMachine, SellerContext } from './sellerContext.ts'

const ProductsScreen = lazy(async () => ({
  default: (await import('./products/ProductsScreen.tsx')).ProductsScreen,
}))
const PartyScreen = lazy(async () => ({ default: (await import('./PartyScreen.tsx')).PartyScreen }))
const GrantScreen = lazy(async () => ({ default: (await import('./GrantScreen.tsx')).GrantScreen }))

const loading = new WeakMap<Fob, Promise<KioskOwner>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function ownerOf(fob: Fob, load: () => Promise<KioskOwner>): Promise<KioskOwner> {
  const known = loading.get(fob) ?? load()
  loading.set(fob, known)
  return known
}

export function SellingRoutes() {
  const fob = useFob()
  const load = fob.kioskOwner
  return load === undefined ? <NotFoundScreen /> : <Opened seller={use(ownerOf(fob, () => load()))} />
}

function Opened({ seller }: { seller: KioskOwner }) {
  return (
    <WalletProvider>
      <SellerContext value={seller}>
        <Switch>
          <Route path="/sell/:id">{({ id }) => <Owned id={id} screen={SalesScreen} />}</Route>
          <Route path="/sell/:id/products">{({ id }) => <Owned id={id} screen={ProductsScreen} />}</Route>
          <Route path="/sell/:id/kiosk">{({ id }) => <Owned id={id} screen={GrantScreen} />}</Route>
          <Route>{() => <NotFoundScreen />}</Route>
        </Switch>
      </SellerContext>
    </WalletProvider>
  )
}

function Owned({ id, screen: Screen }: { id: string; screen: React.ComponentType<OwnMachine> }) {
  const device = useReadable(useWallet().devices).find(
    ({ deviceId, stage }) => deviceId === id && (stage.kind === 'owned' || stage.kind === 'givingAway'),
  )
  if (device !== undefined) return <Screen key={id} device={device} />
  return /^0x[0-9a-f]{64}$/.test(id) ? <PartyScreen key={id} deviceId={id as DeviceId} /> : <NotFoundScreen />
}
