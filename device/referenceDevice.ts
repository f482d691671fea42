// The reference device: bootloader, SMP server and radio link put together; what a real one does, without the hardware.
import type { Address, Bytes } from '../src/core/bytes.ts'
import { type DeviceId, deviceIdOf, devicePublicKey } from '../src/core/identity.ts'
import type { ImagePublicKey } from '../src/core/mcuboot/publicKey.ts'
import type { ImageVersion } from '../src/core/mcuboot/version.ts'
import type { Model } from '../src/core/registry/model.ts'
import type { Result } from '../src/core/result.ts'
import { type ByteTransport, LinkError, type LinkLoss, type Timer } from '../src/core/smp/transport.ts'
import type { VendRecord } from '../src/core/vending/vendRecord.ts'
import { type Advertisement, advertisementOf } from './advertisement.ts'
import { type Boot, type BootFailure, type BootPolicy, bootAll } from './bootloader.ts'
import { behaviourOf } from './demoFirmware.ts'
import { bootDirectXip } from './directXip.ts'
import { Firmware } from './firmware.ts'
import { bootWithLoader } from './firmwareLoader.ts'
import type { Flash, SlotName } from './flash.ts'
import type { DeviceBootMode } from './imageSlots.ts'
import { swapStatusSize } from './imageSwap.ts'
import { Link } from './link.ts'
import type { GrantedAct } from './lock/openings.ts'
import type { DeviceStatistics } from './osGroup.ts'
import { bootOverwrite } from './overwrite.ts'
import type { NoiseSource } from './random.ts'
import { writeImageOk, writeMagic } from './slotTrailer.ts'
import { SmpServer } from './smpServer.ts'
import type { VendingHardware } from './vending/hardware.ts'

export type DeviceEvent =
  | { readonly kind: 'reset'; readonly reason: 'asked' | 'power' | 'watchdog' }
  | { readonly kind: 'booted'; readonly boot: Boot }
  /** The bootloader found nothing that it may run; only new hardware or a programmer helps. */
  | { readonly kind: 'bricked'; readonly detail: string }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly loss: LinkLoss }
  | { readonly kind: 'slots'; readonly change: 'uploaded' | 'erased' | 'pending' | 'confirmed' }
  /** Something of owner, Config, uses or counters was stored. */
  | { readonly kind: 'settings' }
  | { readonly kind: 'buttonPressed' }
  /** Somebody was let in; `hasMoved` is what the bolt did. */
  | ({ readonly kind: 'opened'; readonly hasMoved: boolean } & GrantedAct)
  /** An order was begun, or has ended. */
  | { readonly kind: 'vend'; readonly record: VendRecord }

/** All optional times are in milliseconds. */
export interface ReferenceDeviceOptions {
  readonly model: Model
  readonly chainId: number
  /** The FirmwareRegistry that the device names in its identity. */
  readonly registry: Address
  /** The device's identity: P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
  /** Keys whose images the bootloader boots. */
  readonly trustedKeys: readonly ImagePublicKey[]
  /** With an image in the primary slot (`installFactoryImage`). */
  readonly flash: Flash
  /** Of further images (a network core's, say), from number 1 on, each with slots of its own. */
  readonly companions?: readonly Flash[]
  /** How its bootloader starts images, default `swap`; with companions it is no other. */
  readonly bootMode?: DeviceBootMode
  /** In firmware loader mode: the application does not answer for images at all. */
  readonly leavesImagesToLoader?: boolean
  readonly timer: Timer
  /** A plain SMP device knows nothing of Fob's group; default true. */
  readonly hasFobGroup?: boolean
  readonly protocol?: 'v1' | 'v2'
  /** Default true, see BootPolicy. */
  readonly preventDowngrade?: boolean
  /** Bytes of SMP's buffers, default 2475 (Zephyr's, for reassembly over Bluetooth), and how many, default 4. */
  readonly bufSize?: number
  readonly bufCount?: number
  /** Bytes of a write or notification, default 244. */
  readonly maxWrite?: number
  /** From the answer to a reset until it happens, default 250 as in Zephyr. */
  readonly resetMs?: number
  /** From a reset until connections are taken, default 1500. */
  readonly bootMs?: number
  readonly watchdogMs?: number
  readonly requestMs?: number
  readonly writeMs?: number
  readonly eraseMs?: number
  /** Whether it has a button that opens pairing, default true. */
  readonly hasButton?: boolean
  /** `claimCodeKey` of the code that is printed on it; none where left out. */
  readonly claimCodeKey?: Uint8Array
  /** Mixed into its random bytes. Needed where the flash may be an older one than the last (a page's snapshots). */
  readonly noise?: NoiseSource
  /** What the lock works in, one block of bytes: `LOCK_MEMORY` of them where left out. What does not fit is refused. */
  readonly lockMemory?: Bytes
  /** Moves the bolt, at once, and says whether it moved. A device without it is no lock. */
  readonly actuator?: () => boolean
  /** What it gives out. A device without it is no machine. */
  readonly vending?: VendingHardware
  /**
   * A clock that a battery keeps going without power, Unix seconds: read at each start once the device was told the time.
   * Without one the time is uncertain then.
   */
  readonly keptClock?: () => number
  /** Percent, default 80. */
  readonly battery?: number
  /** What its system counts; none where left out. */
  readonly statistics?: DeviceStatistics
}

