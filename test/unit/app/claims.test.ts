// What is said of a device must hold for what it is now: another channel, chain, image or trust ends an earlier answer.
import { describe, expect, it } from 'vitest'
import { fail, ok } from '../../../src/core/result.ts'
import { appWorld, image, manifestOf, readingOf, until } from '../../fixtures/appWorld.ts'

const unreachable = fail({ kind: 'chainUnreachable', endpoints: [] } as const)

describe('“up to date” is no longer said', () => {
  it('when the device was found with another image, and no endpoint answers about it', async () => {
    const world = await appWorld({ running: image(1) })
    const key = await world.meet()
    const view = () => world.fob.devices.get()[0]
    expect(view()?.record.lastCheck?.decision.kind).toBe('upToDate')
    const record = await world.stores.devices.get(key)
    if (!record?.running) throw new Error('no record')
    // As another phone left it: this browser learns of it when it meets the device again.
    await world.stores.devices.put({
      ...record,
      running: { ...record.running, hash: `0x${'0d'.repeat(32)}` },
    })
    const other = world.tab()
    await until(() => other.isLoaded.get())
    world.chainSays(unreachable)
    expect(other.devices.get()[0]?.record.lastCheck).toBeNull()
  })

  it('after its maker is no longer trusted', async () => {
    const world = await appWorld({ running: image(1) })
    await world.meet()
    const [view] = world.fob.devices.get()
    if (!view?.record.model) throw new Error('no model')
    await world.fob.unpinMaker(view.record.model.maker)
    expect(world.fob.devices.get()[0]?.record.lastCheck).toBeNull()
  })

  it('nor is its update gone on with', async () => {
    const world = await appWorld({ device: { requestMs: 5, bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    const state = () => world.fob.updates.get().get(key)?.state
    await until(() => state()?.step === 'upload')
    await world.fob.unpinMaker(state()?.plan?.model.maker ?? '0x')
    await until(() => state()?.status === 'cancelled')
  })

  it('of the other channel, which is asked at once', async () => {
    const world = await appWorld({ running: image(1) })
    await world.meet()
    const lastCheck = () => world.fob.devices.get()[0]?.record.lastCheck
    world.chainSays(unreachable)
    await world.fob.changeSettings({ channel: 'beta' })
    expect(lastCheck()).toBeNull()
    world.chainSays(ok(readingOf(manifestOf(image(2)))))
    await world.fob.changeSettings({ channel: 'stable' })
    expect(lastCheck()?.about?.channel).toBe('stable')
    await until(() => lastCheck()?.decision.kind === 'update')
  })

  it('of another chain', async () => {
    const world = await appWorld({ running: image(1) })
    await world.meet()
    const network = world.fob.network.get()
    if (network.status !== 'ready') throw new Error('no network')
    const registry = '0x4444444444444444444444444444444444444444'
    const { config } = network
    world.platform.documents.set('network.json', { ...config, chain: { ...config.chain, registry } })
    await world.fob.reloadNetwork()
    expect(world.fob.devices.get()[0]?.record.lastCheck).not.toBeNull()
    world.chainSays(unreachable)
    await world.fob.acceptNetworkChange()
    expect(world.fob.devices.get()[0]?.record.lastCheck).toBeNull()
  })
})

describe('a device about which no endpoint answered', () => {
  it('is compared by itself as soon as there is a network', async () => {
    const world = await appWorld()
    world.chainSays(unreachable)
    await world.meet()
    const view = () => world.fob.devices.get()[0]
    expect(view()?.lastFailure?.kind).toBe('chainUnreachable')
    world.platform.setOnline(false)
    expect(view()?.record.lastCheck).toBeNull()
    world.chainSays(ok(readingOf(manifestOf(image(1)))))
    world.platform.setOnline(true)
    await until(() => view()?.record.lastCheck?.decision.kind === 'update')
    expect(view()?.lastFailure).toBeNull()
  })

  it('is left to the person where they contradict each other', async () => {
    const world = await appWorld()
    world.chainSays(fail({ kind: 'chainDisagrees', endpoints: [] }))
    await world.meet()
    world.chainSays(ok(readingOf(manifestOf(image(1)))))
    world.platform.setOnline(false)
    world.platform.setOnline(true)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(world.fob.devices.get()[0]?.lastFailure?.kind).toBe('chainDisagrees')
  })
})
