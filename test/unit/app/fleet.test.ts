// Many devices in one go through the app's face: real updates on reference devices, one radio, and a tab that may die.
import { describe, expect, it } from 'vitest'
import { holdFiles } from '../../../src/app/fleet/files.ts'
import type { Fleet, FleetFetch, FleetPlan, FleetView } from '../../../src/app/fleet/fleet.ts'
import type { Fob } from '../../../src/app/fob.ts'
import type { FirmwareSource } from '../../../src/app/ports/firmware.ts'
import type { FleetItemState } from '../../../src/core/fleet/run.ts'
import { fail, ok } from '../../../src/core/result.ts'
import type { Timer } from '../../../src/core/smp/transport.ts'
import { image, manifestOf, readingOf, until } from '../../fixtures/appWorld.ts'
import { type FleetWorld, fleetWorld } from '../../fixtures/fleetWorld.ts'

const viewOf = (fleet: Fleet): FleetView => {
  const view = fleet.view.get()
  if (!view) throw new Error('no run')
  return view
}
const statesOf = (fleet: Fleet): readonly FleetItemState[] =>
  viewOf(fleet).run.items.map(({ state }) => state)
const versionsOf = ({ doors }: FleetWorld) => doors.map(door => door.version())
const isIdle = (fleet: Fleet): boolean => !viewOf(fleet).isWorking
const hasEnded = (fleet: Fleet): boolean => viewOf(fleet).run.status === 'ended' && isIdle(fleet)

async function begun(
  { fob, keys }: Pick<FleetWorld, 'fob' | 'keys'>,
  kind: 'update' | 'dryRun' = 'update',
): Promise<{ fleet: Fleet; plan: FleetPlan }> {
  const fleet = await fob.fleet()
  const plan = await fleet.plan(keys)
  expect(await fleet.begin(kind, plan, [])).toBe(true)
  return { fleet, plan }
}

const names = (fob: Fob) => new Map(fob.devices.get().map(({ record }) => [record.key, record.name]))

describe('a plan', () => {
  it('says what each device gets and why another gets nothing, and reads each model’s head once', async () => {
    const world = await fleetWorld([0, 1, 0, 2])
    const [first, second, third, fourth] = world.keys
    const fleet = await world.fob.fleet()
    const before = world.headReads()
    const plan = await fleet.plan(world.keys)
    expect(world.headReads()).toBe(before + 1)
    expect(plan.devices.map(({ key, planned }) => [key, planned.kind])).toEqual([
      [first, 'update'],
      [second, 'newest'],
      [third, 'update'],
      [fourth, 'not'],
    ])
    expect(plan.devices[3]?.planned).toMatchObject({ failure: { reason: 'downgradeVersion' } })
    expect(plan.releases).toMatchObject([{ devices: 2, isHeld: true, confirm: [] }])
    await world.fob.unpinMaker(plan.releases[0]?.model.maker ?? '0x')
    const unpinned = await fleet.plan(world.keys)
    expect(unpinned.devices.map(({ planned }) => planned)).toEqual(
      world.keys.map(() =>
        expect.objectContaining({ failure: expect.objectContaining({ kind: 'makerNotPinned' }) }),
      ),
    )
    expect(await fleet.begin('update', unpinned, [])).toBe(false)
    expect(world.fob.hasFleetRun.get()).toBe(false)
  })

  it('can be tried without writing: every device is asked, and none is written to', async () => {
    const world = await fleetWorld([0, 1, 0])
    const fleet = await world.fob.fleet()
    const plan = await fleet.plan(world.keys)
    const asked = {
      ...plan,
      devices: plan.devices.map(device => ({ ...device, planned: { kind: 'ask' as const } })),
    }
    expect(await fleet.begin('dryRun', asked, [])).toBe(true)
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['wouldUpdate', 'upToDate', 'wouldUpdate'])
    expect(viewOf(fleet).run.items.every(({ evidence }) => evidence?.level === 'proven')).toBe(true)
    expect(versionsOf(world)).toEqual(['1.0.0', '1.1.0', '1.0.0'])
    expect(world.fob.updates.get().size).toBe(0)
    expect(world.mostLinks()).toBe(1)
  })
})

