// The beginning and the end of an update's state, and what is shown of it after a restart: all that lists of them need.
import type { UpdateState } from './state.ts'
import type { Next } from './step.ts'

export function startUpdate(deviceKey: string, attempt: string, startedAt: number): Next {
  const state: UpdateState = {
    deviceKey,
    attempt,
    status: 'running',
    step: 'connect',
    deviceId: null,
    plan: null,
    consented: false,
    planIsFresh: false,
    progress: { done: 0, total: 0 },
    fetchedFrom: null,
    bytesSent: 0,
    hasWritten: false,
    swapRequested: false,
    restartRequested: false,
    reconnects: 0,
    failure: null,
    startedAt,
    finishedAt: null,
  }
  return [state, [{ kind: 'connect', patient: false }]]
}

/** The state with which a stored update is shown after the tab's death: nothing runs until the person, or the app, resumes. */
export function afterRestart(state: UpdateState): UpdateState {
  if (isFinal(state) || state.status === 'failed') return state
  return { ...state, status: state.status === 'paused' ? 'paused' : 'awaitingDevice', planIsFresh: false }
}

/** By the person, before the device was told to boot the new image. `now`: Unix seconds. */
export function cancelled(state: UpdateState, now: number): UpdateState {
  return { ...state, status: 'cancelled', finishedAt: now }
}

export function isFinal(state: UpdateState): boolean {
  return state.status === 'done' || state.status === 'upToDate' || state.status === 'cancelled'
}
