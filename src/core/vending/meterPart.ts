// What is metered is paid for by vouchers of a payment channel: which one, at what price, and what has been paid so far.
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import { uintOf } from '../lock/layout.ts'
import { type CborMap, readBytes, readOptional } from '../smp/cbor.ts'
import { uintBytes } from '../wallet/byteReader.ts'

/** Amounts are uint104, in the token's smallest unit, in all since the channel was opened, as in vouchers. */
export interface MeterTerms {
  readonly channelId: Hex
  /** Whose vouchers hold. */
  readonly signer: Address
  /** What the channel owed before: nothing of it is for this. */
  readonly floor: bigint
  /** What the channel holds: no voucher is worth more. */
  readonly deposit: bigint
  /** Of one unit, not 0. */
  readonly price: bigint
}

export interface MeterPart extends MeterTerms {
  /** Of the last voucher; `floor` before the first. */
  readonly paid: bigint
  /** r || s || v, 65 bytes: whoever is paid hands it in; null before the first. */
  readonly voucher: Bytes | null
}

/** More units than a record can name are not paid for at once. */
const MAX_UNITS = 0xffffn

/** Units for which `paid` is enough. */
export function paidUnits({ paid, floor, price }: MeterPart): number {
  const units = (paid - floor) / price
  return Number(units > MAX_UNITS ? MAX_UNITS : units)
}

/** What the channel owes in all once so many units were given: the last voucher may be for more, and that is not owed. */
export const amountDue = ({ floor, price }: MeterTerms, units: number): bigint =>
  floor + BigInt(units) * price

const TYPES = {
  MeterReceipt: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'runId', type: 'uint256' },
    { name: 'channelId', type: 'bytes32' },
    { name: 'slot', type: 'uint16' },
    { name: 'units', type: 'uint16' },
    { name: 'amount', type: 'uint256' },
    { name: 'counter', type: 'uint48' },
  ],
} as const

export interface MeterReceipt {
  readonly deviceId: DeviceId
  readonly runId: bigint
  readonly channelId: Hex
  readonly slot: number
  readonly units: number
  /** What the channel owes in all: what its payee may close it with. */
  readonly amount: bigint
  readonly counter: number
}

/**
 * The 32-byte digest that the device signs (P-256), in the domain {name: 'Fob', version: '1', chainId, verifyingContract:
 * PaymentChannels}, of `MeterReceipt(bytes32 deviceId,uint256 runId,bytes32 channelId,uint16 slot,uint16 units,uint256
 * amount,uint48 counter)`.
 */
export const meterReceiptDigest = (
  { chainId, paymentChannels }: { readonly chainId: number; readonly paymentChannels: Address },
  receipt: MeterReceipt,
): Bytes =>
  hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: paymentChannels },
    types: TYPES,
    primaryType: 'MeterReceipt',
    message: { ...receipt },
  })

const AMOUNT_LENGTH = 13
const VOUCHER_LENGTH = 65

/** `{ci: bytes32 channel, si: bytes20 signer, fl: floor, dp: deposit, pr: price}`, amounts as 13 bytes, big-endian. */
export function meterTermsBody({ channelId, signer, floor, deposit, price }: MeterTerms): CborMap {
  return {
    ci: sizedHex(channelId, 32),
    si: sizedHex(signer, 20),
    fl: amountBytes(floor),
    dp: amountBytes(deposit),
    pr: amountBytes(price),
  }
}

/** undefined where a field does not have its form, where nothing could be paid, or it would cost nothing. */
export function parseMeterTerms(body: CborMap): MeterTerms | undefined {
  const channelId = readBytes(body, 'ci')
  const signer = readBytes(body, 'si')
  const floor = readAmount(body, 'fl')
  const deposit = readAmount(body, 'dp')
  const price = readAmount(body, 'pr')
  if (channelId?.length !== 32 || signer?.length !== 20) return undefined
  if (floor === undefined || deposit === undefined || !price || deposit < floor) return undefined
  return { channelId: toHex(channelId), signer: toHex(signer), floor, deposit, price }
}

/** A voucher as it is brought: `{am: amount in all, vs: r || s || v}`. */
export interface MeterVoucher {
  readonly amount: bigint
  /** r || s || v, 65 bytes. */
  readonly signature: Bytes
}

export const meterVoucherBody = ({ amount, signature }: MeterVoucher): CborMap => ({
  am: amountBytes(amount),
  vs: signature,
})

/** undefined where a field does not have its form. */
export function parseMeterVoucher(body: CborMap): MeterVoucher | undefined {
  const amount = readAmount(body, 'am')
  const signature = readBytes(body, 'vs')
  return amount === undefined || signature?.length !== VOUCHER_LENGTH ? undefined : { amount, signature }
}

/** The terms' fields, `am: paid`, and after the first voucher `vs`. */
export const meterPartBody = ({ paid, voucher, ...terms }: MeterPart): CborMap => ({
  ...meterTermsBody(terms),
  am: amountBytes(paid),
  ...(voucher && { vs: voucher }),
})

/** undefined where a field does not have its form, or more or less is paid than can be. */
export function parseMeterPart(body: CborMap): MeterPart | undefined {
  const terms = parseMeterTerms(body)
  const paid = readAmount(body, 'am')
  const voucher = readOptional(body, 'vs', readBytes, null)
  if (!terms || paid === undefined || voucher === undefined) return undefined
  if (paid < terms.floor || paid > terms.deposit || paid > terms.floor !== (voucher !== null))
    return undefined
  return voucher && voucher.length !== VOUCHER_LENGTH ? undefined : { ...terms, paid, voucher }
}

function readAmount(body: CborMap, key: string): bigint | undefined {
  const bytes = readBytes(body, key)
  return bytes?.length === AMOUNT_LENGTH ? uintOf(bytes) : undefined
}

/** Throws RangeError for what is no uint104. */
function amountBytes(amount: bigint): Bytes {
  const low = 1n << 48n
  const high = amount >> 96n
  if (amount < 0n || high > 0xffn) throw new RangeError(`${amount} is no uint104`)
  return concat(
    uintBytes(Number(high), 1),
    uintBytes(Number((amount >> 48n) % low), 6),
    uintBytes(Number(amount % low), 6),
  )
}

function sizedHex(text: string, length: number): Bytes {
  const bytes = fromHex(text)
  if (bytes?.length !== length) throw new RangeError(`${text} has not ${length} bytes`)
  return bytes
}
