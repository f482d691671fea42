// Carries sales to their end: looks at the chain, tells the machine, hands its receipts in. Restarted at any point, it goes on.
import type { Bytes } from '../../core/bytes.ts'
import { deviceIdOf } from '../../core/identity.ts'
import { due, type Payment, type Sale, type SaleCommand } from '../../core/kiosk/sale.ts'
import type { MarketDomain } from '../../core/lock/grant.ts'
import { handInCall, refundCall, settleCall } from '../../core/registry/marketCalls.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { VendOrder } from '../../core/vending/vendOrder.ts'
import {
  isReceipt,
  isRecordSignedBy,
  saleReceiptOf,
  type VendReceipt,
  type VendRecord,
} from '../../core/vending/vendRecord.ts'
import { Observable } from '../observable.ts'
import type { GasSender } from './gasSender.ts'
import { lastingRefusal, type VendingLink } from './machine.ts'
import type { SaleBook } from './saleBook.ts'
import type { OrderWatch } from './watchOrders.ts'

interface EngineParts {
  readonly book: SaleBook
  readonly watch: OrderWatch
  readonly sender: Pick<GasSender, 'isFree' | 'send'>
  readonly machine: VendingLink
  readonly domain: MarketDomain
  readonly unixNow: () => number
}

type MachineCommand = Extract<SaleCommand, { kind: 'vend' | 'cancel' | 'acknowledge' }>
type ChainCommand = Exclude<SaleCommand, MachineCommand>

/** What somebody waits for before what only tidies up. */
const MACHINE_ORDER: readonly MachineCommand['kind'][] = ['vend', 'cancel', 'acknowledge']

export class SaleEngine {
  /** Why the last call to the machine, or the last transaction, did not go; null where it went. */
  readonly machineTrouble = new Observable<Failure | null>(null)
  readonly gasTrouble = new Observable<Failure | null>(null)
  /** By sale: units of what is metered that the machine has given by now. */
  readonly given = new Map<string, number>()
  readonly #parts: EngineParts

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  /** Everything that is due now, once. Resolves to whether any sale changed. */
  async round(): Promise<boolean> {
    const before = this.#parts.book.all.get()
    await this.#parts.watch.look()
    await this.workMachine()
    await this.workChain()
    return this.#parts.book.all.get() !== before
  }

  /** All that the machine has to be told; not beyond a call that it does not answer. */
  async workMachine(): Promise<void> {
    const commands = this.#due()
      .flatMap(({ sale, command }) => (isForMachine(command) ? [{ sale, command }] : []))
      .sort((a, b) => MACHINE_ORDER.indexOf(a.command.kind) - MACHINE_ORDER.indexOf(b.command.kind))
    for (const { sale, command } of commands) {
      const done = await this.#tell(sale, command)
      if (!done) break
    }
  }

  /** The first transaction that is due, once nothing else is on its way. */
  async workChain(): Promise<void> {
    const { sender, domain } = this.#parts
    if (!(await sender.isFree())) return
    for (const { sale, command } of this.#due()) {
      const data = isForMachine(command) ? undefined : this.#callOf(sale, command)
      if (!data) continue
      const sent = await sender.send({ tag: `${command.kind}/${sale.id}`, to: domain.market, data })
      this.gasTrouble.set(sent.ok ? null : sent.error)
      if (sent.ok) return
      // Somebody else was faster, as the next look will tell; the next sale's may go.
      if (sent.error.kind !== 'callReverts') return
    }
  }

