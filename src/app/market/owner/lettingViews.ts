// What the owner sees of a device that is let: from what was read, what the wallet's payments say, and the time.
import type { Address, Hex } from '../../../core/bytes.ts'
import { toHex } from '../../../core/bytes.ts'
import { GrantAction } from '../../../core/lock/grant.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { amountOf, type OfferTerms, timesOf } from '../../../core/registry/marketStatements.ts'
import type { LentRecord, LettingRecord } from '../../ports/marketStore.ts'
import type { OwnedDeviceView } from '../../wallet/deviceOwnership.ts'
import { paymentOutcome } from '../../wallet/paymentOutcome.ts'
import type { PaymentView } from '../../wallet/wallet.ts'
import type { LentKeyView, LettingView, OwnOfferView, Readiness, SignerView, StayView } from '../letting.ts'
import { amountIn } from '../parts.ts'

export interface LettingFacts {
  readonly config: NetworkConfig
  readonly payments: readonly PaymentView[]
  /** Unix seconds. */
  readonly now: number
  /** As the wallet has it; undefined where it is not ours. */
  readonly device: OwnedDeviceView | undefined
  /** Of our owner key; null where it was never seen. */
  readonly ownerKey: Hex | null
  /** Addresses of our accounts. */
  readonly accounts: readonly Address[]
  readonly lent: readonly LentRecord[]
  readonly lastFailure: LettingView['lastFailure']
}

export function lettingView(deviceId: Hex, record: LettingRecord, facts: LettingFacts): LettingView {
  const { config, device } = facts
  const signer = signerOf(record, facts)
  const orders = record.orders.filter(({ state, block }) => isThere(record, state, block))
  return {
    deviceId,
    readiness: readinessOf(facts),
    signer,
    takesProofs: device?.config.wanted?.attestors.mayOpen === true,
    attestors: config.attestors
      ? { threshold: config.attestors.threshold, of: config.attestors.members.length }
      : null,
    offers: offersOf(record, facts),
    stays: orders.map(order => stayOf(record, order, { ...facts, signer })).sort((a, b) => b.from - a.from),
    withdrawable: withdrawableOf(record, facts),
    escrow: escrowOf(record, facts),
    lent: facts.lent
      .filter(lent => lent.deviceId === deviceId)
      .map(lent => lentView(lent, device?.config.wanted?.epoch ?? 0)),
    hasOpenHours: record.hasOpenHours,
    evidence: record.evidence,
    readAt: record.readAt,
    lastFailure: facts.lastFailure,
  }
}

function readinessOf({ config, device }: Pick<LettingFacts, 'config' | 'device'>): Readiness {
  const market = config.chain.contracts?.market
  if (!market) return 'noMarket'
  if (device?.stage.kind !== 'owned') return 'notOwned'
  const { wanted, delivered, filed } = device.config
  // Without attestors it never knows the time after a power loss, and guests stand outside.
  const isTold =
    wanted?.market === market && (config.attestors === undefined || wanted.attestors.threshold > 0)
  if (!isTold) return 'marketNotTold'
  if (delivered < wanted.version) return 'configNotDelivered'
  return filed < delivered ? 'configNotFiled' : 'ready'
}

function signerOf({ box }: LettingRecord, { device, ownerKey, config }: LettingFacts): SignerView {
  const issuerKey = device?.config.wanted?.issuerKey
  if (issuerKey === undefined || issuerKey === ownerKey) return { kind: 'phone' }
  if (box && box.key === issuerKey) {
    const name = config.agents?.find(({ url }) => url === box.url)?.name ?? null
    return { kind: 'box', name, url: box.url, isOn: box.isOn }
  }
  return { kind: 'unknown', issuerKey }
}

type StoredOrder = LettingRecord['orders'][number]

/** What should have been final by now, and is proven not to be there, was made up by an endpoint. */
const isThere = ({ evidence }: LettingRecord, state: StoredOrder['state'], block: number): boolean =>
  state !== null && (state.status !== 'unknown' || block > (evidence?.block.number ?? -1))

const termsOf = (record: LettingRecord, offerId: Hex): OfferTerms | undefined =>
  record.offers.find(offer => offer.offerId === offerId)?.terms

function offersOf(record: LettingRecord, { config, payments, device }: LettingFacts): OwnOfferView[] {
  const made = record.offers.flatMap(({ offerId, terms, block, state }): OwnOfferView[] => {
    if (state === null || !record.evidence) return []
    return [
      {
        ...offerHead(offerId, terms, config),
        state: state.status === 'unknown' ? 'making' : ownState(state.status, device),
        sold: state.sold,
        evidence: record.evidence,
        earned: amountIn(config, terms.token, terms.price * state.sold),
        block,
      },
    ]
  })
  const known = new Set(made.map(({ offerId }) => offerId))
  const making = record.making.flatMap(({ offerId, terms, paymentId }): OwnOfferView[] => {
    const outcome = paymentOutcome(payments, paymentId)
    if (known.has(offerId) || outcome === 'unknown' || outcome === 'failed' || !record.evidence) return []
    return [
      {
        ...offerHead(offerId, terms, config),
        state: 'making',
        sold: 0n,
        evidence: record.evidence,
        earned: amountIn(config, terms.token, 0n),
        block: null,
      },
    ]
  })
  return [...making, ...made]
}

