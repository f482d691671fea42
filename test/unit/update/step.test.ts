// The update reducer: every path ends by reading the device back, and nothing is written without consent and proof.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/core/registry/decision.ts'
import { afterRestart, isFinal, startUpdate } from '../../../src/core/update/attempt.ts'
import type { UpdateState } from '../../../src/core/update/state.ts'
import {
  consentWithin,
  maxReconnects,
  type SlotFacts,
  step,
  type UpdateCommand,
  type UpdateEvent,
} from '../../../src/core/update/step.ts'
import { demoEvidence, demoManifest, demoModel } from '../../fixtures/release.ts'

const target = demoManifest.imageHash
const old = `0x${'0d'.repeat(32)}` as const
const deviceId = `0x${'aa'.repeat(32)}` as const

const update = (confirm: Extract<Decision, { kind: 'update' }>['confirm'] = []): UpdateEvent => ({
  kind: 'checked',
  decision: { kind: 'update', manifest: demoManifest, confirm },
  evidence: demoEvidence,
  model: demoModel,
  from: { major: 1, minor: 0, revision: 0, build: 0 },
  isOnTrial: false,
})

const uploadedSlots: SlotFacts = {
  running: { hash: old, confirmed: true },
  other: { hash: target, pending: false },
}
const newUnconfirmed: SlotFacts = {
  running: { hash: target, confirmed: false },
  other: { hash: old, pending: false },
}
const newConfirmed: SlotFacts = {
  running: { hash: target, confirmed: true },
  other: { hash: old, pending: false },
}

const toUpload: UpdateEvent[] = [
  { kind: 'connected' },
  { kind: 'identified', deviceId },
  update(),
  { kind: 'fetched', from: 'peer' },
  { kind: 'verified' },
]
const toReadBack: UpdateEvent[] = [
  ...toUpload,
  { kind: 'uploaded', bytesSent: 100 },
  { kind: 'inspected', slots: uploadedSlots },
  { kind: 'marked' },
  { kind: 'restarted' },
  { kind: 'connected' },
  { kind: 'identified', deviceId },
]

function run(
  events: readonly UpdateEvent[],
  from = startUpdate('k', 'a', 1)[0],
  now = demoEvidence.verifiedAt + 2,
): [UpdateState, UpdateCommand[]] {
  let state = from
  const commands: UpdateCommand[] = []
  for (const event of events) {
    const [next, more] = step(state, event, now)
    state = next
    commands.push(...more)
  }
  return [state, commands]
}

