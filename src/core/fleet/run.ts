// The update of many devices as a value that can be stored: whose turn it is, and what became of each.
import type { Hex } from '../bytes.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { BlockReason, Confirmation } from '../registry/decision.ts'
import type { Evidence } from '../registry/evidence.ts'
import type { Model } from '../registry/model.ts'
import type { UpdatePlan } from '../update/state.ts'

/** `dryRun`: every device is asked and compared, and nothing is written. */
export type FleetKind = 'update' | 'dryRun'

export type FleetItemState =
  /** Its turn comes, for the first time or again. */
  | 'queued'
  /** Its turn: the one device that may have the radio. */
  | 'active'
  /** Updated, read back and confirmed. */
  | 'updated'
  /** Asked, and proven to run the newest release already. */
  | 'upToDate'
  /** A dry run's answer: this device would be written to. */
  | 'wouldUpdate'
  | 'failed'
  | 'skipped'

export interface FleetFailure {
  readonly kind: string
  /** For `refused`. */
  readonly reason: BlockReason | null
  readonly detail: string | null
}

export interface FleetItem {
  /** The device's key in this browser's records. */
  readonly key: string
  readonly name: string
  readonly deviceId: Hex | null
  readonly model: Model | null
  readonly from: ImageVersion | null
  /** As planned, and later as installed; null where that is told when the device is reached. */
  readonly to: ImageVersion | null
  /** The file that it is planned to get. */
  readonly cid: string | null
  readonly state: FleetItemState
  /** Visits that ended without an answer. */
  readonly tries: number
  /** The browser gives no way to it without its chooser, which takes a tap. */
  readonly needsChoice: boolean
  /** Why it failed, or why the last visit ended. */
  readonly failure: FleetFailure | null
  /** How well what was decided is proven; null before that. */
  readonly evidence: Evidence | null
  /** What was agreed to before it was written to. */
  readonly confirm: readonly Confirmation[]
  /** Of the update that ended it; with it the receipt is found in the device's history. */
  readonly attempt: string | null
  /** Unix seconds. */
  readonly beganAt: number | null
  readonly endedAt: number | null
}

/** A release's file, to be had before the first write. `size` in bytes. */
export interface FleetFile {
  readonly cid: string
  readonly size: number
  readonly peers: readonly string[]
}

export interface FleetRun {
  readonly id: string
  readonly kind: FleetKind
  readonly status: 'running' | 'paused' | 'ended'
  /** Why it stands still, where that was not the person's wish: a failure that every next device would meet as well. */
  readonly held: string | null
  /** The one device whose turn it is. */
  readonly active: string | null
  /** Taken before the others. */
  readonly first: string | null
  /** In the order of the plan. */
  readonly items: readonly FleetItem[]
  readonly files: readonly FleetFile[]
  /** Files (SHA-256) that the person agreed to install, in this run, on what was proven earlier and can't be read now. */
  readonly agreed: readonly Hex[]
  /** Unix seconds. */
  readonly startedAt: number
  readonly endedAt: number | null
}

/** What a visit to a device came to. */
export type FleetOutcome =
  | {
      readonly kind: 'updated'
      readonly attempt: string
      readonly from: ImageVersion | null
      readonly to: ImageVersion
      readonly evidence: Evidence
      readonly confirm: readonly Confirmation[]
    }
  | { readonly kind: 'upToDate'; readonly version: ImageVersion; readonly evidence: Evidence }
  | {
      readonly kind: 'wouldUpdate'
      readonly from: ImageVersion | null
      readonly to: ImageVersion
      readonly evidence: Evidence
      readonly confirm: readonly Confirmation[]
    }
  | { readonly kind: 'failed'; readonly failure: FleetFailure; readonly attempt: string | null }
  /** No answer: it is visited again after the others, `maxTries` times in all. */
  | { readonly kind: 'away'; readonly failure: FleetFailure }
  | { readonly kind: 'needsChoice' }
  /** Something that every next device would meet as well: all stand still until the person goes on. */
  | { readonly kind: 'held'; readonly failure: string }
  | { readonly kind: 'skipped' }

