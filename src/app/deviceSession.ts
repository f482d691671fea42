// A connected device in the words of the main job: identify, slots, upload, mark, restart, confirm. One link, one client.
import { fromHex, type Hex, toHex } from '../core/bytes.ts'
import type { PackedImage } from '../core/firmware/package.ts'
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import { type DeviceIdentity, type IdentityError, verifyIdentity } from '../core/identity.ts'
import { type BootMode, bootModeOf, isMarked } from '../core/mcuboot/bootMode.ts'
import type { ReleasedImage } from '../core/registry/release.ts'
import { fail, ok, type Result } from '../core/result.ts'
import { type Cancellation, SmpClient, type SmpFailure } from '../core/smp/client.ts'
import { MgmtError } from '../core/smp/errors.ts'
import { readIdentity } from '../core/smp/fob.ts'
import { readSlotInfo, readState, setState, uploadCapacity } from '../core/smp/image.ts'
import { readBootloader, readParams, reset } from '../core/smp/os.ts'
import { probeWriteSize } from '../core/smp/probe.ts'
import type { ByteTransport, Timer } from '../core/smp/transport.ts'
import { type UploadFailure, uploadImage } from '../core/smp/upload.ts'
import { type DeviceImage, factsOf, factsOfLoader, readImages, runningOf } from '../core/update/imageFacts.ts'
import type { SlotFacts } from '../core/update/step.ts'
import { explainRefusal, imagesFor, noLoader } from './chooseImages.ts'
import type { DfuSessionFailure } from './dfuSessions.ts'
import type { ConnectFailure, DevicePort, SmpConnection } from './ports/device.ts'
import type { Platform } from './ports/platform.ts'
import type { RunningImage } from './ports/store.ts'
import type { Updater, UploadWatch } from './updater.ts'

/** Milliseconds that a link may outlive its device: the longest supervision timeout of Bluetooth LE is 32 s, usual ones are below 6 s. */
const resetPatience = 10_000

export type SessionFailure =
  | SmpFailure
  | DfuSessionFailure
  | UploadFailure
  | IdentityError
  /** Image state lists no running image with a version and a hash: nothing can be compared. */
  | { readonly kind: 'noRunningImage'; readonly detail: string }
  /** The upload was refused, and the free slot holds an image that the next reset would boot. `detail`: its hash. */
  | { readonly kind: 'slotHoldsPending'; readonly detail: string }
  /** The upload was refused, and the running image is on trial: the other slot holds what it would go back to. */
  | { readonly kind: 'runningOnTrial'; readonly detail: string }
  /** No image of the firmware is built for the slot that is free. */
  | { readonly kind: 'wrongBootMode'; readonly detail: string }
  /** Its application does not take images, and it came back with it where its loader was asked for. */
  | { readonly kind: 'loaderNotEntered'; readonly detail: string }

/** What a device tells of MCUboot; `mode` is null where it tells none that is known here. */
export interface Bootloader {
  readonly mode: BootMode | null
  readonly noDowngrade: boolean
}

export interface Slots {
  readonly running: RunningImage | null
  readonly facts: SlotFacts
  /** null for others' updaters. */
  readonly bootloader: Bootloader | null
}

/**
 * Write sizes that were found to work, by source and id: probing costs a time-out on links that drop long writes, and a
 * device that is left waiting for the rest of one is not probed a second time.
 */
export type WriteSizes = Map<string, number>

export async function openSession(
  port: DevicePort,
  sourceId: string,
  platform: Platform,
  writeSizes: WriteSizes,
): Promise<Result<DeviceSession, ConnectFailure>> {
  const connected = await port.connect(sourceId)
  if (!connected.ok) return connected
  const connection = connected.value
  if (connection.updater === 'nordicDfu' || connection.updater === 'espOta') {
    await connection.close()
    return fail({ kind: 'notSmp', detail: connection.updater })
  }
  return ok(new DeviceSession(connection, platform, writeSizes, `${port.source}/${sourceId}`))
}

export class DeviceSession implements Updater {
  readonly format = 'mcuboot'
  readonly #connection: SmpConnection
  /** Over the link itself: for what is open to everybody, and for the commands that open a session. */
  readonly link: SmpClient
  /** The same, or inside the session that manages the device. */
  #client: SmpClient
  readonly #timer: Timer
  /** As it has proven itself on this link; null before that, and for a plain SMP device. */
  identity: DeviceIdentity | null = null
  /** Bytes of the device's buffer outside of the session; undefined before there is one. */
  #linkBuffer: number | undefined
  #bootloader: Bootloader | undefined
  readonly #writeSizes: WriteSizes
  readonly #place: string

  constructor(connection: SmpConnection, platform: Platform, writeSizes: WriteSizes, place: string) {
    this.#connection = connection
    this.link = new SmpClient(connection.transport, { timer: platform.timer })
    this.#client = this.link
    this.#timer = platform.timer
    this.#writeSizes = writeSizes
    this.#place = place
  }

