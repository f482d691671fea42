// A market without a chain, for looking at its screens: keys in every state, an offer, a lock that is let.
import type { FreeVendView } from '../../src/app/market/freeVending.ts'
import type { LettingView, OwnOfferView, StayView } from '../../src/app/market/letting.ts'
import type {
  KeyState,
  KeyView,
  Market,
  OfferState,
  OfferView,
  OpenFailure,
  OpeningStep,
  ReceiptView,
} from '../../src/app/market/market.ts'
import { Observable } from '../../src/app/observable.ts'
import type { RadioState } from '../../src/app/ports/device.ts'
import type { Proposal } from '../../src/app/wallet/wallet.ts'
import type { OpenStatus } from '../../src/core/lock/openResult.ts'
import { openingOf } from '../../src/core/registry/deviceHours.ts'
import type { OfferTerms } from '../../src/core/registry/marketStatements.ts'
import { fail, ok } from '../../src/core/result.ts'
import type { MachineSlot } from '../../src/core/vending/machine.ts'
import type { Amount } from '../../src/core/wallet/sentence.ts'
import { moneyAccounts } from './fakeMoney.ts'
import type { walletScenarios } from './fakeWallet.ts'
import * as fixtures from './fixtures.ts'

export interface MarketScenario {
  readonly wallet: keyof typeof walletScenarios
  readonly keys: readonly KeyView[]
  readonly letting: Partial<LettingView>
  readonly offer: Partial<Omit<OfferView, 'terms'>> & { readonly terms?: Partial<OfferTerms> }
  /** What the lock answers, or why it does not. */
  readonly opens: OpenStatus | Exclude<OpenFailure['kind'], 'lockRefused'>
  /** Every reading and every proposal fails with it. */
  readonly fails: string | null
  readonly radio?: RadioState
  readonly online?: boolean
  /** Whether locks have room for a proof of payment; left out: yes. */
  readonly hasRoom?: boolean
}

const now = Math.floor(Date.now() / 1000)
const hour = 3600
const day = 86_400
const deviceId = fixtures.hex(45)
const noHours = new Uint8Array(21)
const ether = 10n ** 18n
const longName = '很长的名字与 a name that goes on and on, as names of holiday houses do'

const coin = (value: bigint): Amount => ({ value, token: null, symbol: 'ETH', decimals: 18 })

/** The lock is two hours ahead of UTC. */
const utcOffset = 120

const terms: OfferTerms = {
  deviceId,
  owner: fixtures.hex(210, 20),
  token: null,
  price: ether / 50n,
  unit: 'night',
  isInstant: false,
  slot: 0,
  maxQuantity: 7,
  slotHours: 20,
  startHour: 15,
  utcOffset,
  fulfilWithin: day,
  weeklyHours: noHours,
  maxUses: 0,
  actions: 1,
  legalHash: fixtures.hex(211),
  shares: [
    { payee: fixtures.hex(201, 20), amount: (ether / 50n / 10n) * 9n },
    { payee: fixtures.hex(212, 20), amount: ether / 50n / 10n },
  ],
}

const offerView = (change: MarketScenario['offer']): OfferView => ({
  offerId: fixtures.hex(220),
  price: coin(ether / 50n),
  state: 'live',
  sold: 12n,
  evidence: fixtures.proven(8),
  signer: { kind: 'agent', name: 'Gatehouse' },
  attestors: { threshold: 2, of: 3 },
  areAttestorsProven: true,
  finalitySeconds: 780,
  ...change,
  terms: { ...terms, ...change.terms },
})

const key = (id: string, state: KeyState, change: Partial<KeyView> = {}): KeyView => ({
  id,
  kind: 'bought',
  vends: null,
  deviceId,
  deviceKey: 'demo',
  deviceName: 'House by the lake',
  state,
  from: now - 5 * hour,
  until: now + 43 * hour,
  weeklyHours: noHours,
  uses: null,
  utcOffset,
  offer: { offerId: fixtures.hex(220), orderId: fixtures.hex(221), terms },
  paid: coin(ether / 25n),
  paymentId: 'final',
  authorisedBy: 'issuer',
  isOffline: true,
  lastFailure: null,
  addedAt: now - day,
  ...change,
})

