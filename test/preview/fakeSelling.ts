// A kiosk’s owner and a kiosk’s buyer without a chain, for looking at their screens.
import type { BoughtView, SaleBuyer, SaleRequest } from '../../src/app/kiosk/buyer/saleBuyer.ts'
import type {
  CatalogueDraft,
  KioskOwner,
  KioskOwnerView,
  SalesReading,
} from '../../src/app/kiosk/owner/kioskOwner.ts'
import { Observable } from '../../src/app/observable.ts'
import { fail, ok } from '../../src/core/result.ts'
import type { Amount } from '../../src/core/wallet/sentence.ts'
import * as fixtures from './fixtures.ts'
import { saleTerms } from './saleTerms.ts'

export interface SellingScenario {
  readonly view: KioskOwnerView
  readonly sales: SalesReading
  readonly bought: readonly BoughtView[]
  readonly request: SaleRequest
  readonly fails: string | null
}

const now = Math.floor(Date.now() / 1000)
const day = 86_400
const coin = (value: bigint): Amount => ({ value, token: null, symbol: 'ETH', decimals: 18 })
const milli = 10n ** 13n
const deviceId = fixtures.hex(45)
const rest = fixtures.hex(201, 20)

const draft: CatalogueDraft = {
  title: { en: 'Cold drinks & snacks', zh: '冷饮和零食' },
  products: [
    ['Still water', '纯净水', 48n],
    ['Cola', '可乐', 72n],
    ['A product whose name goes on and on, as names of good things do', '名字很长的商品'.repeat(6), 96n],
  ].map(([en, zh, price], number) => ({
    number,
    slot: number,
    name: { en: String(en), zh: String(zh) },
    note: { en: '', zh: '' },
    picture: `bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk${String(number)}`,
    price: BigInt(price ?? 0) * milli,
    token: null,
    shares: [
      { payee: rest, amount: (BigInt(price ?? 0) * milli * 9n) / 10n },
      { payee: fixtures.hex(212, 20), amount: (BigInt(price ?? 0) * milli) / 10n },
    ],
    maxQuantity: 3,
  })),
  depths: [{ upTo: 100n * milli, depth: 2 }],
  ways: ['till', 'order', 'instant'],
  instant: { perSale: 200n * milli, perBuyer: 400n * milli, open: 2000n * milli },
}

const dollar = fixtures.hex(77, 20)
/** The last product costs a token. */
const inDollars: CatalogueDraft = {
  ...draft,
  products: draft.products.map((product, number) =>
    number < 2
      ? product
      : {
          ...product,
          price: 1_200_000n,
          token: dollar,
          shares: [
            { payee: rest, amount: 1_080_000n },
            { payee: fixtures.hex(212, 20), amount: 120_000n },
          ],
        },
  ),
  depths: [...draft.depths, { upTo: 5_000_000n, depth: 1, token: dollar }],
}

const view: KioskOwnerView = {
  deviceId,
  published: { version: 7, draft },
  till: fixtures.hex(350, 20),
  evidence: fixtures.proven(9),
  boxUrl: 'https://box.example/',
  report: {
    at: now - 40,
    slots: [6, 3, 0, 8].map((stock, slot) => ({
      ...{ slot, unit: 'product', stock, capacity: 8, free: slot === 1 ? 12 : 0 },
      fault: slot === 0 ? 'jam' : slot === 3 ? 'closed' : 'none',
    })),
    isKnown: true,
    alarms: ['slotEmpty', 'gasLow'],
    gasBalance: coin(10n ** 15n),
  },
  asked: [
    {
      number: 4,
      act: 'test',
      slot: 0,
      stock: 0,
      at: now - 20,
      until: now + 3580,
      state: 'waiting',
      why: null,
    },
    { number: 3, act: 'fill', slot: 1, stock: 8, at: now - 400, until: now + 3200, state: 'done', why: null },
    {
      number: 2,
      act: 'test',
      slot: 2,
      stock: 0,
      at: now - 900,
      until: now,
      state: 'refused',
      why: 'slotEmpty',
    },
    {
      number: 1,
      act: 'close',
      slot: 3,
      stock: 0,
      at: now - 9000,
      until: now - 5400,
      state: 'over',
      why: null,
    },
  ],
}

const today = Math.floor(now / day) * day
const days = Array.from({ length: 7 }, (_, index) => ({
  day: today - (6 - index) * day,
  sold: [12, 18, 9, 22, 31, 14, 6][index] ?? 0,
  refunded: index === 3 ? 2 : 0,
  income: [coin(BigInt(index) * 70n * milli)],
}))

const sales: SalesReading = {
  days,
  parties: [
    { account: rest, earned: coin(7200n * milli), kept: coin(1100n * milli) },
    { account: fixtures.hex(212, 20), earned: coin(800n * milli), kept: coin(800n * milli) },
  ],
  rows: (['sold', 'sold', 'refunded', 'open'] as const).map((state, index) => ({
    at: now - 900 * (index + 1),
    number: index === 3 ? null : index,
    quantity: 1,
    amount: coin(72n * milli),
    state,
    orderId: fixtures.hex(400 + index),
  })),
  escrow: [coin(72n * milli)],
  evidence: fixtures.proven(9),
}

