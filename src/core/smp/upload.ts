// Uploads verified firmware to a device's free slot: resumable, windowed, and never trusting the device's offsets.
import { type Hex, toHex } from '../bytes.ts'
import { isVerifiedFirmware, type VerifiedFirmware } from '../firmware/verified.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBool, readOptional, readUint } from './cbor.ts'
import {
  type Cancellation,
  ERASE_TIMEOUT_MS,
  type PendingRequest,
  type SmpClient,
  type SmpFailure,
} from './client.ts'
import { MgmtError } from './errors.ts'
import { ImageCommand, readState } from './image.ts'
import { SmpGroup } from './message.ts'
import { readParams, type SmpParams } from './os.ts'
import { SendWindow } from './sendWindow.ts'
import { SentBytes } from './sentBytes.ts'
import {
  chunkLength,
  chunkPacket,
  efficientLimit,
  openingLength,
  openingPacket,
  type UploadTarget,
} from './uploadPacket.ts'

export interface UploadProgress {
  /** Bytes that the device says it has. */
  readonly sent: number
  readonly total: number
  /** Where this upload began: what the device had kept of an earlier one. */
  readonly resumedFrom: number
}

export interface UploadOptions {
  /** MCUboot image number, one of the firmware's; default 0. */
  readonly image?: number
  /** The slot that it goes to, for firmware with a build for each. */
  readonly slot?: number
  /** The device itself refuses what is not newer (`upgrade`); default false: the release policy has decided already. */
  readonly upgradeOnly?: boolean
  /** As read before; null for a device that does not tell. Asked for when left out. */
  readonly params?: SmpParams | null
  /** Requests in flight at most, within what the device can buffer; default: all but one of its buffers, and no more than 16. */
  readonly window?: number
  readonly signal?: Cancellation | undefined
  readonly onProgress?: (progress: UploadProgress) => void
}

export interface UploadReport {
  readonly resumedFrom: number
  /** Bytes of firmware put on the link, repeats included. */
  readonly bytesSent: number
  /** Times that the upload went back, because a packet or its answer was lost. */
  readonly rewinds: number
  /** Whether the device said that the stored file has the right SHA-256; not every device says. */
  readonly deviceChecked: boolean
}

export type UploadFailure =
  | SmpFailure
  /** The device's message buffer can't even take the image header. */
  | { readonly kind: 'deviceBufferTooSmall'; readonly detail: string }
  /** The device answers, but does not get further. */
  | { readonly kind: 'uploadStalled'; readonly offset: number; readonly detail: string }
  /** An offset that no honest device can give: outside the file, or beyond what was sent. */
  | { readonly kind: 'badUploadOffset'; readonly detail: string }
  /** The device says that what it stored has another SHA-256. */
  | { readonly kind: 'storedFileDiffers' }
  /** The bytes in memory are not those that were verified any more; the last packet was not sent. */
  | { readonly kind: 'sentBytesDiffer' }

/** Goings-back in a row that brought nothing, before the upload is given up. */
const MAX_STRIKES = 4
const LARGEST_WINDOW = 16

/**
 * Sends a firmware file to the free slot (group 1, command 1). The device knows an interrupted upload of the same file by
 * its SHA-256 and goes on from what it kept. Resolves when the device has acknowledged the last byte; whether the slot
 * then holds the right image is for `readState` to show.
 */
export async function uploadImage(
  client: SmpClient,
  firmware: VerifiedFirmware,
  options: UploadOptions = {},
): Promise<Result<UploadReport, UploadFailure>> {
  if (!isVerifiedFirmware(firmware)) throw new TypeError('only verified firmware can be uploaded')
  const params = await paramsOf(client, options)
  return params.ok ? new Upload(client, firmware, params.value, options).run() : params
}

/** A device without the command gets messages of one write: that needs no reassembly. */
async function paramsOf(
  client: SmpClient,
  options: UploadOptions,
): Promise<Result<SmpParams | null, SmpFailure>> {
  if (options.params !== undefined) return ok(options.params)
  const params = await readParams(client, { signal: options.signal })
  return !params.ok && params.error.kind === 'deviceError' ? ok(null) : params
}

interface Packet {
  readonly end: number
  readonly request: PendingRequest
  readonly answer: Promise<{ readonly packet: Packet; readonly result: Result<Answer, UploadFailure> }>
}

interface Answer {
  readonly offset: number
  readonly match: boolean | null
}

/** `reopen`: send the opening packet again and go on from where the device says. */
type Step =
  | { readonly kind: 'complete' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'at'; readonly offset: number }

class Upload {
  private readonly client: SmpClient
  /** MCUboot's hash of the image that is sent. */
  private readonly imageHash: Hex
  private readonly options: UploadOptions
  private readonly target: UploadTarget
  private readonly bytes: SentBytes
  private messageLimit: number
  private readonly window: SendWindow
  private inFlight: Packet[] = []