describe('a run', () => {
  it('updates every device, one link at a time, with a receipt for each', async () => {
    const world = await fleetWorld([0, 0, 0, 0])
    const { fleet } = await begun(world)
    expect(world.fob.hasFleetRun.get()).toBe(true)
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'updated', 'updated', 'updated'])
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0', '1.1.0', '1.1.0'])
    expect(world.mostLinks()).toBe(1)
    expect(world.choices()).toBe(0)
    for (const { key, attempt } of viewOf(fleet).run.items) {
      const history = await world.fob.history(key)
      expect(history.map(({ id }) => id)).toContain(`${String(attempt)}-updated`)
    }
    // What ended well is put away: no device is shown as under update.
    await until(() => world.fob.updates.get().size === 0, 'the updates to be put away')
    await fleet.putAway()
    expect(fleet.view.get()).toBeNull()
    expect(world.fob.hasFleetRun.get()).toBe(false)
  })

  it('asks for the chooser where the browser demands it, last, and takes whichever was chosen', async () => {
    const world = await fleetWorld([0, 0, 0])
    // Permissions are gone with the browser's restart for two of them.
    for (const door of world.doors.slice(0, 2)) door.isPermitted = false
    const fob = world.reopened()
    await until(() => fob.isLoaded.get())
    await until(() => fob.devices.get().filter(({ reachable }) => reachable).length === 1)
    const { fleet } = await begun({ fob, keys: world.keys })
    await until(() => statesOf(fleet)[2] === 'updated' && isIdle(fleet), 'the third')
    expect(viewOf(fleet).next).toEqual({ kind: 'choose', key: world.keys[0] })
    const [first] = world.keys
    expect(await fleet.choose(first ?? '')).toMatchObject({ ok: false, error: { kind: 'chooserCancelled' } })
    expect(statesOf(fleet)).toEqual(['queued', 'queued', 'updated'])
    // The person taps on the other one: it is that one's turn.
    world.chooses('Door 2')
    expect(await fleet.choose(first ?? '')).toMatchObject({ ok: true, value: world.keys[1] })
    await until(() => statesOf(fleet)[1] === 'updated' && isIdle(fleet), 'the second')
    expect(versionsOf(world)).toEqual(['1.0.0', '1.1.0', '1.1.0'])
    world.chooses('Door 1')
    await fleet.choose(first ?? '')
    await until(() => hasEnded(fleet), 'the end')
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0', '1.1.0'])
  })

  it('goes on past a device that fails, and takes it up again when the person asks', async () => {
    const world = await fleetWorld([0, 0, 0])
    const flat = world.doors[1]
    if (!flat) throw new Error('no door')
    flat.battery = 3
    const { fleet } = await begun(world)
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'failed', 'updated'])
    expect(viewOf(fleet).run.items[1]?.failure?.kind).toBe('batteryTooLow')
    flat.battery = 80
    fleet.retry(world.keys[1] ?? '')
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'updated', 'updated'])
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0', '1.1.0'])
  })

  it('stands still where Bluetooth is off, and goes on with the same device when it is on again', async () => {
    const world = await fleetWorld([0, 0])
    world.setRadio(false)
    const { fleet } = await begun(world)
    await until(() => viewOf(fleet).run.held === 'radioOff' && isIdle(fleet), 'the standstill')
    expect(statesOf(fleet)).toEqual(['queued', 'queued'])
    world.setRadio(true)
    fleet.goOn()
    await until(() => hasEnded(fleet), 'the end')
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0'])
  })

  it('finds a device again that was met anew under another permission while it waited', async () => {
    const world = await fleetWorld([0, 0])
    const fleet = await world.fob.fleet()
    const plan = await fleet.plan(world.keys)
    const [, second] = world.keys
    const gone = await world.fob.forgetDevice(second ?? '')
    expect(gone).toBe(true)
    world.chooses('Door 2')
    const met = await world.fob.addBluetooth()
    await until(() => world.fob.devices.get().every(({ activity }) => activity === 'idle'), 'its check')
    expect(met.ok && met.value).not.toBe(second)
    await fleet.begin('update', plan, [])
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'updated'])
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0'])
  })

  it('can be paused, lets a device be skipped, and ends when the person says so', async () => {
    const world = await fleetWorld([0, 0, 0])
    const { fleet } = await begun(world)
    fleet.skip(world.keys[1] ?? '')
    fleet.pause()
    await until(() => isIdle(fleet) || viewOf(fleet).run.active !== null)
    expect(viewOf(fleet).run.status).toBe('paused')
    fleet.goOn()
    await until(() => statesOf(fleet)[0] === 'updated', 'the first')
    fleet.pause()
    await until(() => isIdle(fleet) || viewOf(fleet).run.active === world.keys[2])
    fleet.goOn()
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'skipped', 'updated'])
    expect(versionsOf(world)).toEqual(['1.1.0', '1.0.0', '1.1.0'])
    fleet.retry(world.keys[1] ?? '')
    fleet.pause()
    await until(() => isIdle(fleet) || viewOf(fleet).run.active !== null)
    if (viewOf(fleet).run.active === null) {
      fleet.finish()
      expect(statesOf(fleet)[1]).toBe('skipped')
    }
  })

  it('has the image before the first write, and writes to nobody who can’t get it', async () => {
    const world = await fleetWorld([0, 0])
    world.sourceGives(fail({ kind: 'firmwareUnavailable', tried: ['peer'] }))
    world.holdsNothing()
    const { fleet } = await begun(world)
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['failed', 'failed'])
    expect(viewOf(fleet).run.items[0]?.failure).toMatchObject({ kind: 'firmwareUnavailable', detail: 'peer' })
    expect(world.mostLinks()).toBe(0)
    world.sourceGives(ok(image(1)))
    fleet.retryFailed()
    await until(() => hasEnded(fleet), 'the end')
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0'])
  })

  it('works offline: what was proven is remembered, agreed to once, and written to all of them', async () => {
    const world = await fleetWorld([0, 0, 0])
    world.chainSays(fail({ kind: 'chainUnreachable', endpoints: [] }))
    const fleet = await world.fob.fleet()
    const plan = await fleet.plan(world.keys)
    expect(plan.releases).toMatchObject([{ devices: 3, confirm: ['remembered'] }])
    await fleet.begin('update', plan, [])
    // Nobody has agreed: the first one waits, and not a byte is written.
    await until(() => statusOf(world.fob, world.keys[0]) === 'awaitingConsent', 'the question')
    expect(versionsOf(world)).toEqual(['1.0.0', '1.0.0', '1.0.0'])
    fleet.consent(true)
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['updated', 'updated', 'updated'])
    expect(viewOf(fleet).run.items.map(({ confirm }) => confirm)).toEqual(
      world.keys.map(() => ['remembered']),
    )
  })

  it('writes nothing on another file than the one that was agreed to', async () => {
    const world = await fleetWorld([0, 0])
    world.chainSays(fail({ kind: 'chainUnreachable', endpoints: [] }))
    const fleet = await world.fob.fleet()
    await fleet.begin('update', await fleet.plan(world.keys), [`0x${'77'.repeat(32)}`])
    await until(() => statusOf(world.fob, world.keys[0]) === 'awaitingConsent', 'the question')
    expect(fleet.skip(world.keys[0] ?? '')).toBe(true)
    await until(() => statusOf(world.fob, world.keys[1]) === 'awaitingConsent', 'the next question')
    fleet.skip(world.keys[1] ?? '')
    await until(() => hasEnded(fleet), 'the end')
    expect(statesOf(fleet)).toEqual(['skipped', 'skipped'])
    expect(versionsOf(world)).toEqual(['1.0.0', '1.0.0'])
  })

  it('refuses, device by device, a release that was withdrawn meanwhile', async () => {
    const world = await fleetWorld([0, 0])
    const fleet = await world.fob.fleet()
    const plan = await fleet.plan(world.keys)
    const manifest = manifestOf(image(1))
    const { manifest: planned } = plan.releases[0] ?? {}
    expect(planned?.fileHash).toBe(manifest.fileHash)
    world.chainSays(ok(readingOf(manifest, { revocations: [{ digest: manifest.imageHash, reason: 1 }] })))
    await fleet.begin('update', plan, [])
    await until(() => hasEnded(fleet), 'the end')
    expect(viewOf(fleet).run.items.map(({ failure }) => failure?.reason)).toEqual(['revoked', 'revoked'])
    expect(versionsOf(world)).toEqual(['1.0.0', '1.0.0'])
  })
})