describe('update reducer', () => {
  it('walks the main job and ends only after the confirmed image was read back', () => {
    const [state, commands] = run([
      ...toReadBack,
      { kind: 'readBack', slots: newUnconfirmed },
      { kind: 'confirmed', slots: newConfirmed },
    ])
    expect(state.status).toBe('done')
    expect(commands.map(c => c.kind)).toEqual([
      'identify',
      'check',
      'fetch',
      'verify',
      'upload',
      'inspect',
      'mark',
      'restart',
      'connect',
      'identify',
      'readBack',
      'confirm',
      'disconnect',
    ])
  })

  it('asks before writing when the decision wants a confirmation, and goes on with it', () => {
    const [asked, before] = run([
      { kind: 'connected' },
      { kind: 'identified', deviceId },
      update(['unproven']),
    ])
    expect(asked.status).toBe('awaitingConsent')
    expect(before.map(c => c.kind)).not.toContain('fetch')
    const [given, after] = run([{ kind: 'consent' }], asked)
    expect(given.step).toBe('fetch')
    expect(after.map(c => c.kind)).toEqual(['fetch'])
  })

  it('reads the registry once more when the consent comes long after it was read', () => {
    const [asked] = run([{ kind: 'connected' }, { kind: 'identified', deviceId }, update(['unproven'])])
    const later = demoEvidence.verifiedAt + consentWithin + 1
    const [given, commands] = run([{ kind: 'consent' }], asked, later)
    expect(commands.map(c => c.kind)).toEqual(['check'])
    expect(run([update(['unproven'])], given, later)[0].step).toBe('fetch')
    const revoked = { kind: 'blocked', reason: 'revoked', manifest: demoManifest } as const
    const [refused] = run([{ ...update(), decision: revoked } as UpdateEvent], given, later)
    expect(refused.failure?.reason).toBe('revoked')
  })

  it('does not carry the consent over to a device that was chosen anew and has no key to tell it by', () => {
    const resumed = (id: typeof deviceId | null, rechosen: boolean) =>
      run([
        { kind: 'connected' },
        { kind: 'identified', deviceId: id },
        update(['modelChosen']),
        { kind: 'consent' },
        { kind: 'pause' },
        { kind: 'resume', rechosen },
        { kind: 'connected' },
        { kind: 'identified', deviceId: id },
        update(['modelChosen']),
      ])[0].status
    expect(resumed(null, true)).toBe('awaitingConsent')
    expect(resumed(null, false)).toBe('running')
    expect(resumed(deviceId, true)).toBe('running')
  })

  it('does not carry a consent over to another image or to a further doubt', () => {
    const [consented] = run([
      { kind: 'connected' },
      { kind: 'identified', deviceId },
      update(['modelChosen']),
      { kind: 'consent' },
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'connected' },
      { kind: 'identified', deviceId },
    ])
    expect(run([update(['modelChosen'])], consented)[0].status).toBe('running')
    expect(run([update(['modelChosen', 'unproven'])], consented)[0].status).toBe('awaitingConsent')
    const other = { ...demoManifest, fileHash: old }
    const [changed] = run(
      [
        {
          ...update(),
          decision: { kind: 'update', manifest: other, confirm: ['modelChosen'] },
        } as UpdateEvent,
      ],
      consented,
    )
    expect(changed.status).toBe('awaitingConsent')
  })

  it('after a lost link fetches from the store, verifies again and resumes the upload without a new check', () => {
    const [state, commands] = run([
      ...toUpload,
      { kind: 'progress', done: 50, total: 100 },
      { kind: 'linkLost' },
      { kind: 'connected' },
      { kind: 'identified', deviceId },
      { kind: 'fetched', from: 'stored' },
      { kind: 'verified' },
    ])
    expect(state.step).toBe('upload')
    expect(commands.map(c => c.kind).slice(-5)).toEqual(['connect', 'identify', 'fetch', 'verify', 'upload'])
  })

  it('checks a device anew that had no key and proves one after a reconnect: it may be of another model', () => {
    const [state, commands] = run([
      { kind: 'connected' },
      { kind: 'identified', deviceId: null },
      update(['modelChosen']),
      { kind: 'consent' },
      { kind: 'fetched', from: 'peer' },
      { kind: 'verified' },
      { kind: 'linkLost' },
      { kind: 'connected' },
      { kind: 'identified', deviceId },
    ])
    expect(state.step).toBe('check')
    expect(commands.at(-1)?.kind).toBe('check')
    const wrong = { kind: 'blocked', reason: 'wrongHardware', manifest: demoManifest } as const
    expect(run([{ ...update(), decision: wrong } as UpdateEvent], state)[0].status).toBe('failed')
  })

  it('knows after a reconnect that a part of the file is in the device', () => {
    const lost: UpdateEvent[] = [{ kind: 'linkLost' }, { kind: 'connected' }]
    expect(run([...toUpload, ...lost])[0].hasWritten).toBe(false)
    const [state] = run([...toUpload, { kind: 'progress', done: 50, total: 100 }, ...lost])
    expect(state.progress.done).toBe(0)
    expect(state.hasWritten).toBe(true)
  })

  it('checks again when an update is resumed after the tab died', () => {
    const [uploading] = run(toUpload)
    const reopened = afterRestart(uploading)
    expect(reopened.status).toBe('awaitingDevice')
    const [, commands] = run(
      [{ kind: 'resume' }, { kind: 'connected' }, { kind: 'identified', deviceId }],
      reopened,
    )
    expect(commands.map(c => c.kind)).toEqual(['connect', 'identify', 'check'])
  })

  it('goes straight to reading back when the tab died after the restart was asked for', () => {
    const [restarting] = run(toReadBack.slice(0, 8))
    expect(restarting.restartRequested).toBe(true)
    const [state, commands] = run(
      [{ kind: 'resume' }, { kind: 'connected' }, { kind: 'identified', deviceId }],
      afterRestart(restarting),
    )
    expect(commands).toContainEqual({ kind: 'connect', patient: true })
    expect(state.step).toBe('readBack')
  })

  it('says reverted when the old image runs after the restart', () => {
    const [state] = run([...toReadBack, { kind: 'readBack', slots: uploadedSlots }])
    expect(state.status).toBe('failed')
    expect(state.failure?.kind).toBe('reverted')
  })

  it('restarts again when the restart command never arrived', () => {
    const pending: SlotFacts = { ...uploadedSlots, other: { hash: target, pending: true } }
    const [state, commands] = run([...toReadBack, { kind: 'readBack', slots: pending }])
    expect(state.step).toBe('restart')
    expect(commands.at(-1)?.kind).toBe('restart')
  })

  it('does not ask a device to restart for ever', () => {
    const pending: SlotFacts = { ...uploadedSlots, other: { hash: target, pending: true } }
    const again: UpdateEvent[] = [
      { kind: 'readBack', slots: pending },
      { kind: 'restarted' },
      { kind: 'connected' },
      { kind: 'identified', deviceId },
    ]
    const [state] = run([...toReadBack, ...Array.from({ length: maxReconnects + 1 }, () => again).flat()])
    expect(state.status).toBe('awaitingDevice')
    expect(state.failure?.kind).toBe('restartIgnored')
  })

  it('marks again when the link broke before the mark was stored', () => {
    const [marking] = run([...toReadBack.slice(0, 7), { kind: 'linkLost' }, { kind: 'connected' }])
    const [state] = run(
      [
        { kind: 'identified', deviceId },
        { kind: 'readBack', slots: uploadedSlots },
      ],
      marking,
    )
    expect(state.step).toBe('mark')
  })

  it('refuses another device after a reconnect', () => {
    const [state] = run([
      ...toUpload,
      { kind: 'linkLost' },
      { kind: 'connected' },
      { kind: 'identified', deviceId: old },
    ])
    expect(state.failure?.kind).toBe('deviceChanged')
  })

  it('does not mark an image that is not the one that was sent', () => {
    const wrong: SlotFacts = { ...uploadedSlots, other: { hash: old, pending: false } }
    const [state, commands] = run([
      ...toUpload,
      { kind: 'uploaded', bytesSent: 1 },
      { kind: 'inspected', slots: wrong },
    ])
    expect(state.failure?.kind).toBe('slotMismatch')
    expect(commands.map(c => c.kind)).not.toContain('mark')
  })

  it('can be cancelled until the device was told to boot the new image, and not after', () => {
    expect(run([...toUpload, { kind: 'cancel' }])[0].status).toBe('cancelled')
    expect(run([...toReadBack, { kind: 'cancel' }])[0].status).toBe('running')
  })

  it('gives up reconnecting after a while and waits for the person', () => {
    const [state] = run([
      ...toUpload,
      ...Array.from({ length: maxReconnects + 1 }, () => ({ kind: 'linkLost' }) as const),
    ])
    expect(state.status).toBe('awaitingDevice')
  })

  it.each(['upToDate', 'unproven', 'blocked'] as const)('writes nothing when the decision is %s', kind => {
    const decision: Decision =
      kind === 'blocked'
        ? { kind, reason: 'revoked', manifest: demoManifest }
        : { kind, manifest: demoManifest }
    const [state, commands] = run([
      { kind: 'connected' },
      { kind: 'identified', deviceId },
      { ...update(), decision } as UpdateEvent,
    ])
    expect(state.status).toBe(kind === 'upToDate' ? 'upToDate' : 'failed')
    expect(commands.map(c => c.kind)).not.toContain('fetch')
  })

  it('confirms the newest release where it runs on trial, and never writes over what it would go back to', () => {
    const decision: Decision = { kind: 'upToDate', manifest: demoManifest }
    const found = { ...update(), decision, isOnTrial: true } as UpdateEvent
    const [confirming, commands] = run([{ kind: 'connected' }, { kind: 'identified', deviceId }, found])
    expect(commands.at(-1)).toEqual({ kind: 'confirm', imageHash: target })
    expect(run([{ kind: 'confirmed', slots: newConfirmed }], confirming)[0].status).toBe('done')
    const [again, later] = run(
      [{ kind: 'linkLost' }, { kind: 'connected' }, { kind: 'identified', deviceId }],
      confirming,
    )
    expect(later.at(-1)).toEqual({ kind: 'readBack' })
    expect(run([{ kind: 'readBack', slots: uploadedSlots }], again)[0].failure?.kind).toBe('reverted')
  })

  it('keeps the evidence of “up to date” for whoever asks how that is known', () => {
    const decision: Decision = { kind: 'upToDate', manifest: demoManifest }
    const [state] = run([
      { kind: 'connected' },
      { kind: 'identified', deviceId },
      { ...update(), decision } as UpdateEvent,
    ])
    expect(state.plan?.evidence).toEqual(demoEvidence)
  })
})

