// Runs of several devices in every state that a screen can show, over no world at all.
import type { Fleet, FleetPlan, FleetView } from '../../src/app/fleet/fleet.ts'
import type { DeviceView } from '../../src/app/fob.ts'
import { Observable } from '../../src/app/observable.ts'
import {
  type FleetEvent,
  type FleetOutcome,
  type FleetRun,
  nextOf,
  startRun,
  stepRun,
} from '../../src/core/fleet/run.ts'
import { ok } from '../../src/core/result.ts'
import * as fixtures from './fixtures.ts'

const { lockManifest, lockModel, outletModel, now, proven, unproven, version } = fixtures

const doorNames = [
  'Front door',
  'Loading dock, gate 4',
  'Cellar',
  '<b>Attic</b> & "roof"',
  '北门 · 很长的设备名称很长的设备名称',
  'Workshop',
  'Office 3.12',
  'W'.repeat(40),
]

/** Devices of a technician: `count` of them, most with an update to get. */
export function fleetDevices(count: number): readonly DeviceView[] {
  return Array.from({ length: count }, (_, index) => {
    const model = index % 5 === 4 ? outletModel : lockModel
    const name = doorNames[index] ?? `Door ${String(index + 1)}`
    const decision =
      index % 4 === 3
        ? ({ kind: 'upToDate', manifest: lockManifest } as const)
        : ({ kind: 'update', manifest: lockManifest, confirm: [] } as const)
    return fixtures.view(
      fixtures.record(`door${String(index)}`, {
        name,
        model,
        deviceId: fixtures.hex(1000 + index),
        lastSeenAt: now - index * 60,
        lastCheck: fixtures.check(decision, proven(40 + index)),
      }),
      { reachable: index % 3 !== 2 },
    )
  })
}

const started = (kind: FleetRun['kind'], count = 8): FleetRun =>
  startRun({
    id: 'run',
    kind,
    items: fleetDevices(count).map(({ record: { key, name, deviceId, model } }, index) => ({
      key,
      name,
      deviceId,
      model,
      from: version(1, 2, 0),
      to: version(1, 3, 0),
      cid: lockManifest.cid,
      needsChoice: index === 6,
    })),
    files: [{ cid: lockManifest.cid, size: lockManifest.size, peers: [] }],
    agreed: [],
    now: now - 1800,
  })

const after = (run: FleetRun, ...events: readonly FleetEvent[]): FleetRun =>
  events.reduce((state, event, index) => stepRun(state, event, now - 1700 + index * 90), run)

const turn = (index: number, outcome: FleetOutcome): readonly FleetEvent[] => [
  { kind: 'first', key: `door${String(index)}` },
  { kind: 'begin', key: `door${String(index)}` },
  { kind: 'outcome', key: `door${String(index)}`, outcome },
]

const updated = (index: number, confirm: readonly 'remembered'[] = []): readonly FleetEvent[] =>
  turn(index, {
    kind: 'updated',
    attempt: `5f0c1e2a-0000-4000-8000-00000000000${String(index)}`,
    from: version(1, 2, 0),
    to: version(1, 3, 0),
    evidence: confirm.length > 0 ? proven(3 * 86_400) : proven(600 - index),
    confirm,
  })

const failed = (index: number, kind: string): readonly FleetEvent[] =>
  turn(index, { kind: 'failed', failure: { kind, reason: null, detail: null }, attempt: null })

const half: readonly FleetEvent[] = [
  ...updated(0),
  ...failed(1, 'batteryTooLow'),
  ...turn(2, { kind: 'upToDate', version: version(1, 3, 0), evidence: proven(300) }),
]

const runs = {
  running: after(started('update'), ...half, { kind: 'begin', key: 'door3' }),
  choose: after(started('update'), ...half, ...updated(3), ...updated(4), ...updated(5), ...updated(7)),
  paused: after(started('update'), ...half, { kind: 'pause' }),
  held: after(started('update'), ...half, ...turn(3, { kind: 'held', failure: 'radioOff' })),
  ended: after(
    started('update'),
    ...half,
    ...updated(3, ['remembered']),
    ...updated(4),
    ...updated(5),
    { kind: 'skip', key: 'door6' },
    ...failed(7, 'outOfReach'),
  ),
  missing: after(started('update'), ...half, {
    kind: 'fileMissing',
    cid: lockManifest.cid,
    failure: { kind: 'firmwareUnavailable', reason: null, detail: null },
  }),
  dryEnded: after(
    started('dryRun', 3),
    ...turn(0, {
      kind: 'wouldUpdate',
      from: version(1, 2, 0),
      to: version(1, 3, 0),
      evidence: proven(60),
      confirm: [],
    }),
    ...turn(1, { kind: 'upToDate', version: version(1, 3, 0), evidence: unproven(50) }),
    ...failed(2, 'outOfReach'),
  ),
} as const

export type FleetScenario = keyof typeof runs

export const fleetScenarios = Object.keys(runs) as readonly FleetScenario[]

export function createFakeFleet(scenario: FleetScenario | null, devices: () => readonly DeviceView[]): Fleet {
  const view = new Observable<FleetView | null>(null)
  const show = (run: FleetRun | null) =>
    view.set(
      run && {
        run,
        next: nextOf(run),
        fetching: null,
        mine: true,
        isWorking: run.active !== null,
      },
    )
  show(scenario === null ? null : runs[scenario])
  const step = (event: FleetEvent) => {
    const run = view.get()?.run
    if (run) show(stepRun(run, event, now))
  }
  return {
    view,
    plan: async keys => planOf(devices().filter(({ record }) => keys.includes(record.key))),
    async begin(kind) {
      show({ ...started(kind), startedAt: now })
      return true
    },
    pause: () => step({ kind: 'pause' }),
    goOn: () => step({ kind: 'goOn' }),
    async choose(key) {
      step({ kind: 'chosen', key })
      return ok(key)
    },
    first: key => step({ kind: 'first', key }),
    skip(key) {
      step({ kind: 'skip', key })
      return true
    },
    retry: key => step({ kind: 'retry', key }),
    retryFailed: () => step({ kind: 'retryFailed' }),
    consent: () => {},
    finish: () => step({ kind: 'end' }),
    putAway: async () => show(null),
  }
}

/** As of a phone that was offline for three days: one of each kind, and the rest get the release. */
function planOf(devices: readonly DeviceView[]): FleetPlan {
  const planned = devices.map(({ record: { key, name, deviceId, model, running } }, index) => ({
    key,
    name,
    deviceId,
    model,
    from: running?.version ?? null,
    planned:
      index === 1
        ? ({ kind: 'ask' } as const)
        : index === 2
          ? ({ kind: 'newest', version: version(1, 3, 0), isProven: false } as const)
          : index === 3
            ? ({
                kind: 'not',
                failure: { kind: 'refused', reason: 'tooLargeForSlot', detail: null },
              } as const)
            : ({ kind: 'update', manifest: lockManifest } as const),
  }))
  return {
    devices: planned,
    releases: [
      {
        model: lockModel,
        manifest: lockManifest,
        evidence: proven(3 * 86_400),
        confirm: ['remembered'],
        devices: planned.filter(({ planned: { kind } }) => kind === 'update').length,
        isHeld: true,
      },
    ],
  }
}
