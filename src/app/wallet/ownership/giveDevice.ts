// To give a device away: the device signs, then its owner; the other phone gets both in one code.
import { type Bytes, fromHex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { requestHandOver } from '../../../core/lock/ownerStatements.ts'
import { ownerKeyChangeTypedData } from '../../../core/lock/pairing.ts'
import {
  type HandOver,
  handOverTypedData,
  type StatementDomain,
} from '../../../core/registry/deviceStatements.ts'
import type { Model } from '../../../core/registry/model.ts'
import { modelIdOf } from '../../../core/registry/modelId.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { decodeTakeCode, encodeGiveCode } from '../../../core/wallet/codes.ts'
import type { DeviceTaskFailure, TakeCode } from '../deviceOwnership.ts'
import type { ConfirmFailure, Proposal, ProposeFailure } from '../wallet.ts'
import { chainTime, type OwnershipContext, readRegistry } from './context.ts'
import { meetDevice, registryDomain } from './meet.ts'
import { noteMeeting } from './note.ts'
import { openOwnSession } from './ownSession.ts'
import { takeBackKey } from './takeBackKey.ts'

/** Seconds from the newest agreed block: the other side may first have to get money for the fee. */
const giveWithin = 86_400

/** What the device has signed, until the person has as well. */
interface Draft {
  readonly domain: StatementDomain
  readonly model: Model
  readonly devicePublicKey: Bytes
  readonly handOver: HandOver
  readonly deviceSignature: Bytes
  /** That the device takes next. */
  readonly pairingCounter: number
  readonly newOwnerKey: Bytes
}

/** By the proposal's id. What is not confirmed dies with the tab: the device's signature alone gives nothing away. */
export type Drafts = Map<string, Draft>

export function readTakeCode(
  { parts }: OwnershipContext,
  text: string,
): Result<TakeCode, { readonly kind: 'notATakeCode' | 'otherNetwork' }> {
  const code = decodeTakeCode(text)
  if (!code) return fail({ kind: 'notATakeCode' })
  const domain = registryDomain(parts)
  const isHere = code.domain.chainId === domain?.chainId && code.domain.registry === domain.registry
  if (!isHere) return fail({ kind: 'otherNetwork' })
  const { newOwner, newAccount, ownerKey } = code
  return ok({ newOwner, newAccount, ownerKey: toHex(ownerKey) })
}

export async function proposeGive(
  context: OwnershipContext,
  drafts: Drafts,
  deviceId: DeviceId,
  to: TakeCode,
): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>> {
  const { parts, records, tasks } = context
  const record = records.get(deviceId)
  const newOwnerKey = fromHex(to.ownerKey)
  if (newOwnerKey?.length !== 64) return fail({ kind: 'notATakeCode' })
  if (!record) return fail({ kind: 'deviceNotOwned' })
  if (record.deviceKey === null) return fail({ kind: 'deviceNotMet' })
  const owner = parts.accounts.owner.get()
  if (!owner) return fail({ kind: 'walletMissing' })
  const reading = await readRegistry(context, deviceId)
  if (!reading.ok) return reading
  const entry = reading.value.record
  if (entry?.owner !== owner.address) return fail({ kind: 'deviceNotOwned' })
  if (entry.report !== 'none') return fail({ kind: 'deviceReported', detail: entry.report })
  if (entry.account === to.newAccount) return fail({ kind: 'sameDeviceAccount' })
  const signed = await meetDevice(parts, tasks, record.deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    if (pairing.value !== 'mine')
      return fail({ kind: pairing.value === 'free' ? 'deviceNotPaired' : 'deviceOfOthers' })
    const { domain, devicePublicKey, identity } = met
    if (modelIdOf(identity.model) !== entry.modelId) return fail({ kind: 'deviceModelChanged' })
    // Given to somebody else before: his code must not take the device from this one.
    const ended = await takeBackKey(context, met, true)
    if (!ended.ok) return ended
    const session = await openOwnSession(context, met)
    if (!session.ok) return session
    const terms = {
      owner: owner.address,
      newOwner: to.newOwner,
      newAccount: to.newAccount,
      deadline: chainTime(reading.value) + giveWithin,
    }
    const handOver = await requestHandOver(session.value, { domain, devicePublicKey }, terms)
    if (!handOver.ok) return handOver
    const { statement, signature } = handOver.value
    if (statement.counter <= entry.counter)
      return fail({ kind: 'deviceAnswerInvalid', detail: `counter ${statement.counter}` })
    const draft: Draft = {
      domain,
      model: identity.model,
      devicePublicKey,
      handOver: statement,
      deviceSignature: signature,
      pairingCounter: (records.get(deviceId)?.met ?? met.ownership).pairingCounter + 1,
      newOwnerKey,
    }
    return ok(draft)
  })
  if (!signed.ok) return signed
  const { domain, handOver } = signed.value
  const proposal = await parts.proposals.proposeStatement(handOverTypedData(domain, handOver, 'owner'))
  if (proposal.ok) drafts.set(proposal.value.id, signed.value)
  return proposal
}

/** Without the open vault nothing can be taken back. */
export async function takeBackGiven(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<null, DeviceTaskFailure>> {
  const { parts, records, tasks, ownerKey } = context
  const record = records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  if (record.deviceKey === null) return fail({ kind: 'deviceNotMet' })
  const key = await ownerKey.publicKey()
  if (!key.ok) return key
  return meetDevice(parts, tasks, record.deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    // Too late: it listens to the new owner, or to nobody.
    if (pairing.value !== 'mine')
      return fail({ kind: pairing.value === 'free' ? 'deviceNotPaired' : 'deviceOfOthers' })
    return takeBackKey(context, met, true)
  })
}

export async function confirmGive(
  context: OwnershipContext,
  drafts: Drafts,
  proposal: Proposal,
): Promise<Result<{ readonly text: string; readonly deadline: number }, ConfirmFailure | DeviceTaskFailure>> {
  const draft = drafts.get(proposal.id)
  if (!draft) return fail({ kind: 'proposalExpired' })
  const { domain, model, devicePublicKey, handOver, deviceSignature, pairingCounter, newOwnerKey } = draft
  const { deviceId, owner, newOwner, newAccount, counter, deadline } = handOver
  const ownerKey = await context.ownerKey.publicKey()
  if (!ownerKey.ok) return ownerKey
  const change = ownerKeyChangeTypedData(domain, { deviceId, newOwnerKey, pairingCounter })
  const signature = await context.ownerKey.sign(change, { kind: 'changeOwnerKey', deviceId })
  if (!signature.ok) return signature
  const given = await context.parts.proposals.confirmStatement(proposal)
  if (!given.ok) return given
  const text = encodeGiveCode({
    domain,
    devicePublicKey,
    model,
    owner,
    newOwner,
    newAccount,
    counter,
    deadline,
    deviceSignature,
    given: fromHex(given.value) ?? new Uint8Array(),
    keyChange: { pairingCounter, ownerKey: ownerKey.value, signature: signature.value },
  })
  // On the disk before anybody sees it: from then on the device may be somebody else's at any moment.
  await context.records.change(deviceId, () => ({
    giving: { to: newOwner, deadline, code: text },
    promised: pairingCounter,
  }))
  drafts.delete(proposal.id)
  return ok({ text, deadline })
}
