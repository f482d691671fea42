// Whom a device near us belongs to: by its own word, and by the registry's.
import { ok, type Result } from '../../../core/result.ts'
import type { DeviceTaskFailure, OwnershipView } from '../deviceOwnership.ts'
import { type OwnershipContext, readRegistry } from './context.ts'
import { meetDevice } from './meet.ts'
import { noteMeeting } from './note.ts'

export async function readOwnershipOf(
  context: OwnershipContext,
  deviceKey: string,
): Promise<Result<OwnershipView, DeviceTaskFailure>> {
  const { parts, tasks } = context
  const met = await meetDevice(parts, tasks, deviceKey, async device => {
    const pairing = await noteMeeting(context, device)
    if (!pairing.ok) return pairing
    const { deviceId } = device.identity
    const { hasButton, hasClaimCode } = device.ownership
    return ok({ deviceKey, deviceId, pairing: pairing.value, hasButton, hasClaimCode })
  })
  // The link is free for the next one while the chain is asked.
  return met.ok ? ok({ ...met.value, registry: await registryView(context, met.value.deviceId) }) : met
}

async function registryView(
  context: OwnershipContext,
  deviceId: OwnershipView['deviceId'],
): Promise<OwnershipView['registry']> {
  const reading = await readRegistry(context, deviceId)
  if (!reading.ok) return null
  const { record, evidence } = reading.value
  const owner = record?.owner ?? null
  if (owner === null) return { state: 'free', owner, evidence }
  return { state: context.parts.accounts.isOwn(owner) ? 'mine' : 'others', owner, evidence }
}
