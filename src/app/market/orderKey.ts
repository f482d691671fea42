// Booking: an order for a new key of this phone, written down before it is paid, then proposed like any payment.
import type { Address, Hex } from '../../core/bytes.ts'
import { toHex } from '../../core/bytes.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import { hoursOfOrder, isFree } from '../../core/registry/deviceHours.ts'
import { orderCall, orderWithPermitCall, type Permit } from '../../core/registry/marketCalls.ts'
import { amountOf, type OfferTerms, type Order, timesOf } from '../../core/registry/marketStatements.ts'
import { orderFault } from '../../core/registry/offerRules.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import type { KeyRecord } from '../ports/marketStore.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../wallet/wallet.ts'
import { networkOf } from '../wallet/walletNetwork.ts'
import { readHours } from './hours.ts'
import type { KeyRecords } from './keyRecords.ts'
import type { OrderFailure, OrderRequest, OrderStep } from './market.ts'
import { amountIn, type MarketParts, marketDomain, ownerAccount } from './parts.ts'
import { type PendingPermit, permitOf, proposeSpending } from './tokenSpending.ts'

/** Seconds that an order needs to be mined, at the very least; and to be signed for in time. */
const SOONEST = 60
const SOONEST_TO_SIGN = 600

interface Draft {
  readonly keyId: string
  readonly terms: OfferTerms
  readonly order: Order
  readonly market: Address
}

interface PermitDraft extends Draft {
  readonly pending: PendingPermit
}

export class Ordering {
  readonly #parts: MarketParts
  readonly #records: KeyRecords
  readonly #permits = new Map<string, PermitDraft>()

  constructor(parts: MarketParts, records: KeyRecords) {
    this.#parts = parts
    this.#records = records
  }

