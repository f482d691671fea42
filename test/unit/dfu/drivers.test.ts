// The drivers of other bootloaders against their references, over links that lose, double, delay and are cut at any packet.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootEsp, EspFlash, EspOtaDevice, type EspTarget } from '../../../device/espOta.ts'
import type { DeviceBootMode } from '../../../device/imageSlots.ts'
import { bootNordic, NordicBootloader, NordicFlash, type NordicTarget } from '../../../device/nordicDfu.ts'
import type { Bytes } from '../../../src/core/bytes.ts'
import { uploadEsp } from '../../../src/core/dfu/espUpload.ts'
import { uploadNordic } from '../../../src/core/dfu/nordicUpload.ts'
import type { VerifiedFirmware } from '../../../src/core/firmware/verified.ts'
import type { Failure, Result } from '../../../src/core/result.ts'
import {
  buildEspImage,
  buildNordicPackage,
  NORDIC_KEY,
  type NordicPackageFields,
  verifiedPackage,
} from '../../fixtures/dfuPackages.ts'
import { VirtualTime } from '../smp/virtualTime.ts'
import { BootModeParts } from './bootModeBench.ts'
import { SmpParts } from './smpBench.ts'
import { type Fault, FaultyLink, PowerCut } from './updaterLink.ts'

const patterned = (length: number, step: number): Bytes =>
  Uint8Array.from({ length }, (_, i) => (i * step + (i >> 8)) & 0xff)

/** Everything that a bootloader's test needs of it, so that all drivers stand the same tests. */
interface Bench {
  readonly oldImage: Bytes
  readonly newImage: Bytes
  /** What else may run between: a loader, from which the update goes on. */
  readonly waiting?: readonly Bytes[]
  running(): Bytes
  /** Starts anew, as after a power cut or a restart. */
  boot(): void
  /** Throws PowerCut before the flash is written for the n-th time from now on. */
  cutPowerAtWrite(n: number): void
  connect(
    faults: Fault[],
    time: VirtualTime,
  ): { readonly link: FaultyLink; update(): Promise<Result<object, Failure>> }
  readonly hasRestarted: boolean
}

abstract class Base {
  hasRestarted = false
  protected countdown(): () => void {
    return () => {
      if (this.writesLeft === null) return
      this.writesLeft--
      if (this.writesLeft < 0) {
        this.writesLeft = null
        throw new PowerCut()
      }
    }
  }
  private writesLeft: number | null = null
  cutPowerAtWrite(n: number): void {
    this.writesLeft = n
  }
}

class NordicBench extends Base implements Bench {
  readonly oldImage = patterned(6000, 3)
  readonly newImage: Bytes
  readonly firmware: VerifiedFirmware
  readonly flash: NordicFlash
  readonly target: NordicTarget
  #notify: (bytes: Uint8Array) => void = () => undefined
  #bootloader: NordicBootloader
  #link: FaultyLink | null = null

  constructor({ maxPacket = 244, ...fields }: Partial<NordicPackageFields & { maxPacket: number }> = {}) {
    super()
    this.newImage = patterned(9000, 5)
    this.firmware = verifiedPackage(
      buildNordicPackage({ application: this.newImage, ...fields }),
      'nordicDfu',
    )
    this.flash = new NordicFlash(this.oldImage, 10_000)
    this.flash.beforeWrite = this.countdown()
    this.target = {
      hardwareVersion: 52,
      softDevice: 0x100,
      trustedKey: NORDIC_KEY,
      bankSize: 65_536,
      maxPacket,
    }
    this.#bootloader = this.#start()
  }

