// One device's turn: its update, or only its check, told as what it came to.
import type { FleetFailure, FleetItem, FleetOutcome } from '../../core/fleet/run.ts'
import { isFinal } from '../../core/update/attempt.ts'
import type { UpdateState } from '../../core/update/state.ts'
import type { CheckFailure } from '../fob.ts'
import type { DeviceRecord, HistoryEntry } from '../ports/store.ts'
import { attemptOfReceipt } from '../updates.ts'

/** Every next device would meet these as well. */
const holding: ReadonlySet<string> = new Set([
  'walletLocked',
  'radioOff',
  'radioUnsupported',
  'networkMissing',
  'unexpectedError',
])

/** The device did not answer; it may, later. */
const silent: ReadonlySet<string> = new Set(['outOfReach', 'linkLost', 'busyElsewhere', 'timeout'])

export const isResting = (state: UpdateState): boolean =>
  isFinal(state) || state.status === 'failed' || state.status === 'awaitingDevice'

/** Of an update that rests. */
export function outcomeOf(state: UpdateState): FleetOutcome {
  const { plan, attempt } = state
  switch (state.status) {
    case 'done':
    case 'upToDate': {
      if (!plan) break
      const { manifest, evidence, from, confirm } = plan
      return state.status === 'done'
        ? { kind: 'updated', attempt, from, to: manifest.version, evidence, confirm }
        : { kind: 'upToDate', version: manifest.version, evidence }
    }
    case 'cancelled':
      return { kind: 'skipped' }
  }
  const { kind, reason, detail } = state.failure ?? { kind: 'unexpectedError', reason: null, detail: null }
  return outcomeOfFailure({ kind, reason, detail }, attempt, state.status === 'awaitingDevice')
}

/** A dry run's: what the check noted since it began, or why it did not come to an answer. */
export function outcomeOfCheck(
  { lastCheck, running }: DeviceRecord,
  lastFailure: CheckFailure | null,
  beganAt: number,
): FleetOutcome {
  if (lastFailure) {
    const { kind, detail } = lastFailure
    return outcomeOfFailure({ kind, reason: null, detail }, null, false)
  }
  if (!lastCheck || lastCheck.at < beganAt) {
    return outcomeOfFailure({ kind: 'busyElsewhere', reason: null, detail: null }, null, true)
  }
  const { decision, evidence } = lastCheck
  switch (decision.kind) {
    case 'update': {
      const { manifest, confirm } = decision
      return { kind: 'wouldUpdate', from: running?.version ?? null, to: manifest.version, evidence, confirm }
    }
    case 'upToDate':
      return { kind: 'upToDate', version: decision.manifest.version, evidence }
    case 'unproven':
      return failed({ kind: 'nothingToWrite', reason: null, detail: null })
    case 'blocked':
      return failed({ kind: 'refused', reason: decision.reason, detail: null })
  }
}

/** The receipt of an update that ended after `beganAt`, where the tab died before it was told here. */
export function outcomeInHistory(
  history: readonly HistoryEntry[],
  { beganAt }: Pick<FleetItem, 'beganAt'>,
): FleetOutcome | undefined {
  for (const { id, event } of history) {
    if (event.kind !== 'updated' || beganAt === null || event.receipt.finishedAt < beganAt) continue
    const { from, to, evidence } = event.receipt
    return { kind: 'updated', attempt: attemptOfReceipt(id), from, to, evidence, confirm: [] }
  }
  return undefined
}

function outcomeOfFailure(failure: FleetFailure, attempt: string | null, isAway: boolean): FleetOutcome {
  if (failure.kind === 'mustChooseAgain') return { kind: 'needsChoice' }
  if (holding.has(failure.kind)) return { kind: 'held', failure: failure.kind }
  if (isAway || silent.has(failure.kind)) return { kind: 'away', failure }
  return failed(failure, attempt)
}

const failed = (failure: FleetFailure, attempt: string | null = null): FleetOutcome => ({
  kind: 'failed',
  failure,
  attempt,
})
