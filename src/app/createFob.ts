// Puts the use cases together over the ports, as the one object that the ui knows.
import { givenName } from '../core/invisible.ts'
import type { NetworkConfig } from '../core/network.ts'
import type { Model } from '../core/registry/model.ts'
import { fail, ok, type Result } from '../core/result.ts'
import { isFinal } from '../core/update/attempt.ts'
import { AppSettings } from './appSettings.ts'
import type { CheckContext, Checked, CheckOutcome } from './checkDevice.ts'
import { subjectOf, withValidCheck } from './checkSubject.ts'
import { Devices, deviceLock, type LiveState } from './devices.ts'
import { filesOfKeptRun } from './fleet/keptRun.ts'
import type { DemoDevice, DeviceView, Fob } from './fob.ts'
import { identifyDevice } from './identifyDevice.ts'
import { Makers } from './makers.ts'
import type { ManagingLeave } from './manageDevice.ts'
import { Memory } from './memory.ts'
import { Network } from './network.ts'
import { Observable, until } from './observable.ts'
import { once } from './once.ts'
import type { ChooseFailure, RadioState, ReachableDevice } from './ports/device.ts'
import type { DeviceRecord, MakerRecord } from './ports/store.ts'
import type { Ports, StoreTrouble } from './ports.ts'
import { Readings } from './readings.ts'
import { recogniseModel } from './recogniseModel.ts'
import { reusing } from './reusing.ts'
import { takeOverEarlier } from './sameDevice.ts'
import { servingRulesKey } from './serving/rules.ts'
import { Updates } from './updates.ts'
import { World } from './world.ts'

// Protocols, curves and codecs are not needed to show the first screen; the service worker holds them for later.
const loadChecks = () => import('./checkDevice.ts')
const loadSessions = () => import('./openUpdater.ts')

/** A bug, or code that did not load: told as what it is. */
const faultOf = (error: unknown) => ({
  kind: 'unexpectedError',
  detail: error instanceof Error ? error.message : String(error),
})