describe('a run whose tab dies', () => {
  it('goes on in the next one whichever write it died at, and updates every device once', async () => {
    const whole = await fleetWorld([0, 0])
    const before = whole.writes()
    const { fleet: undisturbed } = await begun(whole)
    await until(() => hasEnded(undisturbed) && whole.fob.updates.get().size === 0, 'the end')
    const writes = whole.writes() - before
    expect(writes).toBeGreaterThan(20)
    // Every third write of the first device's turn, which are of all kinds, and one in the second's.
    const steps = [1, ...Array.from({ length: 8 }, (_, index) => 2 + 3 * index), writes - 4]
    for (const n of steps) {
      const world = await fleetWorld([0, 0])
      const died = world.diesAtWrite(n)
      const first = await world.fob.fleet()
      void first.begin('update', await first.plan(world.keys), [])
      await died
      const fob = world.reopened()
      await until(() => fob.isLoaded.get())
      const fleet = await fob.fleet()
      // At the very first write there was no run yet, for the person to begin again.
      expect(fleet.view.get() === null, `at write ${String(n)}`).toBe(n === 1)
      if (n === 1) continue
      expect(fob.hasFleetRun.get()).toBe(true)
      if (viewOf(fleet).run.status === 'paused') fleet.goOn()
      await until(() => hasEnded(fleet), `the end after write ${String(n)}`)
      expect(statesOf(fleet), `at write ${String(n)}`).toEqual(['updated', 'updated'])
      expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0'])
      for (const key of world.keys) {
        const updated = (await fob.history(key)).filter(({ event }) => event.kind === 'updated')
        expect(updated, `${String(names(fob).get(key))} at write ${String(n)}`).toHaveLength(1)
      }
    }
  }, 60_000)

  it('is led by one tab alone; the other one follows it', async () => {
    const world = await fleetWorld([0, 0])
    const { fleet } = await begun(world)
    const other = world.tab()
    await until(() => other.isLoaded.get())
    const follower = await other.fleet()
    expect(viewOf(follower).mine).toBe(false)
    follower.pause()
    follower.goOn()
    expect(await follower.begin('update', await follower.plan(world.keys), [])).toBe(false)
    await until(() => hasEnded(fleet), 'the end')
    await until(
      () => viewOf(follower).run.status === 'ended' && viewOf(follower).mine,
      'the end in the other tab',
    )
    expect(versionsOf(world)).toEqual(['1.1.0', '1.1.0'])
  })
})

