// Puts paid unlocks together over their ports and the wallet, as the one object that the ui knows.
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import { fail, ok } from '../../core/result.ts'
import type { WriteSizes } from '../deviceSession.ts'
import type { Devices } from '../devices.ts'
import type { NetworkView } from '../fob.ts'
import { Observable, type Readable } from '../observable.ts'
import type { DevicePort, DeviceSource } from '../ports/device.ts'
import type { Platform } from '../ports/platform.ts'
import type { MarketPorts, WalletPorts } from '../ports.ts'
import type { WalletInside } from '../wallet/createWallet.ts'
import { OwnerKey } from '../wallet/ownership/ownerKey.ts'
import { signingContextOf } from '../wallet/signingContext.ts'
import { unreachableChain } from '../wallet/unreachableChain.ts'
import { everyBlock } from '../wallet/walletNetwork.ts'
import { WhileWatched } from '../wallet/whileWatched.ts'
import { Part, type World } from '../world.ts'
import { proposeMove, proposeRefund } from './changeKey.ts'
import { offerCode, readMarketCode } from './codes.ts'
import { FollowKeys } from './followKeys.ts'
import { readHours } from './hours.ts'
import { KeyRecords } from './keyRecords.ts'
import { keyView, sortedKeys } from './keyViews.ts'
import type { KeyView, Market } from './market.ts'
import { meetLock } from './nearbyLock.ts'
import { offersOf, readOffer } from './offers.ts'
import { OpenKeys } from './openKey.ts'
import { Ordering } from './orderKey.ts'
import { createLetting } from './owner/createLetting.ts'
import { followOwnLocks } from './ownKeys.ts'
import { type MarketParts, marketDomain } from './parts.ts'
import { Receipts } from './receipts.ts'
import { ServiceLogs } from './serviceLog.ts'
import type { TakeFree } from './takeFree.ts'
import { TakeKeys } from './takeKey.ts'
import { unreachableMarket } from './unreachableMarket.ts'

export interface MarketWorld {
  readonly platform: Platform
  readonly ports: MarketPorts
  readonly walletPorts: WalletPorts
  readonly wallet: WalletInside
  readonly network: Readable<NetworkView>
  readonly world: Pick<World, 'config'>
  readonly devices: Devices
  readonly port: (source: DeviceSource) => Promise<DevicePort>
  readonly writeSizes: WriteSizes
}

/** Milliseconds. */
const EVERY = 30_000
/** While a key is on its way: what somebody waits for. */
const EVERY_UNDER_WAY = 4_000
/** What comes and goes with the time alone. */
const TICK = 20_000

