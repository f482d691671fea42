// Buying at a kiosk from the app: an order in escrow or a signature against the prepaid balance, followed until it dropped or went back.
import { fromHex, toHex } from '../../../core/bytes.ts'
import { deviceIdOf } from '../../../core/identity.ts'
import {
  decodeSaleCode,
  decodeSoldCode,
  encodeSignedOrderCode,
  type SaleCode,
} from '../../../core/kiosk/codes.ts'
import { signedUntil } from '../../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../../core/lock/grant.ts'
import { SaleOutcome, saleReceiptDigest } from '../../../core/lock/saleReceipt.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { isDigestSignedBy } from '../../../core/p256.ts'
import { orderCall, refundCall } from '../../../core/registry/marketCalls.ts'
import {
  amountOf,
  type OfferTerms,
  type Order,
  type OrderId,
  orderIdOf,
  prepaidOrderTypedData,
} from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { amountIn, marketDomain, ownerAccount } from '../../market/parts.ts'
import { paymentOutcome } from '../../market/paymentOutcome.ts'
import { Observable } from '../../observable.ts'
import type { KioskPorts } from '../../ports/kiosk.ts'
import type { MarketChain, MarketReading } from '../../ports/marketChain.ts'
import type { Platform } from '../../ports/platform.ts'
import type { WalletChain } from '../../ports/walletChain.ts'
import type { WalletInside } from '../../wallet/createWallet.ts'
import type { Proposal } from '../../wallet/wallet.ts'
import type { BoughtView, SaleBuyer, SaleRequest, SaleStep } from './saleBuyer.ts'

export interface BuyerParts {
  readonly platform: Platform
  readonly ports: Pick<KioskPorts, 'stores' | 'box'>
  readonly config: () => NetworkConfig
  readonly wallet: WalletInside
  readonly walletChain: () => Promise<WalletChain>
  readonly chainAt: (depth: 0 | 'final') => Promise<MarketChain>
}

interface BoughtRecord {
  readonly id: string
  readonly terms: OfferTerms
  readonly order: Order
  readonly orderId: OrderId
  readonly at: number
  /** Of the wallet's payments; null of a signed order. */
  readonly paymentId: string | null
  /** FOB:PAY:…; null of an order in escrow, and until it is signed. */
  readonly signed: string | null
  readonly boxUrl: string | null
  readonly market: MarketDomain
}

const STORED = 'bought'
const MOST = 100
/** Milliseconds: while somebody waits before the machine, and otherwise. */
const SOON = 1_500
const LATER = 20_000
const NO_KEY = `0x${'00'.repeat(32)}` as const