const slots = fc.record<SlotFacts>({
  running: fc.option(fc.record({ hash: fc.constantFrom(old, target), confirmed: fc.boolean() })),
  other: fc.option(fc.record({ hash: fc.constantFrom(old, target), pending: fc.boolean() })),
})
const onTrial = {
  ...update(),
  decision: { kind: 'upToDate', manifest: demoManifest },
  isOnTrial: true,
} as UpdateEvent
const anyEvent: fc.Arbitrary<UpdateEvent> = fc.oneof(
  fc.constantFrom<UpdateEvent>(
    { kind: 'consent' },
    { kind: 'pause' },
    { kind: 'cancel' },
    { kind: 'resume' },
    { kind: 'connected' },
    { kind: 'identified', deviceId },
    { kind: 'identified', deviceId: null },
    update(),
    update(['unproven']),
    onTrial,
    { kind: 'fetched', from: 'stored' },
    { kind: 'verified' },
    { kind: 'uploaded', bytesSent: 5 },
    { kind: 'marked' },
    { kind: 'restarted' },
    { kind: 'linkLost' },
    { kind: 'deviceAway', failure: 'outOfReach', detail: null },
    { kind: 'failed', failure: 'timeout', detail: null },
  ),
  slots.map(s => ({ kind: 'inspected', slots: s }) as const),
  slots.map(s => ({ kind: 'readBack', slots: s }) as const),
  slots.map(s => ({ kind: 'confirmed', slots: s }) as const),
)