export type FleetEvent =
  | { readonly kind: 'begin'; readonly key: string }
  | { readonly kind: 'outcome'; readonly key: string; readonly outcome: FleetOutcome }
  /** The person chose it in the browser's chooser, or wants it next. */
  | { readonly kind: 'chosen'; readonly key: string }
  | { readonly kind: 'first'; readonly key: string }
  | { readonly kind: 'skip'; readonly key: string }
  | { readonly kind: 'retry'; readonly key: string }
  | { readonly kind: 'retryFailed' }
  | { readonly kind: 'agree'; readonly fileHash: Hex }
  /** The file can't be had: nobody who is planned to get it has a turn. */
  | { readonly kind: 'fileMissing'; readonly cid: string; readonly failure: FleetFailure }
  | { readonly kind: 'pause' }
  | { readonly kind: 'goOn' }
  /** The person ends it: what has not had its turn is skipped. */
  | { readonly kind: 'end' }

export const maxTries = 3

export interface FleetStart {
  readonly id: string
  readonly kind: FleetKind
  readonly items: readonly Pick<
    FleetItem,
    'key' | 'name' | 'deviceId' | 'model' | 'from' | 'to' | 'cid' | 'needsChoice'
  >[]
  readonly files: readonly FleetFile[]
  readonly agreed: readonly Hex[]
  /** Unix seconds. */
  readonly now: number
}

export function startRun({ id, kind, items, files, agreed, now }: FleetStart): FleetRun {
  return settle(
    {
      id,
      kind,
      status: 'running',
      held: null,
      active: null,
      first: null,
      items: items.map(item => ({
        ...item,
        state: 'queued',
        tries: 0,
        failure: null,
        evidence: null,
        confirm: [],
        attempt: null,
        beganAt: null,
        endedAt: null,
      })),
      files,
      agreed,
      startedAt: now,
      endedAt: null,
    },
    now,
  )
}

/** `now`: Unix seconds. An event that does not fit changes nothing. */
export function stepRun(run: FleetRun, event: FleetEvent, now: number): FleetRun {
  const after = change(run, event, now)
  return after === run ? run : settle(after, now)
}

/** A run as it is found after the tab's death: it goes on when the person says so, with the device that had its turn. */
export function afterInterruption(run: FleetRun): FleetRun {
  return run.status === 'running' ? { ...run, status: 'paused', held: null } : run
}

export type FleetNext =
  | { readonly kind: 'visit'; readonly key: string }
  /** Nobody is left who can be reached without the chooser. */
  | { readonly kind: 'choose'; readonly key: string }

/**
 * Whose turn it is; null where it is somebody's already, or nobody's. Whoever needs no tap comes before those who do, and
 * whoever was not found comes after those who were not looked for.
 */
export function nextOf(run: FleetRun): FleetNext | null {
  if (run.status !== 'running' || run.active !== null) return null
  const queued = run.items.filter(({ state }) => state === 'queued')
  const wanted = queued.find(({ key }) => key === run.first)
  if (wanted) return { kind: wanted.needsChoice ? 'choose' : 'visit', key: wanted.key }
  const next = fewestTries(queued.filter(({ needsChoice }) => !needsChoice))
  if (next) return { kind: 'visit', key: next.key }
  const toChoose = fewestTries(queued)
  return toChoose ? { kind: 'choose', key: toChoose.key } : null
}

/** Whether the person has agreed, for the whole run, to all that this update would ask of them. */
export function isAgreed({ agreed }: FleetRun, { manifest, confirm }: UpdatePlan): boolean {
  return confirm.every(reason => reason === 'remembered') && agreed.includes(manifest.fileHash)
}

const fewestTries = (items: readonly FleetItem[]): FleetItem | undefined =>
  items.reduce<FleetItem | undefined>(
    (best, item) => (best && best.tries <= item.tries ? best : item),
    undefined,
  )

