// Small signed images and devices for the device tests, and a client that speaks raw SMP messages.
import { sha256 } from '@noble/hashes/sha2.js'
import type { BootPolicy } from '../../../device/bootloader.ts'
import { buildDemoImage, type FirmwareBehaviour } from '../../../device/demoFirmware.ts'
import { MemoryFlash } from '../../../device/flash.ts'
import {
  installFactoryImage,
  ReferenceDevice,
  type ReferenceDeviceOptions,
} from '../../../device/referenceDevice.ts'
import { signerPublicKey } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'
import type { ImageVersion } from '../../../src/core/mcuboot/version.ts'
import { type CborMap, type CborValue, decodeCborMap, encodeCbor } from '../../../src/core/smp/cbor.ts'
import { encodeMessage, Reassembler, SmpOp } from '../../../src/core/smp/message.ts'
import type { ByteTransport } from '../../../src/core/smp/transport.ts'
import { ManualTimer } from './manualTimer.ts'

export const SIGNING_KEY = new Uint8Array(32).fill(5)
const HARDWARE = 'rev B'
export const POLICY: BootPolicy = {
  trustedKeys: [signerPublicKey({ kind: 'ecdsaP256', secretKey: SIGNING_KEY })],
  hardware: HARDWARE,
  preventDowngrade: true,
}
export const IDENTITY = {
  model: { maker: `0x${'1a'.repeat(20)}`, name: 'Fob Lock One', hardware: HARDWARE },
  chainId: 31337,
  registry: `0x${'2b'.repeat(20)}`,
  key: new Uint8Array(32).fill(9),
} as const

export const v = (major: number, minor = 0): ImageVersion => ({ major, minor, revision: 0, build: 0 })

export interface TestImage {
  readonly minor?: number
  readonly securityCounter?: number
  readonly hardware?: string
  readonly signingKey?: Uint8Array
  readonly behaviour?: FirmwareBehaviour
  readonly bodySize?: number
  readonly romAddress?: number
}

/** Version `1.minor.0`; about 1.5 KB unless a body size is given. */
export function testImage({ minor = 0, ...options }: TestImage = {}): Uint8Array {
  return buildDemoImage({
    kind: 'lock',
    hardware: HARDWARE,
    version: v(1, minor),
    securityCounter: 1,
    signingKey: SIGNING_KEY,
    bodySize: 900,
    ...options,
  })
}

export function hashOf(image: Uint8Array): Uint8Array {
  const parsed = parseImage(image)
  if (!parsed.ok) throw new Error(`the fixture is no image: ${parsed.error.kind}`)
  return parsed.value.imageHash
}

/** Eight sectors of 512 bytes a slot. */
export function flashWith(image: Uint8Array): MemoryFlash {
  const flash = new MemoryFlash({ slotSize: 4096, sectorSize: 512 })
  installFactoryImage(flash, image)
  return flash
}

export interface Answer {
  readonly version: number
  readonly op: number
  readonly body: CborMap
}

/** Sends one raw request at a time over a transport and lets the timer run until the answer is there. */
export class RawClient {
  readonly timer: ManualTimer
  readonly transport: ByteTransport
  readonly answers: Answer[] = []
  #sequence = 0

  constructor(timer: ManualTimer, transport: ByteTransport) {
    this.timer = timer
    this.transport = transport
    const reassembler = new Reassembler(0xffff)
    transport.onData(bytes => {
      const result = reassembler.push(bytes)
      if (!result.ok) throw new Error(result.error.detail)
      for (const { version, op, payload } of result.value) {
        const body = decodeCborMap(payload)
        if (!body.ok) throw new Error(body.error.detail)
        this.answers.push({ version, op, body: body.value })
      }
    })
  }

  async send(
    op: 'read' | 'write',
    group: number,
    command: number,
    payload: Uint8Array,
    version: 0 | 1 = 1,
  ): Promise<void> {
    const sequence = this.#sequence++ & 0xff
    const message = encodeMessage({ op: SmpOp[op], version, flags: 0, group, sequence, command, payload })
    for (let at = 0; at < message.length; at += this.transport.maxWrite) {
      const written = this.transport.write(message.slice(at, at + this.transport.maxWrite))
      await this.timer.advance(5)
      await written
    }
  }

  /** undefined where no answer came within a second. */
  async ask(
    op: 'read' | 'write',
    group: number,
    command: number,
    body: CborMap,
    version: 0 | 1 = 1,
  ): Promise<Answer | undefined> {
    const before = this.answers.length
    await this.send(op, group, command, encodeCbor(body), version)
    for (let i = 0; i < 100 && this.answers.length === before; i++) await this.timer.advance(10)
    return this.answers[before]
  }

  async body(
    op: 'read' | 'write',
    group: number,
    command: number,
    body: CborMap,
  ): Promise<CborMap | undefined> {
    return (await this.ask(op, group, command, body))?.body
  }

  /** Uploads from `from` in packets of `step` bytes; resolves with the last answer. */
  async upload(image: Uint8Array, from = 0, to = image.length, step = 200): Promise<CborMap | undefined> {
    let last: CborMap | undefined
    for (let at = from; at < to; at += step) {
      const data = image.slice(at, Math.min(at + step, to))
      const first: CborMap = at === 0 ? { image: 0, len: image.length, sha: sha256(image) } : {}
      last = await this.body('write', 1, 1, { ...first, off: at, data })
    }
    return last
  }

  /** What image state says per slot, without the hash. */
  async state(): Promise<CborValue | undefined> {
    return (await this.body('read', 1, 0, {}))?.images
  }
}

export async function startDevice(
  image: Uint8Array,
  options: Partial<ReferenceDeviceOptions> = {},
): Promise<{ device: ReferenceDevice; flash: MemoryFlash; timer: ManualTimer; client: RawClient }> {
  const timer = new ManualTimer()
  const flash = flashWith(image)
  const device = new ReferenceDevice({
    ...IDENTITY,
    trustedKeys: POLICY.trustedKeys,
    flash,
    timer,
    ...options,
  })
  return { device, flash, timer, client: new RawClient(timer, await device.connect()) }
}

/** Connects again, as a central does after the link was lost. */
export const reconnect = async (device: ReferenceDevice, timer: ManualTimer): Promise<RawClient> =>
  new RawClient(timer, await device.connect())
