// Sends a verified package to a bootloader with Nordic's Secure DFU: resumable, with receipts, never trusting its offsets.
//
// Source: Nordic, nRF5 SDK 17, "Device Firmware Update process": the init packet is one command object, the image a row of
// data objects of one flash page each; each is created, written, checked by its CRC-32 and executed.

import type { FirmwarePart } from '../firmware/package.ts'
import { isVerifiedFirmware, type VerifiedFirmware } from '../firmware/verified.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Cancellation } from '../smp/client.ts'
import type { LinkLoss, Timer } from '../smp/transport.ts'
import { crc32 } from './crc.ts'
import {
  checksumRequest,
  createRequest,
  DfuExtendedError,
  DfuObject,
  type DfuObjectType,
  DfuOp,
  type DfuProgress,
  type DfuResponse,
  DfuResult,
  type DfuSelection,
  executeRequest,
  readProgress,
  readResponse,
  readSelection,
  receiptsRequest,
  selectRequest,
} from './nordicControl.ts'
import { asLinkLost, Ended, Inbox, type Pipe, type PipeFailure } from './pipe.ts'

/** A device in its bootloader. */
export interface NordicLink {
  /** Written with response. */
  readonly control: Pipe
  /** Written without response. */
  readonly packet: Pipe
  /** Calls back once when the link is gone; at once if it already is. Returns the unsubscribe. */
  onClose(listener: (loss: LinkLoss) => void): () => void
}

export type NordicFailure =
  | PipeFailure
  | { readonly kind: 'malformedResponse'; readonly detail: string }
  /** The bootloader refuses the package by its init packet. */
  | { readonly kind: 'packageRefused'; readonly why: NordicRefusal; readonly detail: string }
  | { readonly kind: 'dfuRefused'; readonly op: number; readonly result: number; readonly detail: string }
  /** What arrives is not what was sent, again and again. */
  | { readonly kind: 'uploadStalled'; readonly offset: number; readonly detail: string }

export type NordicRefusal =
  | 'versionTooLow'
  | 'wrongHardware'
  | 'wrongSoftDevice'
  | 'signatureMissing'
  | 'hashFailed'
  | 'signatureWrong'
  | 'noSpace'
  | 'other'

export interface NordicUploadOptions {
  readonly timer: Timer
  readonly signal?: Cancellation | undefined
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void
  /** Sizes of a packet to try, the largest first; default: what a link with a long MTU takes, down to what every link takes. */
  readonly packetSizes?: readonly number[]
}

export interface NordicUploadReport {
  /** Bytes of the image that the bootloader had kept. */
  readonly resumedFrom: number
  /** Bytes put on the link, repeats included. */
  readonly bytesSent: number
  readonly packetSize: number
}

const PACKET_SIZES = [244, 182, 100, 20]
/** The longest a chip takes to erase a page and write it, and then some. */
const ANSWER_MS = 10_000
/** The last object's: the bootloader computes the hash of the whole image before it answers. */
const LAST_ANSWER_MS = 60_000
/** Packets between two receipts: begins low, doubles with each object that went through, halves with each that did not. */
const RECEIPTS = { first: 8, least: 1, most: 64 }
/** Times in a row that one object may arrive damaged. */
const MAX_STRIKES = 6

/**
 * Resolves when the bootloader has executed the last object: it has then checked the image's SHA-256 against the signed init
 * packet, and restarts into it. A lost link is gone on with by calling this again over the next one.
 */
export async function uploadNordic(
  link: NordicLink,
  firmware: VerifiedFirmware,
  options: NordicUploadOptions,
): Promise<Result<NordicUploadReport, NordicFailure>> {
  if (!isVerifiedFirmware(firmware)) throw new TypeError('only verified firmware can be uploaded')
  if (firmware.format !== 'nordicDfu') throw new TypeError(`${firmware.format} is no package for Secure DFU`)
  const upload = new Upload(link, firmware, options)
  try {
    return ok(await upload.run())
  } catch (error) {
    if (error instanceof Ended) return fail(error.failure as NordicFailure)
    throw error
  } finally {
    upload.close()
  }
}

class Upload {
  readonly #link: NordicLink
  readonly #firmware: VerifiedFirmware
  readonly #options: NordicUploadOptions
  readonly #inbox: Inbox
  readonly #sizes: number[]
  #receipts = RECEIPTS.first
  #bytesSent = 0

