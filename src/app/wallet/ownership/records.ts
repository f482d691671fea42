// The stored records of our devices on the present network. Each change is on the disk before anything is built on it.
import type { Address } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { noRules } from '../../../core/wallet/rules.ts'
import { Observable } from '../../observable.ts'
import type { OwnedDeviceRecord, WalletStores } from '../../ports/walletStore.ts'
import { GENERATION } from './ownerKey.ts'

export interface NewDevice {
  readonly deviceId: DeviceId
  readonly account: Address
  readonly accountIndex: number | null
  readonly addedAt: number
}

/** Two registries on one chain know different owners: their records must not mix. */
const networkOf = ({ chain }: NetworkConfig): string =>
  `${chain.id}/${chain.contracts?.deviceRegistry ?? 'none'}`

export class OwnedRecords {
  readonly all = new Observable<ReadonlyMap<DeviceId, OwnedDeviceRecord>>(new Map())
  readonly #stores: WalletStores
  readonly #config: () => NetworkConfig
  #queue: Promise<unknown> = Promise.resolve()

  constructor(stores: WalletStores, config: () => NetworkConfig) {
    this.#stores = stores
    this.#config = config
    stores.onForeignChange(table => {
      if (table === 'owned') void this.load()
    })
  }

  async load(): Promise<void> {
    const records = await this.#stores.owned.all()
    const network = `${networkOf(this.#config())}/`
    const here = records.filter(({ key }) => key.startsWith(network))
    this.all.set(new Map(here.map(record => [record.deviceId, record])))
  }

  get(deviceId: DeviceId): OwnedDeviceRecord | undefined {
    return this.all.get().get(deviceId)
  }

  /** A record with nothing in it but who and which account. */
  blank({ deviceId, account, accountIndex, addedAt }: NewDevice): OwnedDeviceRecord {
    return {
      key: this.#keyOf(deviceId),
      deviceId,
      devicePublicKey: null,
      name: '',
      model: null,
      deviceKey: null,
      accountIndex,
      account,
      generation: GENERATION,
      isPaired: false,
      registry: null,
      met: null,
      config: null,
      delivered: null,
      inherited: 0,
      giving: null,
      promised: null,
      taking: null,
      rules: noRules,
      spending: [],
      addedAt,
    }
  }

  /** Rejects where it can't be stored: nothing is told to a device or a chain that would be forgotten here. */
  async put(record: OwnedDeviceRecord): Promise<OwnedDeviceRecord> {
    await this.#inOrder(() => this.#stores.owned.put(record))
    this.all.update(records => new Map(records).set(record.deviceId, record))
    return record
  }

  /** Over what is stored, which another tab may have changed; undefined where it is not there any more. */
  change(
    deviceId: DeviceId,
    change: (record: OwnedDeviceRecord) => Partial<OwnedDeviceRecord>,
  ): Promise<OwnedDeviceRecord | undefined> {
    return this.#inOrder(async () => {
      const stored = await this.#stores.owned.get(this.#keyOf(deviceId))
      if (!stored) return undefined
      const changed = { ...stored, ...change(stored) }
      await this.#stores.owned.put(changed)
      this.all.update(records => new Map(records).set(deviceId, changed))
      return changed
    })
  }

  async delete(deviceId: DeviceId): Promise<void> {
    await this.#inOrder(() => this.#stores.owned.delete(this.#keyOf(deviceId)))
    this.all.update(records => new Map([...records].filter(([id]) => id !== deviceId)))
  }

  /** Of all networks: the wallet that they belonged to is gone. */
  async clear(): Promise<void> {
    await this.#inOrder(async () => {
      for (const { key } of await this.#stores.owned.all()) await this.#stores.owned.delete(key)
    })
    this.all.set(new Map())
  }

  #keyOf(deviceId: DeviceId): string {
    return `${networkOf(this.#config())}/${deviceId}`
  }

  /** One after the other: a change reads what the one before has written. */
  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }
}
