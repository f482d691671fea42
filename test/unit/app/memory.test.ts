// A start at which what was stored can't be read, or is gone: neither passes for a first visit.
import { describe, expect, it } from 'vitest'
import { createFob } from '../../../src/app/createFob.ts'
import { Observable } from '../../../src/app/observable.ts'
import type { StoreOpening } from '../../../src/app/ports/store.ts'
import type { StoreTrouble } from '../../../src/app/ports.ts'
import type { NetworkConfig } from '../../../src/core/network.ts'
import { type AppWorld, appWorld, pinMaker, until } from '../../fixtures/appWorld.ts'
import { demoModel } from '../../fixtures/release.ts'

const another = '0x4444444444444444444444444444444444444444'

/** The browser of `world` opened again, whose store answers as `opening` says; the host serves another network by now. */
function openedAgain(world: AppWorld, opening: () => StoreOpening) {
  const served = world.platform.documents.get('network.json') as NetworkConfig
  world.platform.documents.set('network.json', {
    ...served,
    chain: { ...served.chain, registry: another },
  })
  const calls: string[] = []
  const storeProblem = new Observable<StoreTrouble | null>(null)
  const tab = world.stores.otherTab()
  const fob = createFob({
    ...world.ports,
    storeProblem,
    stores: {
      ...tab,
      open: async () => opening(),
      beginAnew: async () => void calls.push('beginAnew'),
      forgo: () => void calls.push('forgo'),
    },
  })
  return { fob, calls, storeProblem }
}

describe('a start at which the store', () => {
  it('can’t be read shows and pins nothing, and opens by itself with what was pinned', async () => {
    const world = await appWorld()
    await pinMaker(world.fob)
    let opening: StoreOpening = { kind: 'unreadable', detail: 'Internal error.' }
    const { fob, calls, storeProblem } = openedAgain(world, () => opening)
    storeProblem.set({ kind: 'storeUnavailable' })
    await until(() => fob.memory.get().status === 'unreadable')
    expect(fob.isLoaded.get()).toBe(false)
    // A network that comes back meanwhile has nothing to be compared with, and is not the first one.
    world.platform.setOnline(true)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(fob.network.get().status).toBe('loading')
    opening = { kind: 'read' }
    fob.retryMemory()
    await until(() => fob.isLoaded.get())
    expect(fob.memory.get().status).toBe('ready')
    expect(fob.storeProblem.get()).toBeNull()
    expect(fob.makers.get().map(({ address }) => address)).toEqual([demoModel.maker])
    const network = fob.network.get()
    expect(network.status === 'ready' && network.config.chain.registry).not.toBe(another)
    expect(calls).toEqual([])
  })

  it('can’t be read goes on without it at the person’s word, and writes nothing', async () => {
    const world = await appWorld()
    const { fob, calls } = openedAgain(world, () => ({ kind: 'unreadable', detail: '' }))
    await until(() => fob.memory.get().status === 'unreadable')
    fob.goOnWithoutMemory()
    await until(() => fob.isLoaded.get())
    expect(fob.memory.get().status).toBe('forgone')
    expect(calls).toEqual(['forgo'])
  })

  it('never answers is given up after a while, and the person may go on at once', async () => {
    const world = await appWorld()
    const afters: (() => void)[] = []
    const fob = createFob({
      ...world.ports,
      platform: {
        ...world.platform,
        timer: {
          ...world.platform.timer,
          after(_ms, task) {
            afters.push(task)
            return () => {}
          },
        },
      },
      stores: { ...world.stores.otherTab(), open: () => new Promise(() => {}) },
    })
    expect(fob.memory.get().status).toBe('opening')
    for (const task of afters.splice(0)) task()
    await until(() => fob.memory.get().status === 'unreadable')
    fob.retryMemory()
    fob.goOnWithoutMemory()
    await until(() => fob.memory.get().status === 'forgone')
  })

  it('is empty where it was not before says so, and begins anew when the person knows', async () => {
    const world = await appWorld()
    const { fob, calls } = openedAgain(world, () => ({ kind: 'gone' }))
    await until(() => fob.memory.get().status === 'gone')
    expect([fob.isLoaded.get(), calls]).toEqual([false, []])
    fob.goOnWithoutMemory()
    await until(() => fob.isLoaded.get())
    expect([fob.memory.get().status, calls]).toEqual(['ready', ['beginAnew']])
  })
})

describe('a damaged pin', () => {
  it('of the network is not replaced by what the host serves until the person has looked at it', async () => {
    const world = await appWorld()
    const pinned = await world.stores.values.get<{ fingerprint: string }>('network')
    await world.stores.values.put('network', { config: { version: 9 }, fingerprint: pinned?.fingerprint })
    const { fob } = openedAgain(world, () => ({ kind: 'read' }))
    await until(() => fob.isLoaded.get())
    const view = fob.network.get()
    expect(view.status === 'pinUnreadable' && view.change?.config.chain.registry).toBe(another)
    expect(await world.stores.values.get('network')).toMatchObject({ config: { version: 9 } })
    expect(await fob.acceptNetworkChange()).toBe(true)
    const after = fob.network.get()
    expect(after.status === 'ready' && after.config.chain.registry).toBe(another)
  })

  it('of the network whose fingerprint is what the host serves means the same trust as before', async () => {
    const world = await appWorld()
    const pinned = await world.stores.values.get<{ fingerprint: string }>('network')
    await world.stores.values.put('network', { config: null, fingerprint: pinned?.fingerprint })
    const fob = world.tab()
    await until(() => fob.isLoaded.get())
    expect(fob.network.get().status).toBe('ready')
  })

  it('of a maker is told until it is forgotten, or read anew', async () => {
    const world = await appWorld()
    const problem = { kind: 'recordUnreadable', table: 'makers', key: demoModel.maker }
    const { fob, storeProblem } = openedAgain(world, () => ({ kind: 'read' }))
    await until(() => fob.isLoaded.get())
    storeProblem.set(problem)
    expect(fob.storeProblem.get()).toEqual(problem)
    await pinMaker(fob)
    expect(fob.storeProblem.get()).toBeNull()
    storeProblem.set({ ...problem })
    await fob.forgetUnreadableMaker(demoModel.maker)
    expect(fob.storeProblem.get()).toBeNull()
    expect(await world.stores.makers.all()).toEqual([])
  })
})