  async propose(request: OrderRequest): Promise<Result<OrderStep, OrderFailure>> {
    const { platform, wallet, lockKeys } = this.#parts
    const { offer, start, quantity } = request
    const { terms, offerId } = offer
    const chain = await this.#parts.chain()
    const domain = marketDomain(this.#parts)
    if (!chain || !domain) return fail({ kind: 'notOnThisNetwork' })
    const payer = wallet.owner.get()?.address
    if (!payer) return fail({ kind: 'walletMissing' })
    if (offer.state !== 'live') return fail({ kind: 'offerNotLive', detail: offer.state })
    const keyId = platform.randomId()
    const lockKey = `order/${keyId}`
    const key = await lockKeys.keyFor(lockKey)
    if (!key.ok) return fail({ kind: 'keyNotStored', detail: key.error.kind })
    const userKeyHash = toHex(keyHash(key.value.publicKey))
    const nonce = BigInt(toHex(platform.randomBytes(8)))
    const order: Order = { offerId, payer, userKeyHash, start, quantity, nonce, validUntil: 0 }
    const fault = orderFault(terms, order) ?? (await this.#faultNow(terms, order))
    if (fault) {
      await lockKeys.forget(lockKey)
      return typeof fault === 'string' ? fail({ kind: 'orderInvalid', detail: fault }) : fail(fault)
    }
    const draft: Draft = { keyId, terms, order, market: domain.market }
    const step = await this.#firstStep(chain, draft)
    if (!step.ok) {
      await lockKeys.forget(lockKey)
      return step
    }
    const written = await this.#write(draft, { lockKey, userKeyHash, step: step.value })
    return written.ok ? step : written
  }

  async confirmPermit(proposal: Proposal): Promise<Result<OrderStep, OrderFailure | ConfirmFailure>> {
    const draft = this.#permits.get(proposal.id)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const permit = await permitOf(this.#parts, proposal, draft.pending)
    if (!permit.ok) return permit
    this.#permits.delete(proposal.id)
    const paid = await this.#pay(draft, permit.value)
    if (!paid.ok) return paid
    const named = await this.#named(draft.keyId, paid.value.proposal.id)
    return named.ok ? paid : named
  }

  async #faultNow(terms: OfferTerms, order: Order): Promise<OrderFailure | null> {
    const now = this.#parts.platform.unixNow()
    const last = terms.isInstant ? timesOf(terms, order).notAfter : order.start
    if (last <= now + (terms.isInstant ? SOONEST : SOONEST_TO_SIGN)) return { kind: 'tooLate' }
    const range = hoursOfOrder(terms, order)
    const hours = await readHours(this.#parts, terms.deviceId, range)
    if (!hours.ok) return hours.error
    return isFree(range, hours.value.wordAt) ? null : { kind: 'hoursTaken' }
  }

  async #firstStep(chain: MarketChain, draft: Draft): Promise<Result<OrderStep, OrderFailure>> {
    const { terms, order, market, keyId } = draft
    const { token } = terms
    if (token === null) return this.#pay(draft, null)
    const spending = { token, payer: order.payer, market, value: amountOf(terms, order) }
    const step = await proposeSpending(this.#parts, chain, spending)
    if (!step.ok) return step
    if (step.value.kind === 'allowed') return this.#pay(draft, null)
    const { proposal } = step.value
    if (step.value.kind === 'permit')
      this.#permits.set(proposal.id, { ...draft, pending: step.value.pending })
    return ok({ kind: step.value.kind, proposal, keyId })
  }

  async #pay(
    { terms, order, market, keyId }: Draft,
    permit: Permit | null,
  ): Promise<Result<Extract<OrderStep, { kind: 'pay' }>, ProposeFailure>> {
    const data = permit ? orderWithPermitCall(terms, order, permit) : orderCall(terms, order)
    const proposal = await this.#call(market, data, terms.token === null ? amountOf(terms, order) : 0n)
    return proposal.ok ? ok({ kind: 'pay', proposal: proposal.value, keyId }) : proposal
  }

  #call(to: Address, data: Uint8Array, value: bigint): Promise<Result<Proposal, ProposeFailure>> {
    const from = ownerAccount(this.#parts)
    return this.#parts.wallet.propose({ kind: 'call', from, to, value, data: toHex(data) })
  }

  /** Before anything is paid: a tab that dies after that finds the key again by its payment. */
  async #write(
    { keyId, terms, order }: Draft,
    { lockKey, userKeyHash, step }: { lockKey: string; userKeyHash: Hex; step: OrderStep },
  ): Promise<Result<null, OrderFailure>> {
    // An allowance is no order: it is asked for anew after that.
    if (step.kind === 'allow') return ok(null)
    const { config, platform, devices } = this.#parts
    const known = [...devices.records.get().values()].find(({ deviceId }) => deviceId === terms.deviceId)
    const record: KeyRecord = {
      id: keyId,
      network: networkOf(config()),
      kind: 'bought',
      deviceId: terms.deviceId,
      deviceName: known?.name ?? '',
      lockKey,
      userKeyHash,
      utcOffset: terms.utcOffset,
      purchase: {
        terms,
        order,
        offerBlock: 0,
        paid: amountIn(config(), terms.token, amountOf(terms, order)),
        paymentId: step.proposal.id,
        isSent: false,
        state: null,
        evidence: null,
        refundPaymentId: null,
        movePaymentId: null,
        movesTo: null,
      },
      grant: null,
      unanswered: null,
      uses: 0,
      refused: null,
      lastFailure: null,
      addedAt: platform.unixNow(),
    }
    return this.#stored(() => this.#records.put(record))
  }

  /** The order's own payment, after the permit's proposal. */
  async #named(keyId: string, paymentId: string): Promise<Result<null, OrderFailure>> {
    return this.#stored(() =>
      this.#records.change(keyId, ({ purchase }) => ({ purchase: purchase && { ...purchase, paymentId } })),
    )
  }

  async #stored(task: () => Promise<unknown>): Promise<Result<null, OrderFailure>> {
    try {
      await task()
      return ok(null)
    } catch (error) {
      return fail({ kind: 'keyNotStored', detail: error instanceof Error ? error.message : String(error) })
    }
  }
}
