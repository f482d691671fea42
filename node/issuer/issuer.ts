// Signs while the owner sleeps: looks at the Market's final orders, signs what each asks for, and sees that it is handed in.
import { encodeFunctionData } from 'viem'
import { marketAbi } from '../../contracts/generated/Market.ts'
import type { Address, Bytes } from '../../src/core/bytes.ts'
import { toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { type Grant, grantDigest, type MarketDomain } from '../../src/core/lock/grant.ts'
import { signDigest } from '../../src/core/p256.ts'
import type { Header } from '../../src/core/proof/header.ts'
import type { OrderStorage } from '../../src/core/registry/marketState.ts'
import {
  grantOfOrder,
  type OfferTerms,
  type Order,
  type OrderId,
  termsArgument,
  timesOf,
} from '../../src/core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import {
  checkAgentIssuing,
  readSignedAgentIssuing,
  type SignedAgentIssuing,
} from '../../src/core/wallet/agentIssuing.ts'
import { type AgreementRule, readFinalBlock } from '../chain/provenStorage.ts'
import { discover } from './discover.ts'
import type { GasWallet } from './gasWallet.ts'
import type { IssuerKeys } from './issuerKeys.ts'
import { judgeOrder, judgeStanding } from './judgeOrder.ts'
import { type DeviceOnChain, type MarketContracts, type MarketState, marketState } from './marketState.ts'
import type { IssuerStore, OrderRecord, SignedGrant } from './store.ts'
import { withdrawDue } from './withdrawals.ts'

export interface IssuerOptions {
  readonly chainId: number
  readonly endpoints: readonly string[]
  readonly contracts: MarketContracts
  readonly rule: Omit<AgreementRule, 'now'>
  readonly keys: IssuerKeys
  readonly gas: GasWallet
  readonly store: IssuerStore
  /** Whether it signs for devices of anybody who asks it to; otherwise where `isOwn` says so. */
  readonly isOpen: boolean
  readonly isOwn: (deviceId: DeviceId, owner: Address) => boolean
  readonly isStopped: () => boolean
  /** Seconds before an order's deadline in which no grant is released. */
  readonly lastSeconds: number
  /** Unix seconds, of a clock that never falls. */
  readonly now: () => number
  /** Before endpoints that did not suffice are asked once more for somebody who waits. */
  readonly askAgainMs: number
}

export interface IssuedOrder {
  readonly state: 'waiting' | 'sent' | 'fulfilled' | 'refused' | 'ended'
  /** Why not: an `OrderRefusal`, or what is in the way of sending. */
  readonly reason: string | null
  readonly order: Order
  /** Where it holds: paid for, and for the key that the order is bound to. */
  readonly issued: { readonly grant: Grant; readonly signature: Bytes } | null
}

export interface Issuer {
  readonly domain: MarketDomain
  keyOf(deviceId: DeviceId): Bytes
  issuingOf(deviceId: DeviceId): SignedAgentIssuing | undefined
  issuings(): readonly SignedAgentIssuing[]
  /** How many orders are in each state. */
  counts(): Readonly<Record<IssuedOrder['state'], number>>
  /** The owner's word: begin, change, stop. Whether he is the owner is proven by the chain. */
  take(deviceId: DeviceId, json: unknown): Promise<Result<SignedAgentIssuing, Failure>>
  order(orderId: OrderId): IssuedOrder | undefined
  /** Who owns a device now, by proof; null: nobody. */
  ownerOf(deviceId: DeviceId): Promise<Result<Address | null, Failure>>
  /** One look at the chain, with all that follows. Fails with `unproven` where the endpoints do not suffice. */
  pass(): Promise<Result<null, Failure>>
}

/** How often endpoints are asked for somebody who waits: within the few seconds after which apps give up. */
const maxReadings = 4
/** Somebody's whim must not fill the disk. */
const maxDevices = 1_000

