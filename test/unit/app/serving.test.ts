// Serving onward: by the person's rules and no further, counted, with what is to be kept kept.
import { describe, expect, it } from 'vitest'
import type { Battery } from '../../../src/app/ports/battery.ts'
import type { FirmwareSource, Served } from '../../../src/app/ports/firmware.ts'
import { filesToRemove } from '../../../src/app/serving/eviction.ts'
import { defaultServingRules } from '../../../src/app/serving/rules.ts'
import type { HeldFile, Serving } from '../../../src/app/serving/serving.ts'
import { type Circumstances, servingStatus } from '../../../src/app/serving/servingStatus.ts'
import { dayOf, noUsage, onDay, withServed } from '../../../src/app/serving/usage.ts'
import { imageDigest } from '../../../src/core/registry/manifest.ts'
import { ok } from '../../../src/core/result.ts'
import { appWorld, image, manifestOf, until } from '../../fixtures/appWorld.ts'
import { demoModel } from '../../fixtures/release.ts'

const newest = manifestOf(image(1))

/** A world whose browser holds these files; what is served, and whether the page is seen, in the hands of the test. */
async function servingWorld({
  held = [newest.cid],
  battery = null,
}: {
  held?: readonly string[]
  battery?: Battery | null
} = {}) {
  const holds = new Set(held)
  const calls: (readonly string[] | null)[] = []
  const listeners = new Set<(served: Served) => void>()
  const seen = new Set<() => void>()
  const page: { isHidden: boolean; battery: Battery | null } = { isHidden: false, battery }
  const world = await appWorld({
    ports: own => ({
      firmware: async config => {
        const source: FirmwareSource = {
          ...(await own.firmware(config)),
          async fetch(request, options) {
            const fetched = await (await own.firmware(config)).fetch(request, options)
            if (fetched.ok) holds.add(request.cid)
            return fetched
          },
          holds: async cid => holds.has(cid),
          drop: async cid => void holds.delete(cid),
          async serve(cids) {
            calls.push(cids)
            return ok(null)
          },
          onServed(listener) {
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
        }
        return source
      },
      serving: async () => ({
        page: {
          isHidden: () => page.isHidden,
          onVisibilityChange(listener) {
            seen.add(listener)
            return () => seen.delete(listener)
          },
        },
        battery: async () => page.battery,
      }),
    }),
  })
  await world.meet()
  return {
    ...world,
    holds,
    calls,
    page,
    give: (served: Served) => {
      for (const listener of [...listeners]) listener(served)
    },
    turn: (isHidden: boolean) => {
      page.isHidden = isHidden
      for (const listener of [...seen]) listener()
    },
  }
}

const statusIs = (serving: Serving, kind: string) =>
  until(() => serving.view.get().status.kind === kind, `the status ${kind}`)

describe('serving onward', () => {
  it('is off until the person switches it on, and ends when it is switched off', async () => {
    const { fob, calls } = await servingWorld()
    const serving = await fob.serving()
    await until(() => serving.view.get().held?.length === 1)
    expect(serving.view.get().status).toEqual({ kind: 'off' })
    expect(calls).toEqual([])
    await serving.change({ isOn: true })
    await statusIs(serving, 'serving')
    expect(calls).toEqual([[newest.cid]])
    await serving.change({ isOn: false })
    expect(serving.view.get().status).toEqual({ kind: 'off' })
    expect(calls).toEqual([[newest.cid], null])
  })

  it('rests while nobody sees the page, and goes on when somebody does', async () => {
    const { fob, calls, turn } = await servingWorld()
    const serving = await fob.serving()
    await serving.change({ isOn: true })
    await statusIs(serving, 'serving')
    turn(true)
    await statusIs(serving, 'hidden')
    turn(false)
    await statusIs(serving, 'serving')
    expect(calls).toEqual([[newest.cid], null, [newest.cid]])
  })

  it('ends when as much went out as is allowed a day, and counts to whom and of what', async () => {
    const { fob, calls, give, stores } = await servingWorld()
    const serving = await fob.serving()
    await serving.change({ isOn: true, bytesPerDay: 100_000 })
    await statusIs(serving, 'serving')
    give({ peer: 'a', cid: newest.cid, blocks: 1, bytes: 65_536 })
    give({ peer: 'b', cid: newest.cid, blocks: 1, bytes: 65_536 })
    await statusIs(serving, 'dataSpent')
    expect(calls.at(-1)).toBeNull()
    const view = serving.view.get()
    expect(view).toMatchObject({ today: { bytes: 131_072, blocks: 2 }, peersServed: 2 })
    expect(view.held).toMatchObject([{ cid: newest.cid, given: 131_072, isNewest: true }])
    // No identifier of anybody is kept.
    expect(JSON.stringify(await stores.values.get('servingUsage'))).not.toContain('"a"')
    await serving.change({ bytesPerDay: null })
    await statusIs(serving, 'serving')
  })

  it('rests on a low battery unless it is being charged', async () => {
    const { fob, page, turn } = await servingWorld({ battery: { percent: 12, isCharging: false } })
    const serving = await fob.serving()
    await serving.change({ isOn: true })
    await statusIs(serving, 'batteryLow')
    page.battery = { percent: 12, isCharging: true }
    turn(false)
    await statusIs(serving, 'serving')
  })

  it('gives nothing of a release that its maker has withdrawn', async () => {
    const { fob, stores, calls } = await servingWorld()
    for (const { key, reading } of await stores.readings.all()) {
      const revocations = [{ digest: imageDigest(newest.imageHash), reason: 1 }]
      await stores.readings.put({ key, reading: { ...reading, revocations } })
    }
    const serving = await fob.serving()
    await serving.change({ isOn: true })
    await statusIs(serving, 'nothingHeld')
    expect(serving.view.get().held).toMatchObject([{ isRevoked: true }])
    expect(calls).toEqual([])
  })

  it('fetches the newest release of a model that is to be kept, and passes it on', async () => {
    const { fob, calls, holds } = await servingWorld({ held: [] })
    const serving = await fob.serving()
    await serving.change({ isOn: true })
    await statusIs(serving, 'nothingHeld')
    await serving.keep(demoModel, true)
    await statusIs(serving, 'serving')
    expect([...holds]).toEqual([newest.cid])
    expect(calls).toEqual([[newest.cid]])
    expect(serving.view.get().held).toMatchObject([{ isKept: true }])
    // No room for anything but what is kept.
    await serving.change({ quota: 0 })
    expect(serving.view.get().held).toHaveLength(1)
    await serving.keep(demoModel, false)
    await until(() => serving.view.get().held?.length === 0)
    expect([...holds]).toEqual([])
  })

  it('keeps nothing that is not what the registry names', async () => {
    const { fob, sourceGives, holds } = await servingWorld({ held: [] })
    sourceGives(ok(image(2)))
    const serving = await fob.serving()
    await serving.change({ isOn: true })
    await serving.keep(demoModel, true)
    await until(() => serving.view.get().fetching === null)
    await new Promise(resolve => setTimeout(resolve, 50))
    expect([...holds]).toEqual([])
    expect(serving.view.get().status.kind).toBe('nothingHeld')
  })

  it('is done by one tab alone, and begins by itself when the app is opened anew', async () => {
    const world = await servingWorld()
    const serving = await world.fob.serving()
    await serving.change({ isOn: true })
    await statusIs(serving, 'serving')
    const other = await world.tab().serving()
    await statusIs(other, 'elsewhere')
    expect(other.view.get().rules.isOn).toBe(true)
    // The first tab's page is left: whoever looks next takes it up.
    world.turn(true)
    await statusIs(serving, 'hidden')
    world.calls.length = 0
    world.page.isHidden = false
    world.reopened()
    await until(() => world.calls.length > 0, 'serving after a new start')
    expect(world.calls[0]).toEqual([newest.cid])
  })
})

describe('what goes first when room is needed', () => {
  const file = (cid: string, change: Partial<HeldFile> = {}): HeldFile => ({
    cid,
    size: 100,
    model: demoModel,
    version: newest.version,
    isNewest: true,
    isRevoked: false,
    isKept: false,
    given: 0,
    ...change,
  })
  const names = (files: readonly HeldFile[]) => files.map(({ cid }) => cid)

  it('is the withdrawn, the replaced, then what nobody asks for; never what is kept', () => {
    const held = [
      file('asked for', { given: 9 }),
      file('idle'),
      file('idle and large', { size: 200 }),
      file('old', { isNewest: false, given: 50 }),
      file('withdrawn', { isRevoked: true, given: 99 }),
      file('kept', { isKept: true, isNewest: false, size: 5000 }),
    ]
    expect(names(filesToRemove(held, 0))).toEqual(['withdrawn', 'old', 'idle and large', 'idle', 'asked for'])
    expect(names(filesToRemove(held, 600))).toEqual([])
    expect(names(filesToRemove(held, 599))).toEqual(['withdrawn'])
    expect(names(filesToRemove(held, 600, 150))).toEqual(['withdrawn', 'old'])
  })
})

describe('the rules', () => {
  const rules = { ...defaultServingRules, isOn: true, bytesPerDay: 10, minBattery: 30 }
  const now: Circumstances = { isOnline: true, isHidden: false, battery: null, bytesToday: 0, files: 1 }

  it('let nothing out beyond their limits', () => {
    const kind = (change: Partial<Circumstances>) => servingStatus(rules, { ...now, ...change }).kind
    expect(kind({})).toBe('serving')
    expect(kind({ isOnline: false })).toBe('offline')
    expect(kind({ isHidden: true })).toBe('hidden')
    expect(kind({ bytesToday: 10 })).toBe('dataSpent')
    expect(kind({ files: 0 })).toBe('nothingHeld')
    expect(kind({ battery: { percent: 29, isCharging: false } })).toBe('batteryLow')
    expect(kind({ battery: { percent: 30, isCharging: false } })).toBe('serving')
    expect(servingStatus({ ...rules, isOn: false }, now).kind).toBe('off')
  })

  it('begin anew with the person’s day', () => {
    const served = withServed(noUsage, { peer: 'a', cid: 'c', blocks: 2, bytes: 7 })
    const today = dayOf(Date.now() / 1000)
    expect(today).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(onDay({ ...served, day: today }, today).today.bytes).toBe(7)
    expect(onDay({ ...served, day: '2001-01-01' }, today)).toMatchObject({
      today: { bytes: 0, blocks: 0 },
      total: { bytes: 7, blocks: 2 },
    })
  })
})