describe('update reducer, any sequence of events', () => {
  it('keeps its promises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 3, arbitrary: anyEvent }, fc.constantFrom(...toReadBack)), {
          maxLength: 60,
        }),
        events => {
          let state = startUpdate('k', 'a', 1)[0]
          const now = demoEvidence.verifiedAt + 2
          for (const event of events) {
            const before = state
            const [next, commands] = step(state, event, now)
            state = next
            for (const command of commands) {
              if (command.kind === 'upload') expect(event.kind).toBe('verified')
              if (command.kind === 'fetch')
                expect(state.plan?.confirm.length === 0 || state.consented).toBe(true)
              if (command.kind === 'mark') {
                expect(state.swapRequested).toBe(true)
                expect('slots' in event && event.slots.other?.hash).toBe(target)
              }
              if (command.kind === 'confirm' && event !== onTrial)
                expect('slots' in event && event.slots.running?.hash).toBe(target)
            }
            if (state.status === 'done' && before.status !== 'done') {
              expect('slots' in event && event.slots.running).toEqual({ hash: target, confirmed: true })
            }
            if (state.status === 'cancelled') expect(state.swapRequested).toBe(false)
            if (isFinal(before)) expect(state).toBe(before)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a device with a loader', () => {
  const inLoader: SlotFacts = {
    running: null,
    other: { hash: target, pending: false },
    inLoader: true,
  }

  it('is sent into it once for an attempt, and what was fetched is gone on with after that', () => {
    const [state, commands] = run([...toUpload, { kind: 'leftForLoader' }])
    expect(state).toMatchObject({ step: 'connect', loaderRequested: true, hasWritten: false })
    expect(commands.at(-1)).toEqual({ kind: 'connect', patient: false })
    const [back, next] = run([{ kind: 'connected' }, { kind: 'identified', deviceId }], state)
    expect(next.at(-1)).toMatchObject({ kind: 'fetch' })
    const [paused] = step(back, { kind: 'pause' }, 1000)
    const [resumed] = step(paused, { kind: 'resume' }, 1000)
    expect(resumed.loaderRequested).toBe(false)
  })

  it('that still runs its loader with all of the image is told to restart twice more, and then given up', () => {
    let [state] = run(toReadBack)
    for (const kind of ['restart', 'restart', 'disconnect']) {
      const [next, commands] = step(state, { kind: 'readBack', slots: inLoader }, 1000)
      expect(commands.at(-1)).toMatchObject({ kind })
      state = next
      if (kind === 'restart')
        [state] = run([{ kind: 'restarted' }, { kind: 'connected' }, { kind: 'identified', deviceId }], state)
    }
    expect(state).toMatchObject({ status: 'failed', failure: { kind: 'notStarted' }, swapRequested: false })
  })

  it('whose application tells nothing ends well only where that was known before', () => {
    const untold: SlotFacts = { running: null, other: null, untold: true }
    const [ended] = step(run(toReadBack)[0], { kind: 'readBack', slots: untold }, 1000)
    expect(ended).toMatchObject({ status: 'failed', failure: { kind: 'notReadBack' } })
    const asked = toReadBack.map(event => (event.kind === 'checked' ? update(['runningUnknown']) : event))
    const at = asked.findIndex(({ kind }) => kind === 'checked')
    const [agreed] = run([...asked.slice(0, at + 1), { kind: 'consent' }, ...asked.slice(at + 1)])
    const [done] = step(agreed, { kind: 'readBack', slots: untold }, 1000)
    expect(done.status).toBe('done')
  })
})
