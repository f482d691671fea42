// How well a reading at one block is proven, from what the endpoints did in it.

import type { Evidence, UnprovenReason } from '../registry/evidence.ts'
import { isRecent } from '../registry/policy.ts'
import type { Header } from './header.ts'
import type { HeaderReading } from './headerSource.ts'
import type { Verdicts } from './verdicts.ts'

export interface EvidenceRules {
  /** Unix time in seconds. */
  readonly unixNow: () => number
  /** Seconds; readings at an older block are not proven. */
  readonly maxAgeSeconds: number
}

/** `isProven`: whether what was read at the block was verified against its header. */
export function evidenceOf(
  source: HeaderReading,
  isProven: boolean,
  verdicts: Verdicts,
  { unixNow, maxAgeSeconds }: EvidenceRules,
): Evidence {
  const verifiedAt = unixNow()
  const block = blockRef(source.header)
  const doubts: (UnprovenReason | null)[] = [
    // An endpoint that lied later has vouched for the header too: without it they may be too few.
    verdicts.count('agreed') < source.needed && verdicts.someoneLied() ? 'endpointLied' : null,
    source.doubt,
    isProven ? null : 'noProofs',
    isRecent(block.timestamp, verifiedAt, maxAgeSeconds)
      ? null
      : block.timestamp > verifiedAt
        ? 'clockBehind'
        : 'stale',
  ]
  const reason = doubts.find(doubt => doubt !== null)
  const endpoints = verdicts.list()
  if (reason === undefined) return { level: 'proven', block, endpoints, verifiedAt }
  return { level: 'unproven', reason, block, endpoints, verifiedAt }
}

const blockRef = ({ number, hash, timestamp }: Header) => ({ number, hash, timestamp })
