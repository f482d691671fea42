// Once we own a device on chain: it takes our owner key by the former owner's word, and what we tell it from now on.
import type { DeviceId } from '../../../core/identity.ts'
import { changeOwnerKey } from '../../../core/lock/pairing.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { decodeGiveCode, type GiveCode } from '../../../core/wallet/codes.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import { type OwnershipContext, readRegistry } from './context.ts'
import { changeConfig, deliverTo } from './deviceConfig.ts'
import { type MetDevice, meetDevice, readOwner } from './meet.ts'
import { noteMeeting } from './note.ts'

export async function finishTaking(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<null, DeviceTaskFailure>> {
  const { parts, records, tasks, ownerKey } = context
  const record = records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  if (record.deviceKey === null) return fail({ kind: 'deviceNotMet' })
  const reading = await readRegistry(context, deviceId)
  if (!reading.ok) return reading
  const owner = reading.value.record?.owner
  // The former owner's word is not used before the registry says so: until then the device is his.
  if (owner === undefined || !parts.accounts.isOwn(owner)) return fail({ kind: 'notYoursYet' })
  const ours = await ownerKey.remembered()
  if (!ours) return fail({ kind: 'vaultLocked' })
  return meetDevice(parts, tasks, record.deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    if (pairing.value === 'mine') return tellIt(context, met)
    // The former owner has reset it: it is paired like any free device then.
    if (pairing.value === 'free') return fail({ kind: 'deviceNotPaired' })
    const code = decodeGiveCode(record.taking?.code ?? '')
    if (!code) return fail({ kind: 'deviceOfOthers' })
    const pinned = await pin(met, code, ours)
    if (!pinned.ok) return pinned
    const after = await readOwner(parts, met.session, met.identity)
    if (!after.ok) return after
    const noted = await noteMeeting(context, met, after.value)
    return noted.ok ? tellIt(context, { ...met, ownership: after.value }) : noted
  })
}

async function pin(
  { link, identity, domain, devicePublicKey }: MetDevice,
  { keyChange }: GiveCode,
  newOwnerKey: Uint8Array,
): Promise<Result<null, DeviceTaskFailure>> {
  const { deviceId } = identity
  const statement = { deviceId, newOwnerKey, pairingCounter: keyChange.pairingCounter }
  const { signature } = keyChange
  const taken = await changeOwnerKey(link, { domain, devicePublicKey, statement, signature })
  return taken.ok ? ok(null) : taken
}

/**
 * The first Config of ours, with a higher epoch: the former owner's grants end with it. Without the open vault it is left
 * for later, and shown as not delivered.
 */
async function tellIt(context: OwnershipContext, met: MetDevice): Promise<Result<null, DeviceTaskFailure>> {
  const { deviceId } = met.identity
  const signed = await changeConfig(context, deviceId, {})
  if (!signed.ok) return signed.error.kind === 'vaultLocked' ? ok(null) : signed
  return deliverTo(context, met)
}
