// What all use cases of owning devices share.
import type { DeviceId } from '../../../core/identity.ts'
import type { Evidence } from '../../../core/registry/evidence.ts'
import { fail, type Result } from '../../../core/result.ts'
import type { ChainFailure } from '../../ports/chain.ts'
import type { DeviceReading } from '../../ports/walletChain.ts'
import type { OwnedDeviceRecord } from '../../ports/walletStore.ts'
import { registryDomain } from './meet.ts'
import type { OwnerKey } from './ownerKey.ts'
import type { OwnershipParts } from './parts.ts'
import type { OwnedRecords } from './records.ts'
import type { Tasks } from './tasks.ts'

export interface OwnershipContext {
  readonly parts: OwnershipParts
  readonly records: OwnedRecords
  readonly tasks: Tasks
  readonly ownerKey: OwnerKey
}

export type RegistryFailure = ChainFailure | { readonly kind: 'notOnThisNetwork' }

/** Reads the registry, and notes what it says where the device is in our list. */
export async function readRegistry(
  { parts, records }: Pick<OwnershipContext, 'parts' | 'records'>,
  deviceId: DeviceId,
): Promise<Result<DeviceReading, RegistryFailure>> {
  if (!registryDomain(parts)) return fail({ kind: 'notOnThisNetwork' })
  const chain = await parts.chain()
  const reading = await chain.readDevice(deviceId)
  if (reading.ok) await records.change(deviceId, record => noted(record, reading.value, parts))
  return reading
}

/** What a reading changes in a record. An unproven one takes back nothing that was proven. */
export function noted(
  record: OwnedDeviceRecord,
  reading: DeviceReading,
  { accounts }: Pick<OwnershipParts, 'accounts'>,
): Partial<OwnedDeviceRecord> {
  const { record: entry, config, user, evidence } = reading
  const before = record.registry
  if (before && isOlder(evidence, before.evidence)) return {}
  const owner = entry?.owner ?? null
  const isOurs = owner !== null && accounts.isOwn(owner)
  const wasGiven = owner !== null && !isOurs
  // By the chain's time, which is what the registry compares: after that block nobody can send it any more.
  const isOver = record.giving !== null && record.giving.deadline < evidence.block.timestamp
  return {
    registry: {
      owner,
      report: entry?.report ?? 'none',
      user,
      filed: config?.version ?? 0,
      counter: entry?.counter ?? 0,
      evidence,
    },
    ...(wasGiven || isOver ? { giving: null } : {}),
  }
}

/** Seconds after which a lower block says that the chain began anew, not that its endpoints lag behind. */
const mostLag = 600

function isOlder(now: Evidence, before: Evidence): boolean {
  if (before.level !== 'proven') return false
  if (now.level !== 'proven') return true
  return now.block.number < before.block.number && now.verifiedAt - before.verifiedAt < mostLag
}

/** Unix seconds of the newest block that was agreed on: the phone's clock may be wrong by years. */
export const chainTime = (reading: DeviceReading): number => reading.evidence.block.timestamp
