// The main job through the app's face, on a real reference device: what a person sees, and what the device ends with.
import { describe, expect, it } from 'vitest'
import type { Fob, UpdateView } from '../../../src/app/fob.ts'
import { quietAfter } from '../../../src/app/quietWatch.ts'
import { formatVersion } from '../../../src/core/mcuboot/version.ts'
import { fail, ok } from '../../../src/core/result.ts'
import {
  type AppWorld,
  appWorld,
  image,
  manifestOf,
  pinMaker,
  readingOf,
  until,
} from '../../fixtures/appWorld.ts'
import { demoModel } from '../../fixtures/release.ts'

const viewOf = (fob: Fob, key: string): UpdateView | undefined => fob.updates.get().get(key)
const statusOf = (fob: Fob, key: string): string | undefined => viewOf(fob, key)?.state.status
const versionOf = ({ device }: AppWorld): string | null =>
  device.runningVersion ? formatVersion(device.runningVersion) : null

async function rest(fob: Fob, key: string): Promise<UpdateView> {
  await until(() => !['running', undefined].includes(statusOf(fob, key)), 'the end of the update')
  const view = viewOf(fob, key)
  if (!view) throw new Error('no update')
  return view
}

describe('checking a device', () => {
  it('says update with the evidence when the registry has a newer release', async () => {
    const world = await appWorld()
    await world.meet()
    const [view] = world.fob.devices.get()
    expect(view?.record.lastCheck?.decision.kind).toBe('update')
    expect(view?.record.lastCheck?.evidence.level).toBe('proven')
    expect(view?.record.modelFrom).toBe('signed')
    expect(view?.record.battery).toBe(80)
  })

  it('does not believe a maker that nobody pinned', async () => {
    const world = await appWorld()
    await world.fob.addBluetooth()
    await until(() => world.fob.devices.get()[0]?.lastFailure !== null)
    expect(world.fob.devices.get()[0]?.lastFailure?.kind).toBe('makerNotPinned')
    await pinMaker(world.fob)
    await world.fob.checkDevice(world.fob.devices.get()[0]?.record.key ?? '')
    expect(world.fob.devices.get()[0]?.record.lastCheck?.decision.kind).toBe('update')
  })

  it('refuses a counterfeit that names a registry of its own', async () => {
    const world = await appWorld({ device: { registry: '0x3333333333333333333333333333333333333333' } })
    await world.meet()
    expect(world.fob.devices.get()[0]?.lastFailure?.kind).toBe('identityForOtherNetwork')
  })

  it('raises an alarm when the running image was revoked, whatever else is true', async () => {
    const world = await appWorld()
    const digest = manifestOf(image(0)).imageHash
    world.chainSays(ok(readingOf(manifestOf(image(1)), { revocations: [{ digest, reason: 1 }] })))
    await world.meet()
    expect(world.fob.devices.get()[0]?.record.lastCheck?.runningRevoked).toBe(true)
  })

  it('remembers the last proven reading when no endpoint answers, and never says up to date on it', async () => {
    const world = await appWorld({ running: image(1) })
    const key = await world.meet()
    expect(world.fob.devices.get()[0]?.record.lastCheck?.decision.kind).toBe('upToDate')
    world.chainSays(fail({ kind: 'chainUnreachable', endpoints: [] }))
    await world.fob.checkDevice(key)
    expect(world.fob.devices.get()[0]?.record.lastCheck?.decision.kind).toBe('unproven')
  })

  it('does not forget a proven revocation when an unproven reading leaves it out', async () => {
    const world = await appWorld()
    const reading = readingOf(manifestOf(image(1)))
    const digest = manifestOf(image(1)).imageHash
    world.chainSays(ok({ ...reading, revocations: [{ digest, reason: 1 }] }))
    const key = await world.meet()
    const decision = () => world.fob.devices.get()[0]?.record.lastCheck?.decision
    expect(decision()).toMatchObject({ kind: 'blocked', reason: 'revoked' })
    world.chainSays(
      ok({ ...reading, evidence: { ...reading.evidence, level: 'unproven', reason: 'oneEndpoint' } }),
    )
    await world.fob.checkDevice(key)
    expect(world.fob.devices.get()[0]?.record.lastCheck?.evidence.level).toBe('unproven')
    expect(decision()).toMatchObject({ kind: 'blocked', reason: 'revoked' })
  })

  it('says nothing at all when endpoints contradict each other', async () => {
    const world = await appWorld()
    world.chainSays(fail({ kind: 'chainDisagrees', endpoints: [] }))
    await world.meet()
    expect(world.fob.devices.get()[0]?.record.lastCheck).toBeNull()
    expect(world.fob.devices.get()[0]?.lastFailure?.kind).toBe('chainDisagrees')
  })
})

