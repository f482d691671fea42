// MCUboot's other ways to start an image in the reference device: where it lies (direct-XIP), and with a loader beside it.
import { describe, expect, it } from 'vitest'
import type { Boot, BootFailure } from '../../../device/bootloader.ts'
import { bootDirectXip } from '../../../device/directXip.ts'
import { bootWithLoader } from '../../../device/firmwareLoader.ts'
import { type Flash, isErased, MemoryFlash, type SlotName, slotAddress } from '../../../device/flash.ts'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { readSecurityCounter } from '../../../device/securityCounter.ts'
import { writeImageOk, writeMagic } from '../../../device/slotTrailer.ts'
import type { Result } from '../../../src/core/result.ts'
import { FailingFlash } from './failingFlash.ts'
import { hashOf, POLICY, reconnect, startDevice, type TestImage, testImage } from './fixtures.ts'

const newFlash = () => new MemoryFlash({ slotSize: 4096, sectorSize: 512 })
/** Built for a slot. */
const build = (flash: Flash, slot: SlotName, options: TestImage = {}) =>
  testImage({ ...options, romAddress: slotAddress(flash, slot) })

function put(flash: Flash, slot: SlotName, image: Uint8Array): void {
  flash.erase(slot, 0, flash.size(slot))
  flash.write(slot, 0, image)
}

const started = (result: Result<Boot, BootFailure>): string =>
  result.ok ? `${result.value.slot} 1.${result.value.image.version.minor}` : result.error.refused.kind

describe('direct-XIP without revert', () => {
  const boot = (flash: Flash) => bootDirectXip(flash, POLICY, false)

  it('starts the higher version, whichever slot it is in, and the first of two that are the same', () => {
    const flash = newFlash()
    put(flash, 'primary', build(flash, 'primary', { minor: 1 }))
    put(flash, 'secondary', build(flash, 'secondary', { minor: 2 }))
    expect(started(boot(flash))).toBe('secondary 1.2')
    put(flash, 'primary', build(flash, 'primary', { minor: 3 }))
    expect(started(boot(flash))).toBe('primary 1.3')
    put(flash, 'secondary', build(flash, 'secondary', { minor: 3 }))
    expect(started(boot(flash))).toBe('primary 1.3')
  })

  it('falls back on the other image where the higher one is torn, and erases what it can’t run', () => {
    const flash = newFlash()
    const next = build(flash, 'secondary', { minor: 2 })
    for (const length of [40, 600, next.length - 1]) {
      put(flash, 'primary', build(flash, 'primary', { minor: 1 }))
      put(flash, 'secondary', next.slice(0, length))
      expect(started(boot(flash))).toBe('primary 1.1')
      expect(isErased(flash, 'secondary')).toBe(true)
    }
  })

  it('does not run a build in the other’s slot', () => {
    const flash = newFlash()
    put(flash, 'primary', build(flash, 'primary', { minor: 1 }))
    put(flash, 'secondary', build(flash, 'primary', { minor: 2 }))
    const booted = boot(flash)
    expect(started(booted)).toBe('primary 1.1')
    expect(booted).toMatchObject({ value: { refused: { kind: 'wrongSlot' } } })
  })

  it('raises the security counter at once, for there is no way back', () => {
    const flash = newFlash()
    put(flash, 'primary', build(flash, 'primary', { minor: 1 }))
    put(flash, 'secondary', build(flash, 'secondary', { minor: 2, securityCounter: 7 }))
    boot(flash)
    expect(readSecurityCounter(flash)).toBe(7)
  })
})