const terms = saleTerms(72n * milli)
const product = {
  name: { en: 'Cola, the cold one in the small glass bottle', zh: '可乐' },
  note: { en: '0.33 l, with a deposit that you get back at the counter', zh: '0.33 升' },
  picture: null,
}
const request: SaleRequest = {
  code: 'FOB:SALE:X',
  deviceId,
  terms,
  quantity: 2,
  product,
  total: coin(144n * milli),
  until: now + 200,
  state: 'live',
  evidence: fixtures.proven(4),
  order: true,
  instant: { prepaid: coin(0n), isEnough: false },
}

const purchase = (id: string, state: BoughtView['state']): BoughtView => ({
  id,
  deviceId,
  orderId: fixtures.hex(420),
  product,
  terms,
  order: {
    offerId: fixtures.hex(300),
    payer: fixtures.hex(321, 20),
    userKeyHash: fixtures.hex(0),
    start: 0,
    quantity: 2,
    nonce: 1n,
    validUntil: 0,
  },
  total: coin(144n * milli),
  at: now - 300,
  state,
})

const bought: readonly BoughtView[] = [
  purchase('paid', { kind: 'paid', isFinal: false, deadline: now + 3000 }),
  purchase('signed', {
    kind: 'signed',
    at: 'box',
    code: `FOB:ORDER:${fixtures.hex(421).slice(2)}`,
    validUntil: now + 300,
  }),
  purchase('toShow', {
    kind: 'toShow',
    code: `FOB:ORDER:${fixtures.hex(422).slice(2)}`,
    validUntil: now + 300,
  }),
  purchase('part', { kind: 'dropped', dropped: 1, evidence: fixtures.proven(30) }),
  purchase('refundable', { kind: 'refundable' }),
  purchase('refunded', { kind: 'refunded', evidence: fixtures.proven(30) }),
  purchase('notCharged', { kind: 'notCharged' }),
]

const base: SellingScenario = { view, sales, bought, request, fails: null }

export const sellingScenarios: Readonly<Record<string, SellingScenario>> = {
  selling: base,
  sellingNew: {
    ...base,
    view: { ...view, published: null, till: null, report: null },
    sales: { ...sales, days: [], parties: [], rows: [], escrow: [] },
    bought: [],
    request: { ...request, instant: { prepaid: coin(900n * milli), isEnough: true } },
  },
  sellingDollars: {
    ...base,
    view: { ...view, published: { version: 8, draft: inDollars } },
    request: {
      ...request,
      terms: { ...saleTerms(1_200_000n), token: dollar },
      total: { value: 2_400_000n, token: dollar, symbol: 'DUSD', decimals: 6 },
      instant: null,
    },
  },
  sellingDown: { ...base, fails: 'chainUnreachable' },
}

export const usualSelling = base

export function createFakeSeller({ view: shown, sales: read, fails }: SellingScenario): KioskOwner {
  const failed = fail({ kind: fails ?? 'boxUnreachable' })
  return {
    read: async () => (fails === null ? ok(shown) : failed),
    draftFault: ({ products }) => (products.length > 3 ? 'products.3.price' : null),
    addPicture: async () => ok({ cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykq' }),
    steps: async () =>
      ok([
        { kind: 'openTill' },
        { kind: 'makeOffer', number: 1, name: { en: 'Cola', zh: '可乐' } },
        { kind: 'setProduct', number: 1, name: { en: 'Cola', zh: '可乐' } },
        { kind: 'sign' },
      ]),
    propose: async () => failed,
    proposeSign: async () => failed,
    publish: async () => failed,
    readKioskCode: text =>
      text.startsWith('FOB:KIOSK:') ? { deviceId, gasAddress: fixtures.hex(324, 20) } : null,
    grantKiosk: async () => ok({ answer: `FOB:KIOSKGRANT:${fixtures.hex(430).slice(2)}` }),
    proposeAsk: async () => failed,
    proposePayOut: async () => failed,
    ask: async () => failed,
    sales: async () => (fails === null ? ok(read) : failed),
    csv: () => 'at,product\r\n',
  }
}

export function createFakeBuyer({ bought: list, request: asked, fails }: SellingScenario): SaleBuyer {
  const known = new Observable(list)
  return {
    read: async () => (fails === null ? ok(asked) : fail({ kind: fails })),
    propose: async () => fail({ kind: 'saleOver' }),
    confirmPermit: async () => fail({ kind: 'saleOver' }),
    confirmSigned: async () => fail({ kind: 'saleOver' }),
    prepaid: {
      read: async () =>
        fails === null
          ? ok({
              balance: coin(list.length === 0 ? 0n : 900n * milli),
              leaving: list.length === 0 ? null : { at: now + 40_000, isDue: false },
              evidence: fixtures.proven(9),
            })
          : fail({ kind: fails }),
      proposeDeposit: async () => fail({ kind: 'chainUnreachable' }),
      proposeReturn: async () => fail({ kind: 'chainUnreachable' }),
      proposeTakeBack: async () => fail({ kind: 'chainUnreachable' }),
    },
    picture: async () => fail({ kind: 'firmwareUnavailable' }),
    bought: known,
    handIn: async () => fail({ kind: 'signedNotHandedIn' }),
    proposeRefund: async () => fail({ kind: 'chainUnreachable' }),
    readReceipt: async text =>
      text.startsWith('FOB:SOLD:')
        ? ok({ deviceId, orderId: fixtures.hex(420), slot: 3, quantity: 1, outcome: 'dropped' })
        : fail({ kind: 'codeMalformed' }),
    async forget(id) {
      known.update(all => all.filter(each => each.id !== id))
    },
  }
}
