// A reference device on the test radio, with its SMP messages in view: what was asked of it, and what is answered.
import { createDemoDevice } from '../../../device/demo.ts'
import type { DemoKind } from '../../../device/demoFirmware.ts'
import type { MemoryFlash } from '../../../device/flash.ts'
import type { ReferenceDevice, ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { readSlotFile } from '../../../device/slotImage.ts'
import { readTrailer } from '../../../device/slotTrailer.ts'
import type { Address } from '../../../src/core/bytes.ts'
import type { ImagePublicKey } from '../../../src/core/mcuboot/publicKey.ts'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import type { Model } from '../../../src/core/registry/model.ts'
import { decodeCborMap } from '../../../src/core/smp/cbor.ts'
import { encodeMessage, Reassembler, SmpGroup, type SmpMessage } from '../../../src/core/smp/message.ts'
import type { ByteTransport, Timer } from '../../../src/core/smp/transport.ts'
import type { Peripheral } from '../../radio/peripheral.ts'
import { smpPeripheral } from '../../radio/smpPeripheral.ts'

/** What the phone gets instead of the device's answer: byte strings, one notification stream each, in order. */
export type Answering = (
  answer: SmpMessage,
) => readonly Uint8Array[] | undefined | Promise<readonly Uint8Array[] | undefined>

export interface OnAirOptions {
  readonly kind: DemoKind
  /** As advertised. */
  readonly name: string
  readonly model: Pick<Model, 'name' | 'hardware'>
  readonly address: string
  readonly maker: Address
  readonly registry: Address
  readonly chainId: number
  readonly trustedKeys: readonly ImagePublicKey[]
  /** The device's P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  readonly factoryImage: Uint8Array
  readonly device?: Partial<ReferenceDeviceOptions>
}

/** An image upload request (Zephyr, "Application/software image management"). */
export interface UploadPacket {
  /** Bytes from the start of the file. */
  readonly offset: number
  /** Bytes of the file in it. */
  readonly length: number
}

const IMAGE_UPLOAD = 1
const OS_RESET = 5
const MAX_MESSAGE = 65_535

export const isReset = ({ group, command }: SmpMessage): boolean =>
  group === SmpGroup.os && command === OS_RESET

/** undefined for any other message. */
export function uploadPacket({ group, command, payload }: SmpMessage): UploadPacket | undefined {
  if (group !== SmpGroup.image || command !== IMAGE_UPLOAD) return undefined
  const body = decodeCborMap(payload)
  const { off, data } = body.ok ? body.value : {}
  if (typeof off !== 'number' || !(data instanceof Uint8Array)) return undefined
  return { offset: off, length: data.length }
}

export class OnAir {
  readonly device: ReferenceDevice
  readonly peripheral: Peripheral
  readonly name: string
  /** Every request that reached the device, over all links. */
  readonly requests: SmpMessage[] = []
  /** Versions in the order in which they were booted, after the first boot. */
  readonly boots: string[] = []
  /** Told of each request before the device gets it. */
  onRequest: ((request: SmpMessage) => void) | null = null
  /** Replaces answers while it is set; undefined from it leaves one as it is. */
  answering: Answering | null = null
  private readonly flash: MemoryFlash
  /** Milliseconds that its clock is ahead of this machine's. */
  private ahead = 0

  constructor(options: OnAirOptions) {
    const { device, flash } = createDemoDevice({
      ...options,
      name: options.model.name,
      hardware: options.model.hardware,
      timer: this.timer(),
      storage: { factoryImage: options.factoryImage },
      options: {
        requestMs: 0,
        writeMs: 0,
        eraseMs: 5,
        resetMs: 20,
        bootMs: 40,
        watchdogMs: 60,
        ...options.device,
      },
    })
    this.device = device
    this.flash = flash
    this.name = options.name
    this.peripheral = smpPeripheral({
      device: { connect: () => this.connect() },
      name: options.name,
      address: options.address,
      batteryLevel: () => device.battery(),
    })
    device.onEvent(event => {
      // A device that restarts, or whose new firmware has no radio, is not there.
      if (event.kind === 'reset') this.peripheral.isInReach = false
      if (event.kind !== 'booted') return
      this.boots.push(formatVersion(event.boot.image.version))
      this.peripheral.isInReach = device.isAdvertising
    })
  }

  /** The version that runs, and whether it stays after a reset; null while it boots. */
  get running(): { readonly version: string; readonly isConfirmed: boolean } | null {
    const version = this.device.runningVersion
    if (version === null) return null
    const { magic, imageOk } = readTrailer(this.flash, 'primary')
    return { version: formatVersion(version), isConfirmed: magic === 'unset' || imageOk === 'set' }
  }

  /** The whole file in the slot that runs, byte for byte. */
  get file(): Uint8Array {
    return readSlotFile(this.flash, 'primary') ?? new Uint8Array()
  }

  /** The upload packets that reached the device, over all links. */
  get uploads(): readonly UploadPacket[] {
    return this.requests.flatMap(request => uploadPacket(request) ?? [])
  }

  /** Its clock goes on by so much at once; what it waits for takes as long as before. */
  letPass(milliseconds: number): void {
    this.ahead += milliseconds
  }

  private timer(): Timer {
    return {
      now: () => performance.now() + this.ahead,
      after(ms, task) {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    }
  }

  private async connect(): Promise<ByteTransport> {
    const link = await this.device.connect()
    const asked = new Reassembler(MAX_MESSAGE)
    const answered = new Reassembler(MAX_MESSAGE)
    const messages = (reassembler: Reassembler, bytes: Uint8Array): readonly SmpMessage[] => {
      const read = reassembler.push(bytes)
      return read.ok ? read.value : read.error.complete
    }
    return {
      ...link,
      write: bytes => {
        for (const request of messages(asked, bytes)) {
          this.requests.push(request)
          this.onRequest?.(request)
        }
        return link.write(bytes)
      },
      onData: listener =>
        link.onData(async bytes => {
          for (const message of messages(answered, bytes)) {
            const replaced = (await this.answering?.(message)) ?? [encodeMessage(message)]
            for (const answer of replaced) listener(answer)
          }
        }),
    }
  }
}
