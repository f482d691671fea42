// A kiosk that sells: sale engine, catalogue, machine and box put together, driven by a clock, shown as values.
import type { Address } from '../../core/bytes.ts'
import { type CatalogueProduct, termsOfProduct } from '../../core/kiosk/catalogue.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import type { OrderId } from '../../core/registry/marketStatements.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { within } from '../../core/timeLimit.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import { amountIn } from '../market/parts.ts'
import { Observable } from '../observable.ts'
import { beginSale } from './beginSale.ts'
import { CatalogueKeeper } from './catalogueKeeper.ts'
import { GasSender } from './gasSender.ts'
import { alarmsOf, insideOf } from './inside.ts'
import { InstantOrders } from './instantOrders.ts'
import type { BeginFailure, KioskInside, KioskProduct, KioskSale, ShownCatalogue } from './kiosk.ts'
import { MachineLink } from './machineLink.ts'
import { OnScreen } from './onScreen.ts'
import { OwnerRequests } from './ownerRequests.ts'
import { type KioskKeys, type KioskParts, kioskDomain, type StoredSetup } from './parts.ts'
import { PeerOrders } from './peerOrders.ts'
import { productView, stockIn, unitOf } from './productViews.ts'
import { tellOwner } from './report.ts'
import { Rounds } from './rounds.ts'
import { SaleBook } from './saleBook.ts'
import { SaleEngine } from './saleEngine.ts'
import { saleView } from './saleViews.ts'
import { StaffVends } from './staffVends.ts'
import { LONGEST_LOOK_BACK, OrderWatch } from './watchOrders.ts'

export type ReadySetup = StoredSetup & {
  readonly answer: NonNullable<StoredSetup['answer']>
  readonly owner: Address
}

/** Milliseconds: while somebody waits, and while nobody does. */
const SOON = 1_000
const IDLE = 15_000
/** Milliseconds. */
const LOOK_AT_MACHINE = 60_000
const LOOK_FIRST = 5_000
const LOOK_AT_OFFERS = 60_000
/** The owner's requests at the box. */
const LOOK_AT_OWNER = 15_000
const FETCH_CATALOGUE = 60_000
const LOOK_AT_GAS = 60_000
/** Milliseconds that a part of a round may take: reading the chain or the box, and a machine that turns and is asked again. */
const READING = 60_000
const MACHINE = 240_000
const TILL_ANSWERS = 1_500
const LOOK_AT_PEERS = 5_000
const TELL_OWNER = 300_000

