// A kiosk without machine and chain, for looking at its screens: each state of a sale, the setup, what is behind the PIN.

import apple from '../../node/local/pictures/apple.svg?raw'
import chocolate from '../../node/local/pictures/chocolate.svg?raw'
import coffee from '../../node/local/pictures/coffee.svg?raw'
import cola from '../../node/local/pictures/cola.svg?raw'
import crisps from '../../node/local/pictures/crisps.svg?raw'
import lemon from '../../node/local/pictures/lemon.svg?raw'
import nuts from '../../node/local/pictures/nuts.svg?raw'
import orange from '../../node/local/pictures/orange.svg?raw'
import water from '../../node/local/pictures/water.svg?raw'
import type {
  Kiosk,
  KioskInside,
  KioskProduct,
  KioskSale,
  KioskSetup,
  KioskText,
  RefundReason,
  SaleTrouble,
  ShownCatalogue,
} from '../../src/app/kiosk/kiosk.ts'
import { Observable } from '../../src/app/observable.ts'
import { fail, ok } from '../../src/core/result.ts'
import type { Amount } from '../../src/core/wallet/sentence.ts'
import * as fixtures from './fixtures.ts'
import { saleTerms } from './saleTerms.ts'

const pictures: Readonly<Record<string, string>> = {
  apple,
  chocolate,
  coffee,
  cola,
  crisps,
  lemon,
  nuts,
  orange,
  water,
}

export interface KioskScenario {
  readonly setup: KioskSetup
  readonly hasPin: boolean
  readonly sale: KioskSale
  readonly catalogue: ShownCatalogue | null
  readonly inside: KioskInside
  /** What `begin` and the setup's steps fail with. */
  readonly fails: 'soldOut' | 'machineUnreachable' | null
}

const now = Math.floor(Date.now() / 1000)
const coin = (value: bigint): Amount => ({ value, token: null, symbol: 'ETH', decimals: 18 })
const text = (en: string, zh: string): KioskText => ({ en, zh })

function product(
  number: number,
  name: KioskText,
  note: KioskText,
  picture: string | null,
  milli: bigint,
  change: Partial<KioskProduct> = {},
): KioskProduct {
  const price = coin(milli * 10n ** 13n)
  return {
    number,
    slot: number,
    name,
    note,
    picture,
    price,
    unit: 'product',
    offerId: fixtures.hex(300 + number),
    terms: saleTerms(price.value),
    left: 6,
    state: 'forSale',
    ...change,
  }
}

const chilled = text('Chilled', '冷藏')
const products: readonly KioskProduct[] = [
  product(0, text('Still water', '纯净水'), text('500 ml, chilled', '500 毫升，冷藏'), 'water', 48n),
  product(1, text('Cola', '可乐'), text('330 ml, chilled', '330 毫升，冷藏'), 'cola', 72n, { left: 3 }),
  product(2, text('Lemon soda', '柠檬汽水'), chilled, 'lemon', 72n),
  product(3, text('Orange juice', '橙汁'), chilled, 'orange', 96n, { left: 1 }),
  product(4, text('Iced coffee', '冰咖啡'), chilled, 'coffee', 120n, { left: 0, state: 'soldOut' }),
  product(5, text('Salted crisps', '薯片'), text('80 g', '80 克'), 'crisps', 80n),
  product(6, text('Dark chocolate', '黑巧克力'), text('100 g', '100 克'), 'chocolate', 110n),
  product(7, text('Roasted nuts', '烤坚果'), text('60 g', '60 克'), 'nuts', 130n, { state: 'outOfOrder' }),
]

const catalogue: ShownCatalogue = {
  version: 7,
  title: text('Cold drinks & snacks', '冷饮和零食'),
  products,
  ways: ['till', 'order', 'instant'],
  refused: null,
}

/** Of an outlet: nothing runs out, and what is not used goes back. */
const endless = { left: 65_535, terms: { ...saleTerms(10n ** 13n), maxQuantity: 600 } }
const energy = product(0, text('Charging', '充电'), text('Socket on the left', '左侧插座'), null, 1n, {
  ...{ ...endless, unit: 'tenWattHours' },
})
const time = product(1, text('Workbench', '工作台'), text('', ''), null, 2n, { ...endless, unit: 'minute' })

const longNames: ShownCatalogue = {
  ...catalogue,
  title: text(
    'The vending machine of the community centre at the lake',
    '湖畔社区中心的自动售货机'.repeat(2),
  ),
  products: [
    product(
      0,
      text(
        'Sparkling water with elderflower and a hint of Sicilian lemon',
        '接骨木花西西里柠檬风味气泡水'.repeat(2),
      ),
      text(
        'A note that goes on and on, as the notes of good products tend to do when nobody stops them.',
        '很长的说明'.repeat(12),
      ),
      'water',
      123_456n,
    ),
    product(1, text('W'.repeat(40), ''), text('', ''), null, 99_999_999n, { left: null, state: 'unknown' }),
    ...products.slice(2),
    product(8, text('Apple', '苹果'), text('', ''), 'apple', 30n),
  ],
}