export async function createMarket(from: MarketWorld): Promise<Market> {
  const { platform, ports, walletPorts, wallet } = from
  const config = () => from.world.config
  const marketPart = new Part(
    made => ports.chain(made),
    ({ chain }) => chain,
  )
  const walletPart = new Part(
    made => walletPorts.chain(made),
    ({ chain }) => chain,
  )
  const signingContext = () =>
    signingContextOf({
      config: config(),
      abis: walletPorts.abis,
      knownAddresses: [],
      isExpert: false,
      now: platform.unixNow(),
    })
  const parts: MarketParts = {
    platform,
    config,
    stores: ports.stores,
    services: ports.services,
    lockKeys: walletPorts.lockKeys,
    ownerKey: new OwnerKey(walletPorts.vault, walletPorts.stores.values, signingContext),
    wallet,
    chain: async () =>
      marketDomain({ config }) ? marketPart.of(config()).catch(() => unreachableMarket) : null,
    walletChain: () => walletPart.of(config()).catch(() => unreachableChain),
    devices: from.devices,
    port: from.port,
    writeSizes: from.writeSizes,
  }
  const records = new KeyRecords(ports.stores, config)
  const receipts = new Receipts(ports.stores)
  const ordering = new Ordering(parts, records)
  const following = new FollowKeys(parts, records)
  const logs = new ServiceLogs(parts)
  const opening = new OpenKeys(parts, records, async said => receipts.add(await logs.append(said)))
  const taking = new TakeKeys(parts, records)
  /** Machines’ sessions: only where somebody has a key of staff. One for all, as it keeps what is under way apart. */
  let staff: Promise<TakeFree> | null = null
  const takeFree = () => {
    staff ??= import('./takeFree.ts').then(loaded => new loaded.TakeFree(parts, records))
    return staff
  }
  const views = new Observable<readonly KeyView[]>([])

  function showKeys(): void {
    const met = [...from.devices.records.get().values()]
    const facts = {
      config: config(),
      payments: wallet.payments.get(),
      now: platform.unixNow(),
      deviceOf: (deviceId: DeviceId) => met.find(device => device.deviceId === deviceId) ?? null,
    }
    const shown = [...records.all.get().values()].map(record => keyView(record, facts))
    views.set(sortedKeys(shown.filter(view => view !== null)))
  }

  const isUnderWay = () =>
    views
      .get()
      .some(({ state }) =>
        ['paying', 'confirming', 'waitingForSigner', 'refunding', 'moving'].includes(state.kind),
      )
  const watching = new WhileWatched(platform, walletPorts.page, {
    everyMs: () => (isUnderWay() ? everyBlock(config(), EVERY_UNDER_WAY) : EVERY),
    run: () => following.follow(),
  })
  const watchedKeys = watching.watched(views)
  const keys: Readable<readonly KeyView[]> = {
    get: () => views.get(),
    subscribe(listener) {
      const ends = [
        watchedKeys.subscribe(listener),
        // What the wallet has sent is followed only while somebody looks at it.
        wallet.payments.subscribe(() => {
          showKeys()
          watching.soon()
        }),
        everySo(platform, TICK, showKeys),
      ]
      showKeys()
      return () => {
        for (const end of ends) end()
      }
    },
  }
  const letting = await createLetting(parts, walletPorts)

  let queue: Promise<unknown> = Promise.resolve()
  /** A store that fails tells so itself, and the next change tries it again. */
  const inOrder = (task: () => Promise<void>) => () => {
    queue = queue.then(task).catch(() => {})
  }
  const ownLocks = inOrder(() => followOwnLocks(parts, records))

  await Promise.all([records.load(), receipts.load()])
  records.all.subscribe(showKeys)
  from.devices.records.subscribe(showKeys)
  wallet.devices.subscribe(ownLocks)
  from.network.subscribe(
    inOrder(async () => {
      await records.load()
      await letting.reload()
    }),
  )
  ports.stores.onForeignChange(table => {
    if (table === 'keys') inOrder(() => records.load())()
    if (table === 'receipts') inOrder(() => receipts.load())()
    if (table === 'letting' || table === 'lent') inOrder(() => letting.reload())()
  })
  ownLocks()
  await queue
  showKeys()

  return {
    ...letting.face,
    get boxes() {
      return config().agents ?? []
    },
    get isThere() {
      return marketDomain(parts) !== null
    },
    readOffer: reference => readOffer(parts, reference),
    offersOf: deviceId => offersOf(parts, deviceId),
    meetLock: deviceKey => meetLock(parts, deviceKey),
    readFinality: async () => (await parts.chain())?.finalitySeconds() ?? fail({ kind: 'notOnThisNetwork' }),
    readHours: (deviceId, range) => readHours(parts, deviceId, range),
    hashDocument: document => toHex(sha256(document)),
    readCode: text => readMarketCode(parts, text),
    offerCode: reference => offerCode(parts, reference),
    keys,
    openings: opening.steps,
    proposeOrder: request => ordering.propose(request),
    confirmPermit: proposal => ordering.confirmPermit(proposal),
    async refreshKeys() {
      await wallet.refresh()
      await following.follow()
    },
    open: (keyId, deviceKey) => opening.open(keyId, deviceKey),
    lookInto: async (keyId, deviceKey) => (await takeFree()).lookInto(keyId, deviceKey),
    takeFree: async (keyId, deviceKey, slot) => (await takeFree()).takeFree(keyId, deviceKey, slot),
    async lendFree(request) {
      const asked =
        request.userKeyHash === null ? await taking.request() : ok({ userKeyHash: request.userKeyHash })
      if (!asked.ok) return asked
      const lent = await letting.lendFree({ ...request, userKeyHash: asked.value.userKeyHash })
      if (!lent.ok || request.userKeyHash !== null) return lent
      const taken = await taking.take(lent.value.code)
      return taken.ok ? lent : taken
    },
    receipts: keyId => receipts.of(keyId),
    get canAnchor() {
      return config().chain.contracts?.anchors !== undefined
    },
    serviceLog: deviceId => logs.view(deviceId),
    proposeAnchor: deviceId => logs.proposeAnchor(deviceId),
    proveReceipt: receiptId => logs.prove(receiptId),
    checkReceipt: text => logs.check(text),
    proposeRefund: keyId => proposeRefund(parts, records, keyId),
    proposeMove: (keyId, userKeyHash) => proposeMove(parts, records, keyId, userKeyHash),
    keyRequest: () => taking.request(),
    async takeKey(text) {
      const taken = await taking.take(text).catch((error: unknown) =>
        fail({
          kind: 'keyNotStored' as const,
          detail: error instanceof Error ? error.message : String(error),
        }),
      )
      watching.soon()
      return taken
    },
    async forgetKey(keyId) {
      const record = records.get(keyId)
      if (!record || record.kind === 'own') return
      await records.delete(keyId)
      await receipts.forget(keyId)
      await parts.lockKeys.forget(record.lockKey)
    },
  }
}

function everySo({ timer }: Pick<Platform, 'timer'>, ms: number, task: () => void): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = timer.after(ms, () => {
      task()
      next()
    })
  }
  next()
  return () => cancel()
}