const notHere = { authorisedBy: null, isOffline: false } as const

const taken = (slot: number, outcome: FreeVendView['outcome']): FreeVendView => ({
  ...{ at: now - hour, slot, outcome, cause: outcome === 'failed' ? 'jam' : 'none', counter: 300 + slot },
  signature: fixtures.hex(230, 64),
  digest: fixtures.hex(231),
})

const machineSlots: readonly MachineSlot[] = [0, 1, 2, 3, 9].map(slot => ({
  slot,
  unit: 'product',
  isChilled: slot < 2,
  fault: slot === 3 ? 'jam' : 'none',
  stock: slot === 2 ? 0 : Math.max(1, 8 - slot),
  capacity: 8,
  given: 40,
  failed: 1,
}))

const staffKey = (id: string, unanswered: { readonly slot: number } | null): KeyView =>
  key(
    id,
    { kind: 'ready' },
    {
      ...{ kind: 'lent', deviceName: longName, until: now + 80 * day, authorisedBy: 'owner' },
      ...{ offer: null, paid: null, paymentId: null },
      vends: {
        slots: [0, 1, 2, 3, 9],
        perDay: 5,
        taken: [taken(1, 'dropped'), taken(3, 'failed')],
        unanswered,
      },
    },
  )

const keys: readonly KeyView[] = [
  staffKey('staff', null),
  staffKey('staff-unanswered', { slot: 1 }),
  key('ready', { kind: 'ready' }),
  key(
    'lent',
    { kind: 'ready' },
    {
      kind: 'lent',
      deviceName: longName,
      until: now + 40 * day,
      // Monday to Friday, 08:00 to 18:00 at +2.
      weeklyHours: Uint8Array.from([3, 255, 0, 3, 255, 0, 3, 255, 0, 3, 255, 0, 3, 255, 0, 0, 0, 0, 0, 0, 0]),
      uses: { of: 10, left: 3 },
      offer: null,
      paid: null,
      paymentId: null,
      authorisedBy: 'owner',
    },
  ),
  key(
    'own',
    { kind: 'ready' },
    {
      kind: 'own',
      deviceName: 'Front door',
      from: null,
      until: null,
      offer: null,
      paid: null,
      paymentId: null,
      authorisedBy: 'owner',
    },
  ),
  key('later', { kind: 'notYet', from: now + 30 * hour }, { from: now + 30 * hour, until: now + 50 * hour }),
  key('paying', { kind: 'paying', paymentId: 'waiting' }, notHere),
  key('confirming', { kind: 'confirming' }, notHere),
  key('signer', { kind: 'waitingForSigner', deadline: now + 9 * hour }, notHere),
  key(
    'refund',
    { kind: 'refundDue', failedPaymentId: null },
    { ...notHere, from: now - day, until: now - hour },
  ),
  key('ended', { kind: 'ended' }, { from: now - 3 * day, until: now - day }),
  key('moved', { kind: 'moved', code: `FOB:ORDER:${'MZXW6YTBOI'.repeat(20)}` }),
]

const stay = (
  id: number,
  state: StayView['state'],
  from: number,
  change: Partial<StayView> = {},
): StayView => ({
  orderId: fixtures.hex(230 + id),
  offerId: fixtures.hex(220),
  payer: fixtures.hex(204, 20),
  from,
  until: from + 20 * hour,
  orderedAt: from - 4 * day,
  paid: coin(ether / 50n),
  state,
  needsNewKey: false,
  ...change,
})

const stays: readonly StayView[] = [
  stay(1, { kind: 'toSign', deadline: now + 5 * hour }, now + 2 * day),
  stay(2, { kind: 'waiting' }, now + 6 * day),
  stay(3, { kind: 'signed' }, now - 2 * hour),
  stay(4, { kind: 'signed' }, now - 3 * day, { paid: coin(ether / 25n) }),
  stay(5, { kind: 'signed' }, now + 9 * day, { needsNewKey: true }),
  stay(6, { kind: 'missed' }, now - 5 * day),
]

