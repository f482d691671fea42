// What is missing of the keys: whether they are paid for good, and the grant, from the chain, the box, or as a chain proof.
import { type Bytes, fromHex, type Hex, toHex } from '../../core/bytes.ts'
import { attestedHeaderDigest } from '../../core/lock/attestation.ts'
import { buildChainProof } from '../../core/lock/buildChainProof.ts'
import { verifyChainProof } from '../../core/lock/chainProof.ts'
import { type Grant, grantDigest, type MarketDomain } from '../../core/lock/grant.ts'
import { isDigestSignedBy } from '../../core/p256.ts'
import type { DeviceConfig } from '../../core/registry/deviceStatements.ts'
import type { OrderStorage } from '../../core/registry/marketState.ts'
import { grantOfOrder, orderIdOf, timesOf } from '../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { KeyRecord, Purchase, StoredGrant } from '../ports/marketStore.ts'
import { paymentOutcome } from '../wallet/paymentOutcome.ts'
import type { KeyRecords } from './keyRecords.ts'
import { type MarketParts, marketDomain } from './parts.ts'

export class FollowKeys {
  readonly #parts: MarketParts
  readonly #records: KeyRecords
  #running: Promise<void> | null = null

  constructor(parts: MarketParts, records: KeyRecords) {
    this.#parts = parts
    this.#records = records
  }

  /** Never rejects: what failed is told by each key. In one tab at a time: the others hear of what it writes. */
  follow(): Promise<void> {
    this.#running ??= this.#parts.platform
      .withLock('fob-follow-keys', () => this.#followAll())
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        this.#running = null
      })
    return this.#running
  }

  async #followAll(): Promise<void> {
    await this.#noteSent()
    const chain = await this.#parts.chain()
    const domain = marketDomain(this.#parts)
    if (!chain || !domain) return
    const now = this.#parts.platform.unixNow()
    const open = [...this.#records.all.get().values()].filter(record => isOpen(record, now))
    if (open.length === 0) return
    const ids = open.map(({ purchase }) => (purchase ? orderIdOf(purchase.order) : ('0x' as Hex)))
    const reading = await chain.read({ orders: ids })
    for (const [i, { id }] of open.entries()) {
      if (!reading.ok) {
        await this.#noteFailure(id, reading.error)
        continue
      }
      const state = reading.value.orders.get(ids[i] ?? '0x')
      if (!state) continue
      const { evidence } = reading.value
      const record = await this.#records.change(id, ({ purchase }) => ({
        purchase: purchase && { ...purchase, state, evidence },
      }))
      if (record?.purchase && state.status === 'fulfilled')
        await this.#fetch(chain, domain, record, record.purchase, state)
    }
  }

  /** A payment that the wallet knows of was sent, or will be: from then on the key is shown whatever becomes of the list. */
  async #noteSent(): Promise<void> {
    const payments = this.#parts.wallet.payments.get()
    for (const { id, purchase } of this.#records.all.get().values()) {
      if (!purchase || purchase.isSent || purchase.paymentId === null) continue
      if (paymentOutcome(payments, purchase.paymentId) === 'unknown') continue
      await this.#records.change(id, ({ purchase: now }) => ({ purchase: now && { ...now, isSent: true } }))
    }
  }

  async #fetch(
    chain: MarketChain,
    domain: MarketDomain,
    record: KeyRecord,
    purchase: Purchase,
    state: OrderStorage,
  ): Promise<void> {
    if ((state.reboundKey ?? purchase.order.userKeyHash) !== record.userKeyHash) return
    const filed = await chain.filedConfig(record.deviceId)
    if (!filed.ok) return this.#noteFailure(record.id, filed.error)
    // Attestors that an endpoint made up lead to a proof that the lock would refuse, and that is checked here before it is kept.
    const config = filed.value?.config
    if (config?.market !== domain.market) return this.#noteFailure(record.id, { kind: 'configNotFiled' })
    const present = record.grant
    const sought: Sought = {
      chain,
      domain,
      purchase,
      state,
      filed: config,
      userKeyHash: record.userKeyHash,
    }
    const isPresent = present && present.grant.seq === state.seq && present.grant.epoch >= config.epoch
    // An issuer that one endpoint alone may have made up takes no good key away.
    const holds = present !== null && (!filed.value?.isProven || isByPresent(sought, present))
    const found = isPresent && holds ? ok(null) : await this.#find(sought)
    const grant = found.ok ? found.value : null
    // Where others sign by now, the owner's signature goes on being his.
    if (isPresent && !grant) {
      if (record.lastFailure) await this.#records.change(record.id, () => ({ lastFailure: null }))
      return
    }
    if (!found.ok) return this.#noteFailure(record.id, found.error)
    const isNewer =
      grant &&
      (!present || !holds || grant.grant.epoch > present.grant.epoch || grant.grant.seq > present.grant.seq)
    // The lock may not have heard yet that all keys were ended: what is here stays.
    if (!isNewer) return this.#noteFailure(record.id, { kind: present ? 'keyRevoked' : 'notSignedYet' })
    await this.#records.change(record.id, () => ({ grant, refused: null, lastFailure: null }))
  }

  /** By the chain; after it moved, and after all keys were ended, by whoever signs. */
  async #find(sought: Sought): Promise<Result<StoredGrant | null, Failure>> {
    const told = sought.purchase.terms.isInstant ? await this.#proven(sought) : await this.#fulfilled(sought)
    if (!told.ok) return told
    const isGood = told.value !== null && told.value.grant.epoch >= sought.filed.epoch
    return isGood ? told : ok((await this.#fromBoxes(sought)) ?? told.value)
  }

  /** By the event that fulfilled the order. */
  async #fulfilled(sought: Sought): Promise<Result<StoredGrant | null, Failure>> {
    const { chain, purchase, state } = sought
    if (state.seq > 0) return ok(null)
    const events = await chain.fulfilled(orderIdOf(purchase.order), state.logBlock)
    if (!events.ok) return events
    for (const { epoch, signature } of events.value) {
      const grant = grantOf(sought, epoch)
      if (isIssued(sought, grant, signature)) return ok(stored(sought, grant, signature))
    }
    return ok(null)
  }

  async #fromBoxes(sought: Sought): Promise<StoredGrant | null> {
    const { purchase, filed } = sought
    const orderId = orderIdOf(purchase.order)
    for (const { url } of this.#parts.config().agents ?? []) {
      const answer = await this.#parts.services.grantOf(url, orderId)
      if (!answer.ok || !answer.value) continue
      const { grant, signature } = answer.value
      const expected = grantOf(sought, grant.epoch)
      if (grant.epoch >= filed.epoch && isIssued(sought, expected, signature))
        return stored(sought, expected, signature)
    }
    return null
  }

  async #proven(sought: Sought): Promise<Result<StoredGrant | null, Failure>> {
    const { chain, domain, purchase, state, filed } = sought
    const { deviceId } = purchase.terms
    const grant = grantOf(sought, state.epoch ?? filed.epoch)
    const digest = grantDigest(domain, grant)
    const granted = await chain.grantedInstant(deviceId, [toHex(digest)], state.logBlock)
    if (!granted.ok || !granted.value) return granted.ok ? ok(null) : granted
    const { value } = granted
    const attestations = await this.#attestations(value.hash, value.number, filed)
    const { block, receipts, transactionIndex } = value
    const { threshold } = filed.attestors
    const proof = buildChainProof({ block, receipts, transactionIndex, attestations, threshold })
    if (!proof.ok) return proof
    const subject = { ...domain, attestors: filed.attestors, deviceId, grantDigest: digest }
    if (!verifyChainProof(proof.value, subject)) return fail({ kind: 'proofInvalid' })
    return ok({ grant, market: domain.market, by: 'chain', evidence: toHex(proof.value) })
  }

  /** Of those that the device names; their places are those in its Config. */
  async #attestations(hash: Hex, number: number, { attestors }: DeviceConfig) {
    const { attestors: network, chain } = this.#parts.config()
    const hashBytes = fromHex(hash) ?? new Uint8Array(32)
    const digest = attestedHeaderDigest({ chainId: chain.id, number, hash: hashBytes })
    const asked = (network?.members ?? []).map(async ({ key, url }) => {
      const place = attestors.keys.findIndex(named => toHex(named) === key)
      const named = attestors.keys[place]
      if (!named) return []
      const signed = await this.#parts.services.attestedHeader(url, hash)
      return signed.ok && isDigestSignedBy(named, digest, signed.value)
        ? [{ place, signature: signed.value }]
        : []
    })
    return (await Promise.all(asked)).flat()
  }

  async #noteFailure(id: string, { kind, detail }: Failure): Promise<void> {
    const lastFailure = detail === undefined ? { kind } : { kind, detail }
    await this.#records.change(id, record => (record.lastFailure?.kind === kind ? {} : { lastFailure }))
  }
}