export class ReferenceDevice {
  readonly deviceId: DeviceId
  readonly model: Model
  readonly #options: ReferenceDeviceOptions
  readonly #policy: BootPolicy
  readonly #listeners = new Set<(event: DeviceEvent) => void>()
  /** Of this boot: a reset loses whatever the firmware kept in memory, such as an upload that was under way. */
  #firmware: Firmware | undefined
  #running: Boot | undefined
  #link: { readonly link: Link; readonly server: SmpServer } | undefined
  #cancelTimer: (() => void) | undefined
  /** What the retained memory holds: it outlives a reset, not a power cut. */
  #wantsLoader = false

  /** Boots at once, in the constructor's own turn: a device that is found is running. */
  constructor(options: ReferenceDeviceOptions) {
    const { bootMode = 'swap', companions = [] } = options
    if (bootMode !== 'swap' && companions.length > 0) {
      throw new RangeError('several images are swapped: no other way is known here')
    }
    if (bootMode === 'swap' && swapStatusSize(options.flash) > options.flash.size('swapStatus')) {
      throw new RangeError(
        'the swap status does not fit its area: larger sectors or smaller slots are needed',
      )
    }
    this.#options = options
    this.model = options.model
    this.deviceId = deviceIdOf(devicePublicKey(options.key))
    this.#policy = {
      trustedKeys: options.trustedKeys,
      hardware: options.model.hardware,
      preventDowngrade: options.preventDowngrade ?? true,
    }
    this.#boot()
  }

  get advertisement(): Advertisement {
    return advertisementOf(this.#options.model, this.#options.key, this.#running?.isLoader)
  }

  /** Whether a scan finds it: it runs, and nobody is connected. */
  get isAdvertising(): boolean {
    return this.#isReachable() && this.#link === undefined
  }

  get isConnected(): boolean {
    return this.#link !== undefined
  }

  /** null while it boots, and for good where nothing can be booted. */
  get runningVersion(): ImageVersion | null {
    return this.#running?.image.version ?? null
  }

  /** Percent. */
  battery(): number {
    return this.#options.battery ?? 80
  }

  /** Calls back for everything that happens to the device. Returns the unsubscribe. */
  onEvent(listener: (event: DeviceEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The central's end of a new connection. Rejects with LinkError: `timeout` while it can't be reached, `busy` when it is taken. */
  async connect(): Promise<ByteTransport> {
    const firmware = this.#firmware
    if (!firmware || !this.#isReachable()) throw new LinkError('timeout', 'the device does not answer')
    if (this.#link) throw new LinkError('busy', 'another central is connected')
    const { timer, maxWrite = 244, writeMs = 0, requestMs = 0, bufSize = 2475, bufCount = 4 } = this.#options
    const server = new SmpServer({ ...firmware.connection(bufSize), bufCount, requestMs, timer }, message =>
      link.send(message),
    )
    const link = new Link({
      timer,
      maxWrite,
      writeMs,
      onReceive: fragment => server.receive(fragment),
      onClosed: loss => {
        server.close()
        this.#link = undefined
        this.#emit({ kind: 'disconnected', loss })
      },
    })
    this.#link = { link, server }
    this.#emit({ kind: 'connected' })
    return link.central()
  }

  /** Somebody presses the button: for 60 s a free device lets itself be paired. Nothing happens while it boots. */
  pressButton(): void {
    if (!this.#running || this.#options.hasButton === false) return
    this.#firmware?.fob?.pairing.pressButton()
    this.#emit({ kind: 'buttonPressed' })
  }

  /** Time that was proven to the device, Unix seconds. Whoever calls has checked it: nothing here does. */
  takeTime(seconds: number): void {
    this.#firmware?.fob?.clock.take(seconds)
  }

  /** The radio link breaks; the device itself goes on. */
  dropLink(): void {
    this.#link?.link.end('lost')
  }

  /** Somebody pulls the plug and puts it back. */
  cyclePower(): void {
    this.#wantsLoader = false
    this.#reset('power')
  }

  /** Stops all timers and ends the connection; for a page that closes the device. */
  dispose(): void {
    this.#cancelTimer?.()
    this.#stop()
    this.#link?.link.end('lost')
  }

  #stop(): void {
    this.#running = undefined
    this.#firmware?.stop()
    this.#firmware = undefined
  }

  #isReachable(): boolean {
    return this.#running !== undefined && behaviour(this.#running) === 'works'
  }

  #reset(reason: 'asked' | 'power' | 'watchdog'): void {
    this.#cancelTimer?.()
    this.#stop()
    this.#link?.link.end('lost')
    this.#emit({ kind: 'reset', reason })
    this.#cancelTimer = this.#options.timer.after(this.#options.bootMs ?? 1500, () => this.#boot())
  }

  #startImage(): Result<Boot, BootFailure> {
    const { flash, companions = [], bootMode = 'swap' } = this.#options
    const wantsLoader = this.#wantsLoader
    this.#wantsLoader = false
    switch (bootMode) {
      case 'swap':
        return bootAll([flash, ...companions], this.#policy)
      case 'overwrite':
        return bootOverwrite(flash, this.#policy)
      case 'directXip':
      case 'directXipRevert':
        return bootDirectXip(flash, this.#policy, bootMode === 'directXipRevert')
      case 'firmwareLoader':
        return bootWithLoader(flash, this.#policy, wantsLoader)
    }
  }

  #boot(): void {
    const { timer } = this.#options
    const started = this.#startImage()
    if (!started.ok) {
      const { kind, detail } = started.error.refused
      this.#emit({ kind: 'bricked', detail: `${kind}: ${detail}` })
      return
    }
    this.#running = started.value
    this.#firmware = this.#start(started.value)
    const clock = this.#firmware.fob?.clock
    if (this.#options.keptClock && clock && clock.now().time > 0) clock.take(this.#options.keptClock())
    this.#emit({ kind: 'booted', boot: started.value })
    if (behaviour(started.value) === 'crashes') {
      this.#cancelTimer = timer.after(this.#options.watchdogMs ?? 2000, () => this.#reset('watchdog'))
    }
  }

  #start(boot: Boot): Firmware {
    const { timer, resetMs = 250 } = this.#options
    const { image } = boot
    return new Firmware({
      device: this.#options,
      boot,
      version: image.version,
      nodeName: this.advertisement.localName,
      onReset: intoBootloader => {
        this.#wantsLoader = intoBootloader
        this.#cancelTimer?.()
        this.#cancelTimer = timer.after(resetMs, () => this.#reset('asked'))
      },
      onSlots: change => this.#emit({ kind: 'slots', change }),
      onStored: () => this.#emit({ kind: 'settings' }),
      onOpened: (act, hasMoved) => this.#emit({ kind: 'opened', hasMoved, ...act }),
      onVend: record => this.#emit({ kind: 'vend', record }),
    })
  }

  #emit(event: DeviceEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}

function behaviour({ image, file }: Boot) {
  return behaviourOf(file.subarray(image.headerSize, image.headerSize + image.bodySize))
}

/**
 * Puts an image into the primary slot of fresh flash, or a loader into the other one, as the factory does. Throws RangeError where it
 * does not fit. `isMarkedGood`: with a confirmed trailer (`imgtool sign --pad --confirm`), without which direct-XIP with revert erases it.
 */
export function installFactoryImage(
  flash: Flash,
  image: Uint8Array,
  { slot = 'primary', isMarkedGood = false }: { slot?: SlotName; isMarkedGood?: boolean } = {},
): void {
  if (image.length > flash.size(slot) - flash.sectorSize) {
    throw new RangeError(`an image of ${image.length} bytes does not fit the slot`)
  }
  flash.erase(slot, 0, flash.size(slot))
  flash.write(slot, 0, image)
  if (!isMarkedGood) return
  writeMagic(flash, slot)
  writeImageOk(flash, slot)
}