describe('direct-XIP with revert', () => {
  const boot = (flash: Flash) => bootDirectXip(flash, POLICY, true)
  const withTrial = (securityCounter = 1) => {
    const flash = newFlash()
    installFactoryImage(flash, build(flash, 'primary', { minor: 1 }), { isMarkedGood: true })
    put(flash, 'secondary', build(flash, 'secondary', { minor: 2, securityCounter }))
    return flash
  }

  it('erases an image that nobody marked, though its version is higher', () => {
    const flash = withTrial()
    expect(started(boot(flash))).toBe('primary 1.1')
    expect(isErased(flash, 'secondary')).toBe(true)
  })

  it('starts a marked one once, and goes back for good where it was not confirmed', () => {
    const flash = withTrial(9)
    writeMagic(flash, 'secondary')
    expect(boot(flash)).toMatchObject({ value: { slot: 'secondary', onTrial: true } })
    expect(readSecurityCounter(flash)).toBe(0)
    expect(boot(flash)).toMatchObject({ value: { slot: 'primary', onTrial: false } })
    expect(isErased(flash, 'secondary')).toBe(true)
  })

  it('stays with one that was confirmed, and raises the counter then', () => {
    const flash = withTrial(9)
    writeMagic(flash, 'secondary')
    boot(flash)
    writeImageOk(flash, 'secondary')
    for (let i = 0; i < 2; i++)
      expect(boot(flash)).toMatchObject({ value: { slot: 'secondary', onTrial: false } })
    expect(readSecurityCounter(flash)).toBe(9)
  })

  it('has a whole image to run wherever the power fails in a boot', () => {
    for (const isGood of [true, false]) {
      for (let cut = 0; cut < 6; cut++) {
        const flash = withTrial()
        if (!isGood) flash.write('secondary', 700, new Uint8Array(4))
        writeMagic(flash, 'secondary')
        try {
          boot(new FailingFlash(flash, cut))
        } catch {
          // The power failed.
        }
        expect(started(boot(flash))).toMatch(/^(primary 1\.1|secondary 1\.2)$/)
      }
    }
  })
})

describe('a firmware loader', () => {
  const loader = testImage({ minor: 0, bodySize: 300 })
  const withLoader = (application: Uint8Array | null) => {
    const flash = newFlash()
    installFactoryImage(flash, loader, { slot: 'secondary' })
    if (application) installFactoryImage(flash, application)
    return flash
  }

  it('is started when the last reset asked for it, and where no application can run', () => {
    const flash = withLoader(testImage({ minor: 3, securityCounter: 5 }))
    expect(started(bootWithLoader(flash, POLICY, false))).toBe('primary 1.3')
    // The application’s counter does not lock out the loader, which was never replaced.
    expect(bootWithLoader(flash, POLICY, true)).toMatchObject({
      value: { slot: 'secondary', isLoader: true },
    })
    put(flash, 'primary', testImage({ minor: 4, securityCounter: 5 }).slice(0, 900))
    expect(bootWithLoader(flash, POLICY, false)).toMatchObject({
      value: { isLoader: true, refused: { kind: 'noImage' } },
    })
    put(flash, 'primary', testImage({ minor: 4, securityCounter: 4 }))
    expect(bootWithLoader(flash, POLICY, false)).toMatchObject({
      value: { isLoader: true, refused: { kind: 'counterTooLow' } },
    })
  })

  it('that is damaged leaves the application alone, also when asked for', () => {
    const flash = withLoader(testImage({ minor: 3 }))
    flash.write('secondary', 600, new Uint8Array(4))
    expect(started(bootWithLoader(flash, POLICY, true))).toBe('primary 1.3')
  })
})

