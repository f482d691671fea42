// Money and devices for the preview of the wallet's screens: as people have them, and as attackers name them.
import { Observable } from '../../src/app/observable.ts'
import type { Movement } from '../../src/app/ports/walletChain.ts'
import type { OwnedDeviceView, OwnershipView } from '../../src/app/wallet/deviceOwnership.ts'
import type { AccountView, ActivityView, PaymentView, Proposal, Wallet } from '../../src/app/wallet/wallet.ts'
import { ok } from '../../src/core/result.ts'
import { noRules } from '../../src/core/wallet/rules.ts'
import type { Amount, Sentence, Warning } from '../../src/core/wallet/sentence.ts'
import * as fixtures from './fixtures.ts'

const now = Math.floor(Date.now() / 1000)
const dollar = fixtures.hex(77, 20)
const stranger = fixtures.hex(203, 20)
const friend = fixtures.hex(204, 20)
const deviceId = fixtures.hex(45)

const coin = (value: bigint): Amount => ({ value, token: null, symbol: 'ETH', decimals: 18 })
const dollars = (value: bigint): Amount => ({ value, token: dollar, symbol: 'DUSD', decimals: 6 })
const ether = 10n ** 18n

export const moneyAccounts: readonly AccountView[] = [
  {
    id: 'owner',
    name: { kind: 'owner' },
    address: '0x52908400098527886e0f7030069857d2e4169ee7',
    deviceId: null,
    deviceName: null,
    balances: [coin(123_456_789_012_345_678_901_234_567_890n), dollars(1_234_567_890n)],
    evidence: fixtures.proven(14),
    earned: [coin(2n * ether), dollars(0n)],
    spent: [coin(ether / 4n), dollars(0n)],
  },
  {
    id: 'device/0',
    name: { kind: 'device', index: 0 },
    address: fixtures.hex(201, 20),
    deviceId,
    deviceName: 'Front door',
    balances: [coin(42_000_000_000_000_000n), dollars(5_500_000n)],
    evidence: fixtures.proven(14),
    earned: [coin(50_000_000_000_000_000n), dollars(5_500_000n)],
    spent: [coin(8_000_000_000_000_000n), dollars(0n)],
  },
  {
    id: 'device/1',
    name: { kind: 'device', index: 1 },
    address: fixtures.hex(205, 20),
    deviceId: fixtures.hex(46),
    deviceName: 'W'.repeat(64),
    balances: null,
    evidence: null,
    earned: null,
    spent: null,
  },
]

const movement = (id: number, change: Partial<Movement>): Movement => ({
  id: String(id),
  at: now - id * 7200,
  block: 1000 - id,
  transaction: fixtures.hex(id),
  direction: 'in',
  token: null,
  amount: ether / 100n,
  counterparty: friend,
  fee: 0n,
  succeeded: true,
  ...change,
})

const movements: readonly Movement[] = [
  movement(1, {
    direction: 'out',
    amount: 8_000_000_000_000_000n,
    fee: 21_000_000_000_000n,
    counterparty: stranger,
  }),
  movement(2, { transaction: null, counterparty: null }),
  movement(3, { direction: 'out', amount: 0n, fee: 30_000_000_000_000n, succeeded: false }),
  movement(4, { token: dollar, amount: 5_500_000n }),
  movement(5, { amount: 3n * (ether / 100n) }),
  ...Array.from({ length: 60 }, (_, index) =>
    movement(6 + index, { amount: BigInt(index + 1) * 10n ** 12n }),
  ),
]

const transfer: Sentence = {
  kind: 'transfer',
  to: { address: stranger, name: null },
  amount: coin(1_500_000_000_000_000_000n),
}

const lookAlike: Warning = {
  kind: 'lookAlike',
  address: stranger,
  known: `0x${stranger.slice(2, 6)}${'7'.repeat(32)}${stranger.slice(-4)}`,
  leading: 4,
  trailing: 4,
}

const payment = (
  id: string,
  state: PaymentView['state'],
  change: Partial<PaymentView> = {},
): PaymentView => ({
  id,
  from: 'owner',
  hash: fixtures.hex(90),
  sentence: transfer,
  createdAt: now - 40,
  state,
  isStuck: false,
  ...change,
})

export const moneyPayments: readonly PaymentView[] = [
  payment('stored', { kind: 'stored', lastFailure: { kind: 'chainUnreachable', endpoints: [] } }),
  payment('waiting', { kind: 'waiting', since: now - 300 }, { isStuck: true }),
  payment('mined', { kind: 'mined', block: 1001 }),
  payment('final', {
    kind: 'final',
    block: 1000,
    fee: coin(21_000_000_000_000n),
    evidence: fixtures.proven(14),
  }),
  payment('reverted', { kind: 'reverted', block: 999, fee: coin(30_000_000_000_000n), isFinal: false }),
  payment('replaced', { kind: 'replaced', by: 'final' }),
  payment('overtaken', { kind: 'overtaken' }),
]

const zeroAddress = `0x${'00'.repeat(20)}` as const

