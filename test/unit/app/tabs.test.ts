// Two tabs and one device: what one does, the other one says, and what one has ended, the other one can go on with.
import { describe, expect, it } from 'vitest'
import type { Fob } from '../../../src/app/fob.ts'
import { type AppWorld, appWorld, until } from '../../fixtures/appWorld.ts'

const slow = { requestMs: 5, bufSize: 256, bufCount: 1 }
const stateOf = (fob: Fob, key: string) => fob.updates.get().get(key)?.state

async function uploading(world: AppWorld): Promise<{ key: string; other: Fob }> {
  const key = await world.meet()
  const other = world.tab()
  await until(() => other.isLoaded.get())
  void world.fob.startUpdate(key)
  await until(() => stateOf(world.fob, key)?.step === 'upload')
  await until(() => other.devices.get()[0]?.activity === 'updatingElsewhere')
  return { key, other }
}

describe('the other tab', () => {
  it('sees the end of an update and is free again', async () => {
    const world = await appWorld({ device: slow })
    const { key, other } = await uploading(world)
    await until(() => stateOf(world.fob, key)?.status === 'done')
    await until(() => other.devices.get()[0]?.activity === 'idle', 'the other tab to be free')
    expect(other.updates.get().get(key)).toMatchObject({ mine: true, state: { status: 'done' } })
  })

  it('can go on with what failed in the first one', async () => {
    const world = await appWorld({ device: slow })
    const { key, other } = await uploading(world)
    world.fob.cancelUpdate(key)
    await until(() => other.devices.get()[0]?.activity === 'idle')
    expect(stateOf(other, key)?.status).toBe('cancelled')
    await other.startUpdate(key)
    await until(() => stateOf(other, key)?.status === 'done')
  })

  it('does not forget the device under the hands of the one that updates it', async () => {
    const world = await appWorld({ device: slow })
    const { key, other } = await uploading(world)
    expect(await other.forgetDevice(key)).toBe(false)
    await until(() => stateOf(world.fob, key)?.status === 'done')
    expect(other.devices.get()).toHaveLength(1)
    await until(() => other.devices.get()[0]?.activity === 'idle')
    expect(await other.forgetDevice(key)).toBe(true)
    await until(() => world.fob.devices.get().length === 0)
  })

  it('follows the settings', async () => {
    const world = await appWorld()
    const other = world.tab()
    await until(() => other.isLoaded.get())
    await world.fob.changeSettings({ channel: 'beta' })
    await until(() => other.settings.get().channel === 'beta')
  })

  it('does not take a check in the first one for an update', async () => {
    const world = await appWorld({ device: { requestMs: 30 } })
    const key = await world.meet()
    const other = world.tab()
    await until(() => other.isLoaded.get())
    const checking = world.fob.checkDevice(key)
    await until(() => world.fob.devices.get()[0]?.activity === 'identifying')
    await other.startUpdate(key)
    await checking
    await until(() => other.devices.get()[0]?.activity === 'idle')
    expect(other.updates.get().get(key)).toBeUndefined()
  })

  it('does not take back what this one has changed but not stored yet', async () => {
    const world = await appWorld({
      ports: own => ({
        stores: {
          ...own.stores,
          devices: {
            ...own.stores.devices,
            async put(record) {
              await new Promise(resolve => setTimeout(resolve, 50))
              await own.stores.devices.put(record)
            },
          },
        },
      }),
    })
    const key = await world.meet()
    const names: (string | undefined)[] = []
    const renamed = world.fob.renameDevice(key, 'Back door')
    world.fob.devices.subscribe(() => names.push(world.fob.devices.get()[0]?.record.name))
    const record = await world.stores.devices.get(key)
    if (!record) throw new Error('no record')
    await world.stores.otherTab().devices.put({ ...record, key: 'another', sourceId: 'two' })
    await renamed
    await until(() => world.fob.devices.get().length === 2)
    expect(new Set(names)).toEqual(new Set(['Back door']))
  })
})
