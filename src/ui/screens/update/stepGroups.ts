// The twelve steps of an update as the six that a person follows.
import type { UpdateStep } from '../../../core/update/state.ts'

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

/** Where a group stands while the update is at `step`, running or stopped there. */
export function placeOf(group: StepGroup, step: UpdateStep, isStopped: boolean): StepPlace {
  const at = stepGroups.indexOf(groupOfStep[step])
  const index = stepGroups.indexOf(group)
  if (index < at) return 'past'
  if (index > at) return 'later'
  return isStopped ? 'stopped' : 'now'
}
