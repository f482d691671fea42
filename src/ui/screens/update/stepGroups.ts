// The twelve steps of an update as the six that a person follows.
import type { UpdateState, UpdateStep } from '../../../core/update/state.ts'
import type { Messages } from '../../i18n/en.ts'

export const stepGroups = ['check', 'fetch', 'verify', 'send', 'restart', 'confirm'] as const

export type StepGroup = (typeof stepGroups)[number]

export const groupOfStep: Record<UpdateStep, StepGroup> = {
  connect: 'check',
  identify: 'check',
  check: 'check',
  consent: 'check',
  fetch: 'fetch',
  verify: 'verify',
  upload: 'send',
  inspect: 'send',
  mark: 'restart',
  restart: 'restart',
  readBack: 'confirm',
  confirm: 'confirm',
}

export type StepPlace = 'past' | 'now' | 'stopped' | 'later'

/**
 * The group that an update is in. Once the device was told to boot the new image, whatever a reconnect goes through leads
 * to reading back and never to sending again: it must not look like starting over.
 */
export function groupAt({ step, swapRequested }: Pick<UpdateState, 'step' | 'swapRequested'>): StepGroup {
  const group = groupOfStep[step]
  const isBefore = stepGroups.indexOf(group) < stepGroups.indexOf('restart')
  return swapRequested && isBefore ? 'restart' : group
}

/** Where a group stands while the update is in `current`, running or stopped there. */
export function placeOf(group: StepGroup, current: StepGroup, isStopped: boolean): StepPlace {
  const at = stepGroups.indexOf(current)
  const index = stepGroups.indexOf(group)
  if (index < at) return 'past'
  if (index > at) return 'later'
  return isStopped ? 'stopped' : 'now'
}

/** Connecting again, after the plan was made once: what the device already holds is not sent again. */
export const isReturning = ({ step, plan }: Pick<UpdateState, 'step' | 'plan'>): boolean =>
  plan !== null && (step === 'connect' || step === 'identify' || step === 'check')

export function stepWords(
  state: Pick<UpdateState, 'step' | 'plan' | 'swapRequested'>,
  words: Messages['update'],
): string {
  if (!isReturning(state)) return words.steps[state.step]
  if (state.swapRequested) return words.steps.restart
  return state.step === 'connect' ? words.reconnecting : words.steps[state.step]
}
