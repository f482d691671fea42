// A sale as its screen shows it: from what is written down, what the chain was seen to say, and what is wrong just now.
import type { Address, Bytes } from '../../core/bytes.ts'
import { deviceIdOf } from '../../core/identity.ts'
import { encodeSaleCode, encodeSoldCode } from '../../core/kiosk/codes.ts'
import type { Payment, Sale } from '../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import { offerIdOf } from '../../core/registry/marketStatements.ts'
import type { Failure } from '../../core/result.ts'
import { saleReceiptOf, type VendReceipt } from '../../core/vending/vendRecord.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import { tillAmount, tillUri } from './beginSale.ts'
import type {
  InstantRefusal,
  KioskProduct,
  KioskReceipt,
  KioskSale,
  PayOffer,
  PayWay,
  SaleTrouble,
} from './kiosk.ts'
import type { ChainState, SaleFacts } from './watchOrders.ts'

export interface SaleSurroundings {
  readonly domain: MarketDomain
  readonly devicePublicKey: Uint8Array
  readonly product: KioskProduct
  readonly till: Address | null
  readonly ways: readonly PayWay[]
  readonly boxUrl: string | null
  readonly amount: (value: bigint) => Amount
  readonly chain: ChainState
  readonly machineTrouble: Failure | null
  readonly facts: SaleFacts | null
  readonly refused: InstantRefusal | null
  /** Units of what is metered that the machine has given by now. */
  readonly given: number
  /** Of this page’s node, where it takes signed orders; null: it can't be met. */
  readonly peerKey: Bytes | null
}

const CHAIN_TROUBLE: Readonly<Record<ChainState, SaleTrouble | null>> = {
  ok: null,
  unreachable: 'chainUnreachable',
  unproven: 'chainUnproven',
}

export function saleView(sale: Sale, around: SaleSurroundings): KioskSale {
  const { stage } = sale
  const { product, facts, machineTrouble } = around
  const inSale = {
    id: sale.id,
    product,
    quantity: sale.quantity,
    total: around.amount(sale.terms.price * BigInt(sale.quantity)),
  }
  const chainTrouble = CHAIN_TROUBLE[around.chain]
  if (stage.kind === 'waiting') {
    const { until } = sale
    return {
      ...inSale,
      kind: 'paying',
      offers: offersOf(sale, around),
      until,
      trouble: chainTrouble,
      refused: around.refused,
    }
  }
  const payment = stage.payment
  if (!payment) return { ...inSale, kind: 'timedOut' }
  const paid = { ...inSale, way: payment.by, orderId: payment.orderId, payer: payment.order.payer }
  switch (stage.kind) {
    case 'seen': {
      const has = facts?.has ?? 0
      return { ...paid, kind: 'seen', has, needs: sale.depth, trouble: chainTrouble }
    }
    case 'vending': {
      const trouble = machineTrouble ? 'machineUnreachable' : null
      const metered = stage.isRunning ? { given: around.given, isStopping: false } : null
      return { ...paid, kind: 'dispensing', evidence: facts?.evidence ?? null, trouble, metered }
    }
    case 'cancelling':
      // Stopped, and the machine has not said yet how much it gave.
      if (sale.isMetered && around.given > 0) {
        const metered = { given: around.given, isStopping: true }
        const trouble = machineTrouble ? 'machineUnreachable' : null
        return { ...paid, kind: 'dispensing', evidence: facts?.evidence ?? null, trouble, metered }
      }
      return { ...paid, kind: 'refunding', why: stage.why, at: latestRefund(payment) }
    case 'refundDue':
      return { ...paid, kind: 'refunding', why: stage.why, at: null }
    case 'receipted': {
      const { receipt } = stage
      return receipt.state === 'dropped'
        ? { ...paid, kind: 'dropped', ...droppedOf(receipt, around), isSettled: false }
        : { ...paid, kind: 'refunding', why: stage.why ?? 'nothingDropped', at: null }
    }
    case 'closed': {
      const { end, receipt } = stage
      if (end === 'unpaid') return { ...inSale, kind: 'timedOut' }
      if (receipt?.state === 'dropped') {
        return { ...paid, kind: 'dropped', ...droppedOf(receipt, around), isSettled: end === 'sold' }
      }
      if (end === 'lost') return { ...inSale, kind: 'trouble', why: 'notPaid' }
      const why = stage.why ?? 'nothingDropped'
      return { ...paid, kind: 'refunded', why, wasCharged: end !== 'uncharged' }
    }
  }
}

const latestRefund = ({ deadline, by }: Payment): number | null =>
  by === 'instant' || deadline === 0 ? null : deadline

function offersOf(
  sale: Sale,
  { domain, till, ways, boxUrl, amount, peerKey }: SaleSurroundings,
): readonly PayOffer[] {
  const isCoin = sale.terms.token === null
  const offers: PayOffer[] = []
  if (ways.includes('till') && till && isCoin) {
    const exact = amount(tillAmount(sale))
    offers.push({ way: 'till', exact, to: till, uri: tillUri(sale, till, domain.chainId) })
  }
  const [order, instant] = [ways.includes('order'), ways.includes('instant') && isCoin]
  if (!order && !instant) return offers
  const code = encodeSaleCode({
    domain,
    offerId: offerIdOf(sale.terms),
    offerBlock: 0,
    quantity: sale.quantity,
    nonce: sale.nonce,
    until: sale.until,
    ways: { order, instant },
    boxUrl,
    peerKey: instant ? peerKey : null,
  })
  if (order) offers.push({ way: 'order', code })
  if (instant) offers.push({ way: 'instant', code })
  return offers
}

function droppedOf(
  receipt: VendReceipt,
  { domain, devicePublicKey }: SaleSurroundings,
): { readonly dropped: number; readonly receipt: KioskReceipt } {
  const { deviceId: _, ...said } = saleReceiptOf(deviceIdOf(devicePublicKey), receipt)
  const code = encodeSoldCode({
    domain,
    devicePublicKey: Uint8Array.from(devicePublicKey),
    receipt: said,
    signature: receipt.signature,
  })
  const orderId = `0x${receipt.orderId.toString(16).padStart(64, '0')}` as const
  const { slot, quantity, counter } = said
  return { dropped: receipt.dropped, receipt: { code, orderId, slot, quantity, counter } }
}
