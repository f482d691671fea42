// What an owner asks of his kiosk from afar: signed by the account that owns the device, carried by a box, done by the machine.
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Address, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { MarketDomain } from '../lock/grant.ts'
import { fail, ok, type Result } from '../result.ts'
import { signerOf } from '../wallet/accountSignature.ts'
import { OWNER_ACTS, type OwnerAct } from './ownerRequestMessage.ts'

export interface OwnerRequest {
  readonly owner: Address
  readonly deviceId: DeviceId
  /** uint48, from 1, always greater than the last one's: a kiosk does each once. */
  readonly number: number
  /** uint40, Unix seconds: not begun later than that. */
  readonly until: number
  readonly act: OwnerAct
  /** uint16 */
  readonly slot: number
  /** uint16: units, of `fill`; else 0. */
  readonly stock: number
  /** Of `test` a FOB:SELLER code: a grant for one free unit of this slot, for the key of the kiosk that is to do it; else empty. */
  readonly grant: string
}

export interface SignedOwnerRequest extends OwnerRequest {
  /** The owner account's: r || s || v, 65 bytes. */
  readonly signature: Hex
}

export type OwnerRequestRefusal =
  | { readonly kind: 'requestMalformed'; readonly detail: string }
  | { readonly kind: 'requestForOther'; readonly detail: string }
  | { readonly kind: 'requestNotSigned'; readonly detail: string }
  | { readonly kind: 'requestOver' }

/** Seconds: what was not done by then is asked for anew. */
export const REQUEST_LASTS = 3600
const MAX_GRANT = 2048

const TYPES = {
  KioskRequest: [
    { name: 'owner', type: 'address' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'number', type: 'uint48' },
    { name: 'until', type: 'uint40' },
    { name: 'act', type: 'uint8' },
    { name: 'slot', type: 'uint16' },
    { name: 'stock', type: 'uint16' },
    { name: 'grantHash', type: 'bytes32' },
  ],
} as const

/**
 * In the domain {name: 'Fob', version: '1', chainId, verifyingContract: market}: `KioskRequest(address owner,bytes32
 * deviceId,uint48 number,uint40 until,uint8 act,uint16 slot,uint16 stock,bytes32 grantHash)`, the hash being SHA-256 of the
 * grant's code in UTF-8, of nothing where there is none.
 */
export function ownerRequestTypedData(
  { chainId, market }: MarketDomain,
  { owner, deviceId, number, until, act, slot, stock, grant }: OwnerRequest,
): TypedData {
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: TYPES,
    primaryType: 'KioskRequest',
    message: {
      ...{ owner, deviceId, number, until, slot, stock },
      act: OWNER_ACTS.indexOf(act) + 1,
      grantHash: toHex(sha256(utf8(grant))),
    },
  }
}

/** Whole, for this device, signed by its owner, and in time. Whether it was done already its reader has to know. */
export function checkOwnerRequest(
  domain: MarketDomain,
  signed: SignedOwnerRequest,
  holder: { readonly deviceId: DeviceId; readonly owner: Address; readonly now: number },
): Result<OwnerRequest, OwnerRequestRefusal> {
  const { signature, ...request } = signed
  const { owner, deviceId, until } = request
  if (deviceId !== holder.deviceId) return fail({ kind: 'requestForOther', detail: 'another device' })
  if (owner !== holder.owner) return fail({ kind: 'requestForOther', detail: `by ${owner}` })
  const digest = hashTypedData(ownerRequestTypedData(domain, request))
  if (signerOf(digest, fromHex(signature) ?? new Uint8Array()) !== owner)
    return fail({ kind: 'requestNotSigned', detail: `by ${owner}` })
  return holder.now > until ? fail({ kind: 'requestOver' }) : ok(request)
}

/** As it comes from a box or an owner: nothing of it is believed yet. */
export function readOwnerRequest(json: unknown): Result<SignedOwnerRequest, OwnerRequestRefusal> {
  const parsed = v.safeParse(requestSchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    return malformed(`${v.getDotPath(issue) ?? 'the request'}: ${issue.message}`)
  }
  const { act, stock, grant } = parsed.output
  if (act !== 'fill' && stock !== 0) return malformed('stock')
  return (act === 'test') === (grant !== '') ? ok(parsed.output) : malformed('grant')
}

const malformed = (detail: string) => fail({ kind: 'requestMalformed' as const, detail })

const hex = (digits: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${digits}}$`)),
    v.transform(text => text as Hex),
  )
const uint = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))

const requestSchema = v.strictObject({
  owner: hex(40),
  deviceId: hex(64),
  number: v.pipe(uint(2 ** 48 - 1), v.minValue(1)),
  until: uint(2 ** 40 - 1),
  act: v.picklist(OWNER_ACTS),
  slot: uint(255),
  stock: uint(65_535),
  grant: v.pipe(v.string(), v.maxLength(MAX_GRANT), v.regex(/^[A-Z0-9:]*$/)),
  signature: hex(130),
})
