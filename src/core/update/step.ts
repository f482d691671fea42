// The update as a reducer: step(state, event) -> [state, commands]. Decides from what the device reports, never from hope.

import type { Hex } from '../bytes.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { Decision } from '../registry/decision.ts'
import type { Evidence } from '../registry/evidence.ts'
import type { Model } from '../registry/model.ts'
import type { Manifest } from '../registry/release.ts'
import { cancelled, isFinal } from './attempt.ts'
import {
  isReadBack,
  type UpdateFailure,
  type UpdatePlan,
  type UpdateState,
  type UpdateStep,
} from './state.ts'

/** What image state said, reduced to what decides. Hashes are MCUboot's TLV hashes. */
export interface SlotFacts {
  readonly running: { readonly hash: Hex; readonly confirmed: boolean } | null
  /** The other slot of the same image. */
  readonly other: { readonly hash: Hex; readonly pending: boolean } | null
  /** Its loader runs, and no application: `other` is what lies where the application belongs. */
  readonly inLoader?: true
  /** Its application runs and lists no images: it leaves them to a loader. */
  readonly untold?: true
}

export type UpdateEvent =
  | { readonly kind: 'consent' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'cancel' }
  /** Go on from paused, awaitingDevice or failed, or after the tab's death; `rechosen` where the person chose the device anew. */
  | { readonly kind: 'resume'; readonly rechosen?: boolean }
  | { readonly kind: 'connected' }
  | { readonly kind: 'identified'; readonly deviceId: Hex | null }
  | {
      readonly kind: 'checked'
      readonly decision: Decision
      readonly evidence: Evidence
      readonly model: Model
      readonly from: ImageVersion | null
      /** The running image is not confirmed: it goes back at the next reset. */
      readonly isOnTrial: boolean
    }
  | { readonly kind: 'fetched'; readonly from: 'stored' | 'peer' | 'gateway' }
  | { readonly kind: 'verified' }
  | { readonly kind: 'uploaded'; readonly bytesSent: number }
  /** Nothing was sent: it was told to start its loader, and the link has ended with that. */
  | { readonly kind: 'leftForLoader' }
  | { readonly kind: 'inspected'; readonly slots: SlotFacts }
  | { readonly kind: 'marked' }
  | { readonly kind: 'restarted' }
  | { readonly kind: 'readBack'; readonly slots: SlotFacts }
  | { readonly kind: 'confirmed'; readonly slots: SlotFacts }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'linkLost' }
  /** Automatic reconnecting gave up. */
  | { readonly kind: 'deviceAway'; readonly failure: string; readonly detail: string | null }
  | { readonly kind: 'failed'; readonly failure: string; readonly detail: string | null }

export type UpdateCommand =
  /** `patient` where the device is rebooting and swapping its images, which may take minutes. */
  | { readonly kind: 'connect'; readonly patient: boolean }
  | { readonly kind: 'identify' }
  | { readonly kind: 'check' }
  | { readonly kind: 'fetch'; readonly plan: UpdatePlan }
  | { readonly kind: 'verify'; readonly plan: UpdatePlan }
  | { readonly kind: 'upload'; readonly plan: UpdatePlan }
  | { readonly kind: 'inspect' }
  | { readonly kind: 'mark'; readonly imageHash: Hex }
  | { readonly kind: 'restart' }
  | { readonly kind: 'readBack' }
  | { readonly kind: 'confirm'; readonly imageHash: Hex }
  /** Stop what is under way; its events must not arrive any more. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'disconnect' }

export type Next = readonly [UpdateState, readonly UpdateCommand[]]

/** Reconnects without any progress after which the person is asked. */
export const maxReconnects = 6

/** Times that a loader which holds the whole image is told to restart once more. */
const maxLoaderRestarts = 2

/** Seconds that a reading may be old when the person consents to what it names. */
export const consentWithin = 300

/** `now`: Unix seconds. Events that do not fit the state (late ones of an aborted command) change nothing. */
export function step(state: UpdateState, event: UpdateEvent, now: number): Next {
  if (isFinal(state)) return [state, []]
  switch (event.kind) {
    case 'cancel':
      // Once the device was told to boot the new image, only reading back can end the update truthfully.
      if (state.swapRequested) return [state, []]
      return [cancelled(state, now), [{ kind: 'abort' }, { kind: 'disconnect' }]]
    case 'resume':
      if (state.status === 'running' || state.status === 'awaitingConsent') return [state, []]
      return reconnect({
        ...state,
        status: 'running',
        failure: null,
        reconnects: 0,
        loaderRequested: false,
        planIsFresh: false,
        // Without a key of its own nothing tells that this is the device that the consent was given for.
        consented: state.consented && !(event.rechosen && state.deviceId === null),
      })
    case 'pause':
      if (state.status !== 'running' || (state.step !== 'fetch' && state.step !== 'upload'))
        return [state, []]
      // Nobody else reaches a device that is held: going on connects anew, and asks it how far it is.
      return [{ ...state, status: 'paused' }, [{ kind: 'abort' }, { kind: 'disconnect' }]]
    case 'consent':
      if (state.status !== 'awaitingConsent' || !state.plan) return [state, []]
      return consent({ ...state, status: 'running', consented: true }, state.plan, now)
    default:
      return state.status === 'running' ? running(state, event, now) : [state, []]
  }
}

