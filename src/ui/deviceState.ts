// What is truly known of a device, reduced to one state: the card, the list's order and the device page agree by it.
import type { DeviceView, UpdateView } from '../app/fob.ts'
import type { BlockReason } from '../core/registry/decision.ts'
import type { Manifest } from '../core/registry/release.ts'

/** A proven state older than this is told as the past: something newer may have appeared since. Seconds. */
export const freshFor = 24 * 3600

export type DeviceState =
  | {
      readonly kind: 'busy'
      readonly activity: 'connecting' | 'identifying' | 'checking' | 'updatingElsewhere'
    }
  | { readonly kind: 'update'; readonly phase: UpdatePhase; readonly fraction: number | null }
  | { readonly kind: 'alarm' }
  | { readonly kind: 'upToDate'; readonly fresh: boolean }
  /** The newest release runs, but goes back at the next reset unless somebody confirms it. */
  | { readonly kind: 'onTrial'; readonly manifest: Manifest }
  | { readonly kind: 'updateAvailable'; readonly manifest: Manifest; readonly fresh: boolean }
  | { readonly kind: 'unproven'; readonly manifest: Manifest }
  | { readonly kind: 'blocked'; readonly reason: BlockReason }
  | { readonly kind: 'checkFailed'; readonly failure: string }
  | { readonly kind: 'neverChecked' }

type UpdatePhase = 'running' | 'paused' | 'awaitingConsent' | 'awaitingDevice' | 'failed' | 'done'

export type Tone = 'ok' | 'attention' | 'alarm' | 'info' | 'plain'

/**
 * Failures after which an earlier answer is not to be repeated: something spoke against it. Silence (out of reach, no
 * endpoint) does not.
 */
const contradicts: ReadonlySet<string> = new Set([
  'deviceChanged',
  'identityForOtherNetwork',
  'identityMalformed',
  'identitySignatureInvalid',
  'chainDisagrees',
  'wrongChain',
  'manifestMissing',
])

/** `now` in Unix seconds. An update under way comes first, then what is being asked, then the alarm, then the last answer. */
export function deviceState(view: DeviceView, update: UpdateView | undefined, now: number): DeviceState {
  const { lastCheck } = view.record
  const phase = update === undefined ? null : updatePhase(update)
  if (update !== undefined && phase !== null && phase !== 'done') {
    return { kind: 'update', phase, fraction: fractionOf(update) }
  }
  if (view.activity === 'updatingElsewhere') return { kind: 'busy', activity: 'updatingElsewhere' }
  if (view.activity === 'updating') return { kind: 'update', phase: 'running', fraction: null }
  if (view.activity !== 'idle') return { kind: 'busy', activity: view.activity }
  if (lastCheck?.runningRevoked) return { kind: 'alarm' }
  const { lastFailure } = view
  const failedSince = lastFailure !== null && lastFailure.at >= (lastCheck?.at ?? 0)
  if (failedSince && (lastCheck === null || contradicts.has(lastFailure.kind))) {
    return { kind: 'checkFailed', failure: lastFailure.kind }
  }
  if (lastCheck === null) return { kind: 'neverChecked' }
  const { decision, evidence } = lastCheck
  // A release that has run out may not be called the newest, however lately that was proven.
  const fresh = now - evidence.verifiedAt < freshFor && now <= (decision.manifest?.validUntil ?? now)
  switch (decision.kind) {
    case 'upToDate':
      return view.record.running?.confirmed === false
        ? { kind: 'onTrial', manifest: decision.manifest }
        : { kind: 'upToDate', fresh }
    case 'update':
      return decision.confirm.includes('unproven')
        ? { kind: 'unproven', manifest: decision.manifest }
        : { kind: 'updateAvailable', manifest: decision.manifest, fresh }
    case 'unproven':
      return { kind: 'unproven', manifest: decision.manifest }
    case 'blocked':
      return { kind: 'blocked', reason: decision.reason }
  }
}

function updatePhase({ state }: UpdateView): UpdatePhase | null {
  if (state.status === 'cancelled' || state.status === 'upToDate') return null
  return state.status
}

/** Of the bytes of the step under way, 0 to 1; null where the step counts none. */
export function fractionOf({ state }: UpdateView): number | null {
  const { done, total } = state.progress
  return total > 0 ? Math.min(1, done / total) : null
}

export function toneOf(state: DeviceState): Tone {
  switch (state.kind) {
    case 'alarm':
      return 'alarm'
    case 'blocked':
      return state.reason === 'downgradeVersion' || state.reason === 'noRelease' ? 'plain' : 'attention'
    case 'checkFailed':
    case 'onTrial':
      return 'attention'
    case 'unproven':
      return 'attention'
    case 'updateAvailable':
      return 'info'
    case 'upToDate':
      return state.fresh ? 'ok' : 'plain'
    case 'update':
      if (state.phase === 'failed') return 'alarm'
      return state.phase === 'running' || state.phase === 'done' ? 'info' : 'attention'
    default:
      return 'plain'
  }
}

export type DeviceGroup = 'attention' | 'busy' | 'update' | 'other' | 'rest'

/** In the order in which they are listed. */
export const deviceGroups: readonly DeviceGroup[] = ['attention', 'busy', 'update', 'other', 'rest']

export function groupOf(state: DeviceState): DeviceGroup {
  switch (state.kind) {
    case 'alarm':
    case 'checkFailed':
    case 'onTrial':
      return 'attention'
    case 'blocked':
      return toneOf(state) === 'attention' ? 'attention' : 'rest'
    case 'update':
      return state.phase === 'running' ? 'busy' : 'attention'
    case 'busy':
      return 'busy'
    case 'updateAvailable':
      return 'update'
    case 'unproven':
    case 'neverChecked':
      return 'other'
    case 'upToDate':
      return 'rest'
  }
}
