// SMP with MCUboot as one more driver on the bench of update protocols: its server and bootloader, without a device's clock.
import { bootAll } from '../../../device/bootloader.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { type Flash, type FlashArea, MemoryFlash } from '../../../device/flash.ts'
import { imageGroup } from '../../../device/imageGroup.ts'
import { osGroup } from '../../../device/osGroup.ts'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { readSlotFile } from '../../../device/slotImage.ts'
import { answerSmp, type SmpDispatchOptions } from '../../../device/smpDispatch.ts'
import { type Bytes, toHex } from '../../../src/core/bytes.ts'
import type { VerifiedFirmware } from '../../../src/core/firmware/verified.ts'
import { fail, ok, type Result } from '../../../src/core/result.ts'
import { SmpClient, type SmpFailure } from '../../../src/core/smp/client.ts'
import { readState, setState } from '../../../src/core/smp/image.ts'
import { Reassembler } from '../../../src/core/smp/message.ts'
import { reset } from '../../../src/core/smp/os.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { type UploadFailure, uploadImage } from '../../../src/core/smp/upload.ts'
import { verifiedPackage } from '../../fixtures/dfuPackages.ts'
import { POLICY, SIGNING_KEY, v } from '../device/fixtures.ts'
import type { VirtualTime } from '../smp/virtualTime.ts'
import { type Fault, FaultyLink } from './updaterLink.ts'

export const BUF_SIZE = 1024

const image = (minor: number): Bytes =>
  buildDemoImage({
    kind: 'lock',
    hardware: 'rev A',
    version: v(1, minor),
    securityCounter: 1,
    signingKey: SIGNING_KEY,
    bodySize: 9000,
  })

/** Flash whose writes and erases ask first. */
export class AskingFlash implements Flash {
  readonly sectorSize: number
  beforeWrite: () => void = () => undefined
  readonly #flash: MemoryFlash

  constructor(flash: MemoryFlash) {
    this.#flash = flash
    this.sectorSize = flash.sectorSize
  }

  size = (area: FlashArea) => this.#flash.size(area)
  read = (area: FlashArea, offset: number, length: number) => this.#flash.read(area, offset, length)
  write(area: FlashArea, offset: number, bytes: Uint8Array): void {
    this.beforeWrite()
    this.#flash.write(area, offset, bytes)
  }
  erase(area: FlashArea, offset: number, length: number): void {
    this.beforeWrite()
    this.#flash.erase(area, offset, length)
  }
}

/** The client's end of a link to an SMP server that swallows writes longer than `maxWrite`. `onAnswered`: after each request. */
export function carrySmp(
  link: FaultyLink,
  maxWrite: number,
  dispatch: () => SmpDispatchOptions,
  onAnswered: () => void,
): ByteTransport {
  const reassembler = new Reassembler(BUF_SIZE)
  const { pipe, notify } = link.pipe(fragment => {
    if (fragment.length > maxWrite) return
    const read = reassembler.push(fragment)
    for (const message of read.ok ? read.value : read.error.complete) {
      const answer = answerSmp(message, dispatch())?.message ?? new Uint8Array()
      for (let at = 0; at < answer.length; at += maxWrite) notify(answer.subarray(at, at + maxWrite))
      onAnswered()
    }
  }, false)
  return { ...pipe, maxWrite, onClose: link.onClose.bind(link), close: async () => link.cut() }
}

export class SmpParts {
  readonly oldImage = image(0)
  readonly newImage = image(1)
  readonly firmware: VerifiedFirmware = verifiedPackage(this.newImage, 'mcuboot')
  readonly flash: AskingFlash
  readonly #maxWrite: number
  #dispatch: SmpDispatchOptions
  #isResetting = false

  constructor(maxWrite: number) {
    const flash = new MemoryFlash({ slotSize: 0x8000 })
    installFactoryImage(flash, this.oldImage)
    this.flash = new AskingFlash(flash)
    this.#maxWrite = maxWrite
    this.#dispatch = this.#start()
  }

  running = (): Bytes => readSlotFile(this.flash, 'primary') ?? new Uint8Array()

  boot(): void {
    const booted = bootAll([this.flash], { ...POLICY, hardware: 'rev A' })
    if (!booted.ok) throw new Error(booted.error.kind)
    this.#dispatch = this.#start()
  }

  #start(): SmpDispatchOptions {
    const os = osGroup({
      bufSize: BUF_SIZE,
      bufCount: 4,
      preventDowngrade: true,
      nodeName: 'bench',
      hardware: 'rev A',
      version: () => '1',
      onReset: () => {
        this.#isResetting = true
      },
    })
    const images = imageGroup({ flashes: [this.flash], eraseMs: 0, onState: () => undefined })
    return { groups: [os, images], bufSize: BUF_SIZE, protocol: 'v2' }
  }

  connect(faults: Fault[], time: VirtualTime) {
    const link = new FaultyLink(faults, time)
    const transport = carrySmp(
      link,
      this.#maxWrite,
      () => this.#dispatch,
      () => {
        if (!this.#isResetting) return
        this.#isResetting = false
        link.powerWasCut = true
        link.cut()
      },
    )
    return { link, update: () => this.#update(new SmpClient(transport, { timer: time })) }
  }

  /** What the app does over each link: whichever step is next, until the new image is confirmed. */
  async #update(client: SmpClient): Promise<Result<object, SmpFailure | UploadFailure>> {
    const target = toHex(this.firmware.imageHash)
    const state = await readState(client)
    if (!state.ok) return state
    const running = state.value.find(({ active }) => active)
    if (running?.hash && toHex(running.hash) === target) {
      return running.confirmed ? ok({}) : setState(client, { hash: running.hash, confirm: true })
    }
    const other = state.value.find(({ active }) => !active)
    if (!other?.hash || toHex(other.hash) !== target) {
      const sent = await uploadImage(client, this.firmware)
      if (!sent.ok) return sent
    }
    const marked = await setState(client, { hash: this.firmware.imageHash, confirm: false })
    if (!marked.ok) return marked
    await reset(client)
    return fail({ kind: 'linkLost', loss: 'lost', detail: 'it restarts' })
  }
}