type RunningEvent = Exclude<UpdateEvent, { kind: 'cancel' | 'resume' | 'pause' | 'consent' }>

const answeredBy = {
  connected: 'connect',
  identified: 'identify',
  checked: 'check',
  fetched: 'fetch',
  verified: 'verify',
  uploaded: 'upload',
  leftForLoader: 'upload',
  inspected: 'inspect',
  marked: 'mark',
  restarted: 'restart',
  readBack: 'readBack',
  confirmed: 'confirm',
} as const satisfies Partial<Record<RunningEvent['kind'], UpdateStep>>

function running(state: UpdateState, event: RunningEvent, now: number): Next {
  if (event.kind in answeredBy && answeredBy[event.kind as keyof typeof answeredBy] !== state.step)
    return [state, []]
  switch (event.kind) {
    case 'connected':
      return go(state, 'identify', { kind: 'identify' })
    case 'identified':
      return identified(state, event.deviceId)
    case 'checked':
      return checked(state, event, now)
    case 'fetched':
      return withPlan(state, plan =>
        go({ ...state, fetchedFrom: event.from }, 'verify', { kind: 'verify', plan }),
      )
    case 'verified':
      return withPlan(state, plan => go(state, 'upload', { kind: 'upload', plan }))
    case 'uploaded':
      return go(
        {
          ...state,
          bytesSent: state.bytesSent + event.bytesSent,
          hasWritten: true,
          // Some bootloaders look for themselves at the next restart: nothing takes that back any more.
          swapRequested: state.plan?.confirm.includes('noWayBack') === true,
          reconnects: 0,
        },
        'inspect',
        { kind: 'inspect' },
      )
    case 'leftForLoader':
      return reconnect({ ...state, loaderRequested: true })
    case 'inspected':
      return withPlan(state, ({ manifest }) =>
        event.slots.other?.hash === manifest.imageHash
          ? mark(state, manifest.imageHash)
          : stop({ ...state, swapRequested: false }, 'slotMismatch'),
      )
    case 'marked':
      return restart(state)
    case 'restarted':
      return reconnect(state)
    case 'readBack':
      return readBack(state, event.slots, now)
    case 'confirmed':
      return withPlan(state, ({ manifest }) =>
        event.slots.running?.hash === manifest.imageHash && event.slots.running.confirmed
          ? finish(state, now)
          : stop(state, 'notConfirmed'),
      )
    case 'progress':
      if (state.step !== 'fetch' && state.step !== 'upload') return [state, []]
      return [
        {
          ...state,
          progress: { done: event.done, total: event.total },
          hasWritten: state.hasWritten === true || (state.step === 'upload' && event.done > 0),
          reconnects: event.done > 0 ? 0 : state.reconnects,
        },
        [],
      ]
    case 'linkLost':
      if (state.reconnects >= maxReconnects) return away(state, 'linkLost', null)
      // The restart command ends the link on purpose, and its answer may never come.
      return reconnect({ ...state, reconnects: state.reconnects + 1 })
    case 'deviceAway':
      return away(state, event.failure, event.detail)
    case 'failed':
      return failed(state, event.failure, event.detail)
  }
}

function identified(state: UpdateState, deviceId: Hex | null): Next {
  if (state.plan && state.deviceId !== null && deviceId !== state.deviceId)
    return stop(state, 'deviceChanged')
  // One that had no key before, and now proves another model or hardware, is not what the plan was made for: it is checked anew.
  const known = { ...state, deviceId, planIsFresh: state.planIsFresh && deviceId === state.deviceId }
  if (state.swapRequested) return go(known, 'readBack', { kind: 'readBack' })
  if (state.plan && known.planIsFresh && mayWrite(known, state.plan)) return fetchPlan(known, state.plan)
  return go(known, 'check', { kind: 'check' })
}

function checked(state: UpdateState, event: Extract<UpdateEvent, { kind: 'checked' }>, now: number): Next {
  const { decision } = event
  switch (decision.kind) {
    case 'upToDate':
      return upToDate(state, event, decision.manifest, now)
    case 'unproven':
      // The device runs what an unproven head names: there is nothing to write, and nothing is claimed.
      return stop(state, 'nothingToWrite')
    case 'blocked':
      return stop(state, 'refused', null, decision.reason)
    case 'update': {
      const { manifest, confirm } = decision
      const same =
        state.plan?.manifest.fileHash === manifest.fileHash &&
        confirm.every(reason => state.plan?.confirm.includes(reason))
      const plan: UpdatePlan = {
        model: event.model,
        manifest,
        evidence: event.evidence,
        from: event.from,
        confirm,
      }
      const planned = { ...state, plan, planIsFresh: true, consented: state.consented && same }
      if (mayWrite(planned, plan)) return fetchPlan(planned, plan)
      return [{ ...planned, step: 'consent', status: 'awaitingConsent' }, []]
    }
  }
}

