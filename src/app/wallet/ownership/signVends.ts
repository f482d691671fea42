// A grant to vend with its terms, both signed by the owner key: for a kiosk, for staff, or for one unit as a test.
import type { Bytes } from '../../../core/bytes.ts'
import { type Grant, grantDigest, grantTypedData } from '../../../core/lock/grant.ts'
import { type Failure, ok, type Result } from '../../../core/result.ts'
import {
  type SignedVendTerms,
  slotSet,
  type VendUse,
  vendTermsTypedData,
} from '../../../core/vending/vendTerms.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import type { OwnerKey } from './ownerKey.ts'

export interface VendLimits {
  readonly use: VendUse
  readonly slots: readonly number[]
  /** Units in one day of UTC. */
  readonly perDay: number
}

export interface SignedVends {
  /** r || s, 64 bytes, over the grant. */
  readonly signature: Bytes
  readonly terms: SignedVendTerms
}

/** An owner's own grant names no Market. Needs the open vault. */
export async function signVends(
  ownerKey: OwnerKey,
  chainId: number,
  grant: Grant,
  { use, slots, perDay }: VendLimits,
): Promise<Result<SignedVends, Failure>> {
  const { deviceId } = grant
  const freely = { chainId, market: NOBODY }
  const limits = { use, slots: slotSet(slots), perDay }
  const signature = await ownerKey.sign(grantTypedData(freely, grant), { kind: 'deviceGrant', deviceId })
  if (!signature.ok) return signature
  const statement = { deviceId, grantDigest: grantDigest(freely, grant), ...limits }
  const terms = await ownerKey.sign(vendTermsTypedData(freely, statement), { kind: 'vendTerms', deviceId })
  return terms.ok ? ok({ signature: signature.value, terms: { ...limits, signature: terms.value } }) : terms
}
