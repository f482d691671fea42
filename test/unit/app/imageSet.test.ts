// A device with two images, application and network core: released, sent, started, confirmed and undone together.
import { describe, expect, it } from 'vitest'
import { MemoryFlash } from '../../../device/flash.ts'
import { installFactoryImage } from '../../../device/referenceDevice.ts'
import { readSlotImage } from '../../../device/slotImage.ts'
import { readFirmware } from '../../../src/core/firmware/package.ts'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import { ok } from '../../../src/core/result.ts'
import { type AppWorld, appWorld, image, readingOf, until } from '../../fixtures/appWorld.ts'
import { buildImageSet, manifestOf } from '../../fixtures/dfuPackages.ts'
import { demoModel } from '../../fixtures/release.ts'

const version = (minor: number) => ({ major: 1, minor, revision: 0, build: 0 })
const core = (minor: number) => image(minor, { kind: 'sensor', bodySize: 9000 })
const needsCore = (minor: number, coreMinor: number) =>
  image(minor, { dependencies: [{ image: 1, minVersion: version(coreMinor) }] })

interface TwoImages {
  readonly world: AppWorld
  readonly companion: MemoryFlash
  readonly key: string
  /** Versions that run, the application's first. */
  running(): readonly string[]
}

async function withTwoImages(release: Uint8Array): Promise<TwoImages> {
  const companion = new MemoryFlash({ slotSize: 0x8000 })
  installFactoryImage(companion, core(0))
  const world = await appWorld({ device: { companions: [companion] } })
  const { name: model, hardware } = demoModel
  const manifest = manifestOf(Uint8Array.from(release), {
    model,
    hardware,
    cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
  })
  world.chainSays(ok(readingOf(manifest)))
  world.sourceGives(ok(release))
  const key = await world.meet()
  return {
    world,
    companion,
    key,
    running: () =>
      [world.flash, companion].map(flash => {
        const slot = readSlotImage(flash, 'primary')
        return slot.ok ? formatVersion(slot.value.version) : 'none'
      }),
  }
}

const statusOf = ({ world, key }: TwoImages) => world.fob.updates.get().get(key)?.state

describe('a device with two images', () => {
  it('gets both, starts both, confirms both, and is up to date by the hash of both', async () => {
    const two = await withTwoImages(buildImageSet([needsCore(1, 1), core(1)]))
    expect(two.world.fob.devices.get()[0]?.record.lastCheck?.decision.kind).toBe('update')
    await two.world.fob.startUpdate(two.key)
    await until(() => statusOf(two)?.status === 'done')
    expect(two.running()).toEqual(['1.1.0', '1.1.0'])
    two.world.device.cyclePower()
    await until(() => two.world.device.runningVersion !== null)
    expect(two.running()).toEqual(['1.1.0', '1.1.0'])
    await two.world.fob.checkDevice(two.key)
    await until(() => two.world.fob.devices.get()[0]?.record.lastCheck?.decision.kind === 'upToDate')
  })

  it('is sent only the image that it lacks', async () => {
    const release = buildImageSet([image(0), core(1)])
    const two = await withTwoImages(release)
    await two.world.fob.startUpdate(two.key)
    await until(() => statusOf(two)?.status === 'done')
    expect(two.running()).toEqual(['1.0.0', '1.1.0'])
    expect(statusOf(two)?.bytesSent).toBeLessThan(core(1).length + 2000)
  })

  it('goes back with both where the new ones are not confirmed', async () => {
    const two = await withTwoImages(buildImageSet([image(1, { behaviour: 'crashes' }), core(1)]))
    await two.world.fob.startUpdate(two.key)
    await until(() => statusOf(two)?.status === 'failed')
    expect(statusOf(two)?.failure?.kind).toBe('reverted')
    expect(two.running()).toEqual(['1.0.0', '1.0.0'])
  })

  it('takes a release of its application alone as before', async () => {
    const two = await withTwoImages(image(1))
    await two.world.fob.startUpdate(two.key)
    await until(() => statusOf(two)?.status === 'done')
    expect(two.running()).toEqual(['1.1.0', '1.0.0'])
  })

  it('does not start an application that needs a newer network core than there is', async () => {
    const two = await withTwoImages(needsCore(1, 1))
    await two.world.fob.startUpdate(two.key)
    await until(() => statusOf(two)?.status === 'awaitingDevice')
    expect(statusOf(two)?.failure?.kind).toBe('restartIgnored')
    expect(two.running()).toEqual(['1.0.0', '1.0.0'])
  }, 60_000)
})

describe('a set of images', () => {
  it('that can’t be satisfied with itself, lacks the application, or mixes signers, is refused', () => {
    const kindOf = (set: Uint8Array) => {
      const read = readFirmware(Uint8Array.from(set))
      return read.ok ? 'ok' : read.error.kind
    }
    expect(kindOf(buildImageSet([needsCore(1, 1), core(1)]))).toBe('ok')
    expect(kindOf(buildImageSet([needsCore(1, 2), core(1)]))).toBe('dependencyUnmet')
    const stranger = image(1, { kind: 'sensor', bodySize: 9000, signingKey: new Uint8Array(32).fill(8) })
    expect(kindOf(buildImageSet([image(1), stranger]))).toBe('malformedPackage')
    const damaged = core(1)
    damaged[700] = (damaged[700] ?? 0) ^ 1
    expect(kindOf(buildImageSet([image(1), damaged]))).toBe('hashMismatch')
  })
})