/**
 * The newest release runs, proven: the evidence is kept for whoever asks how. One that is on trial would be gone at the
 * next reset: it has booted, speaks, and is what was proven, so it is confirmed as after an update.
 */
function upToDate(
  state: UpdateState,
  { model, evidence, isOnTrial }: Extract<UpdateEvent, { kind: 'checked' }>,
  manifest: Manifest,
  now: number,
): Next {
  const plan: UpdatePlan = { model, manifest, evidence, from: null, confirm: [] }
  const planned = { ...state, plan, planIsFresh: true }
  return isOnTrial
    ? go({ ...planned, swapRequested: true, restartRequested: true }, 'confirm', {
        kind: 'confirm',
        imageHash: manifest.imageHash,
      })
    : [{ ...planned, status: 'upToDate', finishedAt: now }, [{ kind: 'disconnect' }]]
}

function readBack(state: UpdateState, slots: SlotFacts, now: number): Next {
  return withPlan(state, plan => {
    const target = plan.manifest.imageHash
    if (slots.untold) return isReadBack(plan) ? stop(state, 'notReadBack') : finish(state, now)
    if (slots.inLoader && slots.other?.hash === target && state.reconnects < maxLoaderRestarts) {
      // The restart may have been lost; an image that the bootloader refuses brings the loader back each time.
      return restart({ ...state, reconnects: state.reconnects + 1 })
    }
    // In its bootloader still: the new image was taken, and does not start.
    if (slots.running === null)
      return stop({ ...state, swapRequested: false, restartRequested: false }, 'notStarted')
    if (slots.running.hash === target) {
      return slots.running.confirmed
        ? finish(state, now)
        : go(state, 'confirm', { kind: 'confirm', imageHash: target })
    }
    if (slots.other?.hash === target && slots.other.pending) {
      // The restart did not happen. Asked for ever, a device that starts its own delay anew each time never would.
      const asked = { ...state, reconnects: state.reconnects + 1 }
      return asked.reconnects > maxReconnects ? away(state, 'restartIgnored', null) : restart(asked)
    }
    if (!state.restartRequested && slots.other?.hash === target) return mark(state, target)
    // Whatever the device does from here on, this attempt is over: the old image runs and stays.
    return stop({ ...state, swapRequested: false, restartRequested: false }, 'reverted')
  })
}

const mayWrite = (state: UpdateState, plan: UpdatePlan): boolean =>
  plan.confirm.length === 0 || state.consented

/** What was agreed to long after it was read is read once more: it may have been revoked meanwhile. */
const consent = (state: UpdateState, plan: UpdatePlan, now: number): Next =>
  Math.abs(now - plan.evidence.verifiedAt) > consentWithin
    ? go({ ...state, planIsFresh: false }, 'check', { kind: 'check' })
    : fetchPlan(state, plan)

const fetchPlan = (state: UpdateState, plan: UpdatePlan): Next =>
  go({ ...state, progress: { done: 0, total: plan.manifest.size } }, 'fetch', { kind: 'fetch', plan })

const mark = (state: UpdateState, imageHash: Hex): Next =>
  go({ ...state, swapRequested: true }, 'mark', { kind: 'mark', imageHash })

const restart = (state: UpdateState): Next =>
  go({ ...state, swapRequested: true, restartRequested: true }, 'restart', { kind: 'restart' })

const reconnect = (state: UpdateState): Next =>
  go(state, 'connect', { kind: 'connect', patient: state.restartRequested })

function go(state: UpdateState, next: UpdateStep, command: UpdateCommand): Next {
  const progress = next === 'upload' || next === 'fetch' ? state.progress : { done: 0, total: 0 }
  return [{ ...state, step: next, progress }, [command]]
}

function withPlan(state: UpdateState, then: (plan: UpdatePlan) => Next): Next {
  return state.plan ? then(state.plan) : stop(state, 'nothingToWrite')
}

const finish = (state: UpdateState, now: number): Next => [
  { ...state, status: 'done', finishedAt: now },
  [{ kind: 'disconnect' }],
]

function failed(state: UpdateState, kind: string, detail: string | null): Next {
  // A device that refused to mark the image has not been told to boot it.
  const refusedMark = state.step === 'mark' && kind === 'deviceError'
  return stop(refusedMark ? { ...state, swapRequested: false } : state, kind, detail)
}

function stop(
  state: UpdateState,
  kind: string,
  detail: string | null = null,
  reason: UpdateFailure['reason'] = null,
): Next {
  const failure: UpdateFailure = { kind, step: state.step, detail, reason }
  return [{ ...state, status: 'failed', failure }, [{ kind: 'abort' }, { kind: 'disconnect' }]]
}

const away = (state: UpdateState, kind: string, detail: string | null): Next => [
  { ...state, status: 'awaitingDevice', failure: { kind, step: state.step, detail, reason: null } },
  [{ kind: 'abort' }, { kind: 'disconnect' }],
]
