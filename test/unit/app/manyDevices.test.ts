// A thousand known devices: what changes of one of them makes one view anew, and the others stay what they were.
import { expect, it } from 'vitest'
import { createFob } from '../../../src/app/createFob.ts'
import type { Ports } from '../../../src/app/ports.ts'
import { appWorld, until } from '../../fixtures/appWorld.ts'
import { fleetDevices } from '../../preview/fakeFleet.ts'

it('makes one view anew for what changes of one device', async () => {
  let own: Ports | undefined
  await appWorld({
    ports: ports => {
      own = ports
      return {}
    },
  })
  if (!own) throw new Error('no ports')
  for (const { record } of fleetDevices(1000)) await own.stores.devices.put(record)
  const fob = createFob(own)
  await until(() => fob.isLoaded.get())
  const before = new Map(fob.devices.get().map(view => [view.record.key, view]))
  expect(before.size).toBe(1000)
  await fob.renameDevice('door500', 'Another name')
  const changed = fob.devices.get().filter(view => before.get(view.record.key) !== view)
  expect(changed.map(({ record }) => record.name)).toEqual(['Another name'])
})