export function createFob(ports: Ports): Fob {
  const { platform, stores, bluetooth } = ports
  const memory = new Memory(platform, stores)
  const network = new Network(platform, stores)
  const world = new World(
    ports,
    () => network.config,
    async () => (await channels()).buyer,
    () => ways(),
  )
  const devices = new Devices(platform, stores)
  const appSettings = new AppSettings(stores)
  const settings = appSettings.value
  const radio = new Observable<RadioState>('ready')
  const online = new Observable(platform.isOnline())
  const isLoaded = new Observable(false)
  const demoDevices = new Observable<readonly DemoDevice[]>([])
  const views = new Observable<readonly DeviceView[]>([])
  /** What the ports told last, until it is mended. */
  const storeProblem = new Observable<StoreTrouble | null>(ports.storeProblem.get())
  const readings = new Readings(stores, () => world.chain())
  const makers = new Makers(platform, stores, () =>
    network.config
      ? { config: world.config, chain: () => world.chain(), channel: settings.get().channel }
      : undefined,
  )

  const contextOfCheck = (): CheckContext => ({
    config: world.config,
    channel: settings.get().channel,
    readings,
    makers,
    now: platform.unixNow(),
  })

  /**
   * Checks and notes the outcome in the record, so that every screen and the next start show the same. Never rejects: a
   * fault of our own, or code that could not be loaded, is an outcome that the person must see as well.
   */
  async function checkAndNote(record: DeviceRecord): Promise<CheckOutcome> {
    const outcome = await checkNow(record).catch((error: unknown): CheckOutcome => fail(faultOf(error)))
    if (!outcome.ok) noteFailure(record.key, outcome.error)
    return outcome
  }

  async function checkNow(record: DeviceRecord): Promise<CheckOutcome> {
    if (!network.config) return fail({ kind: 'networkMissing' })
    const { checkDevice } = await loadChecks()
    const context = contextOfCheck()
    const outcome = await checkDevice(record, context)
    if (outcome.ok) await note(record, outcome.value, context)
    return outcome
  }

  async function note(record: DeviceRecord, checked: Checked, context: CheckContext): Promise<void> {
    const { decision, evidence, runningRevoked, highWater } = checked
    const about = subjectOf(record, context.config, context.channel)
    const lastCheck = { at: platform.unixNow(), decision, evidence, runningRevoked, about }
    await devices.change(record.key, { lastCheck, highWater })
    devices.setLive(record.key, { lastFailure: null })
  }

  function noteFailure(key: string, error: { readonly kind: string; readonly detail?: string | null }): void {
    devices.setLive(key, {
      lastFailure: { kind: error.kind, detail: error.detail ?? null, at: platform.unixNow() },
    })
  }

  /** Made once, for there is one vault and it is open or locked. */
  const walletPorts = once(() => ports.wallet())
  /** Nothing of it can be told before there is a network, and the devices are known by name. */
  const wallet = once(async () => {
    const [{ createWallet }, own] = await Promise.all([
      import('./wallet/createWallet.ts'),
      walletPorts(),
      until(network.view, ({ status }) => status === 'ready'),
      until(isLoaded, isTrue => isTrue),
    ])
    return createWallet({
      platform,
      ports: own,
      network: network.view,
      world,
      devices,
      port: source => world.device(source),
      writeSizes: world.writeSizes,
    })
  })

  const hasFleetRun = new Observable(false)
  /** CIDs of what its devices may still get. */
  let fleetFiles: readonly string[] = []
  const noteFleetRun = (files: readonly string[] | null): void => {
    fleetFiles = files ?? []
    hasFleetRun.set(files !== null)
  }

  const fleet = once(async () => {
    const [{ createFleet }] = await Promise.all([
      import('./fleet/createFleet.ts'),
      until(network.view, ({ status }) => status !== 'loading'),
      until(isLoaded, isTrue => isTrue),
    ])
    return createFleet({
      platform,
      stores,
      devices,
      updates,
      bluetooth,
      firmware: () => world.firmware(),
      check: () => (network.config ? contextOfCheck() : undefined),
      checkDevice: connectAndCheck,
      onKept: noteFleetRun,
    })
  })

  const market = once(async () => {
    const [{ createMarket }, own, walletOwn, made] = await Promise.all([
      import('./market/createMarket.ts'),
      ports.market(),
      walletPorts(),
      wallet(),
    ])
    return createMarket({
      platform,
      ports: own,
      walletPorts: walletOwn,
      wallet: made,
      network: network.view,
      world,
      devices,
      port: source => world.device(source),
      writeSizes: world.writeSizes,
    })
  })

  const channels = once(async () => {
    const [{ openChannels }, own, walletOwn, made] = await Promise.all([
      import('./channels/openChannels.ts'),
      ports.channels(),
      walletPorts(),
      wallet(),
    ])
    return openChannels(platform, world, own, walletOwn, made)
  })

  const kiosks = once(async () => {
    const [{ openKiosks }] = await Promise.all([
      import('./kiosk/openKiosks.ts'),
      until(network.view, ({ status }) => status === 'ready'),
      until(isLoaded, isTrue => isTrue),
    ])
    return openKiosks({ ports, world, devices, walletPorts, wallet })
  })

  const serving = once(async () => {
    const [{ createServing }, own] = await Promise.all([
      import('./serving/createServing.ts'),
      ports.serving(),
      until(network.view, ({ status }) => status === 'ready'),
      until(isLoaded, isTrue => isTrue),
    ])
    return createServing({
      platform,
      stores,
      ports: own,
      config: () => world.config,
      channel: () => settings.get().channel,
      firmware: () => world.firmware(),
      readings,
      needed: () => new Set(neededFiles()),
      updates: updates.views,
      sale: async price => (await channels()).sale(price),
    })
  })

  const ways = once(async () => {
    const [{ createWays }, own] = await Promise.all([
      import('./ways/createWays.ts'),
      ports.ways(),
      until(isLoaded, isTrue => isTrue),
    ])
    return createWays({ stores, ports: own, add: meetAndCheck })
  })

  /** For devices that are paired: the wallet's parts are made when the first of them is updated. */
  async function managingLeave(): Promise<ManagingLeave> {
    const { ManagingLeave: Leave } = await import('./manageDevice.ts')
    return new Leave(await walletPorts(), stores, platform, () => world.config)
  }

  const updates = new Updates(
    platform,
    stores,
    devices,
    world,
    checkAndNote,
    async (record, plan) => {
      const context = contextOfCheck()
      const reading = await readings.remembered(context.config, plan.model, context.channel)
      const { judge } = await loadChecks()
      const judged = reading && judge(record, plan.model, reading, false, context)
      if (judged) await note(record, judged, context)
      // What was read before a long update, or was not proven, says little by now; nobody is kept waiting for the next answer.
      if (judged?.decision.kind !== 'upToDate') void checkAndNote(record)
    },
    managingLeave,
    () => settings.get().minBattery,
  )

  /** CIDs of what updates under way, or just ended, are made of. */
  const neededFiles = (): readonly string[] => [
    ...fleetFiles,
    ...[...updates.views.get().values()].flatMap(({ state }) => state.plan?.manifest.cid ?? []),
  ]

  /** Made anew only where something of the device, its maker or the network changed: a thousand of them are shown. */
  const makeView = reusing(
    (
      record: DeviceRecord,
      live: LiveState,
      maker: MakerRecord | null,
      config: NetworkConfig | undefined,
      channel: string,
    ): DeviceView => {
      const { activity, reachable, lastFailure } = live
      const shown = withValidCheck(record, config, channel, maker !== null)
      return { record: shown, activity, reachable, lastFailure, maker }
    },
  )

  function refreshViews(): void {
    const { channel } = settings.get()
    const list = [...devices.records.get().values()].map(record => {
      const maker = record.model ? makers.find(record.model.maker) : null
      return makeView(record.key, record, devices.liveOf(record.key), maker, network.config, channel)
    })
    views.set(
      list.sort((a, b) => b.record.lastSeenAt - a.record.lastSeenAt || a.record.addedAt - b.record.addedAt),
    )
  }

  /** Compares devices as they were last met, for something that an answer depends on is now another. */
  async function compareKnown(isMeant: (model: Model) => boolean): Promise<void> {
    for (const record of devices.records.get().values()) {
      if (record.model && isMeant(record.model) && makers.find(record.model.maker)) await checkAndNote(record)
    }
  }

  /** Those about which nobody answered, once there is a network again: the chain alone is asked, no link is needed. */
  async function compareUnanswered(): Promise<void> {
    for (const record of devices.records.get().values()) {
      const { activity, lastFailure } = devices.liveOf(record.key)
      if (activity === 'idle' && lastFailure?.kind === 'chainUnreachable') await checkAndNote(record)
    }
  }

  async function connectAndCheck(key: string): Promise<void> {
    const record = devices.get(key)
    if (!record || devices.liveOf(key).activity !== 'idle') return
    devices.setLive(key, { activity: 'connecting', lastFailure: null })
    try {
      const held = await platform.withLock(deviceLock(key), () => readDevice(record))
      if (!held) return noteFailure(key, { kind: 'busyElsewhere' })
      // The link is free for the next one while the chain is asked.
      if (!held.value) return
      devices.setLive(key, { activity: 'checking' })
      const known = await takeOverEarlier(held.value, devices, stores, platform)
      if (known !== held.value) await updates.followStore()
      const recognised = await recogniseModel(known, stores, makers)
      await checkAndNote((await devices.change(key, recognised)) ?? known)
    } catch (error) {
      noteFailure(key, faultOf(error))
    } finally {
      devices.setLive(key, { activity: 'idle' })
    }
  }

  /** Connects, asks the device who it is and what it runs, and lets go of it. */
  async function readDevice({ key, source, sourceId }: DeviceRecord): Promise<DeviceRecord | undefined> {
    const { config } = network
    if (!config) return void noteFailure(key, { kind: 'networkMissing' })
    const { openUpdater } = await loadSessions()
    const opened = await openUpdater(await world.device(source), sourceId, platform, world.writeSizes)
    if (!opened.ok) return void noteFailure(key, opened.error)
    devices.setLive(key, { activity: 'identifying', reachable: true })
    try {
      const identified = await identifyDevice(opened.value, key, { devices, platform, config })
      return identified.ok ? identified.value : void noteFailure(key, identified.error)
    } finally {
      await opened.value.close()
    }
  }

  /** Holds the device until the console is closed, or its link is gone. */
  function openConsole(key: string): ReturnType<Fob['openConsole']> {
    return new Promise(resolve => {
      void platform
        .withLock(deviceLock(key), async () => {
          const record = devices.get(key)
          if (!record) return resolve(fail({ kind: 'deviceForgotten' }))
          const console = await import('./deviceConsole.ts')
          const opened = await console.openConsole({
            platform,
            port: () => world.device(record.source),
            sourceId: record.sourceId,
            writeSizes: world.writeSizes,
            leave: managingLeave,
          })
          resolve(opened)
          if (opened.ok) await until(opened.value.state, state => state === 'gone')
        })
        .then(held => held ?? resolve(fail({ kind: 'busyElsewhere' })))
        .catch((error: unknown) => resolve(fail(faultOf(error))))
    })
  }

  async function chooseThen(
    then: (key: string) => void,
    which?: 'updatable' | 'all',
  ): Promise<Result<string, ChooseFailure>> {
    const chosen = await bluetooth.choose(which)
    if (!chosen.ok) return chosen
    const record = await devices.meet(chosen.value)
    then(record.key)
    return ok(record.key)
  }

  async function meetAndCheck(device: ReachableDevice): Promise<string> {
    const { key } = await devices.meet(device)
    void connectAndCheck(key)
    return key
  }

  async function noteReachable(): Promise<void> {
    const records = [...devices.records.get().values()]
    const ported = [bluetooth]
    if (records.some(({ source }) => source === 'serial')) ported.push(await world.device('serial'))
    const known = (await Promise.all(ported.map(port => port.known()))).flat()
    for (const { key, source, sourceId } of records) {
      const isKnown = known.some(device => device.source === source && device.id === sourceId)
      devices.setLive(key, { reachable: source === 'demo' || source === 'gateway' || isKnown })
    }
  }

  function followConfig(): void {
    const demo = network.config?.demo
    const models = demo?.models.map(({ kind, name, hardware }) => ({
      id: `${name}/${hardware}`,
      kind,
      model: { maker: demo.maker, name, hardware },
    }))
    demoDevices.set(models ?? [])
  }

  /** A pin that could not be read is there no more: forgotten, or read anew from its maker. */
  function mendedMaker(key: string): void {
    const problem = storeProblem.get()
    if (problem?.kind === 'recordUnreadable' && problem.table === 'makers' && problem.key === key)
      storeProblem.set(null)
  }

  async function load(): Promise<void> {
    await memory.open()
    // What kept it from being read at first is over.
    if (memory.view.get().status === 'ready') storeProblem.set(null)
    await appSettings.load()
    await Promise.all([devices.load(), makers.load(), network.open()])
    await updates.load()
    noteFleetRun(await filesOfKeptRun(stores))
    isLoaded.set(true)
    // What the person has switched on goes on without being looked at.
    const rules = await stores.values.get<{ readonly isOn?: boolean }>(servingRulesKey)
    if (rules?.isOn === true) void serving().catch(() => undefined)
    radio.set(await bluetooth.radioState())
    await noteReachable()
  }

  for (const source of [devices.records, devices.live, makers.pinned, updates.views, settings, network.view])
    source.subscribe(refreshViews)
  network.view.subscribe(followConfig)
  ports.storeProblem.subscribe(() => storeProblem.set(ports.storeProblem.get()))
  platform.onOnlineChange(() => {
    online.set(platform.isOnline())
    // Before the pin was read, whatever the host serves would pass for it.
    const { status } = memory.view.get()
    const isOpened = status === 'ready' || status === 'forgone'
    if (online.get() && isOpened) void network.reload().then(compareUnanswered)
  })
  stores.onForeignChange(table => {
    if (table === 'devices') void devices.load()
    if (table === 'makers') void makers.load()
    if (table === 'values') {
      void appSettings.load()
      void filesOfKeptRun(stores).then(noteFleetRun)
    }
    if (table === 'updates') void updates.followStore()
  })
  void load()

  return {
    memory: memory.view,
    retryMemory: () => memory.retry(),
    goOnWithoutMemory: () => memory.goOn(),
    devices: views,
    updates: updates.views,
    makers: makers.pinned,
    settings,
    network: network.view,
    radio,
    storeProblem,
    online,
    demoDevices,
    isLoaded,
    hasFleetRun,
    ways,

    // `choose` must be the first thing that the click causes: nothing is awaited before it.
    addBluetooth: which => chooseThen(key => void connectAndCheck(key), which),
    async addDemo(id) {
      const demo = demoDevices.get().find(device => device.id === id)
      if (!demo) throw new Error(`no demo device ${id}`)
      return meetAndCheck({ source: 'demo', id, name: demo.model.name })
    },
    checkDevice: connectAndCheck,
    openConsole,
    async disturbDemo(key, disturbance) {
      const record = devices.get(key)
      const port = record && (await world.device(record.source))
      return (await port?.disturb?.(record?.sourceId ?? '', disturbance)) ?? false
    },
    async renameDevice(key, name) {
      const given = givenName(name)
      if (given) await devices.change(key, { name: given })
    },
    async forgetDevice(key) {
      const record = devices.get(key)
      if (!record) return true
      const held = await platform.withLock(deviceLock(key), async () => {
        // The permission, or the demo device's memory, goes where it can; the record goes in any case.
        const port = await world.device(record.source).catch(() => undefined)
        await port?.forget(record.sourceId)
        await updates.dismiss(key)
        await devices.forget(key)
      })
      return held !== undefined
    },
    async chooseModel(key: string, model: Model) {
      const record = await devices.change(key, { model, modelFrom: 'chosen', highWater: null })
      if (record) await checkAndNote(record)
    },
    history: key => stores.history.forDevice(key),

    startUpdate: key => updates.start(key),
    consent: key => updates.send(key, { kind: 'consent' }),
    pauseUpdate: key => updates.send(key, { kind: 'pause' }),
    resumeUpdate: key => updates.resume(key),
    async rechooseAndResume(key) {
      const isCable = devices.get(key)?.source === 'serial'
      const chosen = await (isCable ? (await world.device('serial')).choose() : bluetooth.choose())
      if (!chosen.ok) return chosen
      // The identity is compared after connecting: choosing another device ends in `deviceChanged`, not in a wrong write.
      // For one that has none, the person is asked again before anything is written.
      const before = devices.get(key)?.sourceId
      const isOther = before !== chosen.value.id
      await devices.change(key, {
        sourceId: chosen.value.id,
        ...(isOther && before !== undefined ? { otherSourceId: before } : {}),
      })
      void updates.resume(key, isOther)
      return ok(key)
    },
    cancelUpdate: key => updates.cancel(key),
    dismissUpdate: key => updates.dismiss(key),

    readMakerPin: text => makers.fromQr(text),
    readMakerPinFromDomain: domain => makers.fromDomain(domain),
    readSuggestedMaker: address => makers.fromNetwork(address),
    async pinMaker(candidate) {
      await makers.pin(candidate)
      mendedMaker(candidate.pin.address)
      // Devices that only waited for this are compared at once: they need not be reached again for it.
      void compareKnown(({ maker }) => maker === candidate.pin.address)
    },
    async unpinMaker(address) {
      await makers.unpin(address)
      // Nothing more is written on the word of somebody who is no longer trusted.
      for (const [key, { state }] of updates.views.get()) {
        if (state.plan?.model.maker === address && !isFinal(state)) updates.cancel(key)
      }
    },
    async forgetUnreadableMaker(key) {
      await stores.makers.delete(key)
      mendedMaker(key)
    },
    async readModel(model) {
      if (!network.config) return fail({ kind: 'chainUnreachable', endpoints: [] })
      return readings.overview(world.config, model, settings.get().channel)
    },

    async changeSettings(change) {
      const { channel } = settings.get()
      await appSettings.change(change)
      if (settings.get().channel !== channel) void compareKnown(() => true)
    },
    async acceptNetworkChange() {
      // What an update was checked against must not change under it.
      if (updates.isAnyDriven()) return false
      await network.acceptChange()
      void compareKnown(() => true)
      return true
    },
    refuseNetworkChange: () => network.refuseChange(),
    reloadNetwork: () => network.reload(),
    probeEndpoints: async () => (network.config ? (await world.chain()).probe() : []),
    peers: () => world.running?.peers() ?? null,
    storage: () => platform.storageEstimate(),
    askForPersistence: () => platform.askForPersistence(),
    async clearFirmware() {
      await (await world.firmware()).clear(neededFiles())
    },
    fleet,
    wallet,
    market,
    kiosk: async () => (await kiosks()).kiosk(),
    kioskOwner: async () => (await kiosks()).kioskOwner(),
    saleBuyer: async () => (await kiosks()).saleBuyer(),
    serving,
    channels,
    handOver: once(() => ports.handOver()),
  }
}
