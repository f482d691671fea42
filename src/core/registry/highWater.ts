// The highest values proven so far, below which no later reading may go (rollback and fast-forward protection).
import { compareVersions } from '../mcuboot/version.ts'
import type { HighWater } from './decision.ts'
import type { HeadReading } from './release.ts'

const lowest = { seq: 0, version: { major: 0, minor: 0, revision: 0, build: 0 } } as const

/**
 * What of `present` binds this reading. Order within a channel ends with the channel, and with a release key that was
 * proven to be another one: its holder starts to count anew. The security counter is the device's and always binds.
 */
export function bindingHighWater(
  present: HighWater | null,
  reading: HeadReading,
  channel: string,
): HighWater | null {
  if (!present) return null
  const isRotated = reading.evidence.level === 'proven' && reading.record?.releaseKey !== present.releaseKey
  return present.channel !== channel || isRotated ? { ...present, ...lowest } : present
}

/** Raised by proven readings only: an unproven one could push it up so that true releases are refused for ever. */
export function raiseHighWater(
  present: HighWater | null,
  reading: HeadReading,
  channel: string,
): HighWater | null {
  const { evidence, record, head, manifest } = reading
  if (evidence.level !== 'proven' || !record || !head || !manifest) return present
  const binding = bindingHighWater(present, reading, channel)
  const { seq, version } = binding ?? lowest
  return {
    channel,
    releaseKey: record.releaseKey,
    seq: Math.max(head.seq, seq),
    version: compareVersions(head.version, version) > 0 ? head.version : version,
    securityCounter: Math.max(head.minSecurityCounter, binding?.securityCounter ?? 0),
  }
}