interface Sought {
  readonly chain: MarketChain
  readonly domain: MarketDomain
  readonly purchase: Purchase
  readonly state: OrderStorage
  readonly filed: DeviceConfig
  readonly userKeyHash: Hex
}

/** As the Market and the lock rebuild it: whatever anybody says of a grant, this is what the signature has to be of. */
const grantOf = ({ purchase, state, userKeyHash }: Sought, epoch: number): Grant =>
  grantOfOrder(purchase.terms, purchase.order, { epoch, seq: state.seq, userKeyHash })

const isIssued = ({ domain, filed }: Sought, grant: Grant, signature: Bytes): boolean =>
  isDigestSignedBy(filed.issuerKey, grantDigest(domain, grant), signature)

/** What whoever signs or attests by now would not have given holds no longer. */
function isByPresent(sought: Sought, { grant, by, evidence }: StoredGrant): boolean {
  const bytes = fromHex(evidence) ?? new Uint8Array()
  if (by === 'issuer') return isIssued(sought, grant, bytes)
  if (by === 'owner') return true
  const { domain, filed } = sought
  const { deviceId } = grant
  const subject = { ...domain, attestors: filed.attestors, deviceId, grantDigest: grantDigest(domain, grant) }
  return verifyChainProof(bytes, subject) !== undefined
}

const stored = ({ domain }: Sought, grant: Grant, signature: Bytes): StoredGrant => ({
  grant,
  market: domain.market,
  by: 'issuer',
  evidence: toHex(signature),
})

/** Whether the chain may still have something to say of it. */
function isOpen({ purchase, grant }: KeyRecord, now: number): boolean {
  if (!purchase || (!purchase.isSent && purchase.paymentId !== null)) return false
  if (purchase.state?.status === 'refunded') return false
  // What was signed for and is over changes nothing for anybody any more.
  return grant === null || timesOf(purchase.terms, purchase.order).notAfter > now
}