export async function createBuyer(parts: BuyerParts): Promise<SaleBuyer> {
  const { platform, ports, wallet } = parts
  let records = (await ports.stores.values.get<readonly BoughtRecord[]>(STORED)) ?? []
  const readings = new Map<
    OrderId,
    { readonly newest: MarketReading | null; readonly final: MarketReading | null }
  >()
  const drafts = new Map<string, { readonly record: BoughtRecord; readonly code: SaleCode }>()
  const bought = new Observable<readonly BoughtView[]>([])
  const show = () =>
    bought.set(records.flatMap(record => viewOf(parts, record, readings.get(record.orderId))))

  async function keep(next: readonly BoughtRecord[]): Promise<Result<null, Failure>> {
    try {
      await ports.stores.values.put(STORED, next.slice(0, MOST))
    } catch (error) {
      return fail({ kind: 'notStored', detail: error instanceof Error ? error.message : String(error) })
    }
    records = next.slice(0, MOST)
    show()
    return ok(null)
  }

  async function look(): Promise<void> {
    const open = records.filter(record => !isEnded(viewOf(parts, record, readings.get(record.orderId))[0]))
    const orders = open.map(({ orderId }) => orderId)
    if (orders.length === 0) return
    const read = async (depth: 0 | 'final') => {
      const reading = await (await parts.chainAt(depth)).read({ orders })
      return reading.ok && reading.value.evidence.level === 'proven' ? reading.value : null
    }
    const [newest, final] = await Promise.all([read(0), read('final')])
    for (const orderId of orders) {
      const before = readings.get(orderId)
      readings.set(orderId, {
        newest: newest ?? before?.newest ?? null,
        final: final ?? before?.final ?? null,
      })
    }
    show()
  }

  let watchers = 0
  let cancel = () => {}
  async function watch(): Promise<void> {
    cancel()
    if (watchers === 0) return
    await look().catch(() => {})
    const isSoon = bought
      .get()
      .some(({ state }) => state.kind === 'paying' || state.kind === 'paid' || state.kind === 'signed')
    cancel = platform.timer.after(isSoon ? SOON : LATER, () => void watch())
  }

  async function propose(request: SaleRequest, way: 'order' | 'instant'): ReturnType<SaleBuyer['propose']> {
    const domain = marketDomain(parts)
    const payer = wallet.owner.get()?.address
    const code = decodeSaleCode(request.code)
    if (!domain || !code) return fail({ kind: 'notOnThisNetwork' })
    if (!payer) return fail({ kind: 'walletMissing' })
    if (request.state !== 'live') return fail({ kind: 'offerNotLive' })
    if (platform.unixNow() > code.until) return fail({ kind: 'saleOver' })
    const { terms, quantity } = request
    if (terms.token !== null) return fail({ kind: 'tokenSale' })
    const validUntil = way === 'instant' ? signedUntil({ until: code.until, terms }) : 0
    const { offerId, nonce } = code
    const order: Order = { offerId, payer, userKeyHash: NO_KEY, start: 0, quantity, nonce, validUntil }
    const orderId = orderIdOf(order)
    if (records.some(record => record.orderId === orderId)) return fail({ kind: 'alreadyBought' })
    const record: BoughtRecord = {
      ...{ id: platform.randomId(), terms, order, orderId, at: platform.unixNow() },
      ...{ paymentId: null, signed: null, boxUrl: code.boxUrl, market: domain },
    }
    const { id: saleId } = record
    if (way === 'instant') {
      const proposal = await wallet.proposeStatement(prepaidOrderTypedData(domain, terms, order))
      if (!proposal.ok) return proposal
      drafts.set(proposal.value.id, { record, code })
      return ok<SaleStep>({ kind: 'sign', proposal: proposal.value, saleId })
    }
    const proposal = await wallet.propose({
      kind: 'call',
      from: ownerAccount(parts),
      to: domain.market,
      value: amountOf(terms, order),
      data: toHex(orderCall(terms, order)),
    })
    if (!proposal.ok) return proposal
    // Before anything is paid: a tab that dies after that finds it again by its payment.
    const kept = await keep([{ ...record, paymentId: proposal.value.id }, ...records])
    return kept.ok ? ok<SaleStep>({ kind: 'pay', proposal: proposal.value, saleId }) : kept
  }

  async function confirmSigned(proposal: Proposal): ReturnType<SaleBuyer['confirmSigned']> {
    const draft = drafts.get(proposal.id)
    if (!draft) return fail({ kind: 'proposalExpired' })
    const { record } = draft
    const signed = await wallet.confirmStatement(proposal)
    if (!signed.ok) return signed
    const consent = fromHex(signed.value)
    // A contract's wallet signs in ways that a kiosk can't check by itself.
    if (consent?.length !== 65) return fail({ kind: 'wrongSigner' })
    drafts.delete(proposal.id)
    const code = encodeSignedOrderCode({ domain: record.market, order: record.order, consent })
    const kept = await keep([{ ...record, signed: code }, ...records])
    if (!kept.ok) return kept
    if (record.boxUrl === null) return ok(null)
    const handed = await ports.box.handIn(record.boxUrl, record.terms.deviceId, code)
    return handed.ok ? ok(null) : fail({ kind: 'signedNotHandedIn', detail: handed.error.kind })
  }

  wallet.payments.subscribe(show)
  show()
  return {
    read: code => readSale(parts, code),
    propose,
    confirmSigned,
    bought: {
      get: bought.get,
      subscribe(listener) {
        const end = bought.subscribe(listener)
        watchers += 1
        void watch()
        return () => {
          watchers -= 1
          end()
        }
      },
    },
    async proposeRefund(id) {
      const record = records.find(each => each.id === id)
      if (!record) return fail({ kind: 'notBought' })
      const { terms, order, market } = record
      const data = toHex(refundCall(terms, order))
      return wallet.propose({ kind: 'call', from: ownerAccount(parts), to: market.market, value: 0n, data })
    },
    async readReceipt(text) {
      const code = decodeSoldCode(text)
      const domain = marketDomain(parts)
      if (!code) return fail({ kind: 'codeMalformed' })
      const { devicePublicKey, signature } = code
      if (code.domain.chainId !== domain?.chainId || code.domain.market !== domain.market)
        return fail({ kind: 'codeForOther' })
      const receipt = { ...code.receipt, deviceId: deviceIdOf(devicePublicKey) }
      if (!isDigestSignedBy(devicePublicKey, saleReceiptDigest(domain, receipt), signature))
        return fail({ kind: 'receiptNotSigned' })
      const outcome = receipt.outcome === SaleOutcome.dropped ? 'dropped' : 'failed'
      const orderId: OrderId = `0x${receipt.orderId.toString(16).padStart(64, '0')}`
      return ok({
        deviceId: receipt.deviceId,
        orderId,
        slot: receipt.slot,
        quantity: receipt.quantity,
        outcome,
      })
    },
    async forget(id) {
      await keep(records.filter(record => record.id !== id))
    },
  }
}

