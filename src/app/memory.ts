// What this browser remembers is looked for before anything goes by it: a failed look must not pass for a first visit.
import type { MemoryView } from './fob.ts'
import { Observable } from './observable.ts'
import type { Platform } from './ports/platform.ts'
import type { StoreOpening, Stores } from './ports/store.ts'

/** Browsers can keep a page waiting for its database for ever. */
const DEADLINE_MS = 10_000
/** It often comes back by itself: another tab closes, the browser's storage process starts anew. */
const AGAIN_MS = 4000

type Word = 'again' | 'goOn'

export class Memory {
  readonly view = new Observable<MemoryView>({ status: 'opening' })
  readonly #platform: Pick<Platform, 'timer'>
  readonly #stores: Pick<Stores, 'open' | 'beginAnew' | 'forgo'>
  #heard: (word: Word) => void = () => {}
  #isGoingOn = false

  constructor(platform: Pick<Platform, 'timer'>, stores: Pick<Stores, 'open' | 'beginAnew' | 'forgo'>) {
    this.#platform = platform
    this.#stores = stores
  }

  /** Resolves once what was stored can be read, or the person has decided to go on without it. */
  async open(): Promise<void> {
    let opened = await this.#look()
    while (opened.kind === 'unreadable') {
      this.view.set({ status: 'unreadable', detail: opened.detail })
      if (this.#isGoingOn || (await this.#word(AGAIN_MS)) === 'goOn') {
        // Nothing that is stored from now on may take the place of what can't be seen.
        this.#stores.forgo()
        this.view.set({ status: 'forgone' })
        return
      }
      if (!this.#isGoingOn) opened = await this.#look()
    }
    if (opened.kind === 'gone') {
      this.#isGoingOn = false
      this.view.set({ status: 'gone' })
      while ((await this.#word()) !== 'goOn') {}
      await this.#stores.beginAnew()
    }
    this.view.set({ status: 'ready' })
  }

  retry(): void {
    this.#heard('again')
  }

  goOn(): void {
    this.#isGoingOn = true
    this.#heard('goOn')
  }

  #word(ms?: number): Promise<Word> {
    return new Promise(resolve => {
      const cancel = ms === undefined ? () => {} : this.#platform.timer.after(ms, () => this.#heard('again'))
      this.#heard = word => {
        cancel()
        resolve(word)
      }
    })
  }

  #look(): Promise<StoreOpening> {
    return new Promise((resolve, reject) => {
      const giveUp = () =>
        resolve({ kind: 'unreadable', detail: `no answer within ${String(DEADLINE_MS / 1000)} s` })
      const cancel = this.#platform.timer.after(DEADLINE_MS, giveUp)
      // Whoever has decided to go on is not kept waiting for the answer.
      this.#heard = word => word === 'goOn' && giveUp()
      this.#stores.open().then(resolve, reject).finally(cancel)
    })
  }
}