const offerHead = (offerId: Hex, terms: OfferTerms, config: NetworkConfig) => ({
  offerId,
  terms,
  price: amountIn(config, terms.token, terms.price),
  signer: null,
  attestors: null,
  areAttestorsProven: false,
  finalitySeconds: null,
})

function ownState(
  status: 'live' | 'paused',
  device: OwnedDeviceView | undefined,
): Exclude<OwnOfferView['state'], 'making'> {
  if (device?.stage.kind !== 'owned' || device.report !== 'none') return 'ended'
  return status
}

function stayOf(
  record: LettingRecord,
  { orderId, order, at, state, isOurs }: StoredOrder,
  { config, payments, now, signer, device }: LettingFacts & { readonly signer: SignerView },
): StayView {
  const terms = termsOf(record, order.offerId)
  const times = terms ? timesOf(terms, order) : { notBefore: order.start, notAfter: order.start }
  const signing = record.signing[orderId] ?? null
  const isSigning =
    signing !== null && ['underWay', 'mined', 'final'].includes(paymentOutcome(payments, signing))
  const stateOf = (): StayView['state'] => {
    const deadline = state?.deadline ?? 0
    switch (state?.status) {
      case 'open':
        if (isSigning) return { kind: 'signing', paymentId: signing }
        if (now > deadline) return { kind: 'missed' }
        return signer.kind === 'box' ? { kind: 'withBox', deadline } : { kind: 'toSign', deadline }
      case 'fulfilled':
        return { kind: 'signed' }
      case 'refunded':
        return { kind: 'refunded' }
      default:
        return { kind: 'waiting' }
    }
  }
  return {
    orderId,
    offerId: order.offerId,
    payer: order.payer,
    from: times.notBefore,
    until: times.notAfter,
    orderedAt: at,
    paid: amountIn(config, terms?.token ?? null, terms ? amountOf(terms, order) : 0n),
    state: stateOf(),
    needsNewKey:
      signer.kind === 'phone' &&
      state?.status === 'fulfilled' &&
      times.notAfter > now &&
      (wants(record, orderId, state, terms, device?.config.wanted?.epoch ?? 0) ||
        (isOurs === false && !record.signedAgain?.[orderId])),
  }
}

/** All keys were ended since, or it was moved and no event grants that; and nobody has signed it again by then. */
function wants(
  { signedAgain }: LettingRecord,
  orderId: Hex,
  { seq, epoch = 0 }: NonNullable<StoredOrder['state']>,
  terms: OfferTerms | undefined,
  present: number,
): boolean {
  const isVoid = epoch < present || (seq > 0 && terms?.isInstant === false)
  return isVoid && signedAgain?.[orderId] !== signedName(present, seq)
}

/** Of a grant that was signed once more: what is newer is another one. */
export const signedName = (epoch: number, seq: number): string => `${epoch}/${seq}`

function withdrawableOf(
  record: LettingRecord,
  { config, accounts }: LettingFacts,
): LettingView['withdrawable'] {
  const sums = new Map<string, { readonly account: Address; readonly token: Address | null; value: bigint }>()
  const add = (account: Address, token: Address | null, value: bigint) => {
    const key = `${account}/${token}`
    const sum = sums.get(key) ?? { account, token, value: 0n }
    sum.value += value
    sums.set(key, sum)
  }
  for (const { account, token, amount } of record.kept) add(account, token, BigInt(amount))
  for (const { terms, state } of record.offers) {
    const units = state ? state.sold - state.shared : 0n
    for (const { payee, amount } of terms.shares)
      if (accounts.includes(payee)) add(payee, terms.token, amount * units)
  }
  return [...sums.values()]
    .filter(({ value }) => value > 0n)
    .map(({ account, token, value }) => ({ account, amount: amountIn(config, token, value) }))
}

function escrowOf(record: LettingRecord, { config }: LettingFacts): LettingView['escrow'] {
  const sums = new Map<Address | null, bigint>()
  for (const { order, state } of record.orders) {
    const terms = termsOf(record, order.offerId)
    if (!terms || state?.status !== 'open') continue
    sums.set(terms.token, (sums.get(terms.token) ?? 0n) + amountOf(terms, order))
  }
  return [...sums].map(([token, value]) => amountIn(config, token, value))
}

export const lentView = ({ id, name, grant, code }: LentRecord, epoch: number): LentKeyView => ({
  id,
  name,
  userKeyHash: toHex(grant.userKeyHash),
  from: grant.notBefore,
  until: grant.notAfter,
  maxUses: grant.maxUses,
  weeklyHours: grant.weeklyHours,
  canManage: (grant.actions & GrantAction.manage) !== 0,
  takesFree: (grant.actions & GrantAction.vend) !== 0,
  code,
  isRevoked: grant.epoch < epoch,
})
