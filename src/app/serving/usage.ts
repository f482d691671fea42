// How much was given away: today, in all, and of each file, which says how useful it is to keep.
import { blockUnit } from '../../core/voucher/standing.ts'
import type { Served } from '../ports/firmware.ts'
import type { Given } from './serving.ts'

export interface Usage {
  /** The person's own calendar day, `2026-11-21`. */
  readonly day: string
  readonly today: Given
  readonly total: Given
  /** By the file's root. */
  readonly byFile: Readonly<Record<string, number>>
}

/** Where it is stored. */
export const usageKey = 'servingUsage'

const nothing: Given = { bytes: 0, blocks: 0 }

export const noUsage: Usage = { day: '', today: nothing, total: nothing, byFile: {} }

/** Unix seconds. */
export function dayOf(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The same, with a new day begun where it has. */
export const onDay = (usage: Usage, day: string): Usage =>
  usage.day === day ? usage : { ...usage, day, today: nothing }

export function withServed(usage: Usage, { cid, bytes, blocks }: Served): Usage {
  const plus = (given: Given): Given => ({ bytes: given.bytes + bytes, blocks: given.blocks + blocks })
  return {
    ...usage,
    today: plus(usage.today),
    total: plus(usage.total),
    byFile: { ...usage.byFile, [cid]: (usage.byFile[cid] ?? 0) + bytes },
  }
}

/** Blocks of 64 KiB of a file that went out, the last one counted as begun. */
export const blocksOf = (usage: Usage, cid: string): number => Math.ceil((usage.byFile[cid] ?? 0) / blockUnit)

/** Forgets files that are not held any more. */
export const ofFiles = (usage: Usage, cids: ReadonlySet<string>): Usage => ({
  ...usage,
  byFile: Object.fromEntries(Object.entries(usage.byFile).filter(([cid]) => cids.has(cid))),
})
