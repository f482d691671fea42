// A kiosk that sells: sale engine, catalogue, machine and box put together, driven by a clock, shown as values.
import type { Address } from '../../core/bytes.ts'
import { type CatalogueProduct, termsOfProduct } from '../../core/kiosk/catalogue.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { MachineReading } from '../../core/vending/machine.ts'
import { amountIn } from '../market/parts.ts'
import { Observable } from '../observable.ts'
import { beginSale } from './beginSale.ts'
import { CatalogueKeeper } from './catalogueKeeper.ts'
import { GasSender } from './gasSender.ts'
import { alarmsOf, insideOf } from './inside.ts'
import { judgeSignedOrder } from './instantOrders.ts'
import type {
  BeginFailure,
  InstantRefusal,
  KioskInside,
  KioskProduct,
  KioskSale,
  ShownCatalogue,
} from './kiosk.ts'
import { MachineLink } from './machineLink.ts'
import { OnScreen } from './onScreen.ts'
import { type KioskKeys, type KioskParts, kioskDomain, type StoredSetup } from './parts.ts'
import { productView, stockIn } from './productViews.ts'
import { tellOwner } from './report.ts'
import { SaleBook } from './saleBook.ts'
import { SaleEngine } from './saleEngine.ts'
import { saleView } from './saleViews.ts'
import { OrderWatch } from './watchOrders.ts'

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
const FETCH_CATALOGUE = 60_000
const FETCH_FIRST = 5_000
const LOOK_AT_GAS = 60_000
const TELL_OWNER = 300_000
/** What a tablet whose disk was lost has left open lies in these: a day of orders, at two seconds for a block. */
const BLOCKS_BEFORE = 45_000

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
    unixNow,
  })
  if (firstBlock !== null) await watch.begin(Math.max(0, firstBlock - BLOCKS_BEFORE))
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

  const reading = new Observable<MachineReading | null>(null)
  const gasBalance = new Observable<bigint | null>(null)
  const sale = new Observable<KioskSale>({ kind: 'idle' })
  const catalogue = new Observable<ShownCatalogue | null>(null)
  const inside = new Observable<KioskInside>(insideOf(null))
  const since = { machine: null as number | null, chain: null as number | null }
  let refused: InstantRefusal | null = null
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
            refused,
          })
        : { kind: 'idle' },
    )
    const facts = {
      reading: reading.get(),
      gas: gasBalance.get(),
      book,
      keeper: present,
      setup,
      since,
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
    if (read.ok) gasBalance.set(read.value.balance)
    const final = await (await parts.chainAt('final')).finalitySeconds()
    if (final.ok) depthSeconds = final.value
  }

  /** Signed orders that wait at the box, while a sale waits for one. */
  async function lookAtBox(): Promise<void> {
    const isAwaited = book.open.some(({ stage }) => stage.kind === 'waiting')
    if (!isAwaited || boxUrl === null || !keeper.present?.ways.includes('instant')) return
    const codes = await ports.box.signedOrders(boxUrl, setup.deviceId)
    if (!codes.ok) return
    for (const code of codes.value) await takeSignedOrder(code)
  }

  async function takeSignedOrder(text: string): Promise<Result<null, InstantRefusal>> {
    const judged = await judgeSignedOrder(
      { book, domain, catalogue: () => keeper.present, newest: () => parts.chainAt(0), unixNow },
      text,
    )
    refused = judged.ok || judged.error.kind === 'otherSale' ? refused : judged.error
    if (!judged.ok) {
      show()
      return judged
    }
    refused = null
    await book.apply(judged.value.saleId, { kind: 'paid', payment: judged.value.payment }, unixNow())
    void workNow()
    return ok(null)
  }

  let isClosed = false
  let cancel = () => {}
  let running: Promise<void> | null = null
  const last = { machine: 0, offers: 0, catalogue: 0, gas: 0, told: 0 }
  const isDue = (what: keyof typeof last, every: number): boolean => {
    if (timer.now() - last[what] < every && last[what] !== 0) return false
    last[what] = timer.now()
    return true
  }

  async function once(): Promise<void> {
    await lookAtBox()
    // What came out is no longer in its slot.
    if (await engine.round()) last.machine = 0
    since.chain = watch.state === 'unreachable' ? (since.chain ?? unixNow()) : null
    show()
    if (isDue('catalogue', keeper.present ? FETCH_CATALOGUE : FETCH_FIRST)) await keeper.fetch(boxUrl)
    if (isDue('offers', keeper.isAllLive ? LOOK_AT_OFFERS : LOOK_FIRST)) await keeper.lookAtOffers()
    if (isDue('machine', reading.get() ? LOOK_AT_MACHINE : LOOK_FIRST)) await lookAtMachine()
    if (isDue('gas', LOOK_AT_GAS)) await lookAtGas()
    show()
    if (isDue('told', TELL_OWNER)) await tellOwner(parts, { setup, keys, boxUrl, domain }, inside.get())
    await book.forgetOld(unixNow())
  }

  /** At once, and again after a while: one round at a time. */
  async function workNow(): Promise<void> {
    cancel()
    running ??= once()
      // What could not be written down was not done either: the next round tries it again.
      .catch(() => {})
      .finally(() => {
        running = null
      })
    await running
    if (isClosed) return
    const isAwaited = book.open.some(({ stage }) => stage.kind !== 'closed')
    cancel = timer.after(isAwaited || !keeper.isAllLive || !reading.get() ? SOON : IDLE, () => void workNow())
  }

  book.all.subscribe(show)
  const letSleep = await platform.keepAwake()
  show()
  void workNow()

  return {
    catalogue,
    sale,
    inside,
    async begin(number: number, quantity: number): Promise<Result<null, BeginFailure>> {
      const present = keeper.present
      const product = present?.products.find(each => each.number === number)
      if (!present || !product) return fail({ kind: 'productUnknown' })
      const view = viewOf(product)
      if (view.state === 'notOffered') return fail({ kind: 'notOffered' })
      if (view.state === 'outOfOrder') return fail({ kind: 'slotOutOfOrder' })
      if (watch.state === 'unreachable') return fail({ kind: 'chainUnreachable' })
      if (gasBalance.get() === 0n || engine.gasTrouble.get()?.kind === 'gasEmpty')
        return fail({ kind: 'gasEmpty' })
      const now = onScreen.sale
      if (now && (now.stage.kind === 'seen' || now.stage.kind === 'vending'))
        return fail({ kind: 'kioskBusy' })
      const secondsTo = (depth: number | 'final') => (depth === 'final' ? depthSeconds : depth * 15)
      const stockOf = (slot: number) => stockIn(reading.get(), slot)
      const begun = await beginSale({ book, platform, stockOf, secondsTo }, present, number, quantity)
      if (!begun.ok) return begun
      refused = null
      onScreen.begin(begun.value.id)
      show()
      void workNow()
      return ok(null)
    },
    startOver(): void {
      onScreen.putAway()
      refused = null
      sale.set({ kind: 'idle' })
    },
    takeSignedOrder,
    async refresh(): Promise<void> {
      last.machine = last.offers = last.catalogue = last.gas = last.told = 0
      await running
      await workNow()
    },
    async service(slot: number, change: { readonly stock?: number; readonly isCleared: boolean }) {
      const done = await machine.service({ slot, ...change })
      await lookAtMachine()
      show()
      return done
    },
    hasOpenSale: () => book.open.some(({ stage }) => stage.kind !== 'closed' && stage.kind !== 'waiting'),
    async close(): Promise<void> {
      isClosed = true
      cancel()
      letSleep()
      await running
      await machine.close()
    },
  }
}
