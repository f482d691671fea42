// The wallet's screens, all behind one lazily loaded door: nobody pays for them who does not open them.
import '../../styles/money.css'
import '../../styles/wallet.css'
import { lazy } from 'react'
import { Route, Switch } from 'wouter'
import { accountIdOf, paths } from '../../paths.ts'
import { WalletProvider } from '../../walletContext.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { WalletHome } from './WalletHome.tsx'

const loaders = {
  create: () => import('./onboarding/CreateScreen.tsx'),
  restore: () => import('./restore/RestoreScreen.tsx'),
  backup: () => import('./backup/BackupScreen.tsx'),
  vault: () => import('./vault/VaultScreen.tsx'),
  account: () => import('./accounts/AccountScreen.tsx'),
  activity: () => import('./activity/ActivityScreen.tsx'),
  receive: () => import('./receive/ReceiveScreen.tsx'),
  send: () => import('./send/SendScreen.tsx'),
  payment: () => import('./payments/PaymentScreen.tsx'),
  claim: () => import('./claim/ClaimScreen.tsx'),
  owned: () => import('./devices/OwnedDeviceScreen.tsx'),
  give: () => import('./handOver/GiveScreen.tsx'),
  take: () => import('./handOver/TakeScreen.tsx'),
  channels: () => import('../channels/ChannelsScreen.tsx'),
} as const

const CreateScreen = lazy(async () => ({ default: (await loaders.create()).CreateScreen }))
const RestoreScreen = lazy(async () => ({ default: (await loaders.restore()).RestoreScreen }))
const BackupScreen = lazy(async () => ({ default: (await loaders.backup()).BackupScreen }))
const AccountScreen = lazy(async () => ({ default: (await loaders.account()).AccountScreen }))
const ActivityScreen = lazy(async () => ({ default: (await loaders.activity()).ActivityScreen }))
const ReceiveScreen = lazy(async () => ({ default: (await loaders.receive()).ReceiveScreen }))
const SendScreen = lazy(async () => ({ default: (await loaders.send()).SendScreen }))
const PaymentScreen = lazy(async () => ({ default: (await loaders.payment()).PaymentScreen }))
const ClaimScreen = lazy(async () => ({ default: (await loaders.claim()).ClaimScreen }))
const OwnedDeviceScreen = lazy(async () => ({ default: (await loaders.owned()).OwnedDeviceScreen }))
const GiveScreen = lazy(async () => ({ default: (await loaders.give()).GiveScreen }))
const TakeScreen = lazy(async () => ({ default: (await loaders.take()).TakeScreen }))
const ChannelsScreen = lazy(async () => ({ default: (await loaders.channels()).ChannelsScreen }))
const VaultScreen = lazy(async () => ({ default: (await loaders.vault()).VaultScreen }))

/** For the idle time after the first screen, as Routes.tsx does it with its own. */
export function loadWalletScreens(): void {
  for (const loader of Object.values(loaders)) loader().catch(() => {})
}

export function WalletRoutes() {
  return (
    <WalletProvider>
      <Switch>
        <Route path={paths.wallet} component={WalletHome} />
        <Route path={paths.walletCreate} component={CreateScreen} />
        <Route path={paths.walletRestore} component={RestoreScreen} />
        <Route path={paths.walletBackup} component={BackupScreen} />
        <Route path={paths.walletVault} component={VaultScreen} />
        <Route path="/wallet/account/:id">
          {({ id }) => <AccountScreen key={id} id={accountIdOf(id)} />}
        </Route>
        <Route path="/wallet/account/:id/activity">
          {({ id }) => <ActivityScreen key={id} id={accountIdOf(id)} />}
        </Route>
        <Route path="/wallet/account/:id/receive">
          {({ id }) => <ReceiveScreen key={id} id={accountIdOf(id)} />}
        </Route>
        <Route path="/wallet/account/:id/send">
          {({ id }) => <SendScreen key={id} id={accountIdOf(id)} />}
        </Route>
        <Route path="/wallet/payment/:id">{({ id }) => <PaymentScreen key={id} id={id} />}</Route>
        <Route path="/wallet/claim/:key">{({ key }) => <ClaimScreen key={key} deviceKey={key} />}</Route>
        <Route path="/wallet/device/:id">{({ id }) => <OwnedDeviceScreen key={id} deviceId={id} />}</Route>
        <Route path="/wallet/device/:id/give">{({ id }) => <GiveScreen key={id} deviceId={id} />}</Route>
        <Route path={paths.take} component={TakeScreen} />
        <Route path={paths.channels} component={ChannelsScreen} />
        <Route>{() => <NotFoundScreen />}</Route>
      </Switch>
    </WalletProvider>
  )
}