function change(run: FleetRun, event: FleetEvent, now: number): FleetRun {
  switch (event.kind) {
    case 'begin':
      if (run.status !== 'running' || run.active !== null) return run
      return withItem(run, event.key, ['queued'], item => [
        { ...item, state: 'active', beganAt: item.beganAt ?? now },
        { active: event.key, first: null },
      ])
    case 'outcome':
      return withItem(run, event.key, ['active'], item => concluded(item, event.outcome, now))
    case 'chosen':
      return withItem(run, event.key, ['queued'], item => [
        { ...item, needsChoice: false, tries: 0 },
        { first: event.key },
      ])
    case 'first':
      return withItem(run, event.key, ['queued'], item => [item, { first: event.key }])
    case 'skip':
      return withItem(run, event.key, ['queued'], item => [{ ...item, state: 'skipped', endedAt: now }, {}])
    case 'retry':
      return withItem(run, event.key, ['failed', 'skipped'], item => [
        again(item),
        { first: event.key, ...reopened(run) },
      ])
    case 'retryFailed':
      if (!run.items.some(({ state }) => state === 'failed')) return run
      return {
        ...run,
        ...reopened(run),
        items: run.items.map(item => (item.state === 'failed' ? again(item) : item)),
      }
    case 'agree':
      return run.agreed.includes(event.fileHash) ? run : { ...run, agreed: [...run.agreed, event.fileHash] }
    case 'fileMissing':
      if (!run.items.some(item => item.state === 'queued' && item.cid === event.cid)) return run
      return {
        ...run,
        items: run.items.map(item =>
          item.state === 'queued' && item.cid === event.cid
            ? { ...item, state: 'failed', failure: event.failure, endedAt: now }
            : item,
        ),
      }
    case 'pause':
      return run.status === 'running' ? { ...run, status: 'paused', held: null } : run
    case 'goOn':
      return run.status === 'paused' ? { ...run, status: 'running', held: null } : run
    case 'end':
      // What has begun ends by itself: a device is not left in the middle.
      if (run.status === 'ended' || run.active !== null) return run
      return {
        ...run,
        items: run.items.map(item =>
          item.state === 'queued' ? { ...item, state: 'skipped', endedAt: now } : item,
        ),
      }
  }
}

type Changed = readonly [
  FleetItem,
  Partial<Pick<FleetRun, 'active' | 'first' | 'status' | 'held' | 'endedAt'>>,
]

function concluded(item: FleetItem, outcome: FleetOutcome, now: number): Changed {
  const over = { active: null }
  const ended = { ...item, failure: null, endedAt: now }
  switch (outcome.kind) {
    case 'updated': {
      const { attempt, from, to, evidence, confirm } = outcome
      return [{ ...ended, state: 'updated', attempt, from, to, evidence, confirm }, over]
    }
    case 'upToDate': {
      const { version, evidence } = outcome
      return [{ ...ended, state: 'upToDate', from: version, to: version, evidence }, over]
    }
    case 'wouldUpdate': {
      const { from, to, evidence, confirm } = outcome
      return [{ ...ended, state: 'wouldUpdate', from, to, evidence, confirm }, over]
    }
    case 'failed':
      return [{ ...ended, state: 'failed', failure: outcome.failure, attempt: outcome.attempt }, over]
    case 'away': {
      const tries = item.tries + 1
      const { failure } = outcome
      return tries < maxTries
        ? [{ ...item, state: 'queued', tries, failure }, over]
        : [{ ...ended, state: 'failed', tries, failure }, over]
    }
    case 'needsChoice':
      return [{ ...item, state: 'queued', needsChoice: true }, over]
    case 'held':
      return [
        { ...item, state: 'queued' },
        { ...over, status: 'paused', held: outcome.failure },
      ]
    case 'skipped':
      return [{ ...ended, state: 'skipped' }, over]
  }
}

const again = (item: FleetItem): FleetItem => ({
  ...item,
  state: 'queued',
  tries: 0,
  failure: null,
  attempt: null,
  endedAt: null,
})

const reopened = ({ status }: FleetRun) =>
  status === 'ended' ? { status: 'running' as const, endedAt: null } : {}

function withItem(
  run: FleetRun,
  key: string,
  states: readonly FleetItemState[],
  to: (item: FleetItem) => Changed,
): FleetRun {
  const item = run.items.find(other => other.key === key)
  if (!item || !states.includes(item.state)) return run
  const [changed, rest] = to(item)
  return { ...run, ...rest, items: run.items.map(other => (other === item ? changed : other)) }
}

/** Over when nobody waits for a turn any more. */
function settle(run: FleetRun, now: number): FleetRun {
  const isOver = run.items.every(({ state }) => state !== 'queued' && state !== 'active')
  if (!isOver || run.status === 'ended') return run
  return { ...run, status: 'ended', held: null, first: null, endedAt: now }
}
