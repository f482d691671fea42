// The devices that this browser has met: their records, kept in store and memory alike.
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

  constructor(platform: Platform, stores: Stores) {
    this.#platform = platform
    this.#stores = stores
  }

  async load(): Promise<void> {
    const all = await this.#stores.devices.all()
    this.records.set(new Map(all.map(record => [record.key, record])))
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
      name: device.name,
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

  async forget(key: string): Promise<void> {
    await this.#stores.devices.delete(key)
    this.records.update(records => new Map([...records].filter(([k]) => k !== key)))
  }

  setLive(key: string, change: Partial<LiveState>): void {
    this.live.update(live => new Map(live).set(key, { ...(live.get(key) ?? idle), ...change }))
  }

  /** Memory first: a screen must not wait for the disk, and the write is awaited by whoever must know. */
  async #save(record: DeviceRecord): Promise<void> {
    this.records.update(records => new Map(records).set(record.key, record))
    await this.#stores.devices.put(record)
  }
}