  private resumedFrom: number | undefined
  /** The most that the device ever acknowledged, and its value when the upload last went back. */
  private highWater = 0
  private highWaterAtRewind = -1
  private strikes = 0
  private rewinds = 0
  private bytesSent = 0
  /** The end of what the device can have: what was sent, and what it had when the upload was opened. */
  private sentUpTo = 0
  private deviceChecked = false

  constructor(
    client: SmpClient,
    firmware: VerifiedFirmware,
    params: SmpParams | null,
    options: UploadOptions,
  ) {
    this.client = client
    const { image: index = 0, slot = null } = options
    const [only, another] = firmware.images
    // A file of one image goes wherever it is wanted.
    const image = another
      ? firmware.images.find(candidate => candidate.index === index && candidate.slot === slot)
      : only
    if (!image) throw new TypeError(`this firmware has no image ${index} for ${slot ?? 'any slot'}`)
    this.imageHash = image.hash
    this.bytes = new SentBytes(firmware, image.part)
    this.options = options
    this.target = {
      image: index,
      size: this.bytes.size,
      fileHash: this.bytes.fileHash,
      upgradeOnly: options.upgradeOnly ?? false,
    }
    this.messageLimit = params ? params.bufSize : singleWriteLimit(client)
    const buffered = params ? params.bufCount - 1 : 1
    this.window = new SendWindow(Math.min(buffered, options.window ?? LARGEST_WINDOW))
  }

  async run(): Promise<Result<UploadReport, UploadFailure>> {
    for (let step: Step = { kind: 'reopen' }; step.kind !== 'complete'; ) {
      const next: Result<Step, UploadFailure> =
        step.kind === 'reopen' ? await this.open() : await this.stream(step.offset)
      if (!next.ok) {
        this.forgetAll()
        return next
      }
      step = next.value
    }
    const { resumedFrom = 0, bytesSent, rewinds, deviceChecked } = this
    return ok({ resumedFrom, bytesSent, rewinds, deviceChecked })
  }

  private async open(): Promise<Result<Step, UploadFailure>> {
    const isFirst = this.rewinds === 0
    if (this.sentUpTo === this.target.size && (await this.isStored())) return ok({ kind: 'complete' })
    const length = openingLength(this.target, this.messageLimit)
    if (length === undefined) {
      return fail({ kind: 'deviceBufferTooSmall', detail: `${this.messageLimit} bytes for a message` })
    }
    const data = this.bytes.take(0, length)
    if (!data) return fail({ kind: 'sentBytesDiffer' })
    // The device may erase the slot before it answers; asked again, it mostly has no need to, so only the last try waits.
    const patience = isFirst || this.strikes === MAX_STRIKES ? { timeoutMs: ERASE_TIMEOUT_MS } : {}
    const packet = this.send(openingPacket(this.target, data), 0, length, patience)
    const { result } = await packet.answer
    this.inFlight = []
    if (!result.ok) return this.recover(result.error, true)
    const { offset } = result.value
    if (this.resumedFrom === undefined) this.resumedFrom = offset === length ? 0 : offset
    const finished = this.acknowledge(result.value)
    if (finished) return finished
    if (offset === 0) return this.rewind({ kind: 'reopen' })
    return ok({ kind: 'at', offset })
  }

  /** Keeps the window full from `offset` on, until the file is through or something has to be sent again. */
  private async stream(offset: number): Promise<Result<Step, UploadFailure>> {
    let next = offset
    const limit = efficientLimit(this.messageLimit, this.client.writeSize)
    for (;;) {
      while (this.inFlight.length < this.window.size && next < this.target.size) {
        const length = chunkLength(next, this.target.size, limit)
        if (length === 0) {
          return fail({ kind: 'deviceBufferTooSmall', detail: `${this.messageLimit} bytes for a message` })
        }
        const data = this.bytes.take(next, length)
        if (!data) return fail({ kind: 'sentBytesDiffer' })
        this.send(chunkPacket(next, data), next, next + length, {})
        next += length
      }
      const { packet, result } = await Promise.race(this.inFlight.map(sent => sent.answer))
      if (!result.ok) return this.recover(result.error, false)
      if (result.value.offset !== packet.end) return this.goBack(packet, result.value)
      // The answer is cumulative: whoever was sent before has arrived too, though its answer did not.
      this.window.grow(this.settleUpTo(packet))
      const finished = this.acknowledge(result.value)
      if (finished) return finished
    }
  }

  /**
   * A packet was lost before this one, so the device expects another offset, and says so to every packet that follows.
   * All of those are heard out first: repeating the lost packet behind them would only be answered in the same way.
   */
  private async goBack(packet: Packet, answer: Answer): Promise<Result<Step, UploadFailure>> {
    let latest = answer
    this.settleUpTo(packet)
    for (const later of this.inFlight) {
      const { result } = await later.answer
      if (!result.ok) return this.recover(result.error, false)
      latest = result.value
    }
    this.inFlight = []
    const finished = this.acknowledge(latest)
    if (finished) return finished
    return this.rewind(latest.offset === 0 ? { kind: 'reopen' } : { kind: 'at', offset: latest.offset })
  }

