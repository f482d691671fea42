// A disk that fails at a chosen operation, once or for good, before it took effect, after it, or half written.
import type { KeyStore } from '../../../src/io/keys/keyDatabase.ts'

export interface Fault {
  /** Which operation fails, counted from 1. */
  readonly at: number
  /** `before`: nothing happened. `after`: it happened, and nobody learns of it. `torn`: half of the bytes were written. */
  readonly how: 'before' | 'after' | 'torn'
  /** `killed`: nothing works any more (the tab is gone). `once`: the next operation works again. */
  readonly ending: 'killed' | 'once'
  readonly error?: string
}

export class FaultyStore implements KeyStore {
  readonly #store: KeyStore
  #fault: Fault | undefined
  #operations = 0
  #isDead = false
  /** Whether the fault came. */
  hasFailed = false

  constructor(store: KeyStore) {
    this.#store = store
  }

  arm(fault: Fault): void {
    this.#fault = fault
    this.#operations = 0
  }

  get = (key: string) => this.#run(() => this.#store.get(key))
  getOrPut = (key: string, value: unknown) => this.#run(() => this.#store.getOrPut(key, value))
  delete = (key: string) => this.#run(() => this.#store.delete(key))
  put = (key: string, value: unknown) =>
    this.#run(
      () => this.#store.put(key, value),
      async () => {
        const half = value instanceof Uint8Array ? value.slice(0, value.length >> 1) : value
        await this.#store.put(key, half)
      },
    )
  close = () => this.#store.close()

  async #run<T>(operation: () => Promise<T>, tear?: () => Promise<void>): Promise<T> {
    if (this.#isDead) throw new DOMException('the tab is gone', 'AbortError')
    const fault = this.#fault
    if (!fault || ++this.#operations !== fault.at) return operation()
    this.hasFailed = true
    if (fault.ending === 'killed') this.#isDead = true
    if (fault.how === 'after') await operation()
    if (fault.how === 'torn') await tear?.()
    throw new DOMException('failed', fault.error ?? 'AbortError')
  }
}
