// To take a device over: we show who we are, read what the giver and his device have signed, and send it.
import { type Bytes, toHex } from '../../../core/bytes.ts'
import { hashTypedData } from '../../../core/eip712.ts'
import { type DeviceId, deviceIdOf } from '../../../core/identity.ts'
import { ownerKeyChangeTypedData } from '../../../core/lock/pairing.ts'
import { isDigestSignedBy } from '../../../core/p256.ts'
import { handOverCall } from '../../../core/registry/deviceCalls.ts'
import { type HandOver, handOverDigest } from '../../../core/registry/deviceStatements.ts'
import { modelIdOf } from '../../../core/registry/modelId.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { signerOf } from '../../../core/wallet/accountSignature.ts'
import { decodeGiveCode, encodeTakeCode, type GiveCode } from '../../../core/wallet/codes.ts'
import type { DeviceReading } from '../../ports/walletChain.ts'
import type { DeviceOwnership, GiveCodeFailure } from '../deviceOwnership.ts'
import type { Proposal, ProposeFailure } from '../wallet.ts'
import { chainTime, noted, type OwnershipContext, type RegistryFailure } from './context.ts'
import { registryDomain } from './meet.ts'
import type { TakeCodes } from './takeCodes.ts'

type TakeFailure = ProposeFailure | GiveCodeFailure

export async function makeTakeCode(
  { parts, ownerKey }: OwnershipContext,
  codes: TakeCodes,
): ReturnType<DeviceOwnership['makeTakeCode']> {
  const domain = registryDomain(parts)
  if (!domain) return fail({ kind: 'notOnThisNetwork' })
  const owner = parts.accounts.owner.get()
  if (!owner) return fail({ kind: 'walletMissing' })
  const key = await ownerKey.publicKey()
  if (!key.ok) return key
  const shown = await codes.next(domain)
  if (!shown.ok) return shown
  const [newOwner, newAccount] = [owner.address, shown.value.account]
  const text = encodeTakeCode({ domain, newOwner, newAccount, ownerKey: key.value })
  return ok({ text, code: { newOwner, newAccount, ownerKey: toHex(key.value) } })
}

/** Verified as far as can be without the device; kept, so that a killed tab goes on from there; then proposed. */
export async function readGiveCode(
  context: OwnershipContext,
  codes: TakeCodes,
  text: string,
): Promise<Result<Proposal, TakeFailure>> {
  const { parts, records } = context
  const code = decodeGiveCode(text)
  if (!code) return fail({ kind: 'notAGiveCode' })
  const checked = await checkCode(context, code)
  if (!checked.ok) return checked
  const deviceId = deviceIdOf(code.devicePublicKey)
  const shown = await codes.find(code.newAccount)
  if (!shown) return fail({ kind: 'notForUs' })
  if (shown.deviceId !== null && shown.deviceId !== deviceId) return fail({ kind: 'takeCodeUsed' })
  await codes.use(code.newAccount, deviceId)
  const { accountIndex, account } = shown
  // A device that was ours before comes back with another account.
  const before = records.get(deviceId)
  const record =
    before ?? records.blank({ deviceId, account, accountIndex, addedAt: parts.platform.unixNow() })
  const met = [...parts.devices.records.get().values()].find(device => device.deviceId === deviceId)
  await records.put({
    ...record,
    account,
    accountIndex,
    devicePublicKey: toHex(code.devicePublicKey),
    name: record.name || (met?.name ?? code.model.name),
    model: code.model,
    deviceKey: met?.key ?? record.deviceKey,
    isPaired: false,
    config: null,
    giving: null,
    taking: { code: text, from: code.owner, deadline: code.deadline },
    ...noted(record, checked.value, parts),
  })
  return propose(context, code)
}

/** The same again for a code that was read before. */
export async function proposeTaking(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<Proposal, TakeFailure>> {
  const code = decodeGiveCode(context.records.get(deviceId)?.taking?.code ?? '')
  if (!code) return fail({ kind: 'deviceNotOwned' })
  const checked = await checkCode(context, code)
  return checked.ok ? propose(context, code) : checked
}

function propose({ parts }: OwnershipContext, code: GiveCode): Promise<Result<Proposal, ProposeFailure>> {
  const signed = { publicKey: code.devicePublicKey, signature: code.deviceSignature }
  // We send it ourselves, which is our consent.
  const consents = { given: code.given, accepted: new Uint8Array() }
  return parts.proposals.proposeTransaction({
    to: code.domain.registry,
    data: handOverCall(handOverOf(code), signed, consents),
  })
}

function handOverOf(code: GiveCode): HandOver {
  const { devicePublicKey, owner, newOwner, newAccount, counter, deadline } = code
  return { deviceId: deviceIdOf(devicePublicKey), owner, newOwner, newAccount, counter, deadline }
}

/** Everything that can be known of a code: whom it is for, who signed it, and whether the registry still fits. */
async function checkCode(
  { parts, ownerKey }: OwnershipContext,
  code: GiveCode,
): Promise<Result<DeviceReading, GiveCodeFailure | RegistryFailure | { readonly kind: 'vaultLocked' }>> {
  const domain = registryDomain(parts)
  if (code.domain.chainId !== domain?.chainId || code.domain.registry !== domain.registry)
    return fail({ kind: 'otherNetwork' })
  if (code.newOwner !== parts.accounts.owner.get()?.address) return fail({ kind: 'notForUs' })
  const ours = await ownerKey.remembered()
  if (!ours) return fail({ kind: 'vaultLocked' })
  const chain = await parts.chain()
  const reading = await chain.readDevice(deviceIdOf(code.devicePublicKey))
  if (!reading.ok) return reading
  if (chainTime(reading.value) > code.deadline) return fail({ kind: 'giveCodeExpired' })
  const signer = signerFault(code, ours)
  if (signer) return fail({ kind: 'giveCodeInvalid', detail: signer })
  const given = handOverDigest(domain, handOverOf(code), 'owner')
  if (signerOf(given, code.given) !== code.owner) {
    // A contract answers for itself (ERC-1271): the simulation asks it before anything is sent.
    const account = await chain.readAccount(code.owner, [])
    if (!account.ok) return account
    if (!account.value.hasCode) return fail({ kind: 'giveCodeInvalid', detail: 'owner' })
  }
  const stale = staleness(code, reading.value)
  return stale ? fail({ kind: 'giveCodeStale', detail: stale }) : reading
}

function signerFault(code: GiveCode, ours: Bytes): string | undefined {
  const { domain, devicePublicKey, deviceSignature, keyChange } = code
  const handOver = handOverDigest(domain, handOverOf(code), 'device')
  if (!isDigestSignedBy(devicePublicKey, handOver, deviceSignature)) return 'device'
  const { pairingCounter, ownerKey, signature } = keyChange
  const change = { deviceId: deviceIdOf(devicePublicKey), newOwnerKey: ours, pairingCounter }
  const digest = hashTypedData(ownerKeyChangeTypedData(domain, change))
  return isDigestSignedBy(ownerKey, digest, signature) ? undefined : 'ownerKey'
}

function staleness(code: GiveCode, { record }: DeviceReading): string | undefined {
  if (!record) return 'notRegistered'
  if (record.owner === code.newOwner && record.account === code.newAccount) return 'alreadyYours'
  if (record.owner !== code.owner) return 'owner'
  if (record.counter >= code.counter) return 'counter'
  if (record.account === code.newAccount) return 'account'
  if (record.modelId !== modelIdOf(code.model)) return 'model'
  return record.report === 'none' ? undefined : record.report
}
