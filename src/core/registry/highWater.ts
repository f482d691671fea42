// The highest values proven so far, below which no later reading may go (rollback and fast-forward protection).
import { compareVersions } from '../mcuboot/version.ts'
import type { HighWater } from './decision.ts'
import type { HeadReading } from './release.ts'

/** Raised by proven readings only: an unproven one could push it up so that true releases are refused for ever. */
export function raiseHighWater(
  present: HighWater | null,
  { evidence, head, manifest }: HeadReading,
): HighWater | null {
  if (evidence.level !== 'proven' || !head || !manifest) return present
  const securityCounter = Math.max(head.minSecurityCounter, present?.securityCounter ?? 0)
  if (!present) return { seq: head.seq, version: head.version, securityCounter }
  const isNewer = compareVersions(head.version, present.version) > 0
  return {
    seq: Math.max(head.seq, present.seq),
    version: isNewer ? head.version : present.version,
    securityCounter,
  }
}
