// The stored keys of the present network. Each change is on the disk before anything is built on it.
import type { NetworkConfig } from '../../core/network.ts'
import { Observable } from '../observable.ts'
import type { KeyRecord, MarketStores } from '../ports/marketStore.ts'
import { networkOf } from '../wallet/walletNetwork.ts'

export class KeyRecords {
  readonly all = new Observable<ReadonlyMap<string, KeyRecord>>(new Map())
  readonly #stores: Pick<MarketStores, 'keys'>
  readonly #config: () => NetworkConfig
  #queue: Promise<unknown> = Promise.resolve()

  constructor(stores: Pick<MarketStores, 'keys'>, config: () => NetworkConfig) {
    this.#stores = stores
    this.#config = config
  }

  async load(): Promise<void> {
    await this.#inOrder(async () => {
      const network = networkOf(this.#config())
      const records = (await this.#stores.keys.all()).filter(record => record.network === network)
      this.all.set(new Map(records.map(record => [record.id, record])))
    })
  }

  get(id: string): KeyRecord | undefined {
    return this.all.get().get(id)
  }

  /** Rejects where it can't be stored: nothing is paid for a key that would be forgotten here. */
  async put(record: KeyRecord): Promise<void> {
    await this.#inOrder(() => this.#stores.keys.put(record))
    this.all.update(records => new Map(records).set(record.id, record))
  }

  /** Over what is stored, which another tab may have changed; undefined where it is not there any more. */
  change(id: string, change: (record: KeyRecord) => Partial<KeyRecord>): Promise<KeyRecord | undefined> {
    return this.#inOrder(async () => {
      const stored = await this.#stores.keys.get(id)
      if (!stored) return undefined
      const changed = { ...stored, ...change(stored) }
      await this.#stores.keys.put(changed)
      this.all.update(records => new Map(records).set(id, changed))
      return changed
    })
  }

  async delete(id: string): Promise<void> {
    await this.#inOrder(() => this.#stores.keys.delete(id))
    this.all.update(records => new Map([...records].filter(([each]) => each !== id)))
  }

  /** One after the other: a change reads what the one before has written. */
  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }
}
