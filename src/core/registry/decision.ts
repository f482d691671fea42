// The outcome of comparing a device with the registry: up to date, update, or blocked with a reason.
import type { Address, Hex } from '../bytes.ts'
import type { FirmwareFormat } from '../firmware/package.ts'
import type { BootMode } from '../mcuboot/bootMode.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { Manifest } from './release.ts'

export type BlockReason =
  | 'unknownModel'
  | 'notRegistered'
  | 'noRelease'
  | 'revoked'
  | 'wrongHardware'
  | 'downgradeVersion'
  | 'downgradeCounter'
  | 'expiredHead'
  | 'unsigned'
  | 'tooLargeForSlot'
  /** The head's version or sequence number is below what this app has proven before. */
  | 'rolledBackHead'
  /** One image runs where it lies and needs a build for each slot, or the other way round: release and bootloader don't fit. */
  | 'wrongBootMode'
  /** The bootloader starts the highest version, without regard to build numbers: this one would never be started. */
  | 'versionNotHigher'
  /** It has room for one application, which can't replace itself. */
  | 'singleSlot'

/** What the person must confirm in words before anything is written to the device. */
export type Confirmation =
  /** The reading is not proven. */
  | 'unproven'
  /** The reading was proven, but is older than the age limit (offline). */
  | 'remembered'
  /** The model was chosen by the person, not said by the device under its key. */
  | 'modelChosen'
  /** The device can't say what it runs, so nobody knows whether this is newer. */
  | 'runningUnknown'
  /** Nobody signed the image, and the device takes any: what was proven here is all that is checked. */
  | 'deviceChecksNothing'
  /** The bootloader does not go back by itself where the new firmware starts and then fails. */
  | 'noWayBack'
  /** A loader writes over the application: until it is done the device has none, and is nothing but a loader. */
  | 'overwrittenByLoader'

export type Decision =
  | { readonly kind: 'upToDate'; readonly manifest: Manifest }
  | { readonly kind: 'update'; readonly manifest: Manifest; readonly confirm: readonly Confirmation[] }
  | { readonly kind: 'unproven'; readonly manifest: Manifest }
  | { readonly kind: 'blocked'; readonly reason: BlockReason; readonly manifest: Manifest | null }

/** What is known of the device when the policy is asked. */
export interface DeviceFacts {
  readonly hardware: string | null
  /** Running image as reported by image state; `hash` is MCUboot's TLV hash. */
  readonly running: {
    readonly version: ImageVersion
    readonly hash: Hex
    /** Of all images that run, where there are several. */
    readonly setHash?: Hex
  } | null
  /** Bytes that the free slot can take, where the device told. */
  readonly slotSize: number | null
  /** null or left out: it did not tell. */
  readonly bootMode?: BootMode | null | undefined
  /** Its application lists no images: it leaves them to a loader. */
  readonly isRunningUntold?: boolean | undefined
  readonly modelIsSigned: boolean
  /** What its updater takes; left out: MCUboot's images. */
  readonly format?: FirmwareFormat | undefined
}

/** The highest values that were proven for a device: never go below (see highWater.ts). */
export interface HighWater {
  /** `seq` and `version` count within one channel and under one release key. */
  readonly channel: string
  readonly releaseKey: Address
  readonly seq: number
  readonly version: ImageVersion
  /** The device's own: holds in every channel. */
  readonly securityCounter: number
}
