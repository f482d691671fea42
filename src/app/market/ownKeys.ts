// The keys of one's own locks: a grant of the owner key for the key of this browser, signed when it is first needed.
import { toHex } from '../../core/bytes.ts'
import { type Grant, GrantAction, grantTypedData } from '../../core/lock/grant.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { NOBODY } from '../../core/wallet/contracts.ts'
import type { KeyRecord, StoredGrant } from '../ports/marketStore.ts'
import type { LockKey } from '../ports/vault.ts'
import type { DeviceTaskFailure, OwnedDeviceView } from '../wallet/deviceOwnership.ts'
import type { MetDevice } from '../wallet/ownership/meet.ts'
import { networkOf } from '../wallet/walletNetwork.ts'
import type { KeyRecords } from './keyRecords.ts'
import type { MarketParts } from './parts.ts'

/** 2100-01-01: it ends with the epoch. */
const FAR = 4_102_444_800
const MOST_USES = 0xffff

const ownKeyId = (deviceId: string): string => `own/${deviceId}`

/** Whether we can open it, as far as this phone knows: it has our owner key. */
const isOwnLock = ({ stage }: OwnedDeviceView): boolean =>
  stage.kind === 'paired' ||
  stage.kind === 'claiming' ||
  stage.kind === 'givingAway' ||
  (stage.kind === 'owned' && stage.isPaired)

/** A record for each lock that is ours, and none for those that are not any more. */
export async function followOwnLocks(
  { wallet, config, platform }: Pick<MarketParts, 'wallet' | 'config' | 'platform'>,
  records: KeyRecords,
): Promise<void> {
  const locks = wallet.devices.get().filter(isOwnLock)
  const network = networkOf(config())
  for (const { deviceId, name } of locks) {
    const id = ownKeyId(deviceId)
    if (records.get(id)) continue
    await records.put({
      id,
      network,
      kind: 'own',
      deviceId,
      deviceName: name,
      lockKey: `own/${deviceId}`,
      userKeyHash: NO_KEY,
      utcOffset: null,
      purchase: null,
      grant: null,
      unanswered: null,
      uses: 0,
      refused: null,
      lastFailure: null,
      addedAt: platform.unixNow(),
    })
  }
  for (const { id, kind, deviceId } of records.all.get().values()) {
    const isGone = kind === 'own' && !locks.some(lock => lock.deviceId === deviceId)
    if (isGone) await records.delete(id)
  }
}

/** It is made with the first opening. */
const NO_KEY = toHex(new Uint8Array(32))

/** The kept one while it holds; else a new one, which needs the open vault. */
export async function ownGrant(
  { ownerKey }: Pick<MarketParts, 'ownerKey'>,
  records: KeyRecords,
  { id, deviceId, grant: kept }: KeyRecord,
  key: LockKey,
  { domain, ownership }: Pick<MetDevice, 'domain' | 'ownership'>,
): Promise<Result<StoredGrant, DeviceTaskFailure>> {
  const userKeyHash = keyHash(key.publicKey)
  const isGood =
    kept && kept.grant.epoch >= ownership.epoch && toHex(kept.grant.userKeyHash) === toHex(userKeyHash)
  if (isGood) return ok(kept)
  const owner = await ownerKey.remembered()
  if (!owner || !ownership.ownerKeyHash || toHex(keyHash(owner)) !== toHex(ownership.ownerKeyHash))
    return fail({ kind: 'deviceOfOthers' })
  const grant: Grant = {
    deviceId,
    orderId: 0n,
    userKeyHash,
    notBefore: 0,
    notAfter: FAR,
    weeklyHours: new Uint8Array(21),
    maxUses: MOST_USES,
    actions: GrantAction.open | GrantAction.withoutTime,
    epoch: ownership.epoch,
    seq: 0,
  }
  const typedData = grantTypedData({ chainId: domain.chainId, market: NOBODY }, grant)
  const signature = await ownerKey.sign(typedData, { kind: 'deviceGrant', deviceId })
  if (!signature.ok) return signature
  const signed = { grant, market: NOBODY, by: 'owner', evidence: toHex(signature.value) } as const
  await records.change(id, () => ({ grant: signed, userKeyHash: toHex(userKeyHash) })).catch(() => {})
  return ok(signed)
}
