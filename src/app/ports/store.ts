// What the app remembers in this browser, and how it is stored. Record shapes are the schema: see io/store for versions.
import type { Address, Hex } from '../../core/bytes.ts'
import type { FirmwareFormat } from '../../core/firmware/package.ts'
import type { BootMode } from '../../core/mcuboot/bootMode.ts'
import type { ImageVersion } from '../../core/mcuboot/version.ts'
import type { Decision, HighWater } from '../../core/registry/decision.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Model } from '../../core/registry/model.ts'
import type { HeadReading, Manifest } from '../../core/registry/release.ts'
import type { UpdateState } from '../../core/update/state.ts'
import type { DeviceSource } from './device.ts'

/** A device that this browser has met. */
export interface DeviceRecord {
  /** Local key: made when first met, never sent anywhere. */
  readonly key: string
  readonly source: DeviceSource
  /** The source's id (Web Bluetooth's device.id, the demo device's name). */
  readonly sourceId: string
  /** The person's name for it; the advertised one at first. */
  readonly name: string
  readonly addedAt: number
  readonly lastSeenAt: number
  /** keccak256 of its public key; null for a plain SMP device. */
  readonly deviceId: Hex | null
  readonly model: Model | null
  /** How the model is known: `signed` by the device key, matched by a `knownHash`, `chosen` by the person. */
  readonly modelFrom: 'signed' | 'knownHash' | 'chosen' | null
  readonly running: RunningImage | null
  readonly battery: number | null
  /** Bytes the free slot takes, where the device told. */
  readonly slotSize: number | null
  /** What its updater takes; absent in records from before there were several: MCUboot's images. */
  readonly format?: FirmwareFormat
  /** How MCUboot starts its images; null or absent: it did not tell. */
  readonly bootMode?: BootMode | null
  /** Whether its bootloader says that it never starts an older image. */
  readonly noDowngrade?: boolean
  /** It was met in its loader: no application runs. */
  readonly isInLoader?: boolean
  /** Its application lists no images: it leaves them to its loader. */
  readonly isRunningUntold?: boolean
  /** The id that it had before the person chose it again: some are found under another one in their bootloader. */
  readonly otherSourceId?: string
  readonly lastCheck: CheckRecord | null
  readonly highWater: HighWater | null
}

export interface RunningImage {
  readonly version: ImageVersion
  readonly hash: Hex
  /** Of all images that run, where there are several (`hashOfSet`). */
  readonly setHash?: Hex
  readonly confirmed: boolean
}

/** The last comparison of a device with the registry, with how it was proven. Times are Unix seconds. */
export interface CheckRecord {
  readonly at: number
  readonly decision: Decision
  readonly evidence: Evidence
  /** True where the image that runs was revoked: an alarm, whatever the decision is. */
  readonly runningRevoked: boolean
  /** Absent in records from before it was kept: those are not shown any more. */
  readonly about?: CheckSubject
}

/** What was compared with what. */
export interface CheckSubject {
  readonly chainId: number
  readonly registry: Address
  readonly channel: string
  readonly model: Model | null
  /** MCUboot's hash of the image that ran. */
  readonly running: Hex | null
}

/** One event in a device's history. */
export interface HistoryEntry {
  readonly id: string
  readonly deviceKey: string
  readonly at: number
  readonly event:
    | { readonly kind: 'updated'; readonly receipt: UpdateReceipt }
    | { readonly kind: 'reverted'; readonly from: ImageVersion; readonly to: ImageVersion }
    | { readonly kind: 'failed'; readonly failure: string; readonly detail: string | null }
    | { readonly kind: 'checked'; readonly decision: Decision['kind'] }
}

/** What was proven at the end of an update; can be shown and shared. */
export interface UpdateReceipt {
  readonly deviceId: Hex | null
  readonly deviceName: string
  readonly model: Model
  readonly from: ImageVersion | null
  readonly to: ImageVersion
  readonly imageHash: Hex
  readonly manifest: Manifest
  readonly evidence: Evidence
  readonly startedAt: number
  readonly finishedAt: number
  readonly bytesSent: number
  /** false: the device can't say what it runs, and its bootloader's word is all that there is. */
  readonly readBack?: false
  /** Where the evidence can be looked up; absent in the first receipts. */
  readonly chain?: { readonly id: number; readonly name: string; readonly registry: Address }
}

export interface MakerRecord {
  readonly address: Address
  readonly name: string
  readonly pinnedAt: number
  readonly from: 'qr' | 'domain' | 'network'
  /** The domain it was read from, when `from` is `domain`. */
  readonly domain: string | null
  /** Models that the pin file named; more may be added by meeting devices. */
  readonly models: readonly Model[]
}

export interface Settings {
  readonly language: 'auto' | 'en' | 'zh'
  readonly theme: 'auto' | 'light' | 'dark'
  readonly channel: string
  readonly hapticsAndSound: boolean
  /** Percent: an update is not begun on a device whose battery has less. */
  readonly minBattery: number
}

/** A stored reading, so that the last proven state can be shown and used offline. */
export interface ReadingRecord {
  /** `${modelId}/${channel}` */
  readonly key: string
  readonly reading: HeadReading
}

export interface Table<T> {
  get(key: string): Promise<T | undefined>
  all(): Promise<readonly T[]>
  put(record: T): Promise<void>
  delete(key: string): Promise<void>
}

/** What became of what this browser remembered. */
export type StoreOpening =
  /** It is there, or there never was any. */
  | { readonly kind: 'read' }
  /** Something was stored here, and it can't be read now. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** Something was stored here, and the browser has removed it, or lost it. */
  | { readonly kind: 'gone' }

export interface Stores {
  /** Whether what was stored can be read, to be asked before any of it is; after `unreadable` it may be asked again. */
  open(): Promise<StoreOpening>
  /** The person knows that it is gone: from now on there is something again. */
  beginAnew(): Promise<void>
  /** From now on nothing is written to the disk: what is stored lasts as long as this tab. */
  forgo(): void
  readonly devices: Table<DeviceRecord>
  readonly makers: Table<MakerRecord>
  readonly readings: Table<ReadingRecord>
  /** Updates under way, one per device key at most. */
  readonly updates: Table<UpdateState>
  readonly history: Table<HistoryEntry> & { forDevice(deviceKey: string): Promise<readonly HistoryEntry[]> }
  /** Small singletons: settings, the pinned network.json, demo devices' flash. */
  readonly values: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: unknown): Promise<void>
    delete(key: string): Promise<void>
  }
  /** Calls back when another tab changed a table. */
  onForeignChange(listener: (table: string) => void): () => void
}
