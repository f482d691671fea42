// Payment channels without a chain, for looking at their screens.
import type { Channels, ChannelsView, ChannelView, Quote } from '../../src/app/channels/channels.ts'
import { Observable } from '../../src/app/observable.ts'
import type { Proposal } from '../../src/app/wallet/wallet.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'
import * as fixtures from './fixtures.ts'

export interface ChannelsScenario {
  readonly channels?: readonly ChannelView[]
  readonly quotes?: readonly Quote[]
  readonly trouble?: string
  readonly kept?: bigint
}

const micro = 10n ** 12n
const ether = (millionths: number) => ({
  value: BigInt(millionths) * micro,
  token: null,
  symbol: 'ETH',
  decimals: 18,
})
const week = 604_800
const now = Math.floor(Date.now() / 1000)

const paying: ChannelView = {
  channelId: fixtures.hex(120),
  role: 'payer',
  other: fixtures.hex(121, 20),
  deposit: ether(9000),
  promised: ether(1325),
  claimed: ether(800),
  exitDelay: week,
  state: { kind: 'open' },
  evidence: fixtures.proven(14),
  claim: null,
  closing: 'none',
  canPay: true,
}
const paid: ChannelView = {
  ...paying,
  channelId: fixtures.hex(122),
  role: 'payee',
  other: fixtures.hex(123, 20),
  canPay: false,
  claim: { gain: ether(525), cost: ether(610), isWorthIt: false },
}

const all: readonly ChannelView[] = [
  paid,
  {
    ...paid,
    channelId: fixtures.hex(124),
    state: { kind: 'leaving', until: now + 3 * 86_400 },
    claim: { gain: ether(52_500), cost: ether(610), isWorthIt: true },
  },
  { ...paid, channelId: fixtures.hex(129), closing: 'asked' },
  { ...paid, channelId: fixtures.hex(131), closing: 'agreed' },
  paying,
  { ...paying, channelId: fixtures.hex(132), closing: 'asked' },
  { ...paying, channelId: fixtures.hex(133), closing: 'agreed' },
  { ...paying, channelId: fixtures.hex(125), state: { kind: 'leaving', until: now + 6 * 86_400 } },
  { ...paying, channelId: fixtures.hex(126), state: { kind: 'ready' }, canPay: false },
  {
    ...paying,
    channelId: fixtures.hex(127),
    state: { kind: 'opening' },
    evidence: null,
    deposit: ether(0),
    promised: ether(0),
  },
  { ...paying, channelId: fixtures.hex(128), state: { kind: 'closed' } },
]

const quote = (number: number, millionths: number): Quote => ({
  file: { cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk', size: 312_448, peers: [] },
  payee: fixtures.hex(number, 20),
  pricePerUnit: (BigInt(millionths) * micro) / 6n,
  minExitDelay: week,
  atMost: ether(millionths),
  agreed: null,
  tooDear: null,
})

export const channelsScenarios: Readonly<Record<string, ChannelsScenario>> = {
  channels: { channels: all, kept: 1200n * micro },
  channelsNone: {},
  buying: { quotes: [quote(121, 540), quote(130, 725)], channels: [] },
  buyingFunded: { quotes: [quote(121, 540)], channels: [paying] },
  buyingSeveral: {
    quotes: [quote(121, 540), quote(130, 725)],
    channels: [paying, { ...paying, other: fixtures.hex(130, 20) }],
  },
  buyingTrouble: {
    quotes: [{ ...quote(121, 540), tooDear: 'perDay' }],
    trouble: 'depositExhausted',
  },
}

export function createFakeChannels(scenario: ChannelsScenario): Channels {
  const { channels = [], quotes = [], trouble, kept = 0n } = scenario
  const view = new Observable<ChannelsView>({
    channels,
    earned: ether(53_025),
    kept: { ...ether(0), value: kept },
    lastFailure: null,
    readAt: now,
  })
  const limits = new Observable({ perFile: 1000n * micro, perDay: 5000n * micro })
  const unanswered = async (): Promise<Result<Proposal, { readonly kind: 'vaultLocked' }>> =>
    fail({ kind: 'vaultLocked' })
  return {
    isThere: true,
    view,
    limits,
    trouble: new Observable(
      trouble === undefined
        ? null
        : { cid: fixtures.lockManifest.cid, kind: trouble, detail: '0 left, 90 asked' },
    ),
    changeLimits: async next => limits.set(next),
    refresh: async () => {},
    findOwn: async () => ok(0),
    paidElsewhere: async () =>
      ok({
        channels: channels
          .filter(({ role }) => role === 'payer')
          .map(({ channelId, other, deposit, claimed, state }) => ({
            ...{ channelId, payee: other, deposit, claimed, state },
          })),
        evidence: channels.length === 0 ? null : fixtures.proven(14),
      }),
    quotes: async file => ok(quotes.map(each => ({ ...each, file }))),
    proposeOpen: unanswered,
    confirmOpen: async () => fail({ kind: 'proposalExpired' }),
    agree: async () => ok(null),
    withdrawAgreement: async () => {},
    proposeTopUp: unanswered,
    proposeLeave: unanswered,
    askToClose: async () => fail({ kind: 'payeeNotThere' }),
    proposeCloseNow: unanswered,
    proposeAgreeing: unanswered,
    agreeToClose: async () => fail({ kind: 'proposalExpired' }),
    proposeEmpty: unanswered,
    proposeClaim: unanswered,
    proposeClose: unanswered,
    proposeWithdraw: unanswered,
    forget: async channelId =>
      view.update(before => ({
        ...before,
        channels: before.channels.filter(each => each.channelId !== channelId),
      })),
  }
}
