// A session in which the device does what only its owner may ask: signing claims and hand-overs.
import type { Result } from '../../../core/result.ts'
import type { SmpClient } from '../../../core/smp/client.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import type { OwnershipContext } from './context.ts'
import type { MetDevice } from './meet.ts'
import { openManaged, owning, signPass } from './pass.ts'

/** The pass is signed for this session and kept nowhere: the next one needs the open vault again. */
export async function openOwnSession(
  { parts, ownerKey }: OwnershipContext,
  { session, identity, devicePublicKey, domain, ownership }: MetDevice,
): Promise<Result<SmpClient, DeviceTaskFailure>> {
  const device = { deviceId: identity.deviceId, devicePublicKey, domain, epoch: ownership.epoch }
  const pass = await signPass(device, owning, { ownerKey, lockKeys: parts.lockKeys })
  return pass.ok ? openManaged(session, device, pass.value, parts) : pass
}