  constructor(link: NordicLink, firmware: VerifiedFirmware, options: NordicUploadOptions) {
    this.#link = link
    this.#firmware = firmware
    this.#options = options
    this.#sizes = [...(options.packetSizes ?? PACKET_SIZES)]
    this.#inbox = new Inbox(link.control, listener => link.onClose(listener), options.timer)
  }

  close(): void {
    this.#inbox.close()
  }

  async run(): Promise<NordicUploadReport> {
    await this.#sendInitPacket()
    const resumedFrom = await this.#sendImage()
    return { resumedFrom, bytesSent: this.#bytesSent, packetSize: this.#packetSize }
  }

  get #packetSize(): number {
    return this.#sizes[0] ?? 20
  }

  /**
   * One that the bootloader holds already is executed again, which makes it known as valid and changes nothing else;
   * `anew` sends it all the same, which lets go of what was stored of an image.
   */
  async #sendInitPacket(anew = false): Promise<void> {
    const size = this.#sizeOf('initPacket')
    const held = await this.#select(DfuObject.command)
    if (size > held.maxSize) throw tooLarge(size, held.maxSize)
    const isHeld = !anew && isSame(held, { offset: size, crc: this.#crcTo('initPacket', size) })
    for (let strikes = 0; !isHeld; ) {
      await this.#request(createRequest(DfuObject.command, size))
      if (await this.#write('initPacket', 0, size)) break
      strikes = this.#strike(strikes, 0)
    }
    await this.#request(executeRequest())
  }

  async #sendImage(): Promise<number> {
    const total = this.#sizeOf('application')
    const held = await this.#select(DfuObject.data)
    if (held.maxSize === 0) throw tooLarge(1, 0)
    const page = held.maxSize
    let at = await this.#resume(held, total)
    const resumedFrom = at
    this.#report(at, total)
    for (let strikes = 0; at < total; ) {
      // A page that is begun goes on where it is, unless a packet of it was lost.
      const start = Math.floor(at / page) * page
      const end = Math.min(start + page, total)
      if (at === start) await this.#request(createRequest(DfuObject.data, end - start))
      if (await this.#write('application', at, end)) {
        await this.#request(executeRequest(), end === total ? LAST_ANSWER_MS : ANSWER_MS)
        this.#receipts = Math.min(this.#receipts * 2, RECEIPTS.most)
        strikes = 0
        at = end
        this.#report(at, total)
      } else {
        strikes = this.#strike(strikes, start)
        // Pages before it that are not ours can only be let go of all together.
        const fromStart = strikes === MAX_STRIKES / 2 && start > 0
        if (fromStart) await this.#sendInitPacket(true)
        at = fromStart ? 0 : start
      }
    }
    return resumedFrom
  }

  /**
   * Where to go on. What the bootloader has is believed only where its checksum is that of our own bytes; else the page is
   * created anew, and a damaged page before it shows at once by its checksum.
   */
  async #resume(held: DfuSelection, total: number): Promise<number> {
    const { offset, maxSize } = held
    if (offset === 0 || offset > total) return 0
    if (held.crc !== this.#crcTo('application', offset)) {
      return Math.floor((offset - 1) / maxSize) * maxSize
    }
    const isWhole = offset % maxSize === 0 || offset === total
    if (!isWhole) return offset
    // Whole, but perhaps not executed: asked for twice, it is refused, which says as much.
    const answer = await this.#ask(executeRequest(), offset === total ? LAST_ANSWER_MS : ANSWER_MS)
    const wasExecuted = answer.result === DfuResult.notPermitted
    if (answer.result !== DfuResult.success && !wasExecuted) throw refusal(answer)
    if (wasExecuted && offset === total) {
      // All pages are there, and still it did not restart: it was cut before it had checked them.
      await this.#sendInitPacket(true)
      return 0
    }
    return offset
  }

  /** Whether the object's bytes arrived as they are here. */
  async #write(part: FirmwarePart, from: number, to: number): Promise<boolean> {
    await this.#request(receiptsRequest(this.#receipts))
    let crc = this.#crcTo(part, from)
    let packets = 0
    for (let at = from; at < to; ) {
      if (this.#options.signal?.aborted) throw new Ended<NordicFailure>({ kind: 'cancelled' })
      const bytes = this.#firmware.chunk(at, Math.min(this.#packetSize, to - at), part)
      try {
        await this.#link.packet.write(bytes)
      } catch (error) {
        const lost = asLinkLost(error)
        // Too long for this link: it lives on, and takes shorter ones.
        if (lost.kind === 'linkLost' && lost.loss === 'refused') return false
        throw new Ended<NordicFailure>(lost)
      }
      crc = crc32(bytes, crc)
      at += bytes.length
      packets++
      this.#bytesSent += bytes.length
      if (packets % this.#receipts === 0 && at < to) {
        const receipt = await this.#receipt()
        if (!receipt || !isSame(receipt, { offset: at, crc })) return false
        if (part === 'application') this.#report(at, this.#sizeOf('application'))
      }
    }
    const arrived = await this.#checksum()
    return isSame(arrived, { offset: to, crc })
  }