describe('updating a device', () => {
  it('ends with the new image running, confirmed and read back, with a receipt', async () => {
    const world = await appWorld()
    const key = await world.meet()
    await world.fob.startUpdate(key)
    expect((await rest(world.fob, key)).state.status).toBe('done')
    expect(versionOf(world)).toBe('1.1.0')
    world.device.cyclePower()
    await until(() => versionOf(world) !== null)
    expect(versionOf(world)).toBe('1.1.0')
    await until(() => world.fob.devices.get()[0]?.record.lastCheck?.decision.kind === 'upToDate')
    const history = await world.fob.history(key)
    expect(history.map(({ event }) => event.kind)).toContain('updated')
  })

  it.each([1, 4, 9, 15])('survives a link that is lost %i times while it uploads', async losses => {
    const world = await appWorld({ device: { bufSize: 512, bufCount: 1 } })
    const key = await world.meet()
    let left = losses
    let last = 0
    world.fob.updates.subscribe(() => {
      const state = viewOf(world.fob, key)?.state
      if (state?.step !== 'upload' || left === 0 || state.progress.done <= last) return
      last = state.progress.done
      left--
      setTimeout(() => world.device.dropLink(), 0)
    })
    await world.fob.startUpdate(key)
    expect((await rest(world.fob, key)).state.status).toBe('done')
    expect(left).toBe(0)
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('is back on the old image, and says so, when the new one crashes', async () => {
    const bad = image(1, { behaviour: 'crashes' })
    const world = await appWorld()
    world.chainSays(ok(readingOf(manifestOf(bad))))
    world.sourceGives(ok(bad))
    const key = await world.meet()
    await world.fob.startUpdate(key)
    const { state } = await rest(world.fob, key)
    expect(state.failure?.kind).toBe('reverted')
    expect(versionOf(world)).toBe('1.0.0')
    await until(() => true)
    expect((await world.fob.history(key)).map(({ event }) => event.kind)).toContain('reverted')
  })

  it.each([
    ['a wrong byte', (bytes: Uint8Array) => bytes.with(1000, (bytes[1000] ?? 0) ^ 1), 'wrongFileHash'],
    ['a byte less', (bytes: Uint8Array) => bytes.slice(0, -1), 'wrongSize'],
    ['a byte more', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0), 'wrongSize'],
  ])('writes nothing when the file has %s, and drops it', async (_what, spoil, kind) => {
    const world = await appWorld()
    world.sourceGives(ok(spoil(image(1))))
    const key = await world.meet()
    const before = world.flash.snapshot()
    await world.fob.startUpdate(key)
    expect((await rest(world.fob, key)).state.failure?.kind).toBe(kind)
    expect(world.flash.snapshot()).toEqual(before)
    expect(world.dropped).toHaveLength(1)
  })

  it('asks before it writes on an unproven reading, and writes nothing until then', async () => {
    const world = await appWorld()
    const reading = readingOf(manifestOf(image(1)))
    world.chainSays(
      ok({ ...reading, evidence: { ...reading.evidence, level: 'unproven', reason: 'oneEndpoint' } }),
    )
    const key = await world.meet()
    const before = world.flash.snapshot()
    await world.fob.startUpdate(key)
    expect((await rest(world.fob, key)).state.status).toBe('awaitingConsent')
    expect(viewOf(world.fob, key)?.state.plan?.confirm).toEqual(['unproven'])
    expect(world.flash.snapshot()).toEqual(before)
    world.fob.consent(key)
    await until(() => statusOf(world.fob, key) === 'done')
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('asks again for a plain device that was chosen anew: nothing tells that it is the same one', async () => {
    let chosen = 'one'
    const world = await appWorld({
      device: { hasFobGroup: false, requestMs: 5, bufSize: 256, bufCount: 1 },
      ports: own => ({
        bluetooth: {
          ...own.bluetooth,
          choose: async () => ok({ source: 'bluetooth', id: chosen, name: 'Plain' }),
        },
      }),
    })
    const key = await world.meet()
    await world.fob.chooseModel(key, demoModel)
    await world.fob.startUpdate(key)
    await until(() => statusOf(world.fob, key) === 'awaitingConsent')
    world.fob.consent(key)
    await until(() => (viewOf(world.fob, key)?.state.progress.done ?? 0) > 1000)
    world.fob.pauseUpdate(key)
    chosen = 'two'
    await world.fob.rechooseAndResume(key)
    await until(() => statusOf(world.fob, key) === 'awaitingConsent')
    world.fob.consent(key)
    await until(() => statusOf(world.fob, key) === 'done')
  })

  it('goes on after the browser was killed, from what the device had kept', async () => {
    const world = await appWorld({ device: { bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    await world.fob.startUpdate(key)
    await until(() => (viewOf(world.fob, key)?.state.progress.done ?? 0) > 4000)
    // A killed browser sends nothing more and lets go of the link; only what was stored is left.
    world.fob.pauseUpdate(key)
    world.device.dropLink()
    const reopened = world.reopened()
    await until(() => reopened.isLoaded.get())
    expect(statusOf(reopened, key)).toBe('paused')
    const offsets: number[] = []
    reopened.updates.subscribe(() => {
      const state = viewOf(reopened, key)?.state
      if (state?.step === 'upload' && state.progress.done > 0) offsets.push(state.progress.done)
    })
    await reopened.resumeUpdate(key)
    expect((await rest(reopened, key)).state.status).toBe('done')
    expect(offsets[0]).toBeGreaterThan(4000)
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('has its receipt in the history before its device is said to be up to date, and once only', async () => {
    const world = await appWorld()
    const key = await world.meet()
    await world.fob.startUpdate(key)
    await rest(world.fob, key)
    const receipts = async () =>
      (await world.fob.history(key)).filter(({ event }) => event.kind === 'updated').length
    await until(() => world.fob.devices.get()[0]?.record.lastCheck?.decision.kind === 'upToDate')
    expect(await receipts()).toBe(1)
    await world.fob.dismissUpdate(key)
    expect(viewOf(world.fob, key)).toBeUndefined()
    const reopened = world.reopened()
    await until(() => reopened.isLoaded.get())
    expect(await receipts()).toBe(1)
  })

  it('gets its receipt from the next tab when the first one died before it wrote it', async () => {
    const world = await appWorld()
    const key = await world.meet()
    await world.fob.startUpdate(key)
    const { state } = await rest(world.fob, key)
    await until(() => world.fob.devices.get()[0]?.activity === 'idle')
    for (const { id } of await world.stores.history.all()) await world.stores.history.delete(id)
    const reopened = world.reopened()
    await until(() => reopened.isLoaded.get())
    const history = await reopened.history(key)
    expect(history.map(({ event }) => event.kind)).toEqual(['updated'])
    expect(state.plan?.manifest).toEqual(
      history[0]?.event.kind === 'updated' && history[0].event.receipt.manifest,
    )
  })

  it('is driven by one tab, and the other one says so', async () => {
    const world = await appWorld({ device: { requestMs: 5, bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    const other = world.tab()
    await until(() => other.isLoaded.get())
    void world.fob.startUpdate(key)
    await until(() => viewOf(world.fob, key)?.state.step === 'upload')
    await other.startUpdate(key)
    expect(viewOf(other, key)?.mine).toBe(false)
    expect(other.devices.get()[0]?.activity).toBe('updatingElsewhere')
    expect((await rest(world.fob, key)).state.status).toBe('done')
  })

  it('waits for a device that lets a moment pass before it restarts', async () => {
    const world = await appWorld({ device: { resetMs: 250, bootMs: 400 } })
    let resets = 0
    world.device.onEvent(event => {
      if (event.kind === 'reset') resets++
    })
    const key = await world.meet()
    await world.fob.startUpdate(key)
    expect((await rest(world.fob, key)).state.status).toBe('done')
    expect(resets).toBe(1)
  })

  it('can be cancelled while it uploads; the old image stays', async () => {
    const world = await appWorld({ device: { requestMs: 5, bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    await until(() => (viewOf(world.fob, key)?.state.progress.done ?? 0) > 1000)
    expect(world.fob.cancelUpdate(key)).toBe(true)
    expect((await rest(world.fob, key)).state.status).toBe('cancelled')
    world.device.cyclePower()
    await until(() => versionOf(world) !== null)
    expect(versionOf(world)).toBe('1.0.0')
  })

  it('keeps its file when stored firmware is removed meanwhile', async () => {
    const world = await appWorld({ device: { requestMs: 5, bufSize: 256, bufCount: 1 } })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    await until(() => viewOf(world.fob, key)?.state.step === 'upload')
    await world.fob.clearFirmware()
    expect(world.kept).toEqual([viewOf(world.fob, key)?.state.plan?.manifest.cid])
    world.fob.cancelUpdate(key)
  })
})

describe('a device with an empty battery', () => {
  it('is not erased, until it is charged or the person wants it all the same', async () => {
    const world = await appWorld({ device: { battery: 12 } })
    const key = await world.meet()
    await world.fob.startUpdate(key)
    const { state } = await rest(world.fob, key)
    expect(state.failure).toEqual({
      kind: 'batteryTooLow',
      step: 'upload',
      detail: '12 %, not 20 %',
      reason: null,
    })
    expect(state.hasWritten).toBe(false)
    expect(versionOf(world)).toBe('1.0.0')

    await world.fob.changeSettings({ minBattery: 0 })
    await world.fob.resumeUpdate(key)
    expect((await rest(world.fob, key)).state.status).toBe('done')
    expect(versionOf(world)).toBe('1.1.0')
  })
})

describe('a fetch to which nobody answers', () => {
  it('is said early, goes on, can be paused, and is not said any more once something comes', async () => {
    let give = (_: { readonly received: number; readonly total: number; readonly from: 'peer' }) => {}
    let isAborted = false
    const world = await appWorld({
      ports: own => ({
        platform: {
          ...own.platform,
          timer: {
            ...own.platform.timer,
            after: (ms, task) => own.platform.timer.after(ms === quietAfter ? 20 : ms, task),
          },
        },
        firmware: async config => ({
          ...(await own.firmware(config)),
          fetch: (_, { signal, onProgress }) =>
            new Promise(resolve => {
              give = onProgress
              signal.addEventListener('abort', () => {
                isAborted = true
                resolve(fail({ kind: 'fetchCancelled' }))
              })
            }),
        }),
      }),
    })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    await until(() => viewOf(world.fob, key)?.isQuiet === true, 'it to be said')
    expect(viewOf(world.fob, key)?.state).toMatchObject({ status: 'running', step: 'fetch' })
    give({ received: 10, total: 100, from: 'peer' })
    expect(viewOf(world.fob, key)).not.toHaveProperty('isQuiet')
    await until(() => viewOf(world.fob, key)?.isQuiet === true, 'it to be said again')
    world.fob.pauseUpdate(key)
    expect(viewOf(world.fob, key)).not.toHaveProperty('isQuiet')
    await until(() => world.fob.devices.get()[0]?.activity === 'idle')
    expect(isAborted).toBe(true)
    give({ received: 20, total: 100, from: 'peer' })
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(viewOf(world.fob, key)).toMatchObject({ state: { status: 'paused' } })
    expect(viewOf(world.fob, key)).not.toHaveProperty('isQuiet')
  })
})

describe('a paused update', () => {
  const slow = { requestMs: 5, bufSize: 256, bufCount: 1 }

  async function paused() {
    const world = await appWorld({ device: slow })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    await until(() => (viewOf(world.fob, key)?.state.progress.done ?? 0) > 4000)
    world.fob.pauseUpdate(key)
    await until(() => world.fob.devices.get()[0]?.activity === 'idle', 'the device to be let go of')
    return { world, key }
  }

  it('lets go of the device: nothing is linked, and another tab may look at it, or go on from its own offset', async () => {
    const { world, key } = await paused()
    expect(world.device.isConnected).toBe(false)
    const other = world.tab()
    await until(() => other.isLoaded.get())
    await other.checkDevice(key)
    expect(other.devices.get()[0]?.lastFailure).toBeNull()
    const offsets: number[] = []
    other.updates.subscribe(() => {
      const state = viewOf(other, key)?.state
      if (state?.step === 'upload' && state.progress.done > 0) offsets.push(state.progress.done)
    })
    await other.resumeUpdate(key)
    expect((await rest(other, key)).state.status).toBe('done')
    expect(offsets[0]).toBeGreaterThan(4000)
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('gone on with at once is driven once, and ends', async () => {
    const world = await appWorld({ device: slow })
    const key = await world.meet()
    void world.fob.startUpdate(key)
    await until(() => (viewOf(world.fob, key)?.state.progress.done ?? 0) > 1000)
    for (let times = 0; times < 3; times++) {
      world.fob.pauseUpdate(key)
      expect(statusOf(world.fob, key)).toBe('paused')
      await Promise.all([world.fob.resumeUpdate(key), world.fob.resumeUpdate(key)])
      await until(() => viewOf(world.fob, key)?.state.step === 'upload')
    }
    expect((await rest(world.fob, key)).state.status).toBe('done')
    expect(versionOf(world)).toBe('1.1.0')
  })

  it('cancelled says what became of the device, which keeps its old image', async () => {
    const { world, key } = await paused()
    expect(world.fob.cancelUpdate(key)).toBe(true)
    await until(() => statusOf(world.fob, key) === 'cancelled')
    expect(viewOf(world.fob, key)?.state.hasWritten).toBe(true)
    world.device.cyclePower()
    await until(() => versionOf(world) !== null)
    expect(versionOf(world)).toBe('1.0.0')
    const reopened = world.reopened()
    await until(() => reopened.isLoaded.get())
    expect(statusOf(reopened, key)).toBe('cancelled')
  })
})
