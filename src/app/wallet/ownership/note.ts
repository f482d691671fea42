// What is learnt of a device whenever it is met: whose it is, what it has taken, and that it is ours after all.
import { bytesEqual, fromHex, toHex } from '../../../core/bytes.ts'
import { readConfigTaken } from '../../../core/lock/config.ts'
import { keyHash, type Ownership } from '../../../core/lock/ownership.ts'
import type { DeviceConfig } from '../../../core/registry/deviceStatements.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { OwnedDeviceRecord, SignedConfigRecord } from '../../ports/walletStore.ts'
import type { DeviceTaskFailure, OwnershipView } from '../deviceOwnership.ts'
import { findAccountIndex } from './accountIndex.ts'
import { noted, type OwnershipContext } from './context.ts'
import type { MetDevice } from './meet.ts'
import { takeBackKey } from './takeBackKey.ts'

export type Pairing = OwnershipView['pairing']

/** Whose key the device has pinned. Its word is signed over our challenge. */
async function pairingOf({ ownerKey }: OwnershipContext, ownership: Ownership): Promise<Pairing> {
  if (!ownership.ownerKeyHash) return 'free'
  const ours = await ownerKey.remembered()
  return ours && bytesEqual(keyHash(ours), ownership.ownerKeyHash) ? 'mine' : 'others'
}

/** Notes what the device says; makes a record of one that is ours and was forgotten, where the vault is open. */
export async function noteMeeting(
  context: OwnershipContext,
  met: MetDevice,
  ownership = met.ownership,
): Promise<Result<Pairing, DeviceTaskFailure>> {
  const { records } = context
  const { identity, domain } = met
  const pairing = await pairingOf(context, ownership)
  if (pairing === 'mine') {
    const told = ownership.domain
    // Paired under another registry: nothing that is signed here would hold there, nor what it signs here.
    if (told?.chainId !== domain.chainId || told.registry !== domain.registry)
      return fail({
        kind: 'pairedForOtherNetwork',
        detail: `chain ${told?.chainId}, registry ${told?.registry}`,
      })
    await ensureRecord(context, met, true)
  }
  const record = records.get(identity.deviceId)
  if (!record) return ok(pairing)
  const delivered = pairing === 'mine' ? await readDelivered(record, met, ownership) : ok(record.delivered)
  if (!delivered.ok) return delivered
  await records.change(identity.deviceId, ({ name, taking, isPaired, inherited }) => ({
    deviceKey: met.deviceKey,
    devicePublicKey: toHex(met.devicePublicKey),
    model: identity.model,
    name: name || identity.model.name,
    isPaired: pairing === 'mine',
    // What it has taken before it took our key is the former owner's word.
    inherited: pairing === 'mine' && !isPaired ? ownership.configVersion : inherited,
    met: {
      configVersion: ownership.configVersion,
      epoch: ownership.epoch,
      pairingCounter: ownership.pairingCounter,
    },
    delivered: delivered.value,
    taking: pairing === 'mine' ? null : taking,
  }))
  if (pairing === 'mine') {
    const ended = await takeBackKey(context, { ...met, ownership }, false)
    if (!ended.ok) return ended
  }
  return ok(pairing)
}

/** Stored before anybody is told: a tab that dies after that finds the device by its answer, and its account by this. */
export async function ensureRecord(
  { parts, records }: OwnershipContext,
  { identity, deviceKey, devicePublicKey }: MetDevice,
  isPaired: boolean,
): Promise<Result<OwnedDeviceRecord, DeviceTaskFailure>> {
  const { deviceId, model } = identity
  const known = records.get(deviceId)
  if (known) return ok(known)
  // Claimed before, perhaps by another phone of ours: its account is known to the registry.
  const reading = await (await parts.chain()).readDevice(deviceId)
  const entry = reading.ok ? reading.value.record : null
  const isOurs = entry !== null && parts.accounts.isOwn(entry.owner)
  const index = isOurs ? await findAccountIndex(parts, entry.account) : ok(null)
  if (!index.ok) return index
  const account = await accountFor(parts, isOurs ? entry.account : null, index.value)
  if (!account.ok) return account
  const blank = records.blank({ deviceId, ...account.value, addedAt: parts.platform.unixNow() })
  const record: OwnedDeviceRecord = {
    ...blank,
    isPaired,
    name: parts.devices.get(deviceKey)?.name ?? model.name,
    model,
    deviceKey,
    devicePublicKey: toHex(devicePublicKey),
  }
  return ok(await records.put({ ...record, ...(reading.ok ? noted(record, reading.value, parts) : {}) }))
}