const bought = products[1] ?? product(1, chilled, chilled, null, 1n)
const inSale = { id: 'sale', product: bought, quantity: 1, total: bought.price }
const paid = {
  ...inSale,
  way: 'till',
  orderId: fixtures.hex(320),
  payer: fixtures.hex(321, 20),
} as const

const machine = {
  deviceId: fixtures.hex(45),
  deviceKey: 'vendor',
  name: 'Fob Vend 24',
  code: `FOB:KIOSK:${fixtures.hex(322).slice(2).toUpperCase()}${fixtures.hex(323).slice(2).toUpperCase()}`,
  gasAddress: fixtures.hex(324, 20),
}

const ready: KioskSetup = {
  kind: 'ready',
  ...machine,
  owner: fixtures.hex(210, 20),
  grant: { notAfter: now + 90 * 86_400, slots: [0, 1, 2, 3, 4, 5, 6, 7], perDay: 200 },
  boxUrl: 'https://box.example/',
}

const inside: KioskInside = {
  alarms: [],
  slots: products.map(({ slot, left }) => ({
    slot,
    unit: 'product',
    stock: left ?? 0,
    capacity: 8,
    vended: 120 - 11 * slot,
    failed: slot === 7 ? 2 : 0,
    fault: slot === 7 ? 'jam' : slot === 5 ? 'closed' : 'none',
    free: slot === 2 ? 6 : 0,
  })),
  temperature: 52,
  isDoorOpen: false,
  gas: { balance: coin(41n * 10n ** 15n), salesLeft: 210 },
  sales: [
    {
      id: 'b',
      at: now - 400,
      product: bought.name,
      quantity: 1,
      total: bought.price,
      way: 'till',
      state: 'dropped',
    },
    {
      id: 'a',
      at: now - 4000,
      product: bought.name,
      quantity: 2,
      total: coin(144n * 10n ** 13n),
      way: 'instant',
      state: 'refunded',
    },
  ],
  open: 1,
}

const alarmed: KioskInside = {
  ...inside,
  alarms: [
    { kind: 'gasLow', balance: 10n ** 15n, salesLeft: 4 },
    { kind: 'slotOutOfOrder', slot: 7 },
    { kind: 'slotEmpty', slot: 4 },
    { kind: 'tooWarm' },
    { kind: 'chainUnreachable', since: now - 60 },
    { kind: 'stuck', step: 'sales', since: now - 600, why: 'QuotaExceededError: the disk is full' },
  ],
  gas: { balance: coin(10n ** 15n), salesLeft: 4 },
  temperature: 131,
  isDoorOpen: true,
  sales: [],
  open: 0,
}

const receipt = {
  code: `FOB:SOLD:${Array.from({ length: 5 }, (_, index) => fixtures.hex(330 + index).slice(2))
    .join('')
    .toUpperCase()}`,
  orderId: fixtures.hex(320),
  slot: 1,
  quantity: 1,
  counter: 4711,
}

const saleCode = `FOB:SALE:${Array.from({ length: 3 }, (_, index) => fixtures.hex(340 + index).slice(2))
  .join('')
  .toUpperCase()}`

const paying = (trouble: SaleTrouble | null = null, seconds = 245): KioskSale => ({
  ...inSale,
  kind: 'paying',
  offers: [
    {
      way: 'till',
      exact: coin(bought.price.value + 11_234_560_042n),
      to: fixtures.hex(350, 20),
      uri: `ethereum:${fixtures.hex(350, 20)}@31337?value=${String(bought.price.value + 11_234_560_042n)}`,
    },
    { way: 'order', code: saleCode },
    { way: 'instant', code: saleCode },
  ],
  until: now + seconds,
  trouble,
  refused: null,
})

const refunding = (why: RefundReason, at: number | null): KioskSale => ({
  ...paid,
  kind: 'refunding',
  why,
  at,
})

const base: KioskScenario = {
  setup: ready,
  hasPin: true,
  sale: { kind: 'idle' },
  catalogue,
  inside,
  fails: null,
}
const withSale = (sale: KioskSale): KioskScenario => ({ ...base, sale })