export function createIssuer(options: IssuerOptions): Issuer {
  const { chainId, endpoints, contracts, rule, keys, gas, store, isOpen, isOwn, isStopped } = options
  const domain: MarketDomain = { chainId, market: contracts.market }
  const keyOf = (deviceId: DeviceId) => keys.of(deviceId).publicKey
  /** Of this process: what stands in an order's way now. */
  const reasons = new Map<OrderId, string>()
  const location = { chainId, endpoints }
  let isFirst = true

  const atFinal = async (): Promise<
    Result<
      { readonly block: Header; readonly endpoints: readonly string[]; readonly state: MarketState },
      Failure
    >
  > => {
    const final = await readFinalBlock(location, { ...rule, now: options.now() })
    if (!final.ok) return final
    const { block, endpoints: agreeing } = final.value
    const state = marketState({ chainId, endpoints: agreeing }, contracts, block)
    return ok({ block, endpoints: agreeing, state })
  }

  /** Just started, or between two blocks, endpoints may not agree for a moment: no owner is sent away for that. */
  async function deviceNow(deviceId: DeviceId): Promise<Result<DeviceOnChain, Failure>> {
    for (let readings = 1; ; readings++) {
      const final = await atFinal()
      const device = final.ok ? await final.value.state.device(deviceId) : final
      if (device.ok || device.error.kind !== 'unproven' || readings === maxReadings) return device
      await new Promise(resolve => setTimeout(resolve, options.askAgainMs))
    }
  }

  /** The grant with this seq: what was signed before, or else signed now and put down. Never two for one seq. */
  function signOnce(
    record: OrderRecord,
    terms: OfferTerms,
    fields: Pick<SignedGrant, 'seq' | 'epoch' | 'userKeyHash'>,
    change: Partial<OrderRecord> = {},
  ): SignedGrant {
    const before = record.grants.find(({ seq }) => seq === fields.seq)
    if (before) return before
    const { secretKey } = keys.of(terms.deviceId)
    const signature = signDigest(grantDigest(domain, grantOfOrder(terms, record.order, fields)), secretKey)
    const signed = { ...fields, signature }
    store.putOrder({ ...record, grants: [...record.grants, signed], ...change })
    return signed
  }

  function bindAgain(record: OrderRecord, terms: OfferTerms, chain: OrderStorage, judged: Standing): void {
    const { seq, reboundKey } = chain
    const first = record.grants.find(each => each.seq === 0)
    const isOver = judged.at >= timesOf(terms, record.order).notAfter
    if (seq === 0 || reboundKey === null || isOver || record.grants.some(each => each.seq === seq)) {
      reasons.delete(record.orderId)
      store.putOrder({ ...record, end: 'fulfilled', isRebound: false })
      return
    }
    const refusal = first ? judgeStanding({ ...judged, terms, order: record.order }) : 'grantUnknown'
    if (refusal !== null || !first) return void reasons.set(record.orderId, refusal ?? 'grantUnknown')
    // The epoch stays: a new key must not undo that the owner has thrown somebody out.
    const end = { end: 'fulfilled', isRebound: false } as const
    signOnce(record, terms, { seq, epoch: first.epoch, userKeyHash: reboundKey }, end)
    reasons.delete(record.orderId)
  }

  async function fulfil(
    record: OrderRecord,
    terms: OfferTerms,
    deadline: number,
    judged: Standing,
  ): Promise<void> {
    const { orderId, order } = record
    const [first] = record.grants
    const refusal = judgeOrder({
      ...judged,
      terms,
      order,
      deadline,
      signedEpoch: first?.epoch ?? null,
      now: judged.at,
      // What others may know already is better handed in late than not at all.
      lastSeconds: record.isReleased ? 0 : options.lastSeconds,
    })
    if (refusal !== null) return void reasons.set(orderId, refusal)
    const tag = tagOf(orderId)
    if (gas.inFlight() !== null) return void reasons.delete(orderId)
    const { epoch } = judged.device.config
    const { signature } = signOnce(record, terms, { seq: 0, epoch, userKeyHash: order.userKeyHash })
    const data = encodeFunctionData({
      abi: marketAbi,
      functionName: 'fulfil',
      args: [termsArgument(terms), order, toHex(signature.subarray(0, 32)), toHex(signature.subarray(32))],
    })
    const sent = await gas.submit({ tag, to: contracts.market, data, until: deadline, worth: null }, () => {
      const present = store.orders.get(orderId) ?? record
      store.putOrder({ ...present, isReleased: true })
    })
    if (sent.ok || sent.error.kind === 'busy') reasons.delete(orderId)
    else reasons.set(orderId, sent.error.kind)
  }

  async function lookAtOrders(state: MarketState, block: Header): Promise<Result<null, Failure>> {
    const open = [...store.orders.values()].filter(({ end, isRebound }) => end === null || isRebound)
    if (open.length === 0) return ok(null)
    const proven = await state.orders(open.map(({ orderId }) => orderId))
    if (!proven.ok) return proven
    const devices = new Map<DeviceId, DeviceOnChain>()
    const at = Math.max(options.now(), block.timestamp)
    // The nearest deadline first: there is one transaction at a time.
    const deadlineOf = ({ orderId }: OrderRecord) => proven.value.get(orderId)?.deadline ?? 0
    for (const record of open.toSorted((a, b) => deadlineOf(a) - deadlineOf(b))) {
      const chain = proven.value.get(record.orderId)
      const terms = store.offers.get(record.order.offerId)
      const issuing = terms && store.issuings.get(terms.deviceId)
      if (!chain || !terms || !issuing || chain.status === 'unknown') continue
      if (chain.status === 'refunded') {
        store.putOrder({ ...record, end: 'refunded' })
        continue
      }
      if (chain.status === 'open' && block.timestamp > chain.deadline) {
        store.putOrder({ ...record, end: 'missed' })
        continue
      }
      const device = devices.get(terms.deviceId)
      const read = device ? ok(device) : await state.device(terms.deviceId)
      if (!read.ok) return read
      devices.set(terms.deviceId, read.value)
      const judged = {
        device: read.value,
        issuing,
        isStopped: isStopped(),
        market: contracts.market,
        at,
      }
      if (chain.status === 'fulfilled') bindAgain(record, terms, chain, judged)
      else await fulfil(record, terms, chain.deadline, judged)
    }
    return ok(null)
  }

  /** Whether what is written down as on its way could have left: a grant leaves only after this was put down. */
  const mayBeKnown = (tag: string) => {
    const orderId = orderOfTag(tag)
    return orderId === null || store.orders.get(orderId)?.isReleased === true
  }

  function orderOf(orderId: OrderId): IssuedOrder | undefined {
    const record = store.orders.get(orderId)
    const terms = record && store.offers.get(record.order.offerId)
    if (!record || !terms) return undefined
    const { order, end, isReleased, isRebound } = record
    const reason = reasons.get(orderId) ?? null
    if (end === 'refunded' || end === 'missed') return { state: 'ended', reason: end, order, issued: null }
    const isFulfilled = end === 'fulfilled' && !isRebound
    const [latest] = record.grants.toSorted((a, b) => b.seq - a.seq)
    if (isFulfilled && latest) {
      const issued = { grant: grantOfOrder(terms, order, latest), signature: latest.signature }
      return { state: 'fulfilled', reason, order, issued }
    }
    const isSent = isReleased && !isRebound
    const state = isFulfilled ? 'fulfilled' : isSent ? 'sent' : reason === null ? 'waiting' : 'refused'
    return { state, reason, order, issued: null }
  }

  return {
    domain,
    keyOf,
    issuings: () => [...store.issuings.values()],
    counts() {
      const counts = { waiting: 0, sent: 0, fulfilled: 0, refused: 0, ended: 0 }
      for (const orderId of store.orders.keys()) counts[orderOf(orderId)?.state ?? 'ended']++
      return counts
    },
    issuingOf: deviceId => store.issuings.get(deviceId),
    async take(deviceId, json) {
      const signed = readSignedAgentIssuing(json)
      if (!signed.ok) return signed
      const before = store.issuings.get(deviceId)
      if (!isOpen && !isOwn(deviceId, signed.value.owner))
        return fail({ kind: 'deviceNotTaken', detail: deviceId })
      if (before === undefined && store.issuings.size >= maxDevices) return fail({ kind: 'agentFull' })
      // Of each owner his own: a former one can neither bar the next nor be played again.
      const version = store.versionOf(deviceId, signed.value.owner)
      const checked = checkAgentIssuing(domain, signed.value, { deviceId, key: keyOf(deviceId), version })
      if (!checked.ok) return checked
      const device = await deviceNow(deviceId)
      if (!device.ok) return device
      if (device.value.owner !== signed.value.owner) {
        return fail({ kind: 'notOwner', detail: `${device.value.owner ?? 'nobody'} owns this device` })
      }
      const since = store.issuings.get(deviceId)
      // Another statement may have been taken meanwhile.
      if (since !== before) return fail({ kind: 'issuingNotNewer' })
      store.putIssuing(signed.value)
      return signed
    },
    order: orderOf,
    async ownerOf(deviceId) {
      const device = await deviceNow(deviceId)
      return device.ok ? ok(device.value.owner) : device
    },
    async pass() {
      // On its way already: what was stopped since is not unsent by leaving it alone.
      await gas.settle(mayBeKnown)
      if (store.issuings.size === 0) return ok(null)
      const final = await atFinal()
      if (!final.ok) return final
      const { block, state, endpoints: agreeing } = final.value
      const { minAgreeing } = rule
      const found = await discover({
        store,
        domain,
        endpoints: agreeing,
        minAgreeing,
        state,
        finalNumber: block.number,
        isFirst,
        keyOf,
      })
      if (!found.ok) return found
      isFirst = false
      const looked = await lookAtOrders(state, block)
      if (!looked.ok || isStopped()) return looked
      return withdrawDue({ store, state, gas, market: contracts.market, now: options.now() })
    },
  }
}

interface Standing {
  readonly device: DeviceOnChain
  readonly issuing: SignedAgentIssuing
  readonly isStopped: boolean
  readonly market: Address
  /** Unix seconds. */
  readonly at: number
}

const tagOf = (orderId: OrderId) => `fulfil ${orderId}`
const orderOfTag = (tag: string): OrderId | null =>
  tag.startsWith('fulfil ') ? (tag.slice('fulfil '.length) as OrderId) : null
