// The kiosk's sales: each change is on the disk before anybody acts on it, one after the other.

import { isOver, type Sale, type SaleEvent, step } from '../../core/kiosk/sale.ts'
import type { OrderId } from '../../core/registry/marketStatements.ts'
import { Observable } from '../observable.ts'
import type { KioskStores } from '../ports/kiosk.ts'

/** Seconds for which ended sales are listed behind the PIN; the chain knows them all. */
const KEPT_FOR = 14 * 86_400

export class SaleBook {
  readonly all = new Observable<ReadonlyMap<string, Sale>>(new Map())
  readonly #table: KioskStores['sales']
  #last: Promise<unknown> = Promise.resolve()

  constructor(table: KioskStores['sales']) {
    this.#table = table
  }

  async load(): Promise<void> {
    const sales = await this.#table.all()
    this.all.set(new Map(sales.map(sale => [sale.id, sale])))
  }

  get open(): readonly Sale[] {
    return [...this.all.get().values()].filter(sale => !isOver(sale)).sort((a, b) => a.at - b.at)
  }

  byOrder(orderId: OrderId): Sale | undefined {
    return [...this.all.get().values()].find(
      ({ stage }) => 'payment' in stage && stage.payment?.orderId === orderId,
    )
  }

  byNonce(nonce: bigint): Sale | undefined {
    return [...this.all.get().values()].find(sale => sale.nonce === nonce && !sale.id.startsWith('0x'))
  }

  add(sale: Sale): Promise<void> {
    return this.#inOrder(() => this.#put(sale))
  }

  /** Resolves to whether anything changed; rejects where it could not be written down, and then nothing has. */
  apply(id: string, event: SaleEvent, now: number): Promise<boolean> {
    return this.#inOrder(async () => {
      const sale = this.all.get().get(id)
      const next = sale && step(sale, event, now)
      if (!next || next === sale) return false
      await this.#put(next)
      return true
    })
  }

  /** Ended sales that nobody will ask for any more. */
  forgetOld(now: number): Promise<void> {
    return this.#inOrder(async () => {
      const old = [...this.all.get().values()].filter(sale => isOver(sale) && now - sale.at > KEPT_FOR)
      for (const { id } of old) await this.#table.delete(id)
      if (old.length === 0) return
      const gone = new Set(old.map(({ id }) => id))
      this.all.update(sales => new Map([...sales].filter(([id]) => !gone.has(id))))
    })
  }

  async #put(sale: Sale): Promise<void> {
    await this.#table.put(sale)
    this.all.update(sales => new Map(sales).set(sale.id, sale))
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task)
    this.#last = done.catch(() => {})
    return done
  }
}
