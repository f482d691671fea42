// Devices that are found in the middle of something: an image on trial, or one that somebody else left to be started.
import { describe, expect, it } from 'vitest'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import { ok } from '../../../src/core/result.ts'
import {
  type AppWorld,
  appWorld,
  image,
  manifestOf,
  readingOf,
  stage,
  until,
} from '../../fixtures/appWorld.ts'

const versionOf = ({ device }: AppWorld): string | null =>
  device.runningVersion ? formatVersion(device.runningVersion) : null

async function restart(world: AppWorld): Promise<void> {
  world.device.cyclePower()
  await until(() => versionOf(world) !== null)
}

describe('the newest release on trial', () => {
  it('is kept by an update that writes nothing, and stays after the next restart', async () => {
    const world = await appWorld({ staged: image(1) })
    const key = await world.meet()
    expect(world.fob.devices.get()[0]?.record.running?.confirmed).toBe(false)
    await world.fob.startUpdate(key)
    const state = () => world.fob.updates.get().get(key)?.state
    await until(() => state()?.status === 'done')
    expect(state()?.bytesSent).toBe(0)
    await until(() => world.fob.devices.get()[0]?.record.running?.confirmed === true)
    await restart(world)
    expect(versionOf(world)).toBe('1.1.0')
  })
})

describe('a slot that is not free', () => {
  it('is said to hold what somebody else left there', async () => {
    const world = await appWorld()
    const key = await world.meet()
    stage(world.flash, image(2))
    const before = world.flash.snapshot()
    await world.fob.startUpdate(key)
    await until(() => world.fob.updates.get().get(key)?.state.status === 'failed')
    expect(world.fob.updates.get().get(key)?.state.failure?.kind).toBe('slotHoldsPending')
    expect(world.flash.snapshot()).toEqual(before)
  })

  it('is said to hold what the running image would go back to', async () => {
    const world = await appWorld({ staged: image(1) })
    world.chainSays(ok(readingOf(manifestOf(image(2)))))
    world.sourceGives(ok(image(2)))
    const key = await world.meet()
    await world.fob.startUpdate(key)
    await until(() => world.fob.updates.get().get(key)?.state.status === 'failed')
    expect(world.fob.updates.get().get(key)?.state.failure?.kind).toBe('runningOnTrial')
    await restart(world)
    expect(versionOf(world)).toBe('1.0.0')
    await world.fob.resumeUpdate(key)
    await until(() => world.fob.updates.get().get(key)?.state.status === 'done')
    expect(versionOf(world)).toBe('1.2.0')
  })
})