describe('image management', () => {
  const slotsOf = (state: unknown) =>
    (state as readonly { slot: number; version: string }[]).map(({ slot, version, ...flags }) => [
      slot,
      version,
      Object.entries(flags)
        .filter(([, value]) => value === true)
        .map(([name]) => name)
        .join(' '),
    ])

  it('under direct-XIP with revert: uploads to the slot that does not run, tries, confirms, and then to the other', async () => {
    const flash = newFlash()
    installFactoryImage(flash, build(flash, 'primary', { minor: 1 }), { isMarkedGood: true })
    const { device, timer, client } = await startDevice(testImage(), { flash, bootMode: 'directXipRevert' })
    expect(await client.body('read', 0, 8, { query: 'mode' })).toMatchObject({ mode: 5 })
    const second = build(flash, 'secondary', { minor: 2 })
    await client.upload(second)
    expect(slotsOf(await client.state())).toEqual([
      [0, '1.1.0', 'bootable confirmed active'],
      [1, '1.2.0', 'bootable'],
    ])
    await client.body('write', 1, 0, { hash: hashOf(second), confirm: false })
    expect(slotsOf(await client.state())[1]).toEqual([1, '1.2.0', 'bootable pending'])
    // What is pending is not written over.
    expect(await client.upload(second.slice(), 0, 200)).toMatchObject({ err: { rc: 9 } })
    await client.body('write', 0, 5, {})
    await timer.advance(3000)
    const trial = await reconnect(device, timer)
    expect(slotsOf(await trial.state())).toEqual([
      [0, '1.1.0', 'bootable confirmed'],
      [1, '1.2.0', 'bootable active'],
    ])
    await trial.body('write', 1, 0, { confirm: true })
    expect(slotsOf(await trial.state())[1]).toEqual([1, '1.2.0', 'bootable confirmed active'])
    const third = build(flash, 'primary', { minor: 3 })
    await trial.upload(third)
    expect(slotsOf(await trial.state())[0]).toEqual([0, '1.3.0', 'bootable'])
  })

  it('under direct-XIP without revert: a higher version is pending as it lies there', async () => {
    const flash = newFlash()
    put(flash, 'primary', build(flash, 'primary', { minor: 1 }))
    const { client } = await startDevice(testImage(), { flash, bootMode: 'directXip' })
    expect(await client.body('read', 0, 8, { query: 'mode' })).toMatchObject({ mode: 4 })
    const second = build(flash, 'secondary', { minor: 2 })
    await client.upload(second)
    expect(slotsOf(await client.state())[1]).toEqual([1, '1.2.0', 'bootable pending permanent'])
    expect(await client.body('write', 1, 0, { hash: hashOf(second), confirm: false })).not.toHaveProperty(
      'err',
    )
  })

  it('with a loader: only the loader writes, over the application, and never over itself', async () => {
    const flash = newFlash()
    const loader = testImage({ minor: 0, bodySize: 300 })
    installFactoryImage(flash, loader, { slot: 'secondary' })
    installFactoryImage(flash, testImage({ minor: 1 }))
    const { device, timer, client } = await startDevice(testImage(), { flash, bootMode: 'firmwareLoader' })
    const next = testImage({ minor: 2 })
    expect(await client.upload(next, 0, 200)).toMatchObject({ err: { rc: 9 } })
    expect(device.advertisement.localName).toMatch(/^Fob Lock One [0-9A-F]{4}$/)
    await client.body('write', 0, 5, { boot_mode: 1 })
    await timer.advance(3000)
    expect(device.advertisement.localName).toMatch(/^Fob Lock One loader [0-9A-F]{4}$/)
    expect(new TextEncoder().encode(device.advertisement.localName).length).toBeLessThanOrEqual(29)
    const inLoader = await reconnect(device, timer)
    expect(slotsOf(await inLoader.state())).toEqual([
      [0, '1.1.0', 'bootable confirmed'],
      [1, '1.0.0', 'bootable active'],
    ])
    expect(await inLoader.body('write', 1, 5, {})).toMatchObject({ err: { rc: 9 } })
    await inLoader.upload(next, 0, 600)
    // A power cut: the application is torn, and the loader starts by itself.
    device.cyclePower()
    await timer.advance(3000)
    const again = await reconnect(device, timer)
    expect(slotsOf(await again.state())).toEqual([[1, '1.0.0', 'bootable active']])
    expect(await again.upload(next)).toMatchObject({ match: true })
    await again.body('write', 0, 5, {})
    await timer.advance(3000)
    expect(device.runningVersion?.minor).toBe(2)
  })
})
