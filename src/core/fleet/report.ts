// What a run came to, as a table for other programs.
import { leafHash, merkleRoot } from '../anchors/merkleTree.ts'
import { type Hex, toHex, utf8 } from '../bytes.ts'
import { csv, csvLine } from '../csv.ts'
import { formatVersion, type ImageVersion } from '../mcuboot/version.ts'
import type { Evidence } from '../registry/evidence.ts'
import type { FleetItem, FleetItemState, FleetRun } from './run.ts'

/** How many of each; they add up to the number of items. */
export function countStates({ items }: Pick<FleetRun, 'items'>): Readonly<Record<FleetItemState, number>> {
  const counts = { queued: 0, active: 0, updated: 0, upToDate: 0, wouldUpdate: 0, failed: 0, skipped: 0 }
  for (const { state } of items) counts[state]++
  return counts
}

/** Those that have come to an end. */
export const isSettled = ({ state }: Pick<FleetItem, 'state'>): boolean =>
  state !== 'queued' && state !== 'active'

/** What it runs, or would; a version that was only planned is none. */
export const reportedTo = ({ state, to }: FleetItem): ImageVersion | null =>
  state === 'updated' || state === 'upToDate' || state === 'wouldUpdate' ? to : null

/** Endpoints that agreed, of those that were asked. */
export const agreeing = ({ endpoints }: Evidence): readonly [agreed: number, asked: number] => [
  endpoints.filter(({ verdict }) => verdict === 'agreed').length,
  endpoints.length,
]

/**
 * Seventeen columns, one row for each device in the order of the plan. Outcomes, failures and confirmations by their stable
 * names, times in ISO 8601 (UTC), hashes in full. `heads` are the columns' names in the reader's language.
 */
export function reportCsv({ items }: Pick<FleetRun, 'items'>, heads: readonly string[]): string {
  return csv([heads, ...items.map(row)])
}

/**
 * The Merkle root (RFC 9162, section 2.1, SHA-256) over the table's lines in their order: the UTF-8 bytes of each as in
 * `reportCsv`, without its end, and without the head, which is of a language.
 */
export function reportRoot({ items }: Pick<FleetRun, 'items'>): Hex {
  return toHex(merkleRoot(items.map(item => leafHash(utf8(csvLine(row(item)))))))
}

function row(item: FleetItem): readonly string[] {
  const { deviceId, name, model, from, state, failure, evidence, confirm, beganAt, endedAt, attempt } = item
  return [
    deviceId ?? '',
    name,
    model?.maker ?? '',
    model?.name ?? '',
    model?.hardware ?? '',
    versionText(from),
    versionText(reportedTo(item)),
    state,
    failure ? (failure.reason ?? failure.kind) : '',
    failure?.detail ?? '',
    evidence ? `${evidence.level} ${agreeing(evidence).join('/')}` : '',
    evidence ? `${String(evidence.block.number)} ${evidence.block.hash}` : '',
    evidence ? timeText(evidence.verifiedAt) : '',
    confirm.join(' '),
    beganAt === null ? '' : timeText(beganAt),
    endedAt === null ? '' : timeText(endedAt),
    attempt ?? '',
  ]
}

const versionText = (version: ImageVersion | null): string => (version ? formatVersion(version) : '')

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString()
