// Faults from below that nobody planned for: each is said, and none is for ever.
import { describe, expect, it } from 'vitest'
import { appWorld, pinMaker, until } from '../../fixtures/appWorld.ts'

/** Fails the first `times` times, as code does that can't be loaded just then. */
function failing<A extends unknown[], T>(times: number, then: (...args: A) => Promise<T>) {
  let left = times
  return async (...args: A): Promise<T> => {
    if (left-- > 0) throw new TypeError('Failed to fetch dynamically imported module')
    return then(...args)
  }
}

describe('a part that can’t be loaded', () => {
  it('is said of the device instead of nothing at all, and tried again the next time', async () => {
    const world = await appWorld({ ports: own => ({ chain: failing(1, own.chain) }) })
    const met = await world.fob.addBluetooth()
    const key = met.ok ? met.value : ''
    const view = () => world.fob.devices.get()[0]
    await until(() => view()?.lastFailure?.kind === 'makerNotPinned')
    await world.fob.readSuggestedMaker('0x1111111111111111111111111111111111111111').catch(() => {})
    await pinMaker(world.fob)
    await world.fob.checkDevice(key)
    expect(view()?.activity).toBe('idle')
    expect(view()?.record.lastCheck?.decision.kind).toBe('update')
  })

  it('leaves a maker that can be pinned, with nothing proven of him', async () => {
    const world = await appWorld({ ports: own => ({ chain: failing(1, own.chain) }) })
    const candidate = await world.fob.readSuggestedMaker('0x1111111111111111111111111111111111111111')
    expect(candidate.ok).toBe(true)
  })

  it('ends a check with a failure that is shown', async () => {
    const world = await appWorld({ ports: own => ({ chain: failing(9, own.chain) }) })
    await pinMaker(world.fob)
    const met = await world.fob.addBluetooth()
    await until(() => world.fob.devices.get()[0]?.lastFailure?.kind === 'unexpectedError')
    expect(met.ok && world.fob.devices.get()[0]?.activity).toBe('idle')
  })

  it('lets an update be resumed', async () => {
    const world = await appWorld({ ports: own => ({ firmware: failing(1, own.firmware) }) })
    const key = await world.meet()
    await world.fob.startUpdate(key)
    const status = () => world.fob.updates.get().get(key)?.state.status
    await until(() => status() === 'failed')
    await world.fob.resumeUpdate(key)
    await until(() => status() === 'done')
  })
})

describe('a network that was never had', () => {
  it('lets go of the device and says so', async () => {
    const world = await appWorld({
      ports: own => ({ platform: { ...own.platform, fetchJson: async () => undefined } }),
    })
    expect(world.fob.network.get().status).toBe('missing')
    await world.fob.addBluetooth()
    await until(() => world.fob.devices.get()[0]?.lastFailure?.kind === 'networkMissing')
    expect(world.device.isConnected).toBe(false)
    expect(world.fob.devices.get()[0]?.activity).toBe('idle')
  })
})

describe('a store that throws', () => {
  it('does not hang an update: it ends with a failure, and lets go of the device', async () => {
    const world = await appWorld({
      ports: own => ({
        stores: {
          ...own.stores,
          updates: {
            ...own.stores.updates,
            put: async state => {
              if (state.step === 'upload') throw new DOMException('Internal error', 'UnknownError')
              return own.stores.updates.put(state)
            },
          },
        },
      }),
    })
    const key = await world.meet()
    await world.fob.startUpdate(key).catch(() => {})
    const state = () => world.fob.updates.get().get(key)?.state
    await until(() => state()?.status === 'failed')
    expect(state()?.failure?.kind).toBe('unexpectedError')
    await until(() => !world.device.isConnected)
    await until(() => world.fob.devices.get()[0]?.activity === 'idle')
  })
})
