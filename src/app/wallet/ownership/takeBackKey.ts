// Ends our word that a device may take somebody else's owner key, once the hand-over came to nothing.
import { changeOwnerKey, ownerKeyChangeTypedData } from '../../../core/lock/pairing.ts'
import { ok, type Result } from '../../../core/result.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import type { OwnershipContext } from './context.ts'
import type { MetDevice } from './meet.ts'

/**
 * A hand-over lapses by its deadline, but the device has no clock, and the word to it none either: it is void once the
 * device's pairing counter has gone on. So the device takes our own key once more. `isEndingNow`: also where the deadline
 * has not passed: the person thought better of it, or gives the device to somebody else. Without the open vault it is left for the next meeting.
 */
export async function takeBackKey(
  { records, ownerKey }: OwnershipContext,
  { link, identity, domain, devicePublicKey, ownership }: MetDevice,
  isEndingNow: boolean,
): Promise<Result<null, DeviceTaskFailure>> {
  const { deviceId } = identity
  const record = records.get(deviceId)
  const promised = record?.promised ?? null
  if (promised === null || (record?.giving && !isEndingNow)) return ok(null)
  if (promised > ownership.pairingCounter) {
    const key = await ownerKey.publicKey()
    if (!key.ok) return ok(null)
    const statement = { deviceId, newOwnerKey: key.value, pairingCounter: ownership.pairingCounter + 1 }
    const typedData = ownerKeyChangeTypedData(domain, statement)
    const signature = await ownerKey.sign(typedData, { kind: 'changeOwnerKey', deviceId })
    if (!signature.ok) return signature
    const request = { domain, devicePublicKey, statement, signature: signature.value }
    const taken = await changeOwnerKey(link, request)
    if (!taken.ok) return taken
  }
  // The chain's part of it stays open: what is shown of that ends with the deadline.
  await records.change(deviceId, ({ met }) => ({
    promised: null,
    met: met && { ...met, pairingCounter: Math.max(promised, met.pairingCounter) },
  }))
  return ok(null)
}