const statusOf = (fob: Fob, key: string | undefined): string | undefined =>
  fob.updates.get().get(key ?? '')?.state.status

describe('the files of a run', () => {
  it('tell early that nobody answers, with what has come so far', async () => {
    let onQuiet = () => {}
    const timer: Timer = {
      now: () => 0,
      after(_ms, task) {
        onQuiet = task
        return () => {
          onQuiet = () => {}
        }
      },
    }
    const told: FleetFetch[] = []
    const source: Pick<FirmwareSource, 'holds' | 'fetch'> = {
      holds: async () => false,
      async fetch(_, { onProgress }) {
        onQuiet()
        onProgress({ received: 5, total: 9, from: 'peer' })
        onQuiet()
        return fail({ kind: 'firmwareUnavailable', tried: [] })
      },
    }
    const files = [{ cid: 'c', size: 9, peers: [] }]
    await holdFiles(files, async () => source, new AbortController().signal, timer, {
      onProgress: fetching => told.push(fetching),
      onMissing: async () => {},
    })
    const at = { file: 1, files: 1 }
    expect(told).toEqual([
      { ...at, received: 0, total: 9, isQuiet: true },
      { ...at, received: 5, total: 9 },
      { ...at, received: 5, total: 9 },
      { ...at, received: 5, total: 9, isQuiet: true },
      { ...at, received: 5, total: 9 },
    ])
  })
})
