// Our own right to manage a device: a grant of the owner key for the key that lies in this browser, and sessions under it.
import { type Bytes, fromHex, type Hex, toHex } from '../../../core/bytes.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { type Grant, GrantAction, grantTypedData } from '../../../core/lock/grant.ts'
import { ManagedTransport } from '../../../core/lock/managedTransport.ts'
import { SessionAction } from '../../../core/lock/openMessage.ts'
import { keyHash } from '../../../core/lock/ownership.ts'
import { openSession } from '../../../core/lock/session.ts'
import type { StatementDomain } from '../../../core/registry/deviceStatements.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { SmpClient } from '../../../core/smp/client.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import type { DeviceSession } from '../../deviceSession.ts'
import type { Platform } from '../../ports/platform.ts'
import type { LockKey, LockKeys } from '../../ports/vault.ts'
import type { DeviceTaskFailure } from '../deviceOwnership.ts'
import type { OwnerKey } from './ownerKey.ts'

/** What is kept of a pass: no secret, for it holds only together with the key that can't leave this browser. */
export interface PassRecord {
  readonly userKey: Hex
  readonly actions: number
  readonly epoch: number
  readonly signature: Hex
}

export interface PassFor {
  readonly deviceId: DeviceId
  readonly domain: StatementDomain
  /** Of the device's Config, as it says. */
  readonly epoch: number
}

export const managing = GrantAction.manage | GrantAction.withoutTime
export const owning = managing | GrantAction.own

/** 2100-01-01: a device has no certain time as yet, so it is the epoch that ends a pass, and our forgetting it. */
const FAR = 4_102_444_800
const MOST_USES = 0xffff

/** One key of this browser for each device, so that two devices can't tell that the same phone was there. */
const lockKeyName = (deviceId: DeviceId): string => `device/${deviceId}`

/** The same each time for the same device, key, epoch and actions: a device counts its uses in one place. */
function grantOf({ deviceId }: PassFor, userKey: Uint8Array, actions: number, epoch: number): Grant {
  return {
    deviceId,
    orderId: 0n,
    userKeyHash: keyHash(userKey),
    notBefore: 0,
    notAfter: FAR,
    weeklyHours: new Uint8Array(21),
    maxUses: MOST_USES,
    actions,
    epoch,
    seq: 0,
  }
}

/** The person has just asked for what this is for; the vault is open. */
export async function signPass(
  device: PassFor,
  actions: number,
  { ownerKey, lockKeys }: { readonly ownerKey: OwnerKey; readonly lockKeys: LockKeys },
): Promise<Result<PassRecord, DeviceTaskFailure>> {
  const { deviceId, domain, epoch } = device
  const key = await lockKeys.keyFor(lockKeyName(deviceId))
  if (!key.ok) return key
  const grant = grantOf(device, key.value.publicKey, actions, epoch)
  const typedData = grantTypedData({ chainId: domain.chainId, market: NOBODY }, grant)
  const signature = await ownerKey.sign(typedData, { kind: 'deviceGrant', deviceId })
  if (!signature.ok) return signature
  return ok({ userKey: toHex(key.value.publicKey), actions, epoch, signature: toHex(signature.value) })
}

/** Whether it can still hold: the key is the one that this browser has now, and the device's epoch did not move. */
const isPassFor = (pass: PassRecord, key: LockKey, { epoch }: PassFor): boolean =>
  pass.userKey === toHex(key.publicKey) && pass.epoch >= epoch

/** Opens a session under the pass; resolves with the client inside of it. */
export async function openManaged(
  session: DeviceSession,
  device: PassFor & { readonly devicePublicKey: Uint8Array },
  pass: PassRecord,
  { platform, lockKeys }: { readonly platform: Platform; readonly lockKeys: LockKeys },
): Promise<Result<SmpClient, DeviceTaskFailure>> {
  const { domain, devicePublicKey, deviceId } = device
  const key = await lockKeys.keyFor(lockKeyName(deviceId))
  if (!key.ok) return key
  if (!isPassFor(pass, key.value, device)) return fail({ kind: 'passVoid' })
  const opened = await openSession(session.link, {
    domain,
    devicePublicKey,
    action: SessionAction.manage,
    grant: grantOf(device, key.value.publicKey, pass.actions, pass.epoch),
    authorisation: { by: 'owner', market: NOBODY, signature: bytesOf(pass.signature) },
    user: key.value,
    requestId: platform.randomBytes(16),
    ephemeralSecret: randomScalar(platform),
  })
  if (!opened.ok) {
    const { error } = opened
    return error.kind === 'openRefused' ? fail({ kind: 'sessionRefused', detail: error.reason }) : fail(error)
  }
  const { keys, result } = opened.value
  if (!keys) return fail({ kind: 'sessionRefused', detail: result.status })
  return session.manage((link, buffer) => new ManagedTransport(link, keys, buffer))
}

/** Below the group order with a probability of all but 2^-32; one that is not, or is zero, is drawn again. */
function randomScalar(platform: Platform): Bytes {
  for (;;) {
    const bytes = platform.randomBytes(32)
    const leading = bytes.subarray(0, 4)
    if (!leading.every(byte => byte === 0xff) && bytes.some(byte => byte !== 0)) return bytes
  }
}

function bytesOf(hex: Hex): Bytes {
  const bytes = fromHex(hex)
  if (!bytes) throw new Error(`not hexadecimal: ${hex}`)
  return bytes
}
