// A Fob without a world, for looking at the screens: fixed values, and updates that move by a clock.
import type { DeviceView, Fob, MemoryView, NetworkView, UpdateView } from '../../src/app/fob.ts'
import { Observable, type Readable } from '../../src/app/observable.ts'
import type { RadioState } from '../../src/app/ports/device.ts'
import type { MakerRecord, Settings } from '../../src/app/ports/store.ts'
import type { StoreTrouble } from '../../src/app/ports.ts'
import { ok } from '../../src/core/result.ts'
import { type ChannelsScenario, channelsScenarios, createFakeChannels } from './fakeChannels.ts'
import { fakeConsole } from './fakeConsole.ts'
import { createFakeFleet, type FleetScenario, fleetDevices, fleetScenarios } from './fakeFleet.ts'
import { createFakeHandOver } from './fakeHandOver.ts'
import { createFakeKiosk, type KioskScenario, kioskScenarios, noKiosk } from './fakeKiosk.ts'
import { createFakeMarket, type MarketScenario, marketScenarios } from './fakeMarket.ts'
import {
  createFakeBuyer,
  createFakeSeller,
  type SellingScenario,
  sellingScenarios,
  usualSelling,
} from './fakeSelling.ts'
import { createFakeServing, type ServingScenario, servingScenarios } from './fakeServing.ts'
import { createFakeWallet, type WalletScenario, walletScenarios } from './fakeWallet.ts'
import { createFakeWays, type WaysScenario, waysScenarios } from './fakeWays.ts'
import * as fixtures from './fixtures.ts'

export interface Scenario {
  readonly devices: readonly DeviceView[]
  readonly updates: readonly UpdateView[]
  readonly makers: readonly MakerRecord[]
  readonly radio: RadioState
  readonly online: boolean
  readonly network: NetworkView
  readonly storeProblem: StoreTrouble | null
  readonly memory?: MemoryView
  readonly appUpdate: 'none' | 'ready'
  /** The list of makers throws when it is read: a bug, as the error boundary meets it. */
  readonly hasBug?: boolean
  readonly wallet?: WalletScenario
  readonly market?: MarketScenario
  readonly fleet?: FleetScenario
  readonly serving?: ServingScenario
  readonly ways?: WaysScenario
  readonly kiosk?: KioskScenario
  readonly selling?: SellingScenario
  readonly channels?: ChannelsScenario
}

const ready: NetworkView = {
  status: 'ready',
  config: fixtures.networkConfig,
  fingerprint: fixtures.hex(90),
  change: null,
}

/** A network on which a report can be written down. */
const withAnchors: NetworkView = {
  ...ready,
  config: {
    ...fixtures.networkConfig,
    chain: { ...fixtures.networkConfig.chain, contracts: { anchors: fixtures.hex(77, 20) } },
  },
}

/** One on which blocks can be paid. */
const withContracts: NetworkView = {
  ...ready,
  config: {
    ...fixtures.networkConfig,
    chain: { ...fixtures.networkConfig.chain, contracts: { paymentChannels: fixtures.hex(78, 20) } },
  },
}

const base: Scenario = {
  devices: fixtures.devices,
  updates: [],
  makers: [fixtures.acmeRecord],
  radio: 'ready',
  online: true,
  network: ready,
  storeProblem: null,
  appUpdate: 'none',
}

const { updateState, updateView, proven, unproven, lockModel, lockManifest, version } = fixtures
const withUpdate = (...updates: UpdateView[]): Scenario => ({ ...base, updates })
const plan = {
  model: lockModel,
  manifest: lockManifest,
  evidence: proven(40),
  from: version(1, 2, 0),
  confirm: [],
} as const

/** A network with one token beside its coin. */
const withToken: NetworkView = {
  ...ready,
  config: {
    ...fixtures.networkConfig,
    chain: {
      ...fixtures.networkConfig.chain,
      tokens: [{ address: fixtures.hex(77, 20), name: 'Demo Dollar', symbol: 'DUSD', decimals: 6 }],
    },
  },
}

