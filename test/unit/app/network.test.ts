// The network file under the app's feet: read again, changed, late, or lost, while something else is going on.
import { describe, expect, it } from 'vitest'
import type { NetworkConfig } from '../../../src/core/network.ts'
import { appWorld, until } from '../../fixtures/appWorld.ts'

describe('the network file', () => {
  it('read again leaves the parts that run as they are, whatever peers it names now', async () => {
    const made: string[] = []
    const world = await appWorld({
      ports: own => ({
        chain(config) {
          made.push('chain')
          return own.chain(config)
        },
        firmware(config) {
          made.push('firmware')
          return own.firmware(config)
        },
      }),
    })
    const key = await world.meet()
    await world.fob.startUpdate(key)
    await until(() => world.fob.updates.get().get(key)?.state.status === 'done')
    const before = world.fob.network.get()
    const served = world.platform.documents.get('network.json') as NetworkConfig
    world.platform.documents.set('network.json', { ...served, peers: ['/dns4/new.example/tcp/443/wss'] })
    world.platform.setOnline(true)
    await until(() => world.fob.network.get() !== before)
    await world.fob.checkDevice(key)
    await world.fob.clearFirmware()
    expect(made).toEqual(['chain', 'firmware'])
  })

  it('that never comes does not keep the app from opening with the pinned one', async () => {
    const world = await appWorld()
    world.platform.documents.delete('network.json')
    const silent = await appWorld({
      ports: own => ({
        stores: world.stores.otherTab(),
        platform: { ...own.platform, fetchJson: () => new Promise(() => {}) },
      }),
    })
    expect(silent.fob.network.get().status).toBe('ready')
  })

  it('is not pinned anew when the store lost the pin while the app was open', async () => {
    const world = await appWorld()
    const served = world.platform.documents.get('network.json') as NetworkConfig
    await world.stores.values.delete('network')
    const registry = '0x4444444444444444444444444444444444444444'
    world.platform.documents.set('network.json', { ...served, chain: { ...served.chain, registry } })
    await world.fob.reloadNetwork()
    const view = world.fob.network.get()
    expect(view.status === 'ready' && view.config.chain.registry).toBe(served.chain.registry)
    expect(view.status === 'ready' && view.change?.config.chain.registry).toBe(registry)
  })

  it('can’t be changed under an update, which was checked against the present one', async () => {
    const world = await appWorld({ device: { requestMs: 5, bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    const served = world.platform.documents.get('network.json') as NetworkConfig
    const registry = '0x4444444444444444444444444444444444444444'
    world.platform.documents.set('network.json', { ...served, chain: { ...served.chain, registry } })
    await world.fob.reloadNetwork()
    void world.fob.startUpdate(key)
    const status = () => world.fob.updates.get().get(key)?.state
    await until(() => status()?.step === 'upload')
    expect(await world.fob.acceptNetworkChange()).toBe(false)
    await until(() => status()?.status === 'done')
    await until(() => world.fob.devices.get()[0]?.activity === 'idle')
    expect(await world.fob.acceptNetworkChange()).toBe(true)
  })
})