const device = (change: Partial<OwnedDeviceView>): OwnedDeviceView => ({
  deviceId,
  deviceKey: 'front',
  name: 'Front door',
  model: fixtures.lockModel,
  account: { id: 'device/0', address: fixtures.hex(201, 20) },
  stage: { kind: 'owned', isPaired: true },
  evidence: fixtures.proven(20),
  report: 'none',
  user: null,
  config: {
    isKnown: true,
    wanted: {
      version: 2,
      epoch: 1,
      market: zeroAddress,
      issuerKey: `0x${'11'.repeat(64)}`,
      attestors: { threshold: 0, keys: [] },
    },
    delivered: 1,
    filed: 1,
  },
  rules: {
    ...noRules,
    serving: {
      isOn: true,
      token: null,
      perPayment: '1000000000000',
      perDay: '50000000000000',
      payees: [],
    },
  },
  ...change,
})

export const moneyDevices: readonly OwnedDeviceView[] = [
  device({}),
  device({
    deviceId: fixtures.hex(46),
    deviceKey: null,
    name: 'W'.repeat(64),
    account: { id: 'device/1', address: fixtures.hex(205, 20) },
    stage: { kind: 'owned', isPaired: false },
    report: 'stolen',
    config: { isKnown: false, wanted: null, delivered: 0, filed: 0 },
  }),
  device({
    deviceId: fixtures.hex(47),
    name: 'Garage',
    account: { id: null, address: fixtures.hex(206, 20) },
    stage: {
      kind: 'givingAway',
      isKeyPromised: true,
      to: friend,
      deadline: now + 86_400,
      code: `FOB:GIVE:${'MZXW6YTBOI'.repeat(60)}`,
    },
  }),
]

const proposal = (): Proposal => {
  const [from] = moneyAccounts
  if (from === undefined) throw new Error('no account')
  return {
    id: String(Date.now()),
    from,
    kind: 'transaction',
    sentence: transfer,
    warnings: [lookAlike],
    effects: [
      {
        account: from.address,
        id: 'owner',
        before: coin(2n * ether),
        after: coin(ether / 2n),
      },
    ],
    fees: (['slow', 'normal', 'fast'] as const).map((speed, index) => ({
      speed,
      expected: coin(BigInt(index + 1) * 21_000_000_000_000n),
      atMost: coin(BigInt(index + 1) * 42_000_000_000_000n + 1n),
      seconds: 36 / (index + 1),
    })),
    replaces: null,
    validUntil: Math.floor(Date.now() / 1000) + 120,
  }
}

const ownership: OwnershipView = {
  deviceKey: 'front',
  deviceId,
  pairing: 'free',
  registry: { state: 'free', owner: null, evidence: fixtures.proven(3) },
  hasButton: true,
  hasClaimCode: true,
}

/** The answers of a wallet that has all this. */
export function moneyAnswers(): Partial<Wallet> {
  const activity = new Observable<ActivityView>({
    movements,
    since: { block: 12, isFirst: false },
    readAt: now,
    lastFailure: null,
  })
  return {
    activity: () => activity,
    propose: async () => ok(proposal()),
    proposeClaim: async () => ok(proposal()),
    proposeFileConfig: async () => ok(proposal()),
    proposeSpeedUp: async () => ok(proposal()),
    proposeGive: async () => ok({ ...proposal(), kind: 'statement', fees: [], effects: [], warnings: [] }),
    readPaymentRequest: text =>
      /^0x[0-9a-fA-F]{40}$/.test(text.trim())
        ? ok({ to: stranger, chainId: null, token: null, amount: null })
        : { ok: false, error: { kind: 'notAPaymentRequest' } },
    readOwnership: async () => ok(ownership),
    readTakeCode: () =>
      ok({ newOwner: friend, newAccount: fixtures.hex(207, 20), ownerKey: `0x${'22'.repeat(64)}` }),
    confirmGive: async () => ok({ text: `FOB:GIVE:${'MZXW6YTBOI'.repeat(60)}`, deadline: now + 86_400 }),
    makeTakeCode: async () =>
      ok({
        text: `FOB:TAKE:${'MZXW6YTBOI'.repeat(20)}`,
        code: { newOwner: friend, newAccount: stranger, ownerKey: `0x${'22'.repeat(64)}` },
      }),
    custodyOf: async () =>
      ok([
        {
          at: now - 100,
          block: 9,
          transaction: fixtures.hex(1),
          event: { kind: 'reported', report: 'lost' },
        },
        { at: now - 200, block: 8, transaction: fixtures.hex(2), event: { kind: 'configFiled', version: 1 } },
        {
          at: now - 300,
          block: 7,
          transaction: fixtures.hex(3),
          event: { kind: 'handedOver', from: friend, to: stranger, account: stranger },
        },
        {
          at: now - 400,
          block: 6,
          transaction: fixtures.hex(4),
          event: { kind: 'claimed', owner: friend, account: stranger },
        },
      ]),
  }
}