  private async recover(failure: UploadFailure, isOpening: boolean): Promise<Result<Step, UploadFailure>> {
    this.forgetAll()
    switch (failure.kind) {
      case 'linkLost':
        // A refused write left the link and the device as they were.
        if (failure.loss !== 'busy' && failure.loss !== 'refused') return fail(failure)
        break
      case 'deviceError':
        if (!this.adaptTo(failure)) return fail(failure)
        break
      case 'timeout':
        // Some devices tell the size of their buffer, yet don't put messages together from several writes.
        if (isOpening && this.resumedFrom === undefined) this.sendSingleWrites()
        break
      case 'malformed':
      case 'unexpected':
        break
      default:
        return fail(failure)
    }
    return this.rewind({ kind: 'reopen' }, failure)
  }

  /** Whether SMP itself refused for a reason that sending less at a time, or sending again, can mend. */
  private adaptTo({ group, rc }: { readonly group: number | null; readonly rc: number }): boolean {
    if (group !== null) return false
    if (rc === MgmtError.ENOMEM || rc === MgmtError.EBUSY) this.window.limit()
    else if (rc === MgmtError.EMSGSIZE) return this.sendSingleWrites()
    else return rc === MgmtError.ECORRUPT
    return true
  }

  /** Limits messages to one write each; false when they were so small already. */
  private sendSingleWrites(): boolean {
    const limit = singleWriteLimit(this.client)
    if (limit >= this.messageLimit) return false
    this.messageLimit = limit
    return true
  }

  private rewind(step: Step, failure?: UploadFailure): Result<Step, UploadFailure> {
    this.rewinds++
    this.window.shrink()
    this.strikes = this.highWater > this.highWaterAtRewind ? 1 : this.strikes + 1
    this.highWaterAtRewind = this.highWater
    // The second bound is for a device that creeps: it gets on, but never fast enough to be worth the battery.
    const isCreeping = this.bytesSent > 4 * this.target.size + 65_536
    if (this.strikes <= MAX_STRIKES && !isCreeping) return ok(step)
    if (failure) return fail(failure)
    const detail = `${this.rewinds} times back, ${this.bytesSent} bytes sent`
    return fail({ kind: 'uploadStalled', offset: this.highWater, detail })
  }

  /** Notes what the device has; the outcome, when that is everything. */
  private acknowledge(answer: Answer): Result<Step, UploadFailure> | undefined {
    this.highWater = Math.max(this.highWater, answer.offset)
    const { resumedFrom = 0 } = this
    this.options.onProgress?.({ sent: answer.offset, total: this.target.size, resumedFrom })
    if (answer.match === false) return fail({ kind: 'storedFileDiffers' })
    if (answer.offset < this.target.size) return undefined
    this.deviceChecked = answer.match === true
    return ok({ kind: 'complete' })
  }

  /** A device that lost only its last answer has the image already, and would else take the whole file again. */
  private async isStored(): Promise<boolean> {
    const state = await readState(this.client, { signal: this.options.signal })
    if (!state.ok) return false
    return state.value.some(
      ({ image, active, hash }) =>
        image === this.target.image && !active && hash !== null && toHex(hash) === this.imageHash,
    )
  }

  private send(body: CborMap, start: number, end: number, patience: { readonly timeoutMs?: number }): Packet {
    const request = this.client.send({
      op: 'write',
      group: SmpGroup.image,
      command: ImageCommand.upload,
      body,
      signal: this.options.signal,
      ...patience,
    })
    const answer = request.reply.then(reply => ({
      packet,
      result: reply.ok ? this.readAnswer(reply.value, start) : reply,
    }))
    const packet: Packet = { end, request, answer }
    this.inFlight.push(packet)
    this.bytesSent += end - start
    this.sentUpTo = Math.max(this.sentUpTo, end)
    return packet
  }

  private readAnswer(body: CborMap, start: number): Result<Answer, UploadFailure> {
    const offset = readUint(body, 'off')
    const match = readOptional(body, 'match', readBool, null)
    if (offset === undefined || match === undefined) {
      return fail({ kind: 'malformed', detail: 'field off or match' })
    }
    // The opening packet is answered with whatever the device kept of an earlier upload of this file.
    const limit = start === 0 ? this.target.size : this.sentUpTo
    if (offset > limit) return fail({ kind: 'badUploadOffset', detail: `${offset}, more than ${limit}` })
    this.sentUpTo = Math.max(this.sentUpTo, offset)
    return ok({ offset, match })
  }

  /** Stops waiting for this packet and those sent before it; how many that were. */
  private settleUpTo(packet: Packet): number {
    const settled = this.inFlight.splice(0, this.inFlight.indexOf(packet) + 1)
    for (const earlier of settled) earlier.request.forget()
    return settled.length
  }

  private forgetAll(): void {
    for (const packet of this.inFlight.splice(0)) packet.request.forget()
  }
}

/** Below 128 bytes not even the opening packet fits: a device on such a link has to put messages together. */
const singleWriteLimit = (client: SmpClient): number => Math.max(client.writeSize, 128)
