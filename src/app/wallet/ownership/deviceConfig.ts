// What our devices are told: signed by the owner key, carried to the device, signed for by it, filed on chain.
import { type Bytes, fromHex, type Hex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { deliverConfig as deliverOverLink, MAX_ATTESTORS } from '../../../core/lock/config.ts'
import { fileConfigCall } from '../../../core/registry/deviceCalls.ts'
import { configTypedData } from '../../../core/registry/deviceStatements.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import type { OwnedDeviceRecord, SignedConfigRecord } from '../../ports/walletStore.ts'
import type { ConfigChange, DeviceTaskFailure } from '../deviceOwnership.ts'
import type { Proposal, ProposeFailure } from '../wallet.ts'
import { type OwnershipContext, readRegistry } from './context.ts'
import { type MetDevice, meetDevice, registryDomain } from './meet.ts'
import { configOf, hasSameContent, noteMeeting } from './note.ts'

type Content = Omit<SignedConfigRecord, 'version' | 'ownerSignature' | 'taken'>

/**
 * Signs the next Config. The device takes exactly its present version + 1, so one that was never delivered is replaced by
 * another of its version. Should the former have come through unnoticed, then the device refuses this one, says which it
 * has, and `deliverConfig` signs it anew on top: no more than one of a version is ever taken, and the newest wish wins.
 */
export async function changeConfig(
  context: OwnershipContext,
  deviceId: DeviceId,
  change: ConfigChange,
): Promise<Result<null, DeviceTaskFailure>> {
  const record = context.records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  const key = await context.ownerKey.publicKey()
  if (!key.ok) return key
  // From a guess, the same epoch might be signed once more, and nothing would end.
  if (change.epoch === 'next' && !record.met) return fail({ kind: 'deviceNotMet' })
  const former = wantedOf(record)
  const epoch =
    change.epoch === 'next' ? Math.max(former?.epoch ?? 0, record.met?.epoch ?? 0) + 1 : change.epoch
  const wanted = {
    ...(former ?? firstContent(context, record, key.value)),
    ...contentOf(change),
    ...(epoch === undefined ? {} : { epoch }),
  }
  const fault = contentFault(wanted, record)
  if (fault) return fail(fault)
  const pending = pendingOf(record)
  if (
    pending ? hasSameContent(pending, wanted) : record.delivered && hasSameContent(record.delivered, wanted)
  )
    return ok(null)
  const signed = await signNext(context, record, wanted, presentVersion(record))
  return signed.ok ? ok(null) : signed
}

/** Carries what is wanted to the device. Nothing to do is no failure. */
export async function deliverConfig(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<null, DeviceTaskFailure>> {
  const record = context.records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  if (record.deviceKey === null) return fail({ kind: 'deviceNotMet' })
  if (!record.config) return ok(null)
  return meetDevice(context.parts, context.tasks, record.deviceKey, async met => {
    const pairing = await noteMeeting(context, met)
    if (!pairing.ok) return pairing
    if (pairing.value !== 'mine')
      return fail({ kind: pairing.value === 'free' ? 'deviceNotPaired' : 'deviceOfOthers' })
    return deliverTo(context, met)
  })
}

/** Over a link that is there; the meeting was noted. */
export async function deliverTo(
  context: OwnershipContext,
  { link, identity, domain, devicePublicKey, ownership }: MetDevice,
): Promise<Result<null, DeviceTaskFailure>> {
  const { records } = context
  const { deviceId } = identity
  const record = records.get(deviceId)
  const wanted = record?.config
  if (!record || !wanted) return ok(null)
  const present = record.delivered
  if (present && present.version >= wanted.version && hasSameContent(present, wanted)) {
    await records.change(deviceId, () => ({ config: present }))
    return ok(null)
  }
  const { configVersion, epoch } = ownership
  const isNext = wanted.version === configVersion + 1 && wanted.epoch >= epoch && wanted.ownerSignature
  const next = isNext
    ? ok(wanted)
    : await signNext(context, record, { ...wanted, epoch: Math.max(wanted.epoch, epoch) }, configVersion)
  if (!next.ok) return next
  const { ownerSignature } = next.value
  if (ownerSignature === null) throw new Error('a Config without our signature')
  const taken = await deliverOverLink(link, {
    domain,
    devicePublicKey,
    config: configOf(deviceId, next.value),
    signature: bytesOf(ownerSignature),
  })
  if (!taken.ok) return taken
  const delivered = { ...next.value, taken: toHex(taken.value) }
  await records.change(deviceId, ({ config, met }) => ({
    delivered,
    // Another tab may have wanted something else meanwhile: that stays wanted.
    config: config && config.ownerSignature !== ownerSignature ? config : delivered,
    met: met && { ...met, configVersion: delivered.version, epoch: delivered.epoch },
  }))
  return ok(null)
}

export async function proposeFileConfig(
  context: OwnershipContext,
  deviceId: DeviceId,
): Promise<Result<Proposal, ProposeFailure | DeviceTaskFailure>> {
  const domain = registryDomain(context.parts)
  if (!domain) return fail({ kind: 'notOnThisNetwork' })
  const record = context.records.get(deviceId)
  if (!record) return fail({ kind: 'deviceNotOwned' })
  const { devicePublicKey } = record
  const delivered = deliveredOf(record)
  if (!delivered?.taken || !devicePublicKey) return fail({ kind: 'configNotDelivered' })
  const reading = await readRegistry(context, deviceId)
  if (!reading.ok) return reading
  const owner = reading.value.record?.owner
  if (owner === undefined || !context.parts.accounts.isOwn(owner)) return fail({ kind: 'deviceNotOwned' })
  if ((reading.value.config?.version ?? 0) >= delivered.version) return fail({ kind: 'configFiledAlready' })
  const signed = { publicKey: bytesOf(devicePublicKey), signature: bytesOf(delivered.taken) }
  return context.parts.proposals.proposeTransaction({
    to: domain.registry,
    data: fileConfigCall(configOf(deviceId, delivered), signed),
  })
}

/** Signed and not delivered; null where the device has the newest. */
export function pendingOf({ config, delivered }: OwnedDeviceRecord): SignedConfigRecord | null {
  if (!config || config.taken !== null) return null
  return delivered && delivered.version >= config.version && hasSameContent(delivered, config) ? null : config
}

/** Signed for by the device, and told by us. */
const deliveredOf = ({ delivered, inherited }: OwnedDeviceRecord): SignedConfigRecord | null =>
  delivered && delivered.version > inherited ? delivered : null

const wantedOf = (record: OwnedDeviceRecord): SignedConfigRecord | null =>
  pendingOf(record) ?? deliveredOf(record)

/** Of the device, as far as we know: an older one is corrected when it is delivered. */
const presentVersion = ({ met, delivered, registry }: OwnedDeviceRecord): number =>
  met?.configVersion ?? delivered?.version ?? registry?.filed ?? 0

/** The owner signs grants himself until he chooses an agent; a former owner's grants end with his epoch. */
function firstContent({ parts }: OwnershipContext, { met }: OwnedDeviceRecord, ownerKey: Bytes): Content {
  const { chain, attestors } = parts.config()
  return {
    epoch: (met?.epoch ?? 0) + 1,
    market: chain.contracts?.market ?? NOBODY,
    issuerKey: toHex(ownerKey),
    // They tell it the time; that they may open, the owner decides for himself.
    threshold: attestors?.threshold ?? 0,
    attestorKeys: attestors?.members.map(({ key }) => key) ?? [],
  }
}

function contentOf({ market, issuerKey, attestors }: ConfigChange): Partial<Content> {
  return {
    ...(market === undefined ? {} : { market }),
    ...(issuerKey === undefined ? {} : { issuerKey }),
    ...(attestors === undefined
      ? {}
      : {
          threshold: attestors.threshold,
          attestorKeys: attestors.keys,
          mayOpen: attestors.mayOpen === true,
        }),
  }
}

/** What every device would refuse. */
function contentFault(content: Content, { met }: OwnedDeviceRecord): DeviceTaskFailure | undefined {
  const { epoch, threshold, attestorKeys, issuerKey, market, mayOpen } = content
  if (epoch < (met?.epoch ?? 0)) return { kind: 'configEpochRefused' }
  const isKey = (key: Hex) => fromHex(key)?.length === 64
  const isValid =
    Number.isInteger(epoch) &&
    epoch < 2 ** 32 &&
    Number.isInteger(threshold) &&
    threshold >= 0 &&
    threshold <= attestorKeys.length &&
    (mayOpen !== true || threshold > 0) &&
    attestorKeys.length <= MAX_ATTESTORS &&
    new Set(attestorKeys).size === attestorKeys.length &&
    [issuerKey, ...attestorKeys].every(isKey) &&
    fromHex(market)?.length === 20
  return isValid ? undefined : { kind: 'configInvalid' }
}

/** Signs `content` as the version after `present`, and stores it as what is wanted. */
async function signNext(
  context: OwnershipContext,
  { deviceId }: OwnedDeviceRecord,
  content: Content,
  present: number,
): Promise<Result<SignedConfigRecord, DeviceTaskFailure>> {
  const domain = registryDomain(context.parts)
  if (!domain) return fail({ kind: 'notOnThisNetwork' })
  const { epoch, market, issuerKey, threshold, attestorKeys, mayOpen } = content
  const open = mayOpen === true ? { mayOpen } : {}
  const next = { epoch, market, issuerKey, threshold, attestorKeys, ...open, version: present + 1 }
  const typedData = configTypedData(domain, configOf(deviceId, next))
  const signature = await context.ownerKey.sign(typedData, { kind: 'deviceConfig', deviceId })
  if (!signature.ok) return signature
  const config = { ...next, ownerSignature: toHex(signature.value), taken: null }
  await context.records.change(deviceId, () => ({ config }))
  return ok(config)
}

function bytesOf(hex: Hex): Bytes {
  const bytes = fromHex(hex)
  if (!bytes) throw new Error(`not hexadecimal: ${hex}`)
  return bytes
}
