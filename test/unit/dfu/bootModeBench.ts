// MCUboot's modes that don't swap, on the bench of update protocols: a whole firmware over flash, and the app's own session.
import { type Boot, bootAll } from '../../../device/bootloader.ts'
import { buildDemoImage } from '../../../device/demoFirmware.ts'
import { bootDirectXip } from '../../../device/directXip.ts'
import { bootWithLoader } from '../../../device/firmwareLoader.ts'
import { MemoryFlash, type SlotName, slotAddress } from '../../../device/flash.ts'
import { imageGroup } from '../../../device/imageGroup.ts'
import type { DeviceBootMode } from '../../../device/imageSlots.ts'
import { osGroup } from '../../../device/osGroup.ts'
import { bootOverwrite } from '../../../device/overwrite.ts'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import type { SmpDispatchOptions } from '../../../device/smpDispatch.ts'
import { DeviceSession, type SessionFailure } from '../../../src/app/deviceSession.ts'
import type { Bytes } from '../../../src/core/bytes.ts'
import type { VerifiedFirmware } from '../../../src/core/firmware/verified.ts'
import { BOOT_MODE_NUMBERS } from '../../../src/core/mcuboot/bootMode.ts'
import { fail, ok, type Result } from '../../../src/core/result.ts'
import { buildSlotSet, verifiedPackage } from '../../fixtures/dfuPackages.ts'
import { memoryPlatform } from '../../fixtures/memoryPorts.ts'
import { POLICY, SIGNING_KEY, v } from '../device/fixtures.ts'
import type { VirtualTime } from '../smp/virtualTime.ts'
import { AskingFlash, BUF_SIZE, carrySmp } from './smpBench.ts'
import { type Fault, FaultyLink } from './updaterLink.ts'

export class BootModeParts {
  readonly flash: AskingFlash
  readonly oldImage: Bytes
  readonly newImage: Bytes
  /** What else may be found running: a loader, which can be gone on from. */
  readonly waiting: readonly Bytes[]
  readonly firmware: VerifiedFirmware
  readonly #mode: DeviceBootMode
  readonly #maxWrite: number
  #boot: Boot
  #dispatch: SmpDispatchOptions
  #isResetting = false
  #wantsLoader = false

  constructor(mode: DeviceBootMode, maxWrite: number) {
    const flash = new MemoryFlash({ slotSize: 0x4000 })
    this.flash = new AskingFlash(flash)
    this.#mode = mode
    this.#maxWrite = maxWrite
    const image = (minor: number, slot?: SlotName): Bytes =>
      buildDemoImage({
        ...{ kind: 'lock', hardware: 'rev A', version: v(1, minor), securityCounter: minor + 1 },
        ...{ signingKey: SIGNING_KEY, bodySize: 4000 },
        ...(slot ? { romAddress: slotAddress(flash, slot) } : {}),
      })
    if (mode === 'overwrite' || mode === 'swap') {
      this.waiting = []
      this.oldImage = image(0)
      this.newImage = image(1)
      this.firmware = verifiedPackage(this.newImage, 'mcuboot')
    } else if (mode === 'firmwareLoader') {
      const loader = image(9)
      installFactoryImage(flash, loader, { slot: 'secondary' })
      this.waiting = [loader]
      this.oldImage = image(0)
      this.newImage = image(1)
      this.firmware = verifiedPackage(this.newImage, 'mcuboot')
    } else {
      this.waiting = []
      this.oldImage = image(0, 'primary')
      this.newImage = image(1, 'secondary')
      this.firmware = verifiedPackage(buildSlotSet([image(1, 'primary'), this.newImage]), 'mcuboot')
    }
    installFactoryImage(flash, this.oldImage, { isMarkedGood: mode === 'directXipRevert' })
    this.#boot = this.#start()
    this.#dispatch = this.#serve()
  }

  running = (): Bytes => Uint8Array.from(this.#boot.file)

  boot(): void {
    this.#boot = this.#start()
    this.#dispatch = this.#serve()
  }

  #start(): Boot {
    const policy = { ...POLICY, hardware: 'rev A' }
    const wantsLoader = this.#wantsLoader
    this.#wantsLoader = false
    const booted = {
      swap: () => bootAll([this.flash], policy),
      overwrite: () => bootOverwrite(this.flash, policy),
      directXip: () => bootDirectXip(this.flash, policy, false),
      directXipRevert: () => bootDirectXip(this.flash, policy, true),
      firmwareLoader: () => bootWithLoader(this.flash, policy, wantsLoader),
    }[this.#mode]()
    if (!booted.ok) throw new Error(`bricked: ${booted.error.refused.detail}`)
    return booted.value
  }

  #serve(): SmpDispatchOptions {
    const os = osGroup({
      ...{ bufSize: BUF_SIZE, bufCount: 4, preventDowngrade: true, nodeName: 'bench', hardware: 'rev A' },
      bootMode: BOOT_MODE_NUMBERS[this.#mode],
      version: () => '1',
      onReset: intoBootloader => {
        this.#wantsLoader = intoBootloader
        this.#isResetting = true
      },
    })
    const images = imageGroup({
      flashes: [this.flash],
      boot: { mode: this.#mode, active: this.#boot.slot },
      eraseMs: 0,
      onState: () => undefined,
    })
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
    const platform = { ...memoryPlatform(), timer: time }
    const session = new DeviceSession(
      { transport, batteryLevel: async () => null },
      platform,
      new Map(),
      'bench',
    )
    return { link, update: () => this.#update(session) }
  }

  /** As the reducer does it: whichever step is next by what the device says, until the new image runs and stays. */
  async #update(session: DeviceSession): Promise<Result<object, SessionFailure>> {
    const { manifest } = this.firmware
    const slots = await session.readSlots(manifest)
    if (!slots.ok) return slots
    const { running } = slots.value.facts
    if (running?.hash === manifest.imageHash) {
      return running.confirmed ? ok({}) : session.confirm(manifest)
    }
    const sent = await session.upload(this.firmware, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      mayEnterLoader: true,
    })
    if (!sent.ok) return sent
    if (sent.value !== 'leftForLoader') {
      const marked = await session.mark(manifest)
      if (!marked.ok) return marked
      const restarted = await session.restart()
      if (!restarted.ok) return restarted
    }
    return fail({ kind: 'linkLost', loss: 'lost', detail: 'it restarts' })
  }
}
