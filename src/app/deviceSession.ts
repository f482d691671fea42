// A connected device in the words of the main job: identify, slots, upload, mark, restart, confirm. One link, one client.
import { fromHex, type Hex, toHex } from '../core/bytes.ts'
import type { VerifiedFirmware } from '../core/firmware/verified.ts'
import { type DeviceIdentity, type IdentityError, verifyIdentity } from '../core/identity.ts'
import { fail, ok, type Result } from '../core/result.ts'
import { type Cancellation, SmpClient, type SmpFailure } from '../core/smp/client.ts'
import { MgmtError } from '../core/smp/errors.ts'
import { readIdentity } from '../core/smp/fob.ts'
import { readSlotInfo, readState, setState, uploadCapacity } from '../core/smp/image.ts'
import { readParams, reset } from '../core/smp/os.ts'
import { probeWriteSize } from '../core/smp/probe.ts'
import type { ByteTransport, Timer } from '../core/smp/transport.ts'
import { type UploadFailure, uploadImage } from '../core/smp/upload.ts'
import { type DeviceImage, factsOf, readImages, runningOf } from '../core/update/imageFacts.ts'
import type { SlotFacts } from '../core/update/step.ts'
import type { DfuSessionFailure } from './dfuSessions.ts'
import type { ConnectFailure, DevicePort, SmpConnection } from './ports/device.ts'
import type { Platform } from './ports/platform.ts'
import type { RunningImage } from './ports/store.ts'
import type { Updater } from './updater.ts'

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

export interface Slots {
  readonly running: RunningImage | null
  readonly facts: SlotFacts
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

  async readSlots(meant?: Hex): Promise<Result<Slots, SessionFailure>> {
    const state = await readState(this.#client)
    if (!state.ok) return state
    const read = readImages(state.value)
    if (!read.ok) return read
    return ok({ running: runningOf(read.value), facts: factsOf(read.value, meant).facts })
  }

  /** Bytes that an upload may have, of all images together; null where the device does not tell. */
  async freeSlotSize(): Promise<Result<number | null, SessionFailure>> {
    const info = await readSlotInfo(this.#client)
    if (!info.ok) return isUnknownCommand(info.error) ? ok(null) : info
    const sizes = info.value.map(({ image }) => uploadCapacity(info.value, image))
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
    options: { readonly signal: Cancellation; readonly onProgress: (done: number, total: number) => void },
  ): Promise<Result<number, SessionFailure>> {
    const slots = await this.readSlots(toHex(firmware.imageHash))
    if (!slots.ok) return slots
    if (slots.value.facts.other?.hash === toHex(firmware.imageHash)) return ok(0)
    const state = await readState(this.#client)
    if (!state.ok) return state
    // Of several images, those that the device has already, running or in the other slot, are not sent again.
    const isHeld = (index: number, hash: Hex) =>
      state.value.some(slot => slot.image === index && slot.hash !== null && toHex(slot.hash) === hash)
    const missing = firmware.images.filter(({ index, hash }) => !isHeld(index, hash))
    const params = await readParams(this.#client)
    if (!params.ok && !isUnknownCommand(params.error)) return params
    const bufSize = this.#linkBuffer ?? (params.ok ? params.value.bufSize : undefined)
    const sized = await this.#settleWriteSize(options.signal, bufSize)
    if (!sized.ok) return sized
    const sizes = firmware.images.map(({ part }) => firmware.sizeOf(part) ?? 0)
    const total = sizes.reduce((a, b) => a + b, 0)
    let before = total - missing.reduce((sum, { part }) => sum + (firmware.sizeOf(part) ?? 0), 0)
    let bytesSent = 0
    for (const { index, part } of missing) {
      const sent = await uploadImage(this.#client, firmware, {
        image: index,
        params: params.ok ? params.value : null,
        signal: options.signal,
        onProgress: ({ sent: done }) => options.onProgress(before + done, total),
      })
      if (!sent.ok) return fail(explainRefusal(sent.error, slots.value.facts))
      bytesSent += sent.value.bytesSent
      before += firmware.sizeOf(part) ?? 0
    }
    return ok(bytesSent)
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
   * Asks for one boot of the image with this hash, or of all images of the set with it; the bootloader goes back unless
   * they are confirmed after that.
   */
  async mark(imageHash: Hex): Promise<Result<void, SessionFailure>> {
    const images = await this.#readImages()
    if (!images.ok) return images
    const { next } = factsOf(images.value, imageHash)
    for (const hash of next.length > 0 ? next : [bytesOf(imageHash)]) {
      const set = await setState(this.#client, { hash, confirm: false })
      if (!set.ok) return set
    }
    return ok(undefined)
  }

  /**
   * Resolves when the device has let go of the link, which is how a reset shows: whoever connects again before that
   * meets the firmware that is about to end. A device may also reset before its answer is on the air.
   */
  async restart(): Promise<Result<void, SessionFailure>> {
    const sent = await reset(this.#client)
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

  async confirm(imageHash: Hex): Promise<Result<SlotFacts, SessionFailure>> {
    const images = await this.#readImages()
    if (!images.ok) return images
    const unconfirmed = images.value.filter(({ running }) => !running.confirmed)
    const hashes = images.value.length > 1 ? unconfirmed.map(({ running }) => running.hash) : []
    for (const hash of hashes.length > 0 ? hashes : [bytesOf(imageHash)]) {
      const set = await setState(this.#client, { hash, confirm: true })
      if (!set.ok) return set
    }
    const slots = await this.readSlots(imageHash)
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

/** Servers answer both cases with one code, and what helps against one does harm in the other. */
function explainRefusal(error: UploadFailure | SmpFailure, { running, other }: SlotFacts): SessionFailure {
  if (error.kind !== 'deviceError') return error
  if (other?.pending) return { kind: 'slotHoldsPending', detail: other.hash }
  if (running?.confirmed === false) return { kind: 'runningOnTrial', detail: running.hash }
  return error
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
