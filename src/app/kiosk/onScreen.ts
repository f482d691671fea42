// Which sale is on the kiosk's screen: the one that was begun last, or one that was put away and is paid after all.
import type { Sale } from '../../core/kiosk/sale.ts'
import type { SaleBook } from './saleBook.ts'

export class OnScreen {
  readonly #book: SaleBook
  readonly #putAway = new Set<string>()
  #current: string | null

  /** After a restart: what was under way when the tablet went off. */
  constructor(book: SaleBook, now: number) {
    this.#book = book
    const [latest] = book.open
      .filter(({ id, stage, until }) => {
        if (isStray(id) || stage.kind === 'closed') return false
        return stage.kind !== 'waiting' || now <= until
      })
      .sort((a, b) => b.at - a.at)
    this.#current = latest?.id ?? null
  }

  get sale(): Sale | undefined {
    return this.#current === null ? undefined : this.#book.all.get().get(this.#current)
  }

  begin(id: string): void {
    this.putAway()
    this.#current = id
  }

  putAway(): void {
    if (this.#current !== null) this.#putAway.add(this.#current)
    this.#current = null
  }

  /** Nobody who is in the middle of another sale is disturbed. */
  bringBack(): void {
    const now = this.sale
    if (now && now.stage.kind !== 'closed') return
    const paid = this.#book.open.find(
      ({ id, stage }) => this.#putAway.has(id) && (stage.kind === 'seen' || stage.kind === 'vending'),
    )
    if (!paid) return
    this.#putAway.delete(paid.id)
    this.#current = paid.id
  }
}

/** Paid for no sale of this kiosk: known by its order. */
const isStray = (id: string): boolean => id.startsWith('0x')
