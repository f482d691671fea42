// The device signs that we are to be its owner; the transaction with that is confirmed like any payment.

import type { DeviceId } from '../../../core/identity.ts'
import { requestClaim } from '../../../core/lock/ownerStatements.ts'
import { claimCall } from '../../../core/registry/deviceCalls.ts'
import { modelIdOf } from '../../../core/registry/modelId.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import type { Proposal, ProposeFailure } from '../wallet.ts'
import { chainTime, type OwnershipContext, readRegistry } from './context.ts'
import { meetDevice } from './meet.ts'
import { noteMeeting } from './note.ts'
import { openOwnSession } from './ownSession.ts'

/** Seconds from the newest agreed block: long enough to be mined when blocks are full, short enough to lapse soon. */
const claimWithin = 3600

export async function proposeClaim(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>> {
  const { parts, records, tasks } = context
  const record = records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  if (record.deviceKey === null) return fail({ kind: 'deviceNotMet' })
  const owner = parts.accounts.owner.get()
  if (!owner) return fail({ kind: 'walletMissing' })
  const reading = await readRegistry(context, deviceId)
  if (!reading.ok) return reading
  const claimed = reading.value.record
  if (claimed) return fail({ kind: parts.accounts.isOwn(claimed.owner) ? 'alreadyYours' : 'claimedByOthers' })
  const signed = await meetDevice(parts, tasks, record.deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    if (pairing.value !== 'mine')
      return fail({ kind: pairing.value === 'free' ? 'deviceNotPaired' : 'deviceOfOthers' })
    const session = await openOwnSession(context, met)
    if (!session.ok) return session
    const { domain, devicePublicKey, identity } = met
    const claim = await requestClaim(
      session.value,
      { domain, devicePublicKey },
      {
        owner: owner.address,
        account: record.account,
        modelId: modelIdOf(identity.model),
        deadline: chainTime(reading.value) + claimWithin,
      },
    )
    if (!claim.ok) return claim
    // The registry takes only what is greater than the last, and 0 is before the first.
    if (claim.value.statement.counter === 0)
      return fail({ kind: 'deviceAnswerInvalid', detail: 'claim counter' })
    return ok({ ...claim.value, domain, publicKey: devicePublicKey })
  })
  if (!signed.ok) return signed
  const { statement, signature, publicKey, domain } = signed.value
  return parts.proposals.proposeTransaction({
    to: domain.registry,
    data: claimCall(statement, { publicKey, signature }),
  })
}
