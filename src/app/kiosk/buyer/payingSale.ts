// Paying for a sale: what has to be signed, step by step, and what is written down before anything can be paid.
import { fromHex, toHex } from '../../../core/bytes.ts'
import { decodeSaleCode, encodeSignedOrderCode } from '../../../core/kiosk/codes.ts'
import { signedUntil } from '../../../core/kiosk/sale.ts'
import { orderCall, orderWithPermitCall, type Permit } from '../../../core/registry/marketCalls.ts'
import {
  amountOf,
  type Order,
  type OrderId,
  orderIdOf,
  prepaidOrderTypedData,
} from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { marketDomain, ownerAccount } from '../../market/parts.ts'
import { type PendingPermit, permitOf, proposeSpending } from '../../market/tokenSpending.ts'
import type { Proposal } from '../../wallet/wallet.ts'
import type { BoughtRecord, BuyerParts } from './buyerParts.ts'
import { handInOrder } from './handIn.ts'
import type { SaleBuyer, SaleRequest, SaleStep } from './saleBuyer.ts'

interface PayingParts extends BuyerParts {
  /** Whether this order may be charged already: nobody is asked for it twice. */
  readonly isBought: (orderId: OrderId) => boolean
  readonly keep: (record: BoughtRecord) => Promise<Result<null, Failure>>
}

const NO_KEY = `0x${'00'.repeat(32)}` as const

export class PayingSale {
  readonly #parts: PayingParts
  readonly #toSign = new Map<string, BoughtRecord>()
  readonly #permits = new Map<string, { readonly record: BoughtRecord; readonly pending: PendingPermit }>()

  constructor(parts: PayingParts) {
    this.#parts = parts
  }

  async propose(request: SaleRequest, way: 'order' | 'instant'): ReturnType<SaleBuyer['propose']> {
    const { platform, wallet, isBought } = this.#parts
    const domain = marketDomain(this.#parts)
    const payer = wallet.owner.get()?.address
    const code = decodeSaleCode(request.code)
    if (!domain || !code) return fail({ kind: 'notOnThisNetwork' })
    if (!payer) return fail({ kind: 'walletMissing' })
    if (request.state !== 'live') return fail({ kind: 'offerNotLive' })
    if (platform.unixNow() > code.until) return fail({ kind: 'saleOver' })
    const { terms, quantity } = request
    const validUntil = way === 'instant' ? signedUntil({ until: code.until, terms }) : 0
    const { offerId, nonce } = code
    const order: Order = { offerId, payer, userKeyHash: NO_KEY, start: 0, quantity, nonce, validUntil }
    const orderId = orderIdOf(order)
    if (isBought(orderId)) return fail({ kind: 'alreadyBought' })
    const record: BoughtRecord = {
      ...{ id: platform.randomId(), terms, order, orderId, at: platform.unixNow() },
      product: request.product,
      ...{ paymentId: null, signed: null, boxUrl: code.boxUrl, peerKey: code.peerKey, market: domain },
    }
    if (way === 'order') return this.#firstStep(record)
    const proposal = await wallet.proposeStatement(prepaidOrderTypedData(domain, terms, order))
    if (!proposal.ok) return proposal
    this.#toSign.set(proposal.value.id, record)
    return ok<SaleStep>({ kind: 'sign', proposal: proposal.value, saleId: record.id })
  }

  async confirmPermit(proposal: Proposal): ReturnType<SaleBuyer['confirmPermit']> {
    const draft = this.#permits.get(proposal.id)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const permit = await permitOf(this.#parts, proposal, draft.pending)
    if (!permit.ok) return permit
    this.#permits.delete(proposal.id)
    return this.#pay(draft.record, permit.value)
  }

  async confirmSigned(proposal: Proposal): ReturnType<SaleBuyer['confirmSigned']> {
    const record = this.#toSign.get(proposal.id)
    if (!record) return fail({ kind: 'proposalExpired' })
    const { wallet, keep } = this.#parts
    const signed = await wallet.confirmStatement(proposal)
    if (!signed.ok) return signed
    const consent = fromHex(signed.value)
    // A contract's wallet signs in ways that a kiosk can't check by itself.
    if (consent?.length !== 65) return fail({ kind: 'wrongSigner' })
    this.#toSign.delete(proposal.id)
    const code = encodeSignedOrderCode({ domain: record.market, order: record.order, consent })
    const kept = await keep({ ...record, signed: code })
    return kept.ok ? handInOrder(this.#parts, { ...record, signed: code }) : kept
  }

  /** What is sold for a token is paid once the Market may take just this price of it. */
  async #firstStep(record: BoughtRecord): ReturnType<SaleBuyer['propose']> {
    const { terms, order, market, id: saleId } = record
    const { token } = terms
    if (token === null) return this.#pay(record, null)
    const spending = { token, payer: order.payer, market: market.market, value: amountOf(terms, order) }
    const step = await proposeSpending(this.#parts, await this.#parts.chainAt(0), spending)
    if (!step.ok) return step
    if (step.value.kind === 'allowed') return this.#pay(record, null)
    const { kind, proposal } = step.value
    if (kind === 'permit') this.#permits.set(proposal.id, { record, pending: step.value.pending })
    return ok<SaleStep>({ kind, proposal, saleId })
  }

  async #pay(record: BoughtRecord, permit: Permit | null): ReturnType<SaleBuyer['propose']> {
    const { wallet, keep } = this.#parts
    const { terms, order, market, id: saleId } = record
    const proposal = await wallet.propose({
      kind: 'call',
      from: ownerAccount(this.#parts),
      to: market.market,
      value: terms.token === null ? amountOf(terms, order) : 0n,
      data: toHex(permit ? orderWithPermitCall(terms, order, permit) : orderCall(terms, order)),
    })
    if (!proposal.ok) return proposal
    // Before anything is paid: a tab that dies after that finds it again by its payment.
    const kept = await keep({ ...record, paymentId: proposal.value.id })
    return kept.ok ? ok<SaleStep>({ kind: 'pay', proposal: proposal.value, saleId }) : kept
  }
}