export const kioskScenarios: Readonly<Record<string, KioskScenario>> = {
  kiosk: base,
  kioskLong: { ...base, catalogue: longNames },
  kioskClosed: { ...base, catalogue: null },
  kioskSoldOut: { ...base, fails: 'soldOut' },
  kioskPaying: withSale(paying()),
  kioskPayingLate: withSale(paying('chainUnreachable', 40)),
  kioskSeen: withSale({ ...paid, kind: 'seen', has: 1, needs: 3, trouble: null }),
  kioskFinal: withSale({ ...paid, kind: 'seen', has: 2, needs: 'final', trouble: 'chainUnproven' }),
  kioskDispensing: withSale({ ...paid, kind: 'dispensing', evidence: null, trouble: null, metered: null }),
  kioskRunning: withSale({
    ...{ ...paid, product: energy, quantity: 120, total: coin(120n * energy.price.value) },
    ...{ kind: 'dispensing', evidence: null, trouble: null, metered: { given: 37, isStopping: false } },
  }),
  kioskUsed: withSale({
    ...{ ...paid, product: energy, quantity: 120, total: coin(120n * energy.price.value) },
    ...{ kind: 'dropped', dropped: 41, receipt, isSettled: true },
  }),
  kioskOutlet: { ...base, catalogue: { ...catalogue, products: [energy, time] } },
  kioskDropped: withSale({ ...paid, kind: 'dropped', dropped: 1, receipt, isSettled: false }),
  kioskPart: withSale({
    ...paid,
    kind: 'dropped',
    quantity: 3,
    total: coin(bought.price.value * 3n),
    dropped: 2,
    receipt,
    isSettled: true,
  }),
  kioskRefunding: withSale(refunding('nothingDropped', null)),
  kioskRefundBy: withSale(refunding('machineUnreachable', now + 900)),
  kioskRefunded: withSale({ ...paid, kind: 'refunded', why: 'nothingDropped', wasCharged: true }),
  kioskNotCharged: withSale({ ...paid, way: 'instant', kind: 'refunded', why: 'soldOut', wasCharged: false }),
  kioskTimedOut: withSale({ ...inSale, kind: 'timedOut' }),
  kioskTrouble: withSale({ ...inSale, kind: 'trouble', why: 'machineUnreachable' }),
  kioskAlarms: { ...base, inside: alarmed },
  kioskNew: { ...base, setup: { kind: 'noMachine' }, hasPin: false },
  kioskMachine: { ...base, setup: { kind: 'noMachine' } },
  kioskMachineFails: { ...base, setup: { kind: 'noMachine' }, fails: 'machineUnreachable' },
  kioskAsking: { ...base, setup: { kind: 'awaitingOwner', ...machine } },
  kioskNoMarket: { ...base, setup: { kind: 'noMarket' } },
}

/** Of the scenarios that are not about it. */
export const noKiosk: KioskScenario = { ...base, setup: { kind: 'noMachine' }, hasPin: false }

/** The PIN of every fake kiosk. */
const rightPin = '2580'

export function createFakeKiosk(scenario: KioskScenario): Kiosk {
  const setup = new Observable<KioskSetup>(scenario.setup)
  const sale = new Observable<KioskSale>(scenario.sale)
  const isSet = new Observable(scenario.hasPin)
  let wrong = 0
  let shutUntil = 0
  const failing = scenario.fails
  return {
    setup,
    catalogue: new Observable(scenario.catalogue),
    sale,
    inside: new Observable(scenario.inside),
    isLost: new Observable(false),
    async chooseMachine() {
      if (failing !== null) return fail({ kind: failing })
      setup.set({ kind: 'awaitingOwner', ...machine })
      return ok(null)
    },
    async takeAnswer(answer) {
      if (!answer.startsWith('FOB:')) return fail({ kind: 'answerMalformed' })
      setup.set(ready)
      return ok(null)
    },
    async forget() {
      setup.set({ kind: 'noMachine' })
      return ok(null)
    },
    async picture(cid) {
      const found = pictures[cid]
      return found === undefined ? fail({ kind: 'notFound' }) : ok(new TextEncoder().encode(found))
    },
    async begin(number, quantity) {
      if (failing !== null) return fail({ kind: failing })
      const wanted = scenario.catalogue?.products.find(each => each.number === number)
      if (wanted === undefined) return fail({ kind: 'productUnknown' })
      const of = { ...wanted.price, value: wanted.price.value * BigInt(quantity) }
      sale.set({ ...paying(), product: wanted, quantity, total: of } as KioskSale)
      return ok(null)
    },
    startOver: () => sale.set({ kind: 'idle' }),
    async stop() {},
    takeSignedOrder: async () => fail({ kind: 'notASignedOrder' }),
    service: async (_slot, { stock }) => (stock === 9 ? fail({ kind: 'machineUnreachable' }) : ok(null)),
    async refresh() {},
    pin: {
      isSet,
      async set(pin) {
        if (/^(\d)\1*$/.test(pin)) return fail({ kind: 'pinTooSimple' })
        isSet.set(true)
        return ok(null)
      },
      async check(pin) {
        const at = Math.floor(Date.now() / 1000)
        if (at < shutUntil) return fail({ kind: 'pinWaiting', until: shutUntil })
        if (pin === rightPin) return ok(null)
        wrong += 1
        if (wrong < 3) return fail({ kind: 'pinWrong' })
        shutUntil = at + 30
        return fail({ kind: 'pinWaiting', until: shutUntil })
      },
    },
    async close() {},
  }
}
