// What a grant to vend allows beyond its window: which slots, how much a day, and whether somebody has to have paid for it.
import type { Bytes } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { MarketDomain } from '../lock/grant.ts'
import { sized } from '../lock/layout.ts'
import { type CborMap, readBytes, readUint } from '../smp/cbor.ts'

/** uint8 of `VendTerms.use`. */
export const VendUse = {
  /** A kiosk's: each vend is for an order of the Market, and its receipt is the Market's evidence. */
  sell: 1,
  /** Staff's: for nothing, and its receipt is of a type of its own, so that no Market takes it. */
  free: 2,
} as const
export type VendUse = (typeof VendUse)[keyof typeof VendUse]

/** Signed by the key that signed the grant; without them a grant with the bit `vend` vends nothing. */
export interface VendTerms {
  /** Of the grant, so that whoever signs sees for which device. */
  readonly deviceId: DeviceId
  /** 32 bytes: which grant they belong to. */
  readonly grantDigest: Uint8Array
  readonly use: VendUse
  /** 32 bytes, one bit for each slot from 0 to 255, most significant bit first; not all zero. */
  readonly slots: Uint8Array
  /** uint16, not 0: units in one day of UTC. */
  readonly perDay: number
}

/** As they travel: the machine puts in its own id, and the digest of the session's grant. */
export interface SignedVendTerms extends Omit<VendTerms, 'deviceId' | 'grantDigest'> {
  /** r || s, 64 bytes, over `vendTermsDigest`. */
  readonly signature: Bytes
}

/** As EIP-712 writes the type. */
export const VEND_TERMS =
  'VendTerms(bytes32 deviceId,bytes32 grantDigest,uint8 use,bytes32 slots,uint16 perDay)'

const SLOTS_LENGTH = 32
const UINT16 = 2 ** 16

const TYPES = {
  VendTerms: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'grantDigest', type: 'bytes32' },
    { name: 'use', type: 'uint8' },
    { name: 'slots', type: 'bytes32' },
    { name: 'perDay', type: 'uint16' },
  ],
} as const

/**
 * `VendTerms(bytes32 deviceId,bytes32 grantDigest,uint8 use,bytes32 slots,uint16 perDay)` in the domain of the grant:
 * {name: 'Fob', version: '1', chainId, verifyingContract: market}, the zero address where the grant names none.
 */
export function vendTermsTypedData({ chainId, market }: MarketDomain, terms: VendTerms): TypedData {
  const { deviceId, grantDigest, use, slots, perDay } = terms
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: TYPES,
    primaryType: 'VendTerms',
    message: { deviceId, grantDigest, use, slots, perDay },
  }
}

/** The 32-byte digest that the grant's signer signs (P-256). Throws Eip712Error where a field does not fit. */
export const vendTermsDigest = (domain: MarketDomain, terms: VendTerms): Bytes =>
  hashTypedData(vendTermsTypedData(domain, terms))

/** Throws RangeError for a slot that can't be granted: above 255. */
export function slotSet(slots: readonly number[]): Bytes {
  const set = new Uint8Array(SLOTS_LENGTH)
  for (const slot of slots) {
    if (!Number.isInteger(slot) || slot < 0 || slot >= 8 * SLOTS_LENGTH) throw new RangeError(`slot ${slot}`)
    set[slot >> 3] = (set[slot >> 3] ?? 0) | (0x80 >> (slot & 7))
  }
  return set
}

export const hasSlot = (set: Uint8Array, slot: number): boolean =>
  ((set[slot >> 3] ?? 0) & (0x80 >> (slot & 7))) !== 0

/** `{u: use, sl: slots, pd: units a day, sg: signature}` */
export function vendTermsBody({ use, slots, perDay, signature }: SignedVendTerms): CborMap {
  return { u: use, sl: sized(slots, SLOTS_LENGTH), pd: perDay, sg: sized(signature, 64) }
}

/** undefined for terms that allow nothing, and for fields that do not have their form. */
export function parseVendTerms(body: CborMap): SignedVendTerms | undefined {
  const use = vendUseOf(readUint(body, 'u'))
  const slots = readBytes(body, 'sl')
  const perDay = readUint(body, 'pd')
  const signature = readBytes(body, 'sg')
  if (use === undefined || slots?.length !== SLOTS_LENGTH || slots.every(byte => byte === 0)) return undefined
  if (perDay === undefined || perDay === 0 || perDay >= UINT16 || signature?.length !== 64) return undefined
  return { use, slots, perDay, signature }
}

/** What a record is of; its code is the terms' one, or that of a run that vouchers pay for. */
export type RecordUse = VendUse | typeof METERED
export const METERED = 3

export const recordUseOf = (code: number | undefined): RecordUse | undefined =>
  code === METERED ? METERED : vendUseOf(code)

export const vendUseOf = (code: number | undefined): VendUse | undefined =>
  Object.values(VendUse).find(use => use === code)
