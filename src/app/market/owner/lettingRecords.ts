// What was last read of the devices that are let, as it is stored.
import type { DeviceId } from '../../../core/identity.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { Observable } from '../../observable.ts'
import type { LentRecord, LettingRecord, MarketStores } from '../../ports/marketStore.ts'
import { networkOf } from '../../wallet/walletNetwork.ts'

export class LettingRecords {
  readonly all = new Observable<ReadonlyMap<string, LettingRecord>>(new Map())
  readonly lent = new Observable<readonly LentRecord[]>([])
  readonly #stores: Pick<MarketStores, 'letting' | 'lent'>
  readonly #config: () => NetworkConfig
  #queue: Promise<unknown> = Promise.resolve()

  constructor(stores: Pick<MarketStores, 'letting' | 'lent'>, config: () => NetworkConfig) {
    this.#stores = stores
    this.#config = config
  }

  async load(): Promise<void> {
    await this.#inOrder(async () => {
      const network = networkOf(this.#config())
      const records = (await this.#stores.letting.all()).filter(({ key }) => key.startsWith(`${network}/`))
      this.all.set(new Map(records.map(record => [record.key, record])))
      this.lent.set((await this.#stores.lent.all()).filter(record => record.network === network))
    })
  }

  get(deviceId: DeviceId): LettingRecord {
    const key = this.#keyOf(deviceId)
    return this.all.get().get(key) ?? blank(key)
  }

  change(
    deviceId: DeviceId,
    change: (record: LettingRecord) => Partial<LettingRecord>,
  ): Promise<LettingRecord> {
    const key = this.#keyOf(deviceId)
    return this.#inOrder(async () => {
      const stored = (await this.#stores.letting.get(key)) ?? blank(key)
      const changed = { ...stored, ...change(stored) }
      await this.#stores.letting.put(changed)
      this.all.update(records => new Map(records).set(key, changed))
      return changed
    })
  }

  async addLent(record: LentRecord): Promise<void> {
    await this.#inOrder(() => this.#stores.lent.put(record))
    this.lent.update(records => [record, ...records])
  }

  async forgetLent(id: string): Promise<void> {
    await this.#inOrder(() => this.#stores.lent.delete(id))
    this.lent.update(records => records.filter(record => record.id !== id))
  }

  #keyOf(deviceId: DeviceId): string {
    return `${networkOf(this.#config())}/${deviceId}`
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }
}

const blank = (key: string): LettingRecord => ({
  key,
  offers: [],
  orders: [],
  kept: [],
  hasOpenHours: false,
  evidence: null,
  readAt: null,
  box: null,
  making: [],
  signing: {},
})