  #start(): NordicBootloader {
    return new NordicBootloader(
      this.flash,
      this.target,
      bytes => this.#notify(bytes),
      () => {
        this.hasRestarted = true
        this.#link?.cut()
      },
    )
  }

  running = () => this.flash.application
  boot(): void {
    bootNordic(this.flash)
    this.#bootloader = this.#start()
  }

  connect(faults: Fault[], time: VirtualTime) {
    const link = new FaultyLink(faults, time)
    this.#link = link
    const control = link.pipe(bytes => this.#bootloader.control(bytes), true)
    const packet = link.pipe(bytes => this.#bootloader.packet(bytes), false)
    this.#notify = control.notify
    const nordic = { control: control.pipe, packet: packet.pipe, onClose: link.onClose.bind(link) }
    return { link, update: () => uploadNordic(nordic, this.firmware, { timer: time }) }
  }
}

class EspBench extends Base implements Bench {
  readonly oldImage = buildEspImage({ body: patterned(5000, 3), version: '1.0.0' })
  readonly newImage: Bytes
  readonly firmware: VerifiedFirmware
  readonly flash: EspFlash
  readonly target: EspTarget
  readonly #notify: Record<'command' | 'firmware', (bytes: Uint8Array) => void> = {
    command: () => undefined,
    firmware: () => undefined,
  }
  #device: EspOtaDevice
  #link: FaultyLink | null = null

  constructor({ maxPacket = 509, chip = 5 } = {}) {
    super()
    this.newImage = buildEspImage({ body: patterned(8500, 5), version: '1.1.0', chip })
    this.firmware = verifiedPackage(this.newImage, 'espOta')
    this.flash = new EspFlash(this.oldImage)
    this.flash.beforeWrite = this.countdown()
    this.target = { chip: 5, partitionSize: 65_536, maxPacket }
    this.#device = this.#start()
  }

  #start(): EspOtaDevice {
    const notify = {
      command: (bytes: Uint8Array) => this.#notify.command(bytes),
      firmware: (bytes: Uint8Array) => this.#notify.firmware(bytes),
    }
    return new EspOtaDevice(this.flash, this.target, notify, () => {
      this.hasRestarted = true
      this.#link?.cut()
    })
  }

  running = () => this.flash.running
  boot(): void {
    bootEsp(this.flash)
    this.#device = this.#start()
  }

  connect(faults: Fault[], time: VirtualTime) {
    const link = new FaultyLink(faults, time)
    this.#link = link
    const command = link.pipe(bytes => this.#device.command(bytes), true)
    const firmware = link.pipe(bytes => this.#device.packet(bytes), false)
    this.#notify.command = command.notify
    this.#notify.firmware = firmware.notify
    const esp = { command: command.pipe, firmware: firmware.pipe, onClose: link.onClose.bind(link) }
    return { link, update: () => uploadEsp(esp, this.firmware, { timer: time }) }
  }
}

class SmpBench extends Base implements Bench {
  readonly #parts: SmpParts
  readonly oldImage: Bytes
  readonly newImage: Bytes

  constructor(maxWrite = 244) {
    super()
    this.#parts = new SmpParts(maxWrite)
    this.#parts.flash.beforeWrite = this.countdown()
    this.oldImage = this.#parts.oldImage
    this.newImage = this.#parts.newImage
  }

  running = () => this.#parts.running()
  boot = () => this.#parts.boot()
  connect = (faults: Fault[], time: VirtualTime) => this.#parts.connect(faults, time)
}

class BootModeBench extends Base implements Bench {
  readonly #parts: BootModeParts
  readonly oldImage: Bytes
  readonly newImage: Bytes
  readonly waiting: readonly Bytes[]

  constructor(mode: DeviceBootMode, maxWrite = 244) {
    super()
    this.#parts = new BootModeParts(mode, maxWrite)
    this.#parts.flash.beforeWrite = this.countdown()
    this.oldImage = this.#parts.oldImage
    this.newImage = this.#parts.newImage
    this.waiting = this.#parts.waiting
  }

  running = () => this.#parts.running()
  boot = () => this.#parts.boot()
  connect = (faults: Fault[], time: VirtualTime) => this.#parts.connect(faults, time)
}

/** Boots until a boot goes through: each may be cut as well. */
function bootUp(bench: Bench): void {
  for (;;) {
    try {
      bench.boot()
      return
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
    }
  }
}

/** Updates over one link after the other, as the app does. Each boot in between must find a whole image. */
async function updateToTheEnd(bench: Bench, faults: Fault[]): Promise<readonly string[]> {
  const time = new VirtualTime()
  const outcomes: string[] = []
  for (let attempt = 0; attempt < 40 && !bench.hasRestarted; attempt++) {
    const { link, update } = bench.connect(faults, time)
    const result = await time.until(update())
    outcomes.push(result.ok ? 'ok' : result.error.kind)
    link.cut()
    if (link.powerWasCut) {
      bootUp(bench)
      expect([bench.oldImage, bench.newImage, ...(bench.waiting ?? [])]).toContainEqual(bench.running())
    }
    if (result.ok) break
  }
  bootUp(bench)
  return outcomes
}

const fault = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>('deliver') },
  { weight: 1, arbitrary: fc.constantFrom<Fault>('drop', 'double', 'delay', 'cut', 'power', 'refuse') },
)

interface Driver {
  readonly name: string
  /** Random faults to try; fewer where another row is nearly the same. */
  readonly runs: number
  make(): Bench
  /** Over a link with the smallest MTU, which swallows longer packets. */
  short(): Bench
}

