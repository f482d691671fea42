// What a device is said to be: never more than what was proven, and never fresher.
import { describe, expect, test } from 'vitest'
import type { DeviceView } from '../../../src/app/fob.ts'
import { deviceState, freshFor, groupOf, toneOf } from '../../../src/ui/deviceState.ts'
import { stateNote, stateTitle } from '../../../src/ui/deviceWords.ts'
import { en } from '../../../src/ui/i18n/en.ts'
import { formatsFor } from '../../../src/ui/i18n/formats.ts'
import {
  check,
  lockManifest,
  now,
  proven,
  record,
  unproven,
  updateState,
  updateView,
  view,
} from '../../preview/fixtures.ts'

const checked = (...args: Parameters<typeof check>): DeviceView =>
  view(record('a', { lastCheck: check(...args) }))
const upToDate = { kind: 'upToDate', manifest: lockManifest } as const
const update = { kind: 'update', manifest: lockManifest, confirm: [] } as const

const title = (device: DeviceView) => stateTitle(deviceState(device, undefined, now), en, formatsFor('en'))

describe('an answer', () => {
  test('is “up to date” only while its proof is fresh', () => {
    expect(title(checked(upToDate, proven(12)))).toBe(en.deviceState.upToDate)
    expect(title(checked(upToDate, proven(freshFor - 1)))).toBe(en.deviceState.upToDate)
    expect(title(checked(upToDate, proven(freshFor)))).toBe(en.deviceState.upToDateThen)
  })

  test('that could not be proven is never “up to date”, nor a plain update', () => {
    for (const decision of [
      { kind: 'unproven', manifest: lockManifest } as const,
      { ...update, confirm: ['unproven'] } as const,
    ]) {
      const state = deviceState(checked(decision, unproven(3)), undefined, now)
      expect(state.kind).toBe('unproven')
      expect(toneOf(state)).toBe('attention')
    }
  })

  test('says by how many endpoints and how long ago', () => {
    const device = checked(upToDate, proven(12))
    const state = deviceState(device, undefined, now)
    const note = stateNote(state, device, undefined, now, en, formatsFor('en'))
    expect(note).toContain('2 of 2')
    expect(note).toContain('12 seconds ago')
  })

  test('that is not proven, although all endpoints agreed, is not said to be proved by all of them', () => {
    const noteOf = (evidence: ReturnType<typeof unproven>) => {
      const device = checked({ kind: 'unproven', manifest: lockManifest }, evidence)
      return stateNote(deviceState(device, undefined, now), device, undefined, now, en, formatsFor('en'))
    }
    expect(noteOf(unproven(3))).toContain('1 of 2')
    const { block, endpoints, verifiedAt } = proven(12)
    const behind = { level: 'unproven', reason: 'clockBehind', block, endpoints, verifiedAt } as const
    expect(noteOf(behind)).toBe(en.common.checkedAgo('12 seconds ago'))
  })
})

describe('a withdrawn running image', () => {
  test('is an alarm whatever the decision is', () => {
    for (const decision of [
      upToDate,
      update,
      { kind: 'blocked', reason: 'noRelease', manifest: null } as const,
    ]) {
      const state = deviceState(checked(decision, proven(2), true), undefined, now)
      expect(state.kind).toBe('alarm')
      expect(toneOf(state)).toBe('alarm')
      expect(groupOf(state)).toBe('attention')
    }
  })

  test('stays an alarm when the proof is old', () => {
    expect(deviceState(checked(upToDate, proven(99 * freshFor), true), undefined, now).kind).toBe('alarm')
  })
})

describe('without an answer', () => {
  test('it was never checked', () => {
    expect(deviceState(view(record('a', {})), undefined, now).kind).toBe('neverChecked')
  })

  test('the failure of the check is told', () => {
    const device = view(record('a', {}), { lastFailure: { kind: 'outOfReach', detail: null, at: now } })
    expect(deviceState(device, undefined, now)).toEqual({ kind: 'checkFailed', failure: 'outOfReach' })
    expect(title(device)).toBe(en.failures.outOfReach.title)
  })

  test('an earlier answer outlives a later failure', () => {
    const device = {
      ...checked(upToDate, proven(60)),
      lastFailure: { kind: 'outOfReach', detail: null, at: now },
    }
    expect(deviceState(device, undefined, now).kind).toBe('upToDate')
  })
})

describe('an update', () => {
  test('is shown before anything else, with what is done of it', () => {
    const running = updateView(updateState('a', { progress: { done: 30, total: 120 } }))
    const state = deviceState(checked(upToDate, proven(3), true), running, now)
    expect(state).toEqual({ kind: 'update', phase: 'running', fraction: 0.25 })
    expect(groupOf(state)).toBe('busy')
  })

  test.each(['paused', 'awaitingConsent', 'awaitingDevice', 'failed'] as const)(
    'that is %s needs the person',
    status => {
      const state = deviceState(checked(upToDate), updateView(updateState('a', { status })), now)
      expect(groupOf(state)).toBe('attention')
    },
  )

  test.each(['done', 'cancelled', 'upToDate'] as const)('that is %s gives way to the last answer', status => {
    const state = deviceState(checked(upToDate), updateView(updateState('a', { status })), now)
    expect(state.kind).toBe('upToDate')
  })
})

describe('an answer that no longer stands', () => {
  const running = (confirmed: boolean) => ({
    version: lockManifest.version,
    hash: lockManifest.imageHash,
    confirmed,
  })

  test('is not “up to date” while the image is on trial', () => {
    const onTrial = view(record('a', { lastCheck: check(upToDate, proven(12)), running: running(false) }))
    expect(deviceState(onTrial, undefined, now).kind).toBe('onTrial')
    const kept = view(record('a', { lastCheck: check(upToDate, proven(12)), running: running(true) }))
    expect(deviceState(kept, undefined, now).kind).toBe('upToDate')
  })

  test('is told as the past once the release has run out', () => {
    const ended = { ...lockManifest, validUntil: now - 1 }
    const device = checked({ kind: 'upToDate', manifest: ended }, proven(12))
    expect(deviceState(device, undefined, now)).toEqual({ kind: 'upToDate', fresh: false })
  })

  test('gives way to what spoke against it, and not to silence', () => {
    const device = checked(upToDate, proven(12))
    const failed = (kind: string): DeviceView => ({ ...device, lastFailure: { kind, detail: null, at: now } })
    expect(deviceState(failed('deviceChanged'), undefined, now).kind).toBe('checkFailed')
    expect(deviceState(failed('chainDisagrees'), undefined, now).kind).toBe('checkFailed')
    expect(deviceState(failed('outOfReach'), undefined, now).kind).toBe('upToDate')
  })
})