/** A network on which money has a price in another one. */
const withRates: NetworkView = {
  ...ready,
  config: {
    ...fixtures.networkConfig,
    rates: [{ currency: 'EUR', price: 2512.4, at: fixtures.now - 7200 }],
  },
}

/** What the market’s screens are looked at with; each with the wallet that it needs. */
const marketFobs: Readonly<Record<string, Scenario>> = Object.fromEntries(
  Object.entries(marketScenarios).map(([name, market]) => [
    name,
    {
      ...base,
      devices: [
        ...base.devices,
        fixtures.view(fixtures.record('demo', { source: 'demo', name: 'Demo lock' })),
      ],
      wallet: walletScenarios[market.wallet],
      radio: market.radio ?? base.radio,
      online: market.online ?? base.online,
      market,
    },
  ]),
)

/** Nobody gives the file away. */
const noSource = updateView(
  updateState('front', {
    status: 'failed',
    step: 'fetch',
    failure: { kind: 'firmwareUnavailable', step: 'fetch', detail: 'seed.acme.example', reason: null },
  }),
)

export const scenarios: Readonly<Record<string, Scenario>> = {
  /** Several devices and no run of them; then one in each of its states. */
  fleet: { ...base, devices: fleetDevices(8) },
  ...Object.fromEntries(
    fleetScenarios.map(fleet => [
      `fleet-${fleet}`,
      { ...base, devices: fleetDevices(8), fleet, network: withAnchors },
    ]),
  ),
  /** Nobody gives their file away, and somebody sells it. */
  fleetForSale: {
    ...base,
    devices: fleetDevices(8),
    fleet: 'missing',
    network: withContracts,
    wallet: walletScenarios.walletMoney,
    ...(channelsScenarios.buying && { channels: channelsScenarios.buying }),
  },
  /** As many as a service company has. */
  thousand: { ...base, devices: fleetDevices(1000) },
  ...Object.fromEntries(
    Object.entries(servingScenarios).map(([name, serving]) => [
      name,
      { ...base, serving, network: withContracts },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(channelsScenarios).map(([name, channels]) => [
      name,
      { ...withUpdate(noSource), network: withContracts, channels, wallet: walletScenarios.walletMoney },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(kioskScenarios).map(([name, kiosk]) => [name, { ...base, kiosk, network: withRates }]),
  ),
  ...Object.fromEntries(Object.entries(waysScenarios).map(([name, ways]) => [name, { ...base, ways }])),
  ...Object.fromEntries(
    Object.entries(sellingScenarios).map(([name, selling]) => [
      name,
      { ...base, network: withToken, wallet: walletScenarios[marketScenarios.market.wallet], selling },
    ]),
  ),
  ...Object.fromEntries(Object.entries(walletScenarios).map(([name, wallet]) => [name, { ...base, wallet }])),
  ...marketFobs,
  full: base,
  /** A technician's phone, with names as people and attackers write them. */
  many: {
    ...base,
    devices: [
      ...fixtures.devices,
      ...['W'.repeat(64), '很长的设备名称'.repeat(9), '<b>bold</b> & "quoted"'].map((name, index) =>
        fixtures.view(fixtures.record(`long${String(index)}`, { name, model: { ...lockModel, name } })),
      ),
    ],
  },
  bug: { ...base, hasBug: true },
  empty: { ...base, devices: [], makers: [] },
  unsupported: { ...base, devices: [], makers: [], radio: 'unsupported' },
  notices: { ...base, radio: 'off', online: false, storeProblem: { kind: 'storeUnavailable' } },
  memoryUnreadable: { ...base, memory: { status: 'unreadable', detail: 'UnknownError: Internal error.' } },
  memoryOutdated: {
    ...base,
    memory: { status: 'unreadable', detail: 'VersionError' },
    storeProblem: { kind: 'storeOutdated' },
  },
  memoryGone: { ...base, memory: { status: 'gone' } },
  makerUnreadable: {
    ...base,
    makers: [],
    storeProblem: { kind: 'recordUnreadable', table: 'makers', key: fixtures.acmeRecord.address },
  },
  networkPinUnreadable: {
    ...base,
    network: {
      status: 'pinUnreadable',
      change: { config: fixtures.networkConfig, fingerprint: fixtures.hex(5, 32) },
    },
  },
  appUpdate: { ...base, appUpdate: 'ready' },
  kioskAppUpdate: { ...base, appUpdate: 'ready', kiosk: kioskScenarios.kiosk ?? noKiosk },
  appUpdateHidden: {
    ...base,
    appUpdate: 'ready',
    updates: [updateView(updateState('front', { status: 'paused', progress: { done: 1, total: 2 } }))],
  },
  networkMissing: { ...base, devices: [], network: { status: 'missing', detail: 'no answer' } },
  networkChange: {
    ...base,
    network: {
      ...ready,
      change: {
        config: {
          ...fixtures.networkConfig,
          chain: {
            ...fixtures.networkConfig.chain,
            registry: fixtures.hex(81, 20),
            endpoints: ['https://rpc.elsewhere.example/'],
          },
        },
        fingerprint: fixtures.hex(91),
      },
    },
  },
  checking: {
    ...base,
    devices: base.devices.map(view =>
      view.record.key === 'front' ? { ...view, activity: 'checking' } : view,
    ),
  },
  connecting: withUpdate(
    updateView(updateState('front', { step: 'connect', plan: null, deviceId: null, fetchedFrom: null })),
  ),
  verifying: withUpdate(updateView(updateState('front', { step: 'verify' }))),
  uploading: withUpdate(
    updateView(updateState('front', { progress: { done: 148_220, total: 312_448 }, reconnects: 1 }), {
      speed: 18_240,
      secondsLeft: 9,
    }),
  ),
  fetchingQuiet: withUpdate(
    updateView(updateState('front', { step: 'fetch', progress: { done: 65_536, total: 312_448 } }), {
      isQuiet: true,
    }),
  ),
  paused: withUpdate(
    updateView(updateState('front', { status: 'paused', progress: { done: 148_220, total: 312_448 } })),
  ),
  awaitingDevice: withUpdate(
    updateView(
      updateState('front', { status: 'awaitingDevice', progress: { done: 148_220, total: 312_448 } }),
    ),
  ),
  restarting: withUpdate(updateView(updateState('front', { step: 'restart', swapRequested: true }))),
  elsewhere: withUpdate(
    updateView(updateState('front', { progress: { done: 148_220, total: 312_448 } }), { mine: false }),
  ),
  consent: withUpdate(
    updateView(
      updateState('front', {
        status: 'awaitingConsent',
        step: 'consent',
        plan: { ...plan, evidence: unproven(9), confirm: ['unproven', 'modelChosen'] },
      }),
    ),
  ),
  noWayBack: withUpdate(
    updateView(
      updateState('front', {
        status: 'awaitingConsent',
        step: 'consent',
        plan: { ...plan, confirm: ['noWayBack'] },
      }),
    ),
  ),
  loaderConsent: withUpdate(
    updateView(
      updateState('front', {
        status: 'awaitingConsent',
        step: 'consent',
        plan: { ...plan, confirm: ['overwrittenByLoader'] },
      }),
    ),
  ),
  /** A device that was left in its loader. */
  loader: {
    ...withUpdate(
      updateView(
        updateState('front', {
          status: 'failed',
          step: 'upload',
          plan: { ...plan, confirm: ['overwrittenByLoader'] },
          hasWritten: true,
          loaderRequested: true,
          failure: { kind: 'uploadStalled', step: 'upload', detail: '3 times back', reason: null },
        }),
      ),
    ),
    devices: base.devices.map(view =>
      view.record.key === 'front'
        ? {
            ...view,
            record: { ...view.record, bootMode: 'firmwareLoader', isInLoader: true, running: null },
          }
        : view,
    ),
  },
  remembered: withUpdate(
    updateView(
      updateState('front', {
        status: 'awaitingConsent',
        step: 'consent',
        plan: { ...plan, evidence: proven(3 * 86_400), confirm: ['remembered'] },
      }),
    ),
  ),
  failed: withUpdate(
    updateView(
      updateState('front', {
        status: 'failed',
        step: 'verify',
        failure: {
          kind: 'wrongFileHash',
          step: 'verify',
          detail: 'sha-256 0x9f…, manifest 0x21…',
          reason: null,
        },
      }),
    ),
  ),
  reverted: withUpdate(
    updateView(
      updateState('front', {
        status: 'failed',
        step: 'readBack',
        swapRequested: true,
        bytesSent: 312_448,
        failure: { kind: 'reverted', step: 'readBack', detail: null, reason: null },
      }),
    ),
  ),
  refused: withUpdate(
    updateView(
      updateState('front', {
        status: 'failed',
        step: 'check',
        plan: null,
        failure: { kind: 'refused', step: 'check', detail: null, reason: 'rolledBackHead' },
      }),
    ),
  ),
  cancelled: withUpdate(updateView(updateState('front', { status: 'cancelled', bytesSent: 4000 }))),
  done: withUpdate(updateView(fixtures.doneState('front'))),
}

const broken: Readable<readonly MakerRecord[]> = {
  get() {
    throw new RangeError('a bug for looking at')
  },
  subscribe: () => () => {},
}

export function createFakeFob(scenario: Scenario, settings: Settings): Fob {
  const updates = new Observable<ReadonlyMap<string, UpdateView>>(
    new Map(scenario.updates.map(update => [update.state.deviceKey, update])),
  )
  const makers = new Observable<readonly MakerRecord[]>(scenario.makers)
  const current = new Observable<Settings>(settings)
  const network = new Observable<NetworkView>(scenario.network)
  const devices = new Observable<readonly DeviceView[]>(scenario.devices)
  const change = (key: string, status: 'running' | 'paused' | 'cancelled') =>
    updates.update(all => {
      const view = all.get(key)
      return view === undefined
        ? all
        : new Map([...all, [key, { ...view, state: { ...view.state, status } }]])
    })
  const candidate = (from: MakerRecord['from'], address = fixtures.acme) =>
    ok({
      pin: {
        version: 1 as const,
        name: fixtures.networkConfig.makers.find(maker => maker.address === address)?.name ?? 'Acme',
        address,
        chainId: 31337,
        registry: fixtures.networkConfig.chain.registry,
        models: [{ name: 'Acme Lock 2', hardware: 'B' }],
      },
      from,
      domain: from === 'domain' ? 'acme.example' : null,
      reading: fixtures.reading,
    })
  const wallet = createFakeWallet(scenario.wallet ?? walletScenarios.wallet)
  const seller = createFakeSeller(scenario.selling ?? usualSelling)
  const buyer = createFakeBuyer(scenario.selling ?? usualSelling)
  const kiosk = createFakeKiosk(scenario.kiosk ?? noKiosk)
  const serving = createFakeServing(scenario.serving ?? {})
  const ways = createFakeWays(scenario.ways ?? {})
  const channelsPromise = Promise.resolve(createFakeChannels(scenario.channels ?? {}))
  const market = createFakeMarket(scenario.market ?? marketScenarios.market)
  const fleet = createFakeFleet(scenario.fleet ?? null, () => devices.get())
  /** The same each time, as the screens wait for it. */
  const fleetPromise = Promise.resolve(fleet)
  return {
    memory: new Observable(scenario.memory ?? { status: 'ready' }),
    retryMemory: () => {},
    goOnWithoutMemory: () => {},
    forgetUnreadableMaker: async () => {},
    devices,
    updates,
    makers: scenario.hasBug === true ? broken : makers,
    settings: current,
    network,
    radio: new Observable<RadioState>(scenario.radio),
    storeProblem: new Observable(scenario.storeProblem),
    online: new Observable(scenario.online),
    demoDevices: new Observable([
      { id: 'lock', kind: 'lock', model: fixtures.lockModel },
      { id: 'vending', kind: 'vending', model: fixtures.vendingModel },
      { id: 'outlet', kind: 'outlet', model: fixtures.outletModel },
      { id: 'sensor', kind: 'sensor', model: fixtures.sensorModel },
    ] as const),
    isLoaded: new Observable(true),
    hasFleetRun: new Observable(scenario.fleet !== undefined),
    addBluetooth: async () => ({ ok: false, error: { kind: 'chooserRefused', detail: 'SecurityError' } }),
    addDemo: async () => 'vendor',
    disturbDemo: async () => true,
    checkDevice: async () => {},
    openConsole: async () => ok(fakeConsole()),
    async renameDevice(key, name) {
      devices.update(all =>
        all.map(view => (view.record.key === key ? { ...view, record: { ...view.record, name } } : view)),
      )
    },
    async forgetDevice(key) {
      devices.update(all => all.filter(view => view.record.key !== key))
      return true
    },
    chooseModel: async () => {},
    history: async key => (key === 'front' ? fixtures.history(key) : []),
    async startUpdate(key) {
      updates.update(
        all => new Map([...all, [key, updateView(updateState(key, { progress: { done: 9, total: 100 } }))]]),
      )
    },
    consent: key => change(key, 'running'),
    pauseUpdate: key => change(key, 'paused'),
    resumeUpdate: async key => change(key, 'running'),
    rechooseAndResume: async key => ok(key),
    cancelUpdate(key) {
      change(key, 'cancelled')
      return true
    },
    async dismissUpdate(key) {
      updates.update(all => new Map([...all].filter(([other]) => other !== key)))
    },
    readMakerPin: async text =>
      text.startsWith('{')
        ? candidate('qr')
        : { ok: false, error: { kind: 'malformedPin', detail: 'not JSON' } },
    readMakerPinFromDomain: async () => candidate('domain'),
    readSuggestedMaker: async address => candidate('network', address),
    async pinMaker(wanted) {
      const { address, name } = wanted.pin
      makers.update(all => [
        ...all.filter(maker => maker.address !== address),
        { ...fixtures.acmeRecord, address, name, from: wanted.from, domain: wanted.domain },
      ])
    },
    async unpinMaker(address) {
      makers.update(all => all.filter(maker => maker.address !== address))
    },
    readModel: async () => ok({ reading: fixtures.reading, releases: fixtures.releases, remembered: false }),
    changeSettings: async wanted => current.update(before => ({ ...before, ...wanted })),
    async acceptNetworkChange() {
      network.update(view =>
        view.status === 'ready' && view.change !== null ? { ...view, ...view.change, change: null } : view,
      )
      return true
    },
    refuseNetworkChange: () =>
      network.update(view => (view.status === 'ready' ? { ...view, change: null } : view)),
    reloadNetwork: async () => {},
    probeEndpoints: async () => [
      { host: 'rpc.one.example', state: 'ok', finalizedBlock: 4711 },
      { host: 'node.two.example:8546', state: 'unreachable', finalizedBlock: null },
    ],
    peers: () => [
      {
        id: '12D3KooWGq1AcVhCnX5cVYzDBJSeVqKkNqUbtFQkP6NaBqUuWbkN',
        address: '/dns4/seed.acme.example/tcp/443/wss',
        direction: 'out',
      },
    ],
    storage: async () => ({ used: 8_240_000, free: 2_190_000_000, persisted: false }),
    askForPersistence: async () => false,
    clearFirmware: async () => {},
    ways: async () => ways,
    fleet: () => fleetPromise,
    wallet: async () => wallet,
    market: async () => market,
    serving: async () => serving,
    kiosk: async () => kiosk,
    kioskOwner: async () => seller,
    saleBuyer: async () => buyer,
    channels: () => channelsPromise,
    handOver: async () => createFakeHandOver(),
  }
}
