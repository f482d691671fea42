// The technician's console on a reference device: answers, refusals, a log that can be saved, and a device that is free again.
import { describe, expect, it } from 'vitest'
import { isErased } from '../../../device/flash.ts'
import { consoleText, type DeviceConsole } from '../../../src/app/consoleLog.ts'
import { appWorld, image, stage, until } from '../../fixtures/appWorld.ts'

async function opened(world: Awaited<ReturnType<typeof appWorld>>): Promise<DeviceConsole> {
  const key = await world.meet()
  const result = await world.fob.openConsole(key)
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}

const statistics = {
  tasks: () => ({ main: { prio: -1, tid: 1, state: 2, stkuse: 100, stksiz: 256, cswcnt: 7, runtime: 12 } }),
  pools: () => ({ msys: { blksiz: 292, nblks: 12, nfree: 9, min: 4 } }),
}

describe('a device’s console', () => {
  it('asks all that can be asked, and keeps it as a text', async () => {
    const world = await appWorld({ device: { statistics } })
    const console = await opened(world)
    await console.run('echo', 'hello')
    for (const command of ['info', 'bootloader', 'images', 'slots', 'params', 'tasks', 'pools'] as const) {
      await console.run(command)
    }
    const text = consoleText('Front door', console.log.get())
    expect(text).toMatch(/> echo hello\n {2}hello\n/)
    expect(text).toContain('MCUboot, mode 1 (swap), downgrade prevented')
    expect(text).toContain('image 0 slot 0: 1.0.0 [active confirmed bootable]')
    expect(text).toContain('main: priority -1, stack 400/1024 bytes, switches 7, runtime 12')
    expect(text).toContain('msys: 9/12 blocks of 292 bytes free, at least 4')
    expect(console.log.get().every(({ failure }) => failure === null)).toBe(true)
    await console.close()
  })

  it('says that a device has no such command', async () => {
    const world = await appWorld()
    const console = await opened(world)
    await console.run('tasks')
    expect(console.log.get()[0]?.failure?.kind).toBe('deviceError')
    await console.close()
  })

  it('erases what lies in the free slot, and is refused what is waiting to be started', async () => {
    const world = await appWorld()
    world.flash.write('secondary', 0, image(2))
    const console = await opened(world)
    await console.run('erase')
    expect(isErased(world.flash, 'secondary')).toBe(true)
    stage(world.flash, image(2))
    await console.run('erase')
    expect(console.log.get()[1]?.failure).toMatchObject({ kind: 'deviceError' })
    expect(isErased(world.flash, 'secondary')).toBe(false)
    await console.close()
  })

  it('has the device to itself, until it is closed or the link is gone', async () => {
    const world = await appWorld()
    const console = await opened(world)
    const key = world.fob.devices.get()[0]?.record.key ?? ''
    expect(await world.fob.openConsole(key)).toMatchObject({ ok: false, error: { kind: 'busyElsewhere' } })
    await console.run('restart')
    await until(() => console.state.get() === 'gone')
    await until(() => world.device.runningVersion !== null)
    const again = await world.fob.openConsole(key)
    if (!again.ok) throw new Error(again.error.kind)
    await again.value.run('info')
    expect(again.value.log.get()[0]?.failure).toBeNull()
    await again.value.close()
  })
})
