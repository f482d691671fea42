// Devices that others' updaters serve, as the update sees them: Nordic's Secure DFU and Espressif's ble_ota.
//
// Neither can say what it runs. What is known at the end is that the bootloader has checked the image by the hash that came
// with it, accepted it, and that the application is there again; the screens say just that.
import { type Hex, toHex } from '../core/bytes.ts'
import { type EspFailure, uploadEsp } from '../core/dfu/espUpload.ts'
import { type NordicFailure, type NordicRefusal, uploadNordic } from '../core/dfu/nordicUpload.ts'
import type { FirmwareFormat } from '../core/firmware/package.ts'
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import type { ReleasedImage } from '../core/registry/release.ts'
import { fail, ok, type Result } from '../core/result.ts'
import { LinkError, type Timer } from '../core/smp/transport.ts'
import type { SlotFacts } from '../core/update/step.ts'
import type { SessionFailure, Slots } from './deviceSession.ts'
import type { EspConnection, NordicConnection } from './ports/device.ts'
import type { Updater, UploadWatch } from './updater.ts'

/** Milliseconds that a link may outlive its device: see DeviceSession. */
const resetPatience = 10_000

export type DfuSessionFailure =
  /** The bootloader has seen a newer version, and never goes back. */
  | { readonly kind: 'bootloaderNewer'; readonly detail: string }
  | { readonly kind: 'bootloaderOtherHardware'; readonly detail: string }
  /** It trusts another signing key than the package's, or the package's hash is not that of the image. */
  | { readonly kind: 'bootloaderDistrusts'; readonly detail: string }
  | { readonly kind: 'tooLargeForSlot'; readonly detail: string }
  | { readonly kind: 'updaterRefused'; readonly detail: string }

const REFUSALS: Record<NordicRefusal, DfuSessionFailure['kind']> = {
  versionTooLow: 'bootloaderNewer',
  wrongHardware: 'bootloaderOtherHardware',
  wrongSoftDevice: 'bootloaderOtherHardware',
  signatureMissing: 'bootloaderDistrusts',
  signatureWrong: 'bootloaderDistrusts',
  hashFailed: 'bootloaderDistrusts',
  noSpace: 'tooLargeForSlot',
  other: 'updaterRefused',
}

/** In the words that the update knows. */
function failureOf(error: NordicFailure | EspFailure): SessionFailure {
  switch (error.kind) {
    case 'packageRefused':
      return { kind: REFUSALS[error.why], detail: error.detail }
    case 'dfuRefused':
    case 'otaRefused':
      return { kind: 'updaterRefused', detail: error.detail }
    case 'malformedResponse':
      return { kind: 'malformed', detail: error.detail }
    default:
      return error
  }
}

abstract class UntoldSession implements Updater {
  abstract readonly format: FirmwareFormat
  readonly #connection: NordicConnection | EspConnection
  protected readonly timer: Timer
  /** What it has accepted over this link. */
  #held: Hex | null = null

  constructor(connection: NordicConnection | EspConnection, timer: Timer) {
    this.#connection = connection
    this.timer = timer
  }

  /** Whether its application runs, as opposed to its bootloader alone. */
  protected abstract get isApplication(): boolean

  abstract upload(firmware: VerifiedFirmware, watch: UploadWatch): Promise<Result<number, SessionFailure>>

  protected accepted(firmware: VerifiedFirmware): void {
    this.#held = toHex(firmware.imageHash)
  }

  async identify(): Promise<Result<null, SessionFailure>> {
    return ok(null)
  }

  async readSlots(taken?: ReleasedImage): Promise<Result<Slots, SessionFailure>> {
    const starts = taken !== undefined && this.isApplication
    const facts: SlotFacts = {
      running: starts ? { hash: taken.imageHash, confirmed: true } : null,
      other: this.#held && { hash: this.#held, pending: true },
    }
    return ok({ running: null, facts, bootloader: null })
  }

  async freeSlotSize(): Promise<Result<null, SessionFailure>> {
    return ok(null)
  }

  batteryLevel(): Promise<number | null> {
    return this.#connection.batteryLevel()
  }

  /** Its bootloader starts what it has accepted by itself. */
  async mark(): Promise<Result<void, SessionFailure>> {
    return ok(undefined)
  }

  async restart(): Promise<Result<void, SessionFailure>> {
    await this.untilGone()
    await this.close()
    return ok(undefined)
  }

  async confirm({ imageHash }: ReleasedImage): Promise<Result<SlotFacts, SessionFailure>> {
    return ok({ running: { hash: imageHash, confirmed: true }, other: null })
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  protected untilGone(): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.timer.after(resetPatience, resolve)
      this.#connection.onClose(() => {
        cancel()
        resolve()
      })
    })
  }
}

export class NordicSession extends UntoldSession {
  readonly format = 'nordicDfu'
  readonly #mode: NordicConnection['mode']

  constructor(connection: NordicConnection, timer: Timer) {
    super(connection, timer)
    this.#mode = connection.mode
  }

  protected get isApplication(): boolean {
    return this.#mode.kind === 'application'
  }

  /** From the application it goes into the bootloader first: that ends this link, and the update goes on over the next. */
  async upload(
    firmware: VerifiedFirmware,
    { signal, onProgress }: UploadWatch,
  ): Promise<Result<number, SessionFailure>> {
    if (this.#mode.kind === 'application') return this.#enterBootloader(this.#mode)
    const sent = await uploadNordic(this.#mode.link, firmware, {
      timer: this.timer,
      signal,
      onProgress: ({ sent: done, total }) => onProgress(done, total),
    })
    if (sent.ok) {
      this.accepted(firmware)
      return ok(sent.value.bytesSent)
    }
    return fail(failureOf(sent.error))
  }

  async #enterBootloader(
    mode: Extract<NordicConnection['mode'], { kind: 'application' }>,
  ): Promise<Result<number, SessionFailure>> {
    try {
      await mode.enterBootloader()
    } catch (error) {
      if (!(error instanceof LinkError)) throw error
      return fail({ kind: 'linkLost', loss: error.loss, detail: error.message })
    }
    await this.untilGone()
    return fail({ kind: 'linkLost', loss: 'closed', detail: 'it goes into its bootloader' })
  }
}

export class EspSession extends UntoldSession {
  readonly format = 'espOta'
  readonly #connection: EspConnection

  constructor(connection: EspConnection, timer: Timer) {
    super(connection, timer)
    this.#connection = connection
  }

  protected get isApplication(): boolean {
    return true
  }

  async upload(
    firmware: VerifiedFirmware,
    { signal, onProgress }: UploadWatch,
  ): Promise<Result<number, SessionFailure>> {
    const sent = await uploadEsp(this.#connection.link, firmware, {
      timer: this.timer,
      signal,
      onProgress: ({ sent: done, total }) => onProgress(done, total),
    })
    if (!sent.ok) return fail(failureOf(sent.error))
    this.accepted(firmware)
    return ok(sent.value.bytesSent)
  }
}