const ownOffer = (id: number, change: Partial<OwnOfferView>): OwnOfferView => ({
  ...offerView({}),
  offerId: fixtures.hex(220 + id * 50),
  state: 'live',
  earned: coin(3n * (ether / 25n)),
  block: 4000,
  ...change,
})

const letting: LettingView = {
  deviceId,
  readiness: 'ready',
  signer: { kind: 'phone' },
  takesProofs: false,
  attestors: { threshold: 2, of: 3 },
  offers: [
    ownOffer(0, {}),
    ownOffer(1, {
      state: 'paused',
      terms: { ...terms, unit: 'hour', isInstant: true },
      earned: coin(0n),
    }),
  ],
  stays,
  withdrawable: [{ account: fixtures.hex(201, 20), amount: coin(ether / 10n) }],
  escrow: [coin(ether / 25n)],
  lent: [
    {
      id: 'ann',
      name: 'Ann',
      userKeyHash: fixtures.hex(240),
      from: now - day,
      until: now + 300 * day,
      maxUses: 0,
      weeklyHours: noHours,
      canManage: false,
      takesFree: false,
      code: `FOB:KEY:${'MZXW6YTBOI'.repeat(30)}`,
      isRevoked: false,
    },
    {
      id: 'cleaner',
      name: longName,
      userKeyHash: fixtures.hex(241),
      from: now - day,
      until: now + 30 * day,
      maxUses: 20,
      weeklyHours: Uint8Array.from([0, 240, ...Array.from({ length: 19 }, () => 0)]),
      canManage: true,
      takesFree: false,
      code: `FOB:KEY:${'MZXW6YTBOI'.repeat(30)}`,
      isRevoked: true,
    },
  ],
  hasOpenHours: true,
  evidence: fixtures.proven(8),
  readAt: now,
  lastFailure: null,
}

const base: MarketScenario = {
  wallet: 'walletMoney',
  keys,
  letting: {},
  offer: {},
  opens: 'done',
  fails: null,
}

const freshLock: Partial<LettingView> = {
  offers: [],
  stays: [],
  lent: [],
  withdrawable: [],
  escrow: [],
  hasOpenHours: false,
  evidence: null,
}

const instant: MarketScenario = {
  ...base,
  letting: { takesProofs: true },
  offer: {
    terms: { unit: 'hour', slotHours: 1, startHour: 0, maxQuantity: 12, isInstant: true, fulfilWithin: 0 },
  },
}

export const marketScenarios = {
  market: base,
  marketFresh: { ...base, keys: [], letting: { ...freshLock, readiness: 'marketNotTold' } },
  marketNotFiled: { ...base, letting: { ...freshLock, readiness: 'configNotFiled' } },
  marketReady: { ...base, letting: freshLock },
  marketBox: {
    ...base,
    letting: {
      takesProofs: true,
      signer: { kind: 'box', name: 'Gatehouse', url: 'http://127.0.0.1:8800', isOn: false },
    },
  },
  marketInstant: instant,
  marketNoRoom: { ...instant, hasRoom: false },
  marketStay: {
    ...base,
    offer: {
      terms: { unit: 'stay', slotHours: 48, startHour: 0, maxQuantity: 1 },
      signer: { kind: 'owner' },
    },
  },
  marketGuest: { ...base, wallet: 'walletNone', keys: [], radio: 'unsupported' },
  marketPaused: { ...base, offer: { state: 'paused' satisfies OfferState } },
  marketJammed: { ...base, opens: 'failed', online: false },
  marketUncertain: { ...base, opens: 'timeUncertain' },
  marketLost: { ...base, opens: 'outcomeUnknown' },
  marketDown: { ...base, fails: 'chainUnreachable', letting: { lastFailure: { kind: 'chainUnreachable' } } },
} as const satisfies Record<string, MarketScenario>

