// What must never reach a device is refused before the first write, and the screen says why.
import { sha256 } from '@noble/hashes/sha2.js'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import type { Manifest } from '../../src/core/registry/release.ts'
import { type FalseRelease, type Firmware, now } from './harness/maker.ts'
import type { OnAir } from './harness/onAir.ts'
import { inTab, Person } from './harness/person.ts'
import type { Phone } from './harness/phone.ts'
import { startWorld, type World } from './harness/world.ts'

const newer: Firmware = { version: '1.1.0' }
const says = (change: Partial<Manifest>): FalseRelease => ({ manifest: honest => ({ ...honest, ...change }) })
const someHash = `0x${'5a'.repeat(32)}` as const

/**
 * Found when the bytes are there: the device's page offers the update, and the update ends before the upload. Some of each
 * sort; every one of them is in test/unit/firmware.
 */
const refusedFiles = {
  wrongFileHash: says({ fileHash: someHash }),
  /** The manifest is of the whole image, the file lacks its end. */
  'wrongSize of a truncated file': { file: image => image.subarray(0, image.length - 100) },
  'firmwareTooLarge for trailing bytes': {
    file: image => Uint8Array.from([...image, ...new Uint8Array(100)]),
  },
  malformedImage: {
    file: image => image.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
    manifest: (honest, file) => ({ ...honest, fileHash: toHex(sha256(file)) }),
  },
  wrongKey: says({ keyHash: someHash }),
} satisfies Record<string, FalseRelease>

/** Found by the check: the device's page says why there is no update. */
const refusedHeads = {
  wrongHardware: says({ hardware: 'rev Z' }),
  expiredHead: says({ validUntil: now() - 60 }),
  tooLargeForSlot: says({ size: 10_000_000 }),
} satisfies Partial<Record<keyof Person['words']['blocked'], FalseRelease>>

const modelName = (kind: string) => `Lock, ${kind}`.slice(0, 28)

describe.skipIf(inject('radioObstacle') !== null)('a release that must not be installed', () => {
  let world: World
  let phone: Phone

  beforeAll(async () => {
    world = await startWorld()
    const { maker } = world
    const lies: Record<string, FalseRelease> = { ...refusedFiles, ...refusedHeads }
    const honest = ['revoked', 'alarm', 'downgradeVersion', 'withdrawn meanwhile']
    const models = [...Object.keys(lies), ...honest].map(kind => maker.model(modelName(kind)))
    await maker.register(...models)
    await Promise.all([
      ...Object.entries(lies).map(([kind, lie]) => maker.release(maker.model(modelName(kind)), newer, lie)),
      ...honest.map(kind => maker.release(maker.model(modelName(kind)), newer)),
    ])
    const [revoked, alarm] = [maker.model(modelName('revoked')), maker.model(modelName('alarm'))]
    await maker.revoke(revoked, maker.build(revoked, newer))
    await maker.revoke(alarm, maker.build(alarm, { version: '1.0.0' }))
    await maker.settle()
    phone = await world.phone()
    await new Person(phone).pinSuggestedMaker()
  })

  afterAll(async () => {
    try {
      await phone?.close()
    } finally {
      await world?.stop()
    }
  })

  function expectUntouched(onAir: OnAir, version = '1.0.0'): void {
    expect(onAir.uploads).toEqual([])
    expect(onAir.boots).toEqual([])
    expect(onAir.running).toEqual({ version, isConfirmed: true })
  }

  it.each(Object.keys(refusedFiles))('%s: refused when its bytes are verified', async kind => {
    const onAir = world.device(world.maker.model(modelName(kind)))
    await inTab(phone, async person => {
      const { update } = person.words
      await person.addOutdated(onAir.name)
      await person.startUpdate('1.1.0')
      await person.seesFailure(kind.split(' ')[0] as keyof Person['words']['failures'])
      await person.sees(person.text(update.deviceUntouched('1.0.0')))
    })
    expectUntouched(onAir)
  })

  it.each(Object.keys(refusedHeads))('%s: refused by the check', async kind => {
    const onAir = world.device(world.maker.model(modelName(kind)))
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await person.seesRefusal(kind as keyof Person['words']['blocked'])
    })
    expectUntouched(onAir)
  })

  it('is refused where the maker has withdrawn it', async () => {
    const onAir = world.device(world.maker.model(modelName('revoked')))
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await person.seesRefusal('revoked')
    })
    expectUntouched(onAir)
  })

  it('is older than what runs: never a downgrade', async () => {
    const model = world.maker.model(modelName('downgradeVersion'))
    const onAir = world.device(model, { factoryImage: world.maker.build(model, { version: '2.0.0' }) })
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await person.seesRefusal('downgradeVersion')
    })
    expectUntouched(onAir, '2.0.0')
  })

  it('raises an alarm where the withdrawn image is the one that runs, and still offers the way out', async () => {
    const onAir = world.device(world.maker.model(modelName('alarm')))
    await inTab(phone, async person => {
      const { device, deviceState } = person.words
      await person.addDevice(onAir.name)
      await person.sees(
        person.heading(device.verdict.alarm),
        person.text(device.verdict.alarmBody('1.0.0')),
        person.button(device.update('1.1.0')),
      )
      await person.goTo('devices')
      const card = person.page.getByRole('link', { name: onAir.name })
      await card.getByText(deviceState.alarm).waitFor()
    })
    expectUntouched(onAir)
  })

  it('withdrawn between the check and the update: the update asks again, and stops', async () => {
    const { maker } = world
    const model = maker.model(modelName('withdrawn meanwhile'))
    const onAir = world.device(model)
    await inTab(phone, async person => {
      await person.addOutdated(onAir.name)
      await maker.revoke(model, maker.build(model, newer))
      await maker.settle()
      await person.startUpdate('1.1.0')
      await person.seesFailure('revoked')
    })
    expectUntouched(onAir)
  })

  it('a counterfeit that names a registry of its own is told from a genuine device', async () => {
    const model = world.maker.model(modelName('downgradeVersion'))
    const onAir = world.device(model, {
      name: 'Counterfeit',
      claims: { registry: `0x${'66'.repeat(20)}` },
    })
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await person.sees(person.text(person.words.failures.identityForOtherNetwork.title))
      expect(await person.page.getByRole('button', { name: /1\.1\.0/ }).count()).toBe(0)
    })
    expectUntouched(onAir)
  })

  it('a counterfeit that names a maker of its own gets no update until that maker is pinned', async () => {
    const model = { ...world.maker.model('Counterfeit'), maker: `0x${'77'.repeat(20)}` } as const
    const onAir = world.device(model, { name: 'Counterfeit Two' })
    await inTab(phone, async person => {
      await person.addDevice(onAir.name)
      await person.sees(person.text(person.words.failures.makerNotPinned.title))
      expect(await person.page.getByRole('button', { name: /1\.1\.0/ }).count()).toBe(0)
    })
    expectUntouched(onAir)
  })
})
