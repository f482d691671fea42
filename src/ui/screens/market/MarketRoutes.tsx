// The screens of paid unlocks, behind one lazily loaded door: keys, offers, and letting.
import '../../styles/money.css'
import '../../styles/wallet.css'
import '../../styles/market.css'
import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { paths } from '../../paths.ts'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { KeysScreen } from './keys/KeysScreen.tsx'
import { MarketProvider } from './marketContext.tsx'

const loaders = {
  key: () => import('./keys/KeyScreen.tsx'),
  near: () => import('./keys/NearScreen.tsx'),
  scan: () => import('./keys/ScanScreen.tsx'),
  receive: () => import('./keys/ReceiveScreen.tsx'),
  check: () => import('./keys/CheckScreen.tsx'),
  move: () => import('./keys/MoveScreen.tsx'),
  offer: () => import('./offer/OfferScreen.tsx'),
  letting: () => import('./owner/LettingScreen.tsx'),
  newOffer: () => import('./editor/NewOfferScreen.tsx'),
  hours: () => import('./owner/HoursScreen.tsx'),
  lend: () => import('./lend/LendScreen.tsx'),
  lendFree: () => import('./lend/LendFreeScreen.tsx'),
} as const

const KeyScreen = lazy(async () => ({ default: (await loaders.key()).KeyScreen }))
const NearScreen = lazy(async () => ({ default: (await loaders.near()).NearScreen }))
const ScanScreen = lazy(async () => ({ default: (await loaders.scan()).ScanScreen }))
const ReceiveScreen = lazy(async () => ({ default: (await loaders.receive()).ReceiveScreen }))
const CheckScreen = lazy(async () => ({ default: (await loaders.check()).CheckScreen }))
const MoveScreen = lazy(async () => ({ default: (await loaders.move()).MoveScreen }))
const OfferScreen = lazy(async () => ({ default: (await loaders.offer()).OfferScreen }))
const LettingScreen = lazy(async () => ({ default: (await loaders.letting()).LettingScreen }))
const NewOfferScreen = lazy(async () => ({ default: (await loaders.newOffer()).NewOfferScreen }))
const HoursScreen = lazy(async () => ({ default: (await loaders.hours()).HoursScreen }))
const LendScreen = lazy(async () => ({ default: (await loaders.lend()).LendScreen }))
const LendFreeScreen = lazy(async () => ({ default: (await loaders.lendFree()).LendFreeScreen }))

/** For the idle time after the first screen: a key has to open where there is no network. */
export function loadMarketScreens(): void {
  for (const loader of Object.values(loaders)) loader().catch(() => {})
}

export function MarketRoutes() {
  return (
    <MarketProvider>
      <Switch>
        <Route path={paths.keys} component={KeysScreen} />
        <Route path={paths.keysNear} component={NearScreen} />
        <Route path={paths.keysScan} component={ScanScreen} />
        <Route path={paths.keysReceive} component={ReceiveScreen} />
        <Route path={paths.keysCheck} component={CheckScreen} />
        <Route path="/keys/key/:id">{({ id }) => <KeyScreen key={id} id={decodeURIComponent(id)} />}</Route>
        <Route path="/keys/key/:id/move">
          {({ id }) => <MoveScreen key={id} id={decodeURIComponent(id)} />}
        </Route>
        <Route path="/offer/:id">{({ id }) => <OfferScreen key={id} id={id} />}</Route>
        <Route path="/let/:id">{({ id }) => <LettingScreen key={id} id={id} />}</Route>
        <Route path="/let/:id/offer">{({ id }) => <NewOfferScreen key={id} id={id} />}</Route>
        <Route path="/let/:id/hours">{({ id }) => <HoursScreen key={id} id={id} />}</Route>
        <Route path="/let/:id/lend">{({ id }) => <LendScreen key={id} id={id} />}</Route>
        <Route path="/let/:id/staff">{({ id }) => <LendFreeScreen key={id} id={id} />}</Route>
        <Route>{() => <NotFoundScreen />}</Route>
      </Switch>
    </MarketProvider>
  )
}
