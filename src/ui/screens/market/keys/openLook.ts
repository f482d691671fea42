// What the button that opens shows: from what the key can do now, what is being done, and what came of it last.
import type { OpenStatus } from '../../../../core/lock/openResult.ts'
import type { MarketMessages } from '../../../i18n/marketEn.ts'
import type { OpenLook } from './OpenButton.tsx'

/** Why a press would be in vain; `text` says it. */
export interface CannotOpen {
  readonly label: 'notNow' | 'ended'
  readonly text: string
}

export type OpenEnd =
  | { readonly kind: 'answer'; readonly status: OpenStatus }
  /** In words: what happened, and what to do. */
  | { readonly kind: 'failure'; readonly title: string; readonly next: string }

export interface OpenShown {
  readonly look: OpenLook
  readonly label: string
  readonly state: string
  /** What to do now; null where nothing is. */
  readonly next: string | null
}

export function openLook(
  words: MarketMessages,
  cannot: CannotOpen | null,
  step: keyof MarketMessages['oneKey']['steps'] | null,
  end: OpenEnd | null,
): OpenShown {
  const { oneKey, outcomes } = words
  if (step !== null) return { look: 'busy', label: oneKey.opening, state: oneKey.steps[step], next: null }
  if (end?.kind === 'answer') {
    const { state, next } = outcomes[end.status]
    if (end.status === 'done') return { look: 'open', label: oneKey.opened, state, next }
    // What the lock has ended for good is not worth another press.
    if (cannot?.label === 'ended') return { look: 'over', label: oneKey.ended, state, next }
    return { look: 'stuck', label: oneKey.again, state, next }
  }
  if (cannot !== null)
    return {
      look: cannot.label === 'ended' ? 'over' : 'off',
      label: oneKey[cannot.label],
      state: cannot.text,
      next: null,
    }
  if (end?.kind === 'failure') return { look: 'stuck', label: oneKey.again, state: end.title, next: end.next }
  return { look: 'ready', label: oneKey.open, state: oneKey.idle, next: null }
}