describe.each([
  { name: 'SMP with MCUboot', runs: 25, make: () => new SmpBench(), short: () => new SmpBench(20) },
  ...(['overwrite', 'directXip', 'directXipRevert', 'firmwareLoader'] as const).map(mode => ({
    name: `SMP with MCUboot, ${mode}`,
    runs: 10,
    make: () => new BootModeBench(mode),
    short: () => new BootModeBench(mode, 20),
  })),
  {
    name: 'Nordic’s Secure DFU',
    runs: 25,
    make: () => new NordicBench(),
    short: () => new NordicBench({ maxPacket: 20 }),
  },
  {
    name: 'Espressif’s ble_ota',
    runs: 25,
    make: () => new EspBench(),
    short: () => new EspBench({ maxPacket: 20 }),
  },
] as readonly Driver[])('$name', ({ make, short, runs }) => {
  test('brings the new image over an honest link in one go', async () => {
    const bench = make()
    expect((await updateToTheEnd(bench, [])).at(-1)).toBe('ok')
    expect(bench.running()).toEqual(bench.newImage)
  })

  test('finds packets that the link can carry, where it swallows longer ones', async () => {
    const bench = short()
    expect((await updateToTheEnd(bench, [])).at(-1)).toBe('ok')
    expect(bench.running()).toEqual(bench.newImage)
  })

  test('ends with the new image whatever the link loses, doubles, delays and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 120 }), async faults => {
        const bench = make()
        await updateToTheEnd(bench, [...faults])
        expect(bench.running()).toEqual(bench.newImage)
      }),
      { numRuns: runs },
    )
  })

  test('a link cut at any packet leaves the old image, and the next one brings the new', async () => {
    for (let packets = 0; packets < 70; packets += 1) {
      const bench = make()
      const faults: Fault[] = [...new Array<Fault>(packets).fill('deliver'), 'cut']
      await updateToTheEnd(bench, faults)
      expect(bench.running()).toEqual(bench.newImage)
      // It was through before the cut.
      if (faults.length > 0) break
    }
  })

  test('power that fails at any write of the flash leaves the old image or the new one, never a mixture', async () => {
    for (let write = 0; write < 14; write++) {
      const bench = make()
      bench.cutPowerAtWrite(write)
      await updateToTheEnd(bench, [])
      expect(bench.running()).toEqual(bench.newImage)
    }
  })

  test('gives up with a kind when nothing gets through, and leaves the old image', async () => {
    const time = new VirtualTime()
    const deaf = make()
    const { update: again } = deaf.connect(new Array<Fault>(5000).fill('drop'), time)
    const result = await time.until(again())
    expect(result.ok ? 'ok' : result.error.kind).toMatch(/timeout|uploadStalled/)
    bootUp(deaf)
    expect(deaf.running()).toEqual(deaf.oldImage)
  })
})

describe('Nordic’s Secure DFU', () => {
  const refused = async (bench: NordicBench) => {
    const time = new VirtualTime()
    const result = await time.until(bench.connect([], time).update())
    bootUp(bench)
    expect(bench.running()).toEqual(bench.oldImage)
    return result.ok || result.error.kind !== 'packageRefused' ? result : result.error.why
  }

  test('says why the bootloader refuses a package, and nothing is written', async () => {
    expect(await refused(new NordicBench({ firmwareVersion: 9999 }))).toBe('versionTooLow')
    expect(await refused(new NordicBench({ hardwareVersion: 51 }))).toBe('wrongHardware')
    expect(await refused(new NordicBench({ softDevices: [0x101] }))).toBe('wrongSoftDevice')
    expect(await refused(new NordicBench({ secretKey: new Uint8Array(32).fill(9) }))).toBe('signatureWrong')
  })

  test('goes on from the page that the bootloader has kept', async () => {
    const bench = new NordicBench()
    const time = new VirtualTime()
    const { update } = bench.connect([...new Array<Fault>(60).fill('deliver'), 'cut'], time)
    expect((await time.until(update())).ok).toBe(false)
    const result = await time.until(bench.connect([], time).update())
    expect(result.ok && 'resumedFrom' in result.value && result.value.resumedFrom).toBeGreaterThan(0)
  })

  test('lets go of pages that are another’s, and begins anew', async () => {
    const bench = new NordicBench()
    const time = new VirtualTime()
    const { update } = bench.connect([...new Array<Fault>(60).fill('deliver'), 'cut'], time)
    await time.until(update())
    bench.flash.pages = bench.flash.pages.map(page => page.map(byte => byte ^ 1))
    expect(await updateToTheEnd(bench, [])).toEqual(['ok'])
    expect(bench.running()).toEqual(bench.newImage)
  })
})

describe('Espressif’s ble_ota', () => {
  test('an image for another chip is refused at its end, and the old one runs', async () => {
    const bench = new EspBench({ chip: 9 })
    const time = new VirtualTime()
    const result = await time.until(bench.connect([], time).update())
    expect(result.ok ? 'ok' : result.error.kind).toBe('otaRefused')
    bootUp(bench)
    expect(bench.running()).toEqual(bench.oldImage)
  })
})
