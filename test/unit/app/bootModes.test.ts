// Whole updates of devices whose bootloader doesn't swap: builds for each slot, no way back, and a loader that writes over the application.
import { describe, expect, it } from 'vitest'
import { MemoryFlash, type SlotName, slotAddress } from '../../../device/flash.ts'
import type { DeviceBootMode } from '../../../device/imageSlots.ts'
import { installFactoryImage, type ReferenceDeviceOptions } from '../../../device/referenceDevice.ts'
import { readSlotImage } from '../../../device/slotImage.ts'
import type { DevicePort } from '../../../src/app/ports/device.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { type AppWorld, appWorld, image, readingOf, until } from '../../fixtures/appWorld.ts'
import { buildSlotSet, manifestOf } from '../../fixtures/dfuPackages.ts'
import { demoModel } from '../../fixtures/release.ts'

const newFlash = () => new MemoryFlash({ slotSize: 0x10000 })
const build = (minor: number, slot: SlotName, options: Parameters<typeof image>[1] = {}) =>
  image(minor, { ...options, romAddress: slotAddress(newFlash(), slot) })
const bothBuilds = (minor: number, options: Parameters<typeof image>[1] = {}) =>
  buildSlotSet([build(minor, 'primary', options), build(minor, 'secondary', options)])
const loaderImage = image(0, { kind: 'sensor', bodySize: 3000 })

class Story {
  readonly world: AppWorld
  readonly flash: MemoryFlash
  readonly key: string
  constructor(world: AppWorld, flash: MemoryFlash, key: string) {
    this.world = world
    this.flash = flash
    this.key = key
  }

  release(file: Uint8Array): void {
    const { name: model, hardware } = demoModel
    const manifest = manifestOf(Uint8Array.from(file), {
      model,
      hardware,
      cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
    })
    this.world.chainSays(ok(readingOf(manifest)))
    this.world.sourceGives(ok(file))
  }

  get state() {
    return this.world.fob.updates.get().get(this.key)?.state
  }
  get record() {
    return this.world.fob.devices.get()[0]?.record
  }
  get decision() {
    return this.record?.lastCheck?.decision
  }

  async check() {
    await this.world.fob.checkDevice(this.key)
    return this.decision
  }

  /** To its end, or to where somebody has to decide. */
  async update(agrees: boolean) {
    await this.world.fob.startUpdate(this.key)
    await until(() => this.state?.status !== 'running', 'an end, or a question')
    if (this.state?.status === 'awaitingConsent' && agrees) {
      await this.world.fob.consent(this.key)
      await until(() => this.state?.status !== 'running' && this.state?.status !== 'awaitingConsent')
    }
    return this.state
  }

  /** Versions in both slots. */
  slots(): readonly string[] {
    return (['primary', 'secondary'] as const).map(slot => {
      const held = readSlotImage(this.flash, slot)
      return held.ok ? `1.${held.value.version.minor}` : 'none'
    })
  }
}

async function meet(
  mode: DeviceBootMode,
  device: Partial<ReferenceDeviceOptions> = {},
  port?: (own: DevicePort) => DevicePort,
): Promise<Story> {
  const flash = newFlash()
  if (mode === 'firmwareLoader') {
    installFactoryImage(flash, loaderImage, { slot: 'secondary' })
    installFactoryImage(flash, image(0))
  } else {
    const first = mode === 'overwrite' ? image(0) : build(0, 'primary')
    installFactoryImage(flash, first, { isMarkedGood: mode === 'directXipRevert' })
  }
  const world = await appWorld({
    device: { ...device, flash, bootMode: mode },
    ports: own => (port ? { bluetooth: port(own.bluetooth) } : {}),
  })
  return new Story(world, flash, await world.meet())
}

describe('a device that runs images where they lie, or writes over them', () => {
  it('gets the build for the slot that is free, in turns, and knows its own release by either', async () => {
    const story = await meet('directXipRevert')
    expect(story.record?.bootMode).toBe('directXipRevert')
    story.release(bothBuilds(1))
    expect(await story.update(false)).toMatchObject({ status: 'done', plan: { confirm: [] } })
    expect(story.slots()).toEqual(['1.0', '1.1'])
    expect(story.state?.bytesSent).toBeLessThan(build(1, 'secondary').length + 2000)
    expect((await story.check())?.kind).toBe('upToDate')
    await story.world.fob.dismissUpdate(story.key)
    story.release(bothBuilds(2))
    expect((await story.update(false))?.status).toBe('done')
    expect(story.slots()).toEqual(['1.2', '1.1'])
    story.world.device.cyclePower()
    await until(() => story.world.device.runningVersion?.minor === 2)
    expect((await story.check())?.kind).toBe('upToDate')
  })

  it('goes back from a build that crashes, and says so', async () => {
    const story = await meet('directXipRevert')
    story.release(bothBuilds(1, { behaviour: 'crashes' }))
    expect(await story.update(false)).toMatchObject({ status: 'failed', failure: { kind: 'reverted' } })
    expect(story.slots()).toEqual(['1.0', 'none'])
  })

  it('without a trial is written to only after the person has read that there is no way back', async () => {
    const story = await meet('directXip')
    story.release(bothBuilds(1))
    expect(await story.update(false)).toMatchObject({
      status: 'awaitingConsent',
      plan: { confirm: ['noWayBack'] },
    })
    expect(story.slots()).toEqual(['1.0', 'none'])
    expect((await story.update(true))?.status).toBe('done')
    expect(story.world.device.runningVersion?.minor).toBe(1)
    expect((await story.check())?.kind).toBe('upToDate')
  })

  it('that is overwritten asks the same, marks what was sent, and is read back', async () => {
    const story = await meet('overwrite')
    story.release(image(1))
    expect(await story.update(false)).toMatchObject({ plan: { confirm: ['noWayBack'] } })
    expect((await story.update(true))?.status).toBe('done')
    expect(story.slots()[0]).toBe('1.1')
    expect((await story.check())?.kind).toBe('upToDate')
  })

  it('gets no release that has one build for all, and one that swaps none with a build for each', async () => {
    const direct = await meet('directXip')
    direct.release(image(1))
    expect(await direct.check()).toMatchObject({ kind: 'blocked', reason: 'wrongBootMode' })
    const swapping = await appWorld()
    const story = new Story(swapping, swapping.flash, await swapping.meet())
    story.release(bothBuilds(1))
    expect(await story.update(true)).toMatchObject({ status: 'failed', failure: { reason: 'wrongBootMode' } })
    expect(story.slots()).toEqual(['1.0', 'none'])
  })
})

