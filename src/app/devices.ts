// The devices that this browser has met: their records, kept in store and memory alike.
import { withoutInvisible } from '../core/invisible.ts'
import type { CheckFailure, DeviceActivity } from './fob.ts'
import { Observable } from './observable.ts'
import type { ReachableDevice } from './ports/device.ts'
import type { Platform } from './ports/platform.ts'
import type { DeviceRecord, Stores } from './ports/store.ts'

/** What only this tab knows of a device. */
export interface LiveState {
  readonly activity: DeviceActivity
  readonly reachable: boolean
  readonly lastFailure: CheckFailure | null
}

/**
 * Held by whoever has a link to the device, for as long as he has it: two tabs share the system's one link and would take
 * each other's answers.
 */
export const deviceLock = (key: string): string => `device/${key}`

const idle: LiveState = { activity: 'idle', reachable: false, lastFailure: null }

export class Devices {
  readonly records = new Observable<ReadonlyMap<string, DeviceRecord>>(new Map())
  readonly live = new Observable<ReadonlyMap<string, LiveState>>(new Map())
  readonly #platform: Platform
  readonly #stores: Stores
  /** How often each record was changed here, and how many of these changes are not in the store yet. */
  readonly #changes = new Map<string, number>()
  readonly #unwritten = new Map<string, number>()

  constructor(platform: Platform, stores: Stores) {
    this.#platform = platform
    this.#stores = stores
  }

  /** Reads all from the store, which another tab may have written to; what this one changed meanwhile is newer. */
  async load(): Promise<void> {
    const before = new Map(this.#changes)
    const all = await this.#stores.devices.all()
    const read = new Map(all.map(record => [record.key, record]))
    for (const key of this.#changes.keys()) {
      if (!this.#unwritten.has(key) && this.#changes.get(key) === before.get(key)) continue
      const record = this.get(key)
      if (record) read.set(key, record)
      else read.delete(key)
    }
    this.records.set(read)
  }

  get(key: string): DeviceRecord | undefined {
    return this.records.get().get(key)
  }

  liveOf(key: string): LiveState {
    return this.live.get().get(key) ?? idle
  }

  /** The record of a reachable device, made when it is met for the first time. */
  async meet(device: ReachableDevice): Promise<DeviceRecord> {
    const known = [...this.records.get().values()].find(
      record => record.source === device.source && record.sourceId === device.id,
    )
    if (known) return known
    const now = this.#platform.unixNow()
    const record: DeviceRecord = {
      key: this.#platform.randomId(),
      source: device.source,
      sourceId: device.id,
      // As it calls itself over the air: anybody can send any name.
      name: withoutInvisible(device.name).trim(),
      addedAt: now,
      lastSeenAt: now,
      deviceId: null,
      model: null,
      modelFrom: null,
      running: null,
      battery: null,
      slotSize: null,
      lastCheck: null,
      highWater: null,
    }
    await this.#save(record)
    return record
  }

  async change(key: string, change: Partial<DeviceRecord>): Promise<DeviceRecord | undefined> {
    const record = this.get(key)
    if (!record) return undefined
    const changed = { ...record, ...change }
    await this.#save(changed)
    return changed
  }

  /** Memory first here as well: what is still under way for the device must not write it back. */
  async forget(key: string): Promise<void> {
    this.records.update(records => new Map([...records].filter(([k]) => k !== key)))
    await this.#write(key, () => this.#stores.devices.delete(key))
    this.live.update(live => new Map([...live].filter(([k]) => k !== key)))
  }

  setLive(key: string, change: Partial<LiveState>): void {
    this.live.update(live => new Map(live).set(key, { ...(live.get(key) ?? idle), ...change }))
  }

  /** Memory first: a screen must not wait for the disk, and the write is awaited by whoever must know. */
  async #save(record: DeviceRecord): Promise<void> {
    this.records.update(records => new Map(records).set(record.key, record))
    await this.#write(record.key, () => this.#stores.devices.put(record))
  }

  async #write(key: string, task: () => Promise<void>): Promise<void> {
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1)
    this.#unwritten.set(key, (this.#unwritten.get(key) ?? 0) + 1)
    try {
      await task()
    } finally {
      const left = (this.#unwritten.get(key) ?? 1) - 1
      if (left > 0) this.#unwritten.set(key, left)
      else this.#unwritten.delete(key)
    }
  }
}
