// Buying at a kiosk from the app: an order in escrow or a signature against the prepaid balance, followed until it dropped or went back.
import { toHex } from '../../../core/bytes.ts'
import { deviceIdOf } from '../../../core/identity.ts'
import { decodeSaleCode, decodeSoldCode } from '../../../core/kiosk/codes.ts'
import { SaleOutcome, saleReceiptDigest } from '../../../core/lock/saleReceipt.ts'
import { isDigestSignedBy } from '../../../core/p256.ts'
import { refundCall } from '../../../core/registry/marketCalls.ts'
import type { OrderId } from '../../../core/registry/marketStatements.ts'
import { type Failure, fail, ok, type Result } from '../../../core/result.ts'
import { marketDomain, ownerAccount } from '../../market/parts.ts'
import { Observable } from '../../observable.ts'
import { pictureOf } from '../pictures.ts'
import { boughtView, isEnded, type OrderReadings } from './boughtViews.ts'
import type { BoughtRecord, BuyerParts } from './buyerParts.ts'
import { handInOrder } from './handIn.ts'
import { PayingSale } from './payingSale.ts'
import { prepaidPurse } from './prepaidPurse.ts'
import { readSale } from './readSale.ts'
import type { BoughtView, SaleBuyer } from './saleBuyer.ts'

const STORED = 'bought'
const MOST = 100
/** Milliseconds: while somebody waits before the machine, and otherwise. */
const SOON = 1_500
const LATER = 20_000

export async function createBuyer(parts: BuyerParts): Promise<SaleBuyer> {
  const { platform, ports, wallet } = parts
  let records = (await ports.stores.values.get<readonly BoughtRecord[]>(STORED)) ?? []
  const readings = new Map<OrderId, OrderReadings>()
  const bought = new Observable<readonly BoughtView[]>([])
  const viewOf = (record: BoughtRecord) => boughtView(parts, record, readings.get(record.orderId))
  const show = () => bought.set(records.map(viewOf).filter(view => view !== null))

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
    const open = records.filter(record => !isEnded(viewOf(record)))
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
      .some(({ state }) => ['paying', 'paid', 'signed', 'toShow'].includes(state.kind))
    cancel = platform.timer.after(isSoon ? SOON : LATER, () => void watch())
  }

  const keepOne = (record: BoughtRecord) =>
    keep([record, ...records.filter(({ orderId }) => orderId !== record.orderId)])
  const paying = new PayingSale({
    ...parts,
    // What the wallet never sent, and what failed, may be paid anew.
    isBought: orderId =>
      records.some(record => {
        const view = record.orderId === orderId ? viewOf(record) : null
        return view !== null && view.state.kind !== 'notCharged' && view.state.kind !== 'refused'
      }),
    keep: keepOne,
  })

  wallet.payments.subscribe(show)
  show()
  return {
    prepaid: prepaidPurse(parts),
    read: code => readSale(parts, code),
    propose: (request, way) => paying.propose(request, way),
    confirmPermit: proposal => paying.confirmPermit(proposal),
    confirmSigned: proposal => paying.confirmSigned(proposal),
    async picture(text, cid) {
      const code = decodeSaleCode(text)
      if (!code) return fail({ kind: 'codeMalformed' })
      return pictureOf({ values: ports.stores.values, file: parts.file }, cid, code.boxUrl)
    },
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
    async handIn(id) {
      const record = records.find(each => each.id === id)
      return record ? handInOrder({ ...parts, keep: keepOne }, record) : fail({ kind: 'notBought' })
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
