// Which screen an address shows. The list of devices is there at once; the others are loaded when first needed, or idle.
import { lazy, useEffect } from 'react'
import { Route, Switch } from 'wouter'
import { paths } from './paths.ts'
import { DevicesScreen } from './screens/devices/DevicesScreen.tsx'
import { NotFoundScreen } from './screens/NotFoundScreen.tsx'

const loaders = {
  device: () => import('./screens/deviceDetail/DeviceScreen.tsx'),
  update: () => import('./screens/update/UpdateScreen.tsx'),
  receipt: () => import('./screens/update/ReceiptScreen.tsx'),
  makers: () => import('./screens/makers/MakersScreen.tsx'),
  maker: () => import('./screens/makers/MakerScreen.tsx'),
  addMaker: () => import('./screens/makers/AddMakerScreen.tsx'),
  releases: () => import('./screens/releases/ReleasesScreen.tsx'),
  model: () => import('./screens/releases/ModelScreen.tsx'),
  settings: () => import('./screens/settings/SettingsScreen.tsx'),
  network: () => import('./screens/settings/NetworkScreen.tsx'),
  networkChange: () => import('./screens/settings/NetworkChangeScreen.tsx'),
  browser: () => import('./screens/BrowserScreen.tsx'),
  fleet: () => import('./screens/fleet/FleetScreen.tsx'),
  serving: () => import('./screens/serving/ServingScreen.tsx'),
  handOver: () => import('./screens/serving/HandOverScreen.tsx'),
  console: () => import('./screens/console/ConsoleScreen.tsx'),
  ways: () => import('./screens/ways/WaysScreen.tsx'),
  gateway: () => import('./screens/ways/GatewayScreen.tsx'),
  kiosk: () => import('./kiosk/KioskRoute.tsx'),
} as const

const loadWallet = () => import('./screens/wallet/WalletRoutes.tsx')
const loadBuying = () => import('./screens/buying/BuyingRoutes.tsx')
const loadSelling = () => import('./screens/selling/SellingRoutes.tsx')
const loadMarket = () => import('./screens/market/MarketRoutes.tsx')

/** Bought at kiosks, and kiosks of ours. */
const buyingPlaces = /^\/buy(?:\/|$)/
const sellingPlaces = /^\/sell\//

/** Keys, offers, letting. */
const marketPlaces = /^\/(?:keys|offer|let)(?:\/|$)/

const DeviceScreen = lazy(async () => ({ default: (await loaders.device()).DeviceScreen }))
const UpdateScreen = lazy(async () => ({ default: (await loaders.update()).UpdateScreen }))
const ReceiptScreen = lazy(async () => ({ default: (await loaders.receipt()).ReceiptScreen }))
const MakersScreen = lazy(async () => ({ default: (await loaders.makers()).MakersScreen }))
const MakerScreen = lazy(async () => ({ default: (await loaders.maker()).MakerScreen }))
const AddMakerScreen = lazy(async () => ({ default: (await loaders.addMaker()).AddMakerScreen }))
const ReleasesScreen = lazy(async () => ({ default: (await loaders.releases()).ReleasesScreen }))
const ModelScreen = lazy(async () => ({ default: (await loaders.model()).ModelScreen }))
const SettingsScreen = lazy(async () => ({ default: (await loaders.settings()).SettingsScreen }))
const NetworkScreen = lazy(async () => ({ default: (await loaders.network()).NetworkScreen }))
const NetworkChangeScreen = lazy(async () => ({
  default: (await loaders.networkChange()).NetworkChangeScreen,
}))
const WalletRoutes = lazy(async () => ({ default: (await loadWallet()).WalletRoutes }))
const MarketRoutes = lazy(async () => ({ default: (await loadMarket()).MarketRoutes }))
const BuyingRoutes = lazy(async () => ({ default: (await loadBuying()).BuyingRoutes }))
const SellingRoutes = lazy(async () => ({ default: (await loadSelling()).SellingRoutes }))
const ServingScreen = lazy(async () => ({ default: (await loaders.serving()).ServingScreen }))
const KioskRoute = lazy(async () => ({ default: (await loaders.kiosk()).KioskRoute }))
const ConsoleScreen = lazy(async () => ({ default: (await loaders.console()).ConsoleScreen }))
const WaysScreen = lazy(async () => ({ default: (await loaders.ways()).WaysScreen }))
const GatewayScreen = lazy(async () => ({ default: (await loaders.gateway()).GatewayScreen }))
const HandOverScreen = lazy(async () => ({ default: (await loaders.handOver()).HandOverScreen }))
const FleetScreen = lazy(async () => ({ default: (await loaders.fleet()).FleetScreen }))
const BrowserScreen = lazy(async () => ({ default: (await loaders.browser()).BrowserScreen }))