/** The terms hash to the code's id; whether it is for sale is proven. */
async function readSale(parts: BuyerParts, text: string): Promise<Result<SaleRequest, Failure>> {
  const { config, wallet } = parts
  const code = decodeSaleCode(text)
  const domain = marketDomain(parts)
  if (!code) return fail({ kind: 'codeMalformed' })
  if (code.domain.chainId !== domain?.chainId || code.domain.market !== domain.market)
    return fail({ kind: 'codeForOther' })
  const chain = await parts.chainAt('final')
  const found = await chain.findOffer(code.offerId, code.offerBlock === 0 ? null : code.offerBlock)
  if (!found.ok) return found
  if (found.value?.terms.unit !== 'product') return fail({ kind: 'offerNotFound' })
  const { terms } = found.value
  const account = wallet.owner.get()?.address
  const purse = account ? [{ account, token: terms.token }] : []
  const [reading, device] = await Promise.all([
    chain.read({ offers: [code.offerId], prepaid: purse }),
    (await parts.walletChain()).readDevice(terms.deviceId),
  ])
  if (!reading.ok) return reading
  if (!device.ok) return device
  const offer = reading.value.offers.get(code.offerId)
  const { record } = device.value
  const isOurs = record?.counter === offer?.counter && record?.report === 'none'
  const total = terms.price * BigInt(code.quantity)
  const [prepaid] = reading.value.prepaid
  const validUntil = signedUntil({ until: code.until, terms })
  const isEnough =
    prepaid !== undefined &&
    prepaid.amount >= total &&
    (prepaid.withdrawableAt === 0 || prepaid.withdrawableAt > validUntil)
  const amount = (value: bigint) => amountIn(config(), terms.token, value)
  const isInstant = code.ways.instant && terms.token === null
  return ok({
    code: text,
    deviceId: terms.deviceId,
    terms,
    quantity: code.quantity,
    total: amount(total),
    until: code.until,
    state: !isOurs || !offer || offer.status === 'unknown' ? 'ended' : offer.status,
    evidence: reading.value.evidence,
    instant: isInstant ? { prepaid: amount(prepaid?.amount ?? 0n), isEnough } : null,
  })
}

type Readings = { readonly newest: MarketReading | null; readonly final: MarketReading | null } | undefined

/** Nothing of a sale that was proposed, and that the wallet has never sent. */
function viewOf(parts: BuyerParts, record: BoughtRecord, readings: Readings): readonly BoughtView[] {
  const { wallet, config, platform } = parts
  const { id, terms, order, orderId, at, paymentId, signed } = record
  const outcome = paymentOutcome(wallet.payments.get(), paymentId)
  if (paymentId !== null && outcome === 'unknown') return []
  const newest = readings?.newest?.orders.get(orderId)
  const final = readings?.final?.orders.get(orderId)
  const now = platform.unixNow()
  const total = amountIn(config(), terms.token, amountOf(terms, order))
  const view = { id, deviceId: terms.deviceId, orderId, terms, order, total, at }
  const evidence = (final?.status === newest?.status ? readings?.final : readings?.newest)?.evidence
  if (evidence && newest?.status === 'fulfilled') {
    return [{ ...view, state: { kind: 'dropped', dropped: order.quantity, evidence } }]
  }
  if (evidence && newest?.status === 'refunded') return [{ ...view, state: { kind: 'refunded', evidence } }]
  if (newest?.status === 'open') {
    if (now > newest.deadline) return [{ ...view, state: { kind: 'refundable' } }]
    const isFinal = final?.status === 'open'
    return [{ ...view, state: { kind: 'paid', isFinal, deadline: newest.deadline } }]
  }
  if (signed !== null) {
    const { validUntil } = order
    const isOver = now > validUntil + 60 && final?.status === 'unknown'
    return [
      { ...view, state: isOver ? { kind: 'notCharged' } : { kind: 'signed', code: signed, validUntil } },
    ]
  }
  return [{ ...view, state: { kind: outcome === 'failed' ? 'notCharged' : 'paying' } }]
}

const isEnded = (view: BoughtView | undefined): boolean =>
  view !== undefined && ['dropped', 'refunded', 'notCharged'].includes(view.state.kind)