  /**
   * From here on everything that manages the device goes through what `seal` makes of the link: a session that was opened
   * over it. `bufSize`: bytes of the device's buffer. Resolves with the client inside.
   */
  async manage(
    seal: (link: SmpClient, buffer: { readonly bufSize: number }) => ByteTransport,
  ): Promise<Result<SmpClient, SessionFailure>> {
    const params = await readParams(this.link)
    if (!params.ok) return params
    this.#linkBuffer = params.value.bufSize
    this.#client = new SmpClient(seal(this.link, params.value), { timer: this.#timer })
    return ok(this.#client)
  }

  /** null for a device without the Fob group: a plain SMP device. `challenge`: 32 fresh random bytes. */
  async identify(challenge: Uint8Array): Promise<Result<DeviceIdentity | null, SessionFailure>> {
    const answer = await readIdentity(this.link, challenge)
    if (!answer.ok) return isUnknownCommand(answer.error) ? ok(null) : answer
    const { maker, model, hardware, chainId, registry, publicKey, signature } = answer.value
    const verified = verifyIdentity({
      challenge,
      model: { maker: toHex(maker), name: model, hardware },
      chainId,
      registry: toHex(registry),
      publicKey,
      signature,
    })
    this.identity = verified.ok ? verified.value : null
    return verified
  }

  async readSlots(meant?: ReleasedImage): Promise<Result<Slots, SessionFailure>> {
    const asked = await this.#readBootloader()
    if (!asked.ok) return asked
    const bootloader = asked.value
    const state = await readState(this.#client)
    if (bootloader.mode === 'firmwareLoader') {
      if (!state.ok && isUnknownCommand(state.error)) {
        return ok({ running: null, facts: { running: null, other: null, untold: true }, bootloader })
      }
      const inLoader = state.ok ? factsOfLoader(state.value) : null
      if (inLoader) return ok({ running: null, facts: inLoader, bootloader })
    }
    if (!state.ok) return state
    const read = readImages(state.value)
    if (!read.ok) return read
    return ok({ running: runningOf(read.value), facts: factsOf(read.value, meant).facts, bootloader })
  }

  /** Asked once for each link. A device that does not answer, or not in this form, is one that tells nothing. */
  async #readBootloader(): Promise<Result<Bootloader, SessionFailure>> {
    if (this.#bootloader) return ok(this.#bootloader)
    const info = await readBootloader(this.#client)
    if (!info.ok && info.error.kind === 'linkLost') return info
    this.#bootloader = {
      mode: info.ok ? bootModeOf(info.value.mode) : null,
      noDowngrade: info.ok && info.value.noDowngrade,
    }
    return ok(this.#bootloader)
  }

  /** Bytes that an upload may have, of all images together; null where the device does not tell. */
  async freeSlotSize(): Promise<Result<number | null, SessionFailure>> {
    const info = await readSlotInfo(this.#client)
    if (!info.ok) return isUnknownCommand(info.error) ? ok(null) : info
    // The loader writes where the application lies.
    const target = this.#bootloader?.mode === 'firmwareLoader' ? 0 : 1
    const sizes = info.value.map(({ image }) => uploadCapacity(info.value, image, target))
    const known = sizes.filter(size => size !== null)
    return ok(known.length === sizes.length && sizes.length > 0 ? known.reduce((a, b) => a + b) : null)
  }

  /** What talks to the device: inside the owner's session where there is one. */
  get managed(): SmpClient {
    return this.#client
  }

  /** Calls back once when the link is gone. */
  onLost(listener: () => void): void {
    this.#connection.transport.onClose(listener)
  }

  batteryLevel(): Promise<number | null> {
    return this.#connection.batteryLevel()
  }

  /** Resolves with the bytes that were sent now: 0 where the slot held the image already, less than all on a resume. */
  async upload(
    firmware: VerifiedFirmware,
    { signal, onProgress, mayEnterLoader }: UploadWatch,
  ): Promise<Result<number | 'leftForLoader', SessionFailure>> {
    const slots = await this.readSlots(firmware.manifest)
    if (!slots.ok) return slots
    const { facts, bootloader } = slots.value
    const hasLoader = bootloader?.mode === 'firmwareLoader'
    if (hasLoader && !facts.inLoader && mayEnterLoader) return this.#enterLoader()
    if (hasLoader && facts.untold) return fail(noLoader)
    // A loader is not believed that what lies there is whole: it compares by the file's SHA-256, and the rest is sent.
    if (!hasLoader && facts.other?.hash === toHex(firmware.imageHash)) return ok(0)
    const state = await readState(this.#client)
    if (!state.ok) return state
    const chosen = imagesFor(firmware, state.value, bootloader?.mode ?? null)
    if (!chosen.ok) return chosen
    // Of several images, those that the device has already, running or in the other slot, are not sent again.
    const isHeld = (index: number, hash: Hex) =>
      state.value.some(slot => slot.image === index && slot.hash !== null && toHex(slot.hash) === hash)
    const missing = hasLoader ? chosen.value : chosen.value.filter(({ index, hash }) => !isHeld(index, hash))
    const params = await readParams(this.#client)
    if (!params.ok && !isUnknownCommand(params.error)) return params
    const bufSize = this.#linkBuffer ?? (params.ok ? params.value.bufSize : undefined)
    const sized = await this.#settleWriteSize(signal, bufSize)
    if (!sized.ok) return sized
    const sizeOf = ({ part }: PackedImage<Hex>) => firmware.sizeOf(part) ?? 0
    const total = chosen.value.reduce((sum, image) => sum + sizeOf(image), 0)
    let before = total - missing.reduce((sum, image) => sum + sizeOf(image), 0)
    let bytesSent = 0
    for (const image of missing) {
      const sent = await uploadImage(this.#client, firmware, {
        image: image.index,
        ...(image.slot === null ? {} : { slot: image.slot }),
        params: params.ok ? params.value : null,
        signal,
        onProgress: ({ sent: done }) => onProgress(before + done, total),
      })
      if (!sent.ok) {
        // Of an application that lists itself, only its refusal shows that it is no loader.
        const isRefused = hasLoader && !facts.inLoader && sent.error.kind === 'deviceError'
        return fail(isRefused ? noLoader : explainRefusal(sent.error, facts))
      }
      bytesSent += sent.value.bytesSent
      before += sizeOf(image)
    }
    return ok(bytesSent)
  }

  /** The link ends with it, as with any restart. */
  async #enterLoader(): Promise<Result<'leftForLoader', SessionFailure>> {
    const left = await this.#reset(true)
    return left.ok ? ok('leftForLoader') : left
  }

  /** Of the link: what is sealed travels in its writes. */
  async #settleWriteSize(signal: Cancellation, bufSize?: number): Promise<Result<void, SessionFailure>> {
    const known = this.#writeSizes.get(this.#place)
    if (known !== undefined) {
      this.link.writeSize = known
      return ok(undefined)
    }
    const probed = await probeWriteSize(this.link, { signal, ...(bufSize ? { bufSize } : {}) })
    if (!probed.ok) return probed
    const { writeSize, inSync } = probed.value
    this.#writeSizes.set(this.#place, writeSize)
    // A write was cut and the device waits for its rest: only a new link empties its buffer.
    return inSync ? ok(undefined) : fail({ kind: 'linkLost', loss: 'timeout', detail: 'write size probe' })
  }

  /**
   * Asks for one boot of the release's image, or of all images of the set; the bootloader goes back unless they are confirmed
   * after that. Nothing is asked of one that chooses by itself.
   */
  async mark(meant: ReleasedImage): Promise<Result<void, SessionFailure>> {
    const bootloader = await this.#readBootloader()
    if (!bootloader.ok) return bootloader
    if (!isMarked(bootloader.value.mode)) return ok(undefined)
    const images = await this.#readImages()
    if (!images.ok) return images
    const { next } = factsOf(images.value, meant)
    for (const hash of next.length > 0 ? next : [bytesOf(meant.imageHash)]) {
      const set = await setState(this.#client, { hash, confirm: false })
      if (!set.ok) return set
    }
    return ok(undefined)
  }

  restart(): Promise<Result<void, SessionFailure>> {
    return this.#reset(false)
  }

  /**
   * Resolves when the device has let go of the link, which is how a reset shows: whoever connects again before that
   * meets the firmware that is about to end. A device may also reset before its answer is on the air.
   */
  async #reset(intoBootloader: boolean): Promise<Result<void, SessionFailure>> {
    const sent = await reset(this.#client, { intoBootloader })
    if (!sent.ok && sent.error.kind !== 'linkLost' && sent.error.kind !== 'timeout') return sent
    await new Promise<void>(resolve => {
      const cancel = this.#timer.after(resetPatience, resolve)
      this.#connection.transport.onClose(() => {
        cancel()
        resolve()
      })
    })
    await this.close()
    return ok(undefined)
  }

  async confirm(meant: ReleasedImage): Promise<Result<SlotFacts, SessionFailure>> {
    const images = await this.#readImages()
    if (!images.ok) return images
    const unconfirmed = images.value.filter(({ running }) => !running.confirmed)
    const several = images.value.length > 1 || meant.slotImages !== undefined
    const hashes = several ? unconfirmed.map(({ running }) => running.hash) : []
    for (const hash of hashes.length > 0 ? hashes : [bytesOf(meant.imageHash)]) {
      const set = await setState(this.#client, { hash, confirm: true })
      if (!set.ok) return set
    }
    const slots = await this.readSlots(meant)
    return slots.ok ? ok(slots.value.facts) : slots
  }

  async #readImages(): Promise<Result<readonly DeviceImage[], SessionFailure>> {
    const state = await readState(this.#client)
    return state.ok ? readImages(state.value) : state
  }

  async close(): Promise<void> {
    this.#client.dispose()
    this.link.dispose()
    await this.#connection.transport.close()
  }
}

function isUnknownCommand(error: SmpFailure): boolean {
  return (
    error.kind === 'deviceError' &&
    error.group === null &&
    (error.rc === MgmtError.ENOTSUP || error.rc === MgmtError.ENOENT)
  )
}

function bytesOf(hash: Hex): Uint8Array {
  const bytes = fromHex(hash)
  if (!bytes) throw new Error(`not a hash: ${hash}`)
  return bytes
}
