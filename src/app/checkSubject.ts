// What a stored check is about: it is shown only for as long as that is still what the person would ask about.
import type { NetworkConfig } from '../core/network.ts'
import type { CheckSubject, DeviceRecord } from './ports/store.ts'

export function subjectOf(
  { model, running }: DeviceRecord,
  { chain }: NetworkConfig,
  channel: string,
): CheckSubject {
  return { chainId: chain.id, registry: chain.registry, channel, model, running: running?.hash ?? null }
}

/**
 * The record as it may be shown. An answer about another chain, channel, model or running image is no answer about this
 * device now; nor is one on the word of a maker who is no longer trusted.
 */
export function withValidCheck(
  record: DeviceRecord,
  config: NetworkConfig | undefined,
  channel: string,
  isMakerPinned: boolean,
): DeviceRecord {
  const about = record.lastCheck?.about
  if (record.lastCheck === null) return record
  const isValid =
    about !== undefined &&
    config !== undefined &&
    isMakerPinned &&
    isSame(about, subjectOf(record, config, channel))
  return isValid ? record : { ...record, lastCheck: null }
}

function isSame(a: CheckSubject, b: CheckSubject): boolean {
  return (
    a.chainId === b.chainId &&
    a.registry === b.registry &&
    a.channel === b.channel &&
    a.running === b.running &&
    a.model?.maker === b.model?.maker &&
    a.model?.name === b.model?.name &&
    a.model?.hardware === b.model?.hardware
  )
}