/** `firstBlock`: at which it was set up just now; null where it goes on. */
export async function startSelling(
  parts: KioskParts,
  setup: ReadySetup,
  keys: KioskKeys,
  firstBlock: number | null,
) {
  const { boxUrl } = setup.answer
  const { platform, ports, config } = parts
  const found = kioskDomain(parts)
  if (!found) throw new Error('a kiosk without a Market')
  const domain = { chainId: found.chainId, market: found.market }
  const { unixNow, timer } = platform
  const book = new SaleBook(ports.stores.sales)
  await book.load()
  const keeper = new CatalogueKeeper(parts, domain, { deviceId: setup.deviceId, owner: setup.owner })
  await keeper.load()
  const watch = new OrderWatch({
    book,
    values: ports.stores.values,
    chainAt: parts.chainAt,
    forSale: () =>
      (keeper.present?.products ?? []).map(product => ({
        product: product.number,
        terms: termsOfProduct(setup, product),
      })),
    isOfTill: ({ orderId, block }) => madeByTill(orderId, block),
    unixNow,
  })
  /** Only for the list of sales: nobody waits for it longer than a moment. */
  async function madeByTill(orderId: OrderId, block: number): Promise<boolean> {
    const till = keeper.present?.till ?? null
    if (till === null) return false
    const asked = ports.tills.hasMade(config(), till, orderId, block)
    return (await within(timer, TILL_ANSWERS, 'till', asked).catch(() => null)) === true
  }
  // A tablet whose disk was lost has left orders open.
  if (firstBlock !== null) await watch.begin(Math.max(0, firstBlock - LONGEST_LOOK_BACK))
  const sender = new GasSender({
    platform,
    values: ports.stores.values,
    chainId: () => domain.chainId,
    chain: parts.walletChain,
    key: keys.gas,
  })
  await sender.load()
  const machine = new MachineLink(parts, setup, keys.kiosk)
  const engine = new SaleEngine({ book, watch, sender, machine, domain, unixNow })

  const staff = new StaffVends(ports.stores.values, setup.deviceId, machine, unixNow)
  await staff.load()
  const requests = new OwnerRequests({
    ...{ ports, boxUrl, domain, deviceId: setup.deviceId, owner: setup.owner, machine, unixNow },
    kioskKeyHash: keyHash(keys.kiosk.publicKey),
  })
  await requests.load()

  const reading = new Observable<MachineReading | null>(null)
  const gasBalance = new Observable<bigint | null>(null)
  const sale = new Observable<KioskSale>({ kind: 'idle' })
  const catalogue = new Observable<ShownCatalogue | null>(null)
  const inside = new Observable<KioskInside>(insideOf(null))
  const since = { machine: null as number | null, chain: null as number | null }
  const instant = new InstantOrders({
    ...{ book, domain, unixNow },
    catalogue: () => keeper.present,
    newest: () => parts.chainAt(0),
  })
  const peerOrders = new PeerOrders({ peers: parts.orderPeers, take: takeSignedOrder })
  const onScreen = new OnScreen(book, unixNow())
  let depthSeconds = 60

  const amount = (token: Address | null) => (value: bigint) => amountIn(config(), token, value)
  const viewOf = (product: CatalogueProduct): KioskProduct =>
    productView(product, {
      owner: setup,
      book,
      reading: reading.get(),
      look: keeper.lookOf(product),
      price: amount(product.token)(product.price),
    })

  function show(): void {
    const present = keeper.state.get()
    const products = (present.catalogue?.products ?? []).map(viewOf)
    const { catalogue: kept } = present
    catalogue.set(
      kept && {
        version: kept.version,
        title: kept.title,
        products,
        ways: kept.ways,
        refused: present.refused,
      },
    )
    onScreen.bringBack()
    const shown = onScreen.sale
    const product = shown && (products.find(({ number }) => number === shown.product) ?? null)
    sale.set(
      shown && product
        ? saleView(shown, {
            domain,
            devicePublicKey: setup.devicePublicKey,
            product,
            till: kept?.till ?? null,
            ways: kept?.ways ?? [],
            boxUrl,
            amount: amount(shown.terms.token),
            chain: watch.state,
            machineTrouble: engine.machineTrouble.get(),
            facts: watch.facts.get(shown.id) ?? null,
            refused: instant.refused,
            given: engine.given.get(shown.id) ?? 0,
            peerKey: peerOrders.key,
          })
        : { kind: 'idle' },
    )
    const facts = {
      reading: reading.get(),
      gas: gasBalance.get(),
      book,
      keeper: present,
      staff,
      setup,
      since,
      isChainUnproven: watch.state === 'unproven',
      stuck: rounds.troubles,
      now: unixNow(),
      gasTrouble: engine.gasTrouble.get(),
      machineTrouble: engine.machineTrouble.get(),
      amount,
    }
    inside.set(insideOf({ ...facts, alarms: alarmsOf(facts) }))
  }

  async function lookAtMachine(): Promise<void> {
    const read = await machine.read()
    if (read.ok) reading.set(read.value)
    else reading.set(null)
    since.machine = read.ok ? null : (since.machine ?? unixNow())
    engine.machineTrouble.set(read.ok ? null : read.error)
  }

  async function lookAtGas(): Promise<void> {
    const read = await (await parts.walletChain()).readAccount(keys.gas.address, [])
    if (read.ok) {
      // Somebody has sent some: whether it is enough now, the next transaction tells.
      if (read.value.balance > (gasBalance.get() ?? 0n)) engine.gasTrouble.set(null)
      gasBalance.set(read.value.balance)
    }
    const final = await (await parts.chainAt('final')).finalitySeconds()
    if (final.ok) depthSeconds = final.value
  }

  /** Signed orders that wait at the box, while a sale waits for one. */
  async function lookAtBox(): Promise<void> {
    const isAwaited = book.open.some(({ stage }) => stage.kind === 'waiting')
    if (!isAwaited || boxUrl === null || !sellsOnSignatures()) return
    const codes = await ports.box.signedOrders(boxUrl, setup.deviceId)
    if (!codes.ok) return
    for (const code of codes.value) await takeSignedOrder(code)
  }

  async function takeSignedOrder(text: string): ReturnType<InstantOrders['take']> {
    const taken = await instant.take(text)
    if (taken.ok) void rounds.work()
    else show()
    return taken
  }

  const sellsOnSignatures = () => keeper.present?.ways.includes('instant') === true
  const tell = () => tellOwner(parts, { setup, keys, boxUrl, domain }, inside.get(), requests.ended)
  const hasGas = () => (gasBalance.get() ?? 0n) > 0n && engine.gasTrouble.get()?.kind !== 'gasEmpty'
  const rounds = new Rounds({
    timer,
    unixNow,
    steps: [
      { name: 'box', every: () => 0, limit: READING, run: lookAtBox },
      { name: 'sales', every: () => 0, limit: MACHINE, run: workOnSales },
      {
        name: 'catalogue',
        every: () => (keeper.present ? FETCH_CATALOGUE : LOOK_FIRST),
        limit: READING,
        run: () => keeper.fetch(boxUrl),
      },
      {
        name: 'offers',
        every: () => (keeper.isAllLive ? LOOK_AT_OFFERS : LOOK_FIRST),
        limit: READING,
        run: () => keeper.lookAtOffers(),
      },
      {
        name: 'machine',
        every: () => (reading.get() ? LOOK_AT_MACHINE : LOOK_FIRST),
        limit: MACHINE,
        run: lookAtMachine,
      },
      { name: 'staff', every: () => LOOK_AT_MACHINE, limit: MACHINE, run: collectFree },
      { name: 'owner', every: () => LOOK_AT_OWNER, limit: MACHINE, run: workForOwner },
      { name: 'gas', every: () => (hasGas() ? LOOK_AT_GAS : LOOK_FIRST), limit: READING, run: lookAtGas },
      {
        name: 'peers',
        every: () => LOOK_AT_PEERS,
        limit: READING,
        run: () => peerOrders.follow(sellsOnSignatures()),
      },
      { name: 'report', every: () => TELL_OWNER, limit: READING, run: tell },
      { name: 'tidy', every: () => TELL_OWNER, limit: READING, run: () => book.forgetOld(unixNow()) },
    ],
    pace: () =>
      book.open.some(({ stage }) => stage.kind !== 'closed') ? SOON : isWhole() ? IDLE : LOOK_FIRST,
    onStep: show,
  })

  async function workOnSales(): Promise<void> {
    const hasChanged = await engine.round()
    // What came out is no longer in its slot.
    if (hasChanged) rounds.soon('machine')
    since.chain = watch.state === 'ok' ? null : (since.chain ?? unixNow())
  }

  async function collectFree(): Promise<void> {
    if ((reading.get()?.pendingReceipts ?? 0) > 0) await staff.collect()
  }

  async function workForOwner(): Promise<void> {
    // A machine that is away is looked for by its own step.
    if (reading.get() === null || !(await requests.look())) return
    // He is waiting for it: the machine's word, and what it has counted since.
    await lookAtMachine()
    show()
    rounds.soon('staff', 'report')
  }

  /** Nothing that the kiosk needs is missing; else it looks more often. */
  const isWhole = () => keeper.isAllLive && reading.get() !== null && hasGas() && watch.state === 'ok'

  book.all.subscribe(show)
  // Where the browser does not answer, the kiosk sells all the same.
  const awake = platform.keepAwake()
  show()
  void rounds.work()

  return {
    catalogue,
    sale,
    inside,
    isLost: rounds.isLost,
    async begin(number: number, quantity: number): Promise<Result<null, BeginFailure>> {
      const present = keeper.present
      const product = present?.products.find(each => each.number === number)
      if (!present || !product) return fail({ kind: 'productUnknown' })
      const view = viewOf(product)
      if (view.state === 'notOffered') return fail({ kind: 'notOffered' })
      if (view.state === 'outOfOrder') return fail({ kind: 'slotOutOfOrder' })
      if (watch.state !== 'ok')
        return fail({ kind: watch.state === 'unproven' ? 'chainUnproven' : 'chainUnreachable' })
      // Some may have come since it was looked for.
      if (gasBalance.get() === 0n) await lookAtGas()
      if (gasBalance.get() === 0n || engine.gasTrouble.get()?.kind === 'gasEmpty')
        return fail({ kind: 'gasEmpty' })
      const now = onScreen.sale
      if (now && (now.stage.kind === 'seen' || now.stage.kind === 'vending'))
        return fail({ kind: 'kioskBusy' })
      const secondsTo = (depth: number | 'final') => (depth === 'final' ? depthSeconds : depth * 15)
      const stockOf = (slot: number) => stockIn(reading.get(), slot)
      const isMetered = (slot: number) => unitOf(reading.get(), slot) !== 'product'
      const begun = await beginSale(
        { book, platform, stockOf, isMetered, secondsTo },
        present,
        number,
        quantity,
      )
      if (!begun.ok) return begun
      instant.refused = null
      onScreen.begin(begun.value.id)
      show()
      void rounds.work()
      return ok(null)
    },
    startOver(): void {
      onScreen.putAway()
      instant.refused = null
      sale.set({ kind: 'idle' })
    },
    takeSignedOrder,
    async stop(): Promise<void> {
      const now = onScreen.sale
      if (!now) return
      await book.apply(now.id, { kind: 'stop' }, unixNow())
      await rounds.work()
    },
    async refresh(): Promise<void> {
      rounds.soon('machine', 'offers', 'catalogue', 'gas', 'report')
      await rounds.work()
    },
    async service(slot: number, change: { readonly stock?: number; readonly isCleared: boolean }) {
      const done = await machine.service({ slot, ...change })
      await lookAtMachine()
      show()
      return done
    },
    hasOpenSale: () => book.open.some(({ stage }) => stage.kind !== 'closed' && stage.kind !== 'waiting'),
    async close(): Promise<void> {
      void awake.then(letSleep => letSleep())
      await rounds.close()
      await peerOrders.follow(false).catch(() => {})
      await machine.close()
    },
  }
}
