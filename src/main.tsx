// The only place that knows all rooms: makes io (and, lazily, the demo devices), hands it to app, and app to the screens.
import { createRoot } from 'react-dom/client'
import { createFob } from './app/createFob.ts'
import { Observable } from './app/observable.ts'
import { createBluetoothDevices } from './io/ble/bluetoothDevices.ts'
import { createPlatform } from './io/platform.ts'
import { watchAppUpdates } from './io/serviceWorker.ts'
import { localMark } from './io/store/opening.ts'
import { createStores } from './io/store/stores.ts'
import type { StoreProblem } from './io/store/table.ts'
import { trustOwnScripts } from './io/trustedScripts.ts'
import { App } from './ui/App.tsx'

const base = new URL(import.meta.env.BASE_URL, location.origin).href
trustOwnScripts(base)
const platform = createPlatform(base)
const storeProblem = new Observable<StoreProblem | null>(null)
const stores = createStores({
  mark: localMark(() => localStorage),
  onProblem: problem => storeProblem.set(problem),
})

const fob = createFob({
  platform,
  stores,
  storeProblem,
  bluetooth: createBluetoothDevices({ bluetooth: navigator.bluetooth, timer: platform.timer }),
  async demo(config) {
    const { createDemoDevices } = await import('./demoDevices.ts')
    return createDemoDevices(config, stores, platform)
  },
  async chain({ chain }) {
    const { createChainReader } = await import('./io/chain/reader.ts')
    const { id, registry, endpoints, minAgreeing, maxAgeSeconds } = chain
    return createChainReader(
      { chainId: id, registry, endpoints, minAgreeing, maxAgeSeconds },
      {
        unixNow: platform.unixNow,
        recall: async modelId =>
          (await stores.readings.all()).find(({ key }) => key.includes(`/${modelId}/`))?.reading,
      },
    )
  },
  async firmware(config) {
    const { createFirmwareSource } = await import('./io/ipfs/firmwareSource.ts')
    return createFirmwareSource({ network: config, platform })
  },
  async wallet() {
    const { createWalletPorts } = await import('./walletPorts.ts')
    return createWalletPorts({
      platform,
      appUrl: base,
      onProblem: problem => storeProblem.set(problem),
    })
  },
  async market() {
    const { createMarketPorts } = await import('./marketPorts.ts')
    return createMarketPorts({ platform, onProblem: problem => storeProblem.set(problem) })
  },
  async channels() {
    const { createChannelPorts } = await import('./channelPorts.ts')
    return createChannelPorts({ platform, onProblem: problem => storeProblem.set(problem) })
  },
  async ways() {
    const { createWayPorts } = await import('./wayPorts.ts')
    return createWayPorts(platform)
  },
  async kiosk() {
    const { createKioskPorts } = await import('./kioskPorts.ts')
    return createKioskPorts({ platform })
  },
  async handOver() {
    return (await import('./io/handOver/handOver.ts')).createHandOver(platform)
  },
  async serving() {
    const { createServingPorts } = await import('./servingPorts.ts')
    return createServingPorts()
  },
})

const stopWaiting = fob.network.subscribe(() => {
  const network = fob.network.get()
  if (network.status !== 'ready') return
  stopWaiting()
  if (network.config.demo?.memory === undefined) return
  void import('./demoMemory.ts').then(it => it.keepDemoMemoryFresh(network.config, stores, platform))
})

const { appUpdate, applyAppUpdate } = watchAppUpdates()
const container = document.getElementById('root')
if (!container) throw new Error('index.html has no #root')
createRoot(container).render(
  <App
    fob={fob}
    appUpdate={appUpdate}
    applyAppUpdate={applyAppUpdate}
    version={import.meta.env.VITE_APP_VERSION}
  />,
)