export function Routes() {
  useEffect(loadTheRestWhenIdle, [])
  return (
    <Switch>
      <Route path={paths.devices} component={DevicesScreen} />
      <Route path="/device/:key">{({ key }) => <DeviceScreen key={key} deviceKey={key} />}</Route>
      <Route path="/device/:key/update">{({ key }) => <UpdateScreen key={key} deviceKey={key} />}</Route>
      <Route path="/device/:key/console">{({ key }) => <ConsoleScreen key={key} deviceKey={key} />}</Route>
      <Route path="/device/:key/result/:entry">
        {({ key, entry }) => <ReceiptScreen key={entry} deviceKey={key} entryId={entry} />}
      </Route>
      <Route path="/wallet/*?">{() => <WalletRoutes />}</Route>
      <Route path={marketPlaces}>{() => <MarketRoutes />}</Route>
      <Route path={buyingPlaces}>{() => <BuyingRoutes />}</Route>
      <Route path={sellingPlaces}>{() => <SellingRoutes />}</Route>
      <Route path={paths.fleet} component={FleetScreen} />
      <Route path={paths.makers} component={MakersScreen} />
      <Route path={paths.addMaker} component={AddMakerScreen} />
      <Route path="/makers/:address">
        {({ address }) => <MakerScreen key={address} address={address} />}
      </Route>
      <Route path={paths.releases} component={ReleasesScreen} />
      <Route path="/releases/:maker/:name/:hardware">
        {({ maker, name, hardware }) => <ModelRoute maker={maker} name={name} hardware={hardware} />}
      </Route>
      <Route path={paths.settings} component={SettingsScreen} />
      <Route path={paths.network} component={NetworkScreen} />
      <Route path={paths.networkChange} component={NetworkChangeScreen} />
      <Route path={paths.browser} component={BrowserScreen} />
      <Route path={paths.serving} component={ServingScreen} />
      <Route path={paths.handOver} component={HandOverScreen} />
      <Route path={paths.ways} component={WaysScreen} />
      <Route path="/add/gateway/:peerId">
        {({ peerId }) => <GatewayScreen key={peerId} peerId={peerId} />}
      </Route>
      <Route path={paths.kiosk} component={KioskRoute} />
      <Route>{() => <NotFoundScreen />}</Route>
    </Switch>
  )
}

function ModelRoute({ maker, name, hardware }: { maker: string; name: string; hardware: string }) {
  const address = /^0x([0-9a-f]{40})$/.exec(maker.toLowerCase())?.[1]
  if (address === undefined) return <NotFoundScreen />
  const model = { maker: `0x${address}`, name, hardware } as const
  return <ModelScreen key={`${maker}/${name}/${hardware}`} model={model} />
}

/** So that a lost connection, or a newer build on the host, never leaves a link without its screen. */
function loadTheRestWhenIdle(): () => void {
  const load = () => {
    for (const loader of Object.values(loaders)) loader().catch(() => {})
    import('./keepFocus.ts').then(
      module => module.keepFocus(),
      () => {},
    )
    loadWallet().then(
      module => module.loadWalletScreens(),
      () => {},
    )
    loadBuying().catch(() => {})
    loadSelling().catch(() => {})
    loadMarket().then(
      module => module.loadMarketScreens(),
      () => {},
    )
  }
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(load, 2000)
    return () => clearTimeout(timer)
  }
  const idle = requestIdleCallback(load, { timeout: 5000 })
  return () => cancelIdleCallback(idle)
}