  /** A damaged object: fewer packets at a time, and shorter ones, since a link may swallow what is too long for it. */
  #strike(strikes: number, offset: number): number {
    if (strikes + 1 >= MAX_STRIKES) {
      throw new Ended<NordicFailure>({
        kind: 'uploadStalled',
        offset,
        detail: `${MAX_STRIKES} times in a row`,
      })
    }
    this.#receipts = Math.max(this.#receipts >> 1, RECEIPTS.least)
    if (this.#sizes.length > 1) this.#sizes.shift()
    return strikes + 1
  }

  #report(sent: number, total: number): void {
    this.#options.onProgress?.({ sent, total })
  }

  #sizeOf(part: FirmwarePart): number {
    const size = this.#firmware.sizeOf(part)
    if (size === undefined) throw new Error(`a package without ${part}`)
    return size
  }

  #crcTo(part: FirmwarePart, end: number): number {
    return crc32(this.#firmware.chunk(0, end, part))
  }

  async #select(type: DfuObjectType): Promise<DfuSelection> {
    const selection = readSelection(await this.#request(selectRequest(type)))
    if (!selection) throw malformed('select')
    return selection
  }

  async #checksum(): Promise<DfuProgress> {
    const progress = readProgress(await this.#request(checksumRequest()))
    if (!progress) throw malformed('checksum')
    return progress
  }

  /** One that the device sends unasked; undefined where none comes, since packets were lost that it counts. */
  async #receipt(): Promise<DfuProgress | undefined> {
    const bytes = await this.#inbox.next(ANSWER_MS / 5)
    const response = bytes && readResponse(bytes)
    return response?.ok && response.value.op === DfuOp.checksum ? readProgress(response.value) : undefined
  }

  async #request(request: Uint8Array, ms = ANSWER_MS): Promise<DfuResponse> {
    const response = await this.#ask(request, ms)
    if (response.result !== DfuResult.success) throw refusal(response)
    return response
  }

  async #ask(request: Uint8Array, ms: number): Promise<DfuResponse> {
    if (this.#options.signal?.aborted) throw new Ended<NordicFailure>({ kind: 'cancelled' })
    // A receipt that came late belongs to nothing any more.
    this.#inbox.clear()
    try {
      await this.#link.control.write(request)
    } catch (error) {
      throw new Ended<NordicFailure>(asLinkLost(error))
    }
    for (;;) {
      const bytes = await this.#inbox.next(ms)
      if (bytes === undefined) {
        throw new Ended<NordicFailure>({
          kind: 'timeout',
          detail: `no answer to 0x${request[0]?.toString(16)}`,
        })
      }
      const response = readResponse(bytes)
      if (!response.ok) throw new Ended<NordicFailure>(response.error)
      if (response.value.op === request[0]) return response.value
    }
  }
}

const isSame = (a: DfuProgress, b: DfuProgress): boolean => a.offset === b.offset && a.crc === b.crc

const malformed = (what: string) =>
  new Ended<NordicFailure>({ kind: 'malformedResponse', detail: `answer to ${what}` })

const tooLarge = (size: number, max: number) =>
  new Ended<NordicFailure>({
    kind: 'packageRefused',
    why: 'noSpace',
    detail: `${size} bytes, the bootloader takes ${max}`,
  })

function refusal({ op, result, extended }: DfuResponse): Ended<NordicFailure> {
  const detail = `opcode 0x${op.toString(16)}, result 0x${result.toString(16)}, extended ${extended ?? 'none'}`
  const byInitPacket = result === DfuResult.extended || result === DfuResult.insufficientResources
  if (op === DfuOp.execute && byInitPacket) {
    const named = Object.entries(DfuExtendedError).find(([, code]) => code === extended)
    const why = (named?.[0] ?? (extended === null ? 'noSpace' : 'other')) as NordicRefusal
    return new Ended<NordicFailure>({ kind: 'packageRefused', why, detail })
  }
  return new Ended<NordicFailure>({ kind: 'dfuRefused', op, result, detail })
}