  #due(): readonly { readonly sale: Sale; readonly command: SaleCommand }[] {
    const { book, watch, unixNow } = this.#parts
    return book.open.flatMap(sale => {
      const command = due(sale, watch.facts.get(sale.id)?.newest ?? null, unixNow())
      return command ? [{ sale, command }] : []
    })
  }

  /** false where the machine did not answer, so that nothing else is asked of it now. */
  async #tell(sale: Sale, command: MachineCommand): Promise<boolean> {
    const { book, machine, unixNow } = this.#parts
    if (command.kind === 'acknowledge') {
      const told = await machine.acknowledge(command.receipt)
      // What it does not know any more needs no acknowledging.
      const isDone = told.ok || told.error.kind === 'orderUnknown' || told.error.kind === 'orderForgotten'
      if (isDone) await book.apply(sale.id, { kind: 'acknowledged' }, unixNow())
      return isDone
    }
    const order = vendOrderOf(sale)
    if (!order) return true
    const answer = await this.#ask(sale, command.kind, order)
    if (answer.ok && !isReceipt(answer.value)) {
      this.machineTrouble.set(null)
      this.given.set(sale.id, answer.value.dropped)
      await book.apply(sale.id, { kind: 'running' }, unixNow())
      await book.apply(sale.id, { kind: 'tick' }, unixNow())
      return true
    }
    const receipt = answer.ok ? this.#checked(order, answer.value) : answer
    if (receipt.ok) {
      this.machineTrouble.set(null)
      this.given.delete(sale.id)
      await book.apply(sale.id, { kind: 'receipted', receipt: receipt.value }, unixNow())
      return true
    }
    const why = lastingRefusal(receipt.error)
    if (command.kind === 'vend' && why !== null) {
      await book.apply(sale.id, { kind: 'refused', why }, unixNow())
      return true
    }
    this.machineTrouble.set(receipt.error)
    await book.apply(sale.id, { kind: 'tick' }, unixNow())
    return why !== null
  }

  /** What is metered runs on while others are looked after; all else is waited for. */
  #ask({ isMetered }: Sale, kind: 'vend' | 'cancel', order: VendOrder): Promise<Result<VendRecord, Failure>> {
    const { machine } = this.#parts
    if (kind === 'cancel') return machine.cancel(order)
    return isMetered ? machine.start(order) : machine.vend(order)
  }

  /** The money hangs on it: the device's signature, over this order and no other. */
  #checked(order: VendOrder, receipt: VendRecord): Result<VendReceipt, Failure> {
    const { machine, domain } = this.#parts
    const { orderId, slot, quantity, chainId, contract } = receipt
    const isOurs =
      orderId === order.orderId &&
      slot === order.slot &&
      quantity === order.quantity &&
      chainId === domain.chainId &&
      contract === domain.market
    if (!isOurs) return fail({ kind: 'receiptOfOther', detail: `${receipt.counter}` })
    return isRecordSignedBy(machine.devicePublicKey, receipt)
      ? ok(receipt)
      : fail({ kind: 'receiptNotSigned' })
  }

  #callOf({ terms, stage }: Sale, command: ChainCommand): Bytes | undefined {
    const payment = 'payment' in stage ? stage.payment : null
    if (!payment) return undefined
    const { order } = payment
    if (command.kind === 'refund') return refundCall(terms, order)
    const { devicePublicKey } = this.#parts.machine
    const { receipt } = command
    const said = saleReceiptOf(deviceIdOf(devicePublicKey), receipt)
    return command.kind === 'handIn'
      ? handInCall(terms, order, said, receipt.signature, devicePublicKey)
      : settleCall(terms, order, command.consent, said, receipt.signature, devicePublicKey)
  }
}

const isForMachine = (command: SaleCommand): command is MachineCommand =>
  command.kind === 'vend' || command.kind === 'cancel' || command.kind === 'acknowledge'

/** undefined where the deadline was not read yet: the machine keeps to it. */
function vendOrderOf({ stage, terms }: Sale): VendOrder | undefined {
  const payment: Payment | null = 'payment' in stage ? stage.payment : null
  if (!payment || payment.deadline === 0) return undefined
  return {
    orderId: BigInt(payment.orderId),
    slot: terms.slot,
    quantity: payment.order.quantity,
    notAfter: payment.deadline,
  }
}
