// How a device's firmware is changed, whichever protocol its bootloader speaks: SMP, Nordic's Secure DFU, Espressif's ble_ota.
import type { FirmwareFormat } from '../core/firmware/package.ts'
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import type { DeviceIdentity } from '../core/identity.ts'
import type { ReleasedImage } from '../core/registry/release.ts'
import type { Result } from '../core/result.ts'
import type { Cancellation } from '../core/smp/client.ts'
import type { SlotFacts } from '../core/update/step.ts'
import type { SessionFailure, Slots } from './deviceSession.ts'

export interface UploadWatch {
  readonly signal: Cancellation
  readonly onProgress: (done: number, total: number) => void
  /** Whether it may be sent into its loader for this; it is not, where that was tried before. */
  readonly mayEnterLoader: boolean
}

/** A device over one link. All but `close` return the link's end as a failure of kind `linkLost`. */
export interface Updater {
  readonly format: FirmwareFormat
  /** null for a device that has no key of its own. `challenge`: 32 fresh random bytes. */
  identify(challenge: Uint8Array): Promise<Result<DeviceIdentity | null, SessionFailure>>
  /**
   * `meant`: the release in question. A device with several images is compared with it as a whole; one that can't say what it
   * runs has accepted it before.
   */
  readSlots(meant?: ReleasedImage): Promise<Result<Slots, SessionFailure>>
  /** Bytes that an upload may have; null where the device does not tell. */
  freeSlotSize(): Promise<Result<number | null, SessionFailure>>
  batteryLevel(): Promise<number | null>
  /**
   * Resolves with the bytes that were sent now: less than all on a resume. `leftForLoader`: none, for it was told to start its
   * loader, and has let go of the link.
   */
  upload(
    firmware: VerifiedFirmware,
    watch: UploadWatch,
  ): Promise<Result<number | 'leftForLoader', SessionFailure>>
  mark(meant: ReleasedImage): Promise<Result<void, SessionFailure>>
  /** Resolves when the device has let go of the link. */
  restart(): Promise<Result<void, SessionFailure>>
  confirm(meant: ReleasedImage): Promise<Result<SlotFacts, SessionFailure>>
  close(): Promise<void>
}