async function accountFor(
  { accounts }: OwnershipContext['parts'],
  registered: OwnedDeviceRecord['account'] | null,
  index: number | null,
) {
  if (registered !== null) {
    if (index !== null) {
      const adopted = await accounts.adoptDevice(index)
      if (!adopted.ok) return adopted
    }
    return ok({ account: registered, accountIndex: index })
  }
  const made = await accounts.allocateDevice()
  return made.ok ? ok({ account: made.value.address, accountIndex: made.value.index }) : made
}

/** What it has taken last, by its own signature; what is stored where that is the same version. */
async function readDelivered(
  record: OwnedDeviceRecord,
  { link, domain, devicePublicKey }: MetDevice,
  { configVersion }: Ownership,
): Promise<Result<SignedConfigRecord | null, DeviceTaskFailure>> {
  if (configVersion === 0 || record.delivered?.version === configVersion) return ok(record.delivered)
  const taken = await readConfigTaken(link, { domain, devicePublicKey })
  if (!taken.ok) {
    // Taken under a registry of before, or left from a former owner's time: the next Config replaces it.
    return taken.error.kind === 'deviceAnswerInvalid' || taken.error.kind === 'noDeviceConfig'
      ? ok(record.delivered)
      : taken
  }
  const { config, signature } = taken.value
  return ok({ ...configRecord(config), ownerSignature: signatureOf(record, config), taken: toHex(signature) })
}

/** Ours, where it is what we have signed. */
function signatureOf({ config }: OwnedDeviceRecord, taken: DeviceConfig) {
  return config && isSameConfig(config, configRecord(taken)) ? config.ownerSignature : null
}

const configRecord = (config: DeviceConfig): Omit<SignedConfigRecord, 'ownerSignature' | 'taken'> => ({
  version: config.version,
  epoch: config.epoch,
  market: config.market,
  issuerKey: toHex(config.issuerKey),
  threshold: config.attestors.threshold,
  attestorKeys: config.attestors.keys.map(toHex),
  ...(config.attestors.mayOpen === true ? { mayOpen: true } : {}),
})

/** Throws for a record that was never written by this app. */
export function configOf(deviceId: DeviceConfig['deviceId'], record: ConfigContent): DeviceConfig {
  const { version, epoch, market, issuerKey, threshold, attestorKeys, mayOpen } = record
  return {
    deviceId,
    version,
    issuerKey: keyOf(issuerKey),
    attestors: { threshold, keys: attestorKeys.map(keyOf), ...(mayOpen === true ? { mayOpen } : {}) },
    epoch,
    market,
  }
}

type ConfigContent = Omit<SignedConfigRecord, 'ownerSignature' | 'taken'>

/** Version included. */
const isSameConfig = (a: ConfigContent, b: ConfigContent): boolean =>
  a.version === b.version && hasSameContent(a, b)

export const hasSameContent = (
  a: Omit<ConfigContent, 'version'>,
  b: Omit<ConfigContent, 'version'>,
): boolean =>
  a.epoch === b.epoch &&
  a.market === b.market &&
  a.issuerKey === b.issuerKey &&
  a.threshold === b.threshold &&
  (a.mayOpen === true) === (b.mayOpen === true) &&
  a.attestorKeys.join() === b.attestorKeys.join()

function keyOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes?.length !== 64) throw new RangeError('a stored key has not 64 bytes')
  return bytes
}
