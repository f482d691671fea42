// A device that the browser gives another id, as most do after each reload: it is still the same one by its key.
import { expect, it } from 'vitest'
import { ok } from '../../../src/core/result.ts'
import { appWorld, until } from '../../fixtures/appWorld.ts'

it('keeps its name, its history, its update and what was proven when it is chosen under another id', async () => {
  let id = 'one'
  const world = await appWorld({
    device: { requestMs: 5, bufSize: 256, bufCount: 1 },
    ports: own => ({
      bluetooth: { ...own.bluetooth, choose: async () => ok({ source: 'bluetooth', id, name: 'Lock 1' }) },
    }),
  })
  const first = await world.meet()
  await world.fob.renameDevice(first, 'Front door')
  const { highWater } = world.fob.devices.get()[0]?.record ?? {}
  expect(highWater).not.toBeNull()
  void world.fob.startUpdate(first)
  await until(() => world.fob.updates.get().get(first)?.state.step === 'upload')
  world.fob.pauseUpdate(first)
  world.device.dropLink()

  id = 'two'
  const reopened = world.reopened()
  await until(() => reopened.isLoaded.get())
  const met = await reopened.addBluetooth()
  if (!met.ok) throw new Error(met.error.kind)
  const second = met.value
  expect(second).not.toBe(first)
  await until(() => reopened.devices.get().length === 1)
  await until(() => reopened.devices.get()[0]?.activity === 'idle')
  expect(reopened.devices.get()[0]?.record).toMatchObject({ key: second, name: 'Front door', highWater })
  expect(reopened.updates.get().has(first)).toBe(false)
  expect(reopened.updates.get().get(second)?.state.status).toBe('paused')
  await reopened.resumeUpdate(second)
  await until(() => reopened.updates.get().get(second)?.state.status === 'done')
})

it('is not made one with another plain device: nothing tells that they are the same', async () => {
  let id = 'one'
  const world = await appWorld({
    device: { hasFobGroup: false },
    ports: own => ({
      bluetooth: { ...own.bluetooth, choose: async () => ok({ source: 'bluetooth', id, name: 'Plain' }) },
    }),
  })
  await world.meet()
  id = 'two'
  await world.fob.addBluetooth()
  await until(() =>
    world.fob.devices.get().every(({ activity, record }) => activity === 'idle' && record.running),
  )
  expect(world.fob.devices.get()).toHaveLength(2)
})