describe('a device with a firmware loader', () => {
  it('is sent into it, gets the application there, and is read back', async () => {
    const story = await meet('firmwareLoader')
    story.release(image(1))
    const asked = await story.update(false)
    expect(asked).toMatchObject({ status: 'awaitingConsent', plan: { confirm: ['overwrittenByLoader'] } })
    expect(story.slots()).toEqual(['1.0', '1.0'])
    const boots: boolean[] = []
    story.world.device.onEvent(event => event.kind === 'booted' && boots.push(event.boot.isLoader))
    expect((await story.update(true))?.status).toBe('done')
    expect(boots).toEqual([true, false])
    expect(story.slots()).toEqual(['1.1', '1.0'])
    expect((await story.check())?.kind).toBe('upToDate')
    const [entry] = await story.world.fob.history(story.key)
    expect(entry?.event).not.toHaveProperty('receipt.readBack')
  })

  it('waits in it after a power cut in the middle, and is gone on with', async () => {
    const story = await meet('firmwareLoader')
    const { device } = story.world
    const boots: boolean[] = []
    device.onEvent(event => event.kind === 'booted' && boots.push(event.boot.isLoader))
    let isCut = false
    story.flash.onChange(() => {
      if (isCut || story.slots()[0] !== 'none') return
      isCut = true
      setTimeout(() => device.cyclePower(), 0)
    })
    story.release(image(1))
    expect((await story.update(true))?.status).toBe('done')
    expect(boots).toEqual([true, true, false])
    expect(story.slots()).toEqual(['1.1', '1.0'])
  })

  it('met in it is told so, and gets its application back', async () => {
    const story = await meet('firmwareLoader')
    story.flash.erase('primary', 0, story.flash.size('primary'))
    story.world.device.cyclePower()
    await until(() => story.world.device.isAdvertising)
    story.release(image(1))
    await story.check()
    expect(story.record).toMatchObject({ isInLoader: true, running: null })
    expect((await story.update(true))?.status).toBe('done')
    expect(story.record).toMatchObject({ isInLoader: false })
    expect(story.slots()[0]).toBe('1.1')
  })

  it('whose application lists nothing ends with what the bootloader took, and says that it was not read back', async () => {
    const story = await meet('firmwareLoader', { leavesImagesToLoader: true })
    story.release(image(1))
    expect(await story.update(false)).toMatchObject({
      plan: { confirm: ['runningUnknown', 'overwrittenByLoader'] },
    })
    expect((await story.update(true))?.status).toBe('done')
    expect(story.slots()[0]).toBe('1.1')
    const [entry] = await story.world.fob.history(story.key)
    expect(entry?.event).toMatchObject({ receipt: { readBack: false } })
  })

  it('that does not start leaves the application as it is, and is not asked for twice', async () => {
    const story = await meet('firmwareLoader')
    story.flash.erase('secondary', 0, story.flash.size('secondary'))
    let resets = 0
    story.world.device.onEvent(event => event.kind === 'reset' && resets++)
    story.release(image(1))
    expect(await story.update(true)).toMatchObject({
      status: 'failed',
      hasWritten: false,
      failure: { kind: 'loaderNotEntered' },
    })
    expect(resets).toBe(1)
    expect(story.slots()).toEqual(['1.0', 'none'])
  })

  it('that the browser takes for another device is chosen once more, and the application found again', async () => {
    const here: { device: AppWorld['device'] | null } = { device: null }
    const isLoader = () => here.device?.advertisement.localName.includes('loader') === true
    const story = await meet('firmwareLoader', {}, own => ({
      ...own,
      choose: async () => ok({ source: 'bluetooth', id: isLoader() ? 'loader' : 'one', name: 'Front door' }),
      connect: async (id, withinMs) =>
        here.device && (id === 'loader') !== isLoader()
          ? fail({ kind: 'outOfReach', detail: 'another address' })
          : own.connect(id, withinMs),
    }))
    here.device = story.world.device
    story.release(image(1))
    await story.world.fob.startUpdate(story.key)
    await until(() => story.state?.status === 'awaitingConsent')
    await story.world.fob.consent(story.key)
    await until(() => story.state?.status === 'awaitingDevice')
    expect(await story.world.fob.rechooseAndResume(story.key)).toMatchObject({ ok: true })
    await until(() => story.state?.status === 'done')
    expect(story.slots()[0]).toBe('1.1')
  }, 30_000)
})