const receipt = (id: string, at: number, status: OpenStatus, counter: number): ReceiptView => ({
  id,
  keyId: 'ready',
  deviceId,
  deviceName: 'House by the lake',
  at,
  status,
  counter,
  orderId: '42',
  signature: `0x${'5a'.repeat(64)}`,
  digest: fixtures.hex(250),
})

const proposal = (): Proposal => {
  const [from] = moneyAccounts
  if (from === undefined) throw new Error('no account')
  return {
    id: String(Date.now()),
    from,
    kind: 'transaction',
    sentence: {
      kind: 'transfer',
      to: { address: fixtures.hex(203, 20), name: null },
      amount: coin(ether / 50n),
    },
    warnings: [],
    effects: [],
    fees: [
      {
        speed: 'normal',
        expected: coin(21_000_000_000_000n),
        atMost: coin(42_000_000_000_000n),
        seconds: 12,
      },
    ],
    replaces: null,
    validUntil: Math.floor(Date.now() / 1000) + 120,
  }
}

/** Three months for sale, but for every fourth and fifth day. */
function wordAt(word: number) {
  const first = Math.floor(now / day) * 24
  const { firstWord, open } = openingOf([{ first: first - 24, end: first + 90 * 24 }])
  let booked = 0n
  for (let bit = 0; bit < 128; bit += 1) {
    const each = Math.floor((word * 128 + bit) / 24)
    if (each % 7 === 3 || each % 7 === 4) booked |= 1n << BigInt(bit)
  }
  return { open: open[word - firstWord] ?? 0n, booked }
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

export function createFakeMarket(scenario: MarketScenario): Market {
  const known = new Observable<readonly KeyView[]>(scenario.keys)
  const openings = new Observable<ReadonlyMap<string, OpeningStep>>(new Map())
  const receipts = new Observable<readonly ReceiptView[]>([
    receipt('2', now - hour, 'done', 1042),
    receipt('1', now - 2 * hour, 'failed', 1041),
  ])
  const view = new Observable<LettingView>({ ...letting, ...scenario.letting })
  const { fails } = scenario
  const offer = offerView(scenario.offer)
  // Kinds are open here: whatever the scenario names is what the screens have to find words for.
  const or = <T>(value: T) => (fails === null ? ok(value) : fail({ kind: fails } as never))
  return {
    isThere: true,
    readOffer: async () => or(offer),
    offersOf: async () => or([offer]),
    meetLock: async deviceKey =>
      or({
        deviceKey,
        deviceId,
        offers: [offer],
        takesProofs: scenario.hasRoom !== false,
        isPaired: true,
      }),
    readFinality: async () => ok(780),
    readHours: async () => or({ wordAt, evidence: fixtures.proven(3) }),
    hashDocument: document => (document.length === 5 ? offer.terms.legalHash : fixtures.hex(document.length)),
    readCode: text => {
      if (text.startsWith('FOB:ASK:')) return ok({ kind: 'request', userKeyHash: fixtures.hex(1) })
      if (text.startsWith('FOB:KEY:')) return ok({ kind: 'key' })
      if (text.startsWith('FOB:BOX:')) return ok({ kind: 'box', url: 'http://127.0.0.1:8800' })
      return text.startsWith('FOB:OFFER:')
        ? ok({ kind: 'offer', reference: { offerId: offer.offerId, block: null } })
        : fail({ kind: 'notAMarketCode' })
    },
    offerCode: ({ offerId }) => ({ text: `FOB:OFFER:${offerId}`, path: `/offer/${offerId}` }),
    keys: known,
    openings,
    canAnchor: true,
    serviceLog: async () =>
      or({
        size: 2,
        anchored: { size: 1, at: now - hour, isOurs: true },
        evidence: fixtures.proven(3),
      }),
    proposeAnchor: async () => or(proposal()),
    proveReceipt: async () => or('{"kind":"fob receipt"}'),
    checkReceipt: async text => {
      if (!text.includes('fob receipt')) return fail({ kind: 'notAReceipt' })
      return or({
        deviceId,
        author: fixtures.hex(2),
        digest: fixtures.hex(3),
        status: 'done',
        counter: 12,
        orderId: fixtures.hex(4),
        anchoredAt: now - hour,
        evidence: fixtures.proven(3),
      })
    },
    proposeOrder: async () => or({ kind: 'pay', proposal: proposal(), keyId: 'paying' }),
    confirmPermit: async () => fail({ kind: 'proposalExpired' }),
    refreshKeys: async () => {},
    async open(keyId) {
      for (const step of ['connecting', 'opening'] as const) {
        openings.set(new Map([[keyId, step]]))
        await pause(60)
      }
      openings.set(new Map())
      const { opens } = scenario
      if (opens === 'outcomeUnknown') return fail({ kind: 'outcomeUnknown' })
      const told = receipt(String(Date.now()), Math.floor(Date.now() / 1000), opens as OpenStatus, 1043)
      receipts.update(all => [told, ...all])
      if (opens === 'done' || opens === 'interrupted' || opens === 'failed')
        return ok({ status: opens, isRepeated: false, receipt: told })
      return opens === 'timeUncertain'
        ? fail({ kind: 'lockRefused', reason: opens, receipt: told })
        : fail({ kind: opens })
    },
    async lookInto() {
      await pause(60)
      return ok({ slots: machineSlots, isDoorOpen: false, isBusy: false })
    },
    async takeFree(keyId, _deviceKey, slot) {
      await pause(60)
      if (scenario.opens !== 'done') return fail({ kind: scenario.opens })
      const said = taken(slot, 'dropped')
      known.update(all =>
        all.map(each =>
          each.id === keyId && each.vends
            ? { ...each, vends: { ...each.vends, taken: [said, ...each.vends.taken] } }
            : each,
        ),
      )
      return ok(said)
    },
    lendFree: async () => ok({ code: `FOB:STAFF:${'MZXW6YTBOI'.repeat(40)}` }),
    receipts: () => receipts,
    proposeRefund: async () => or(proposal()),
    proposeMove: async () => or(proposal()),
    keyRequest: async () => ok({ text: `FOB:ASK:${'MZXW6YTBOI'.repeat(8)}`, userKeyHash: fixtures.hex(1) }),
    takeKey: async text => (text.startsWith('FOB:KEY:') ? ok('lent') : fail({ kind: 'notAKeyCode' })),
    async forgetKey(id) {
      known.update(all => all.filter(each => each.id !== id))
    },
    letting: () => view,
    readLetting: async () => {},
    termsFault: () => null,
    proposeOffer: async () => or({ ...proposal() }),
    proposePause: async () => or(proposal()),
    proposeHours: async () => or(proposal()),
    readOwnHours: async () => or({ wordAt, evidence: fixtures.proven(3) }),
    boxes: [{ name: 'Gatehouse', url: 'http://127.0.0.1:8800' }],
    tellMarket: async () => ok(null),
    bringSettings: async () => ok(null),
    chooseBox: async () => fail({ kind: 'boxUnreachable' }),
    choosePhone: async () => ok(null),
    proposeBox: async () => or(proposal()),
    confirmBox: async () => ok(null),
    setTakesProofs: async () => ok(null),
    revokeAll: async () => ok(null),
    proposeSign: async () => or(proposal()),
    signAgain: async () => ok(`FOB:KEY:${'MZXW6YTBOI'.repeat(30)}`),
    proposeWithdraw: async () => or(proposal()),
    async lend(request) {
      const lent = {
        ...request,
        id: request.name,
        takesFree: false,
        code: `FOB:KEY:${'MZXW6YTBOI'.repeat(30)}`,
        isRevoked: false,
      }
      view.update(before => ({ ...before, lent: [lent, ...before.lent] }))
      return ok(lent)
    },
    async forgetLent(id) {
      view.update(before => ({ ...before, lent: before.lent.filter(each => each.id !== id) }))
    },
  }
}
