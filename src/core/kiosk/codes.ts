// Codes about kiosks: a kiosk that asks its owner for a grant, the answer, a sale that a Fob app pays, a signed order, a receipt.
import { type Address, type Bytes, concat, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import type { Grant, MarketDomain } from '../lock/grant.ts'
import { sized, uint256Bytes, uintOf } from '../lock/layout.ts'
import { SaleOutcome, type SaleReceipt } from '../lock/saleReceipt.ts'
import type { OfferId, Order } from '../registry/marketStatements.ts'
import type { SignedVendTerms } from '../vending/vendTerms.ts'
import { readTerms, termsBytes } from '../vending/vendTermsBytes.ts'
import { decodeUtf8 } from '../wallet/abiShape.ts'
import { type ByteReader, uintBytes } from '../wallet/byteReader.ts'
import { address, readAddress, readCode, readText, text, writeCode } from '../wallet/codeText.ts'

/** What a kiosk shows to its owner. */
export interface KioskCode {
  readonly domain: MarketDomain
  readonly deviceId: DeviceId
  /** 32 bytes: keccak256 of the kiosk's P-256 key (x || y). */
  readonly kioskKeyHash: Hex
  readonly gasAddress: Address
  /** What the kiosk calls its machine; 1 to 64 bytes of UTF-8. */
  readonly name: string
}

/** The owner's answer: what the kiosk may do at the machine. */
export interface KioskGrantCode {
  readonly domain: MarketDomain
  /** As the grant is signed: the Market, or the zero address. */
  readonly grantMarket: Address
  readonly grant: Grant
  /** r || s, 64 bytes: the owner key's. */
  readonly signature: Bytes
  readonly terms: SignedVendTerms
  /** x || y, 64 bytes: what the machine has pinned. */
  readonly ownerKey: Bytes
  /** Of the owner's box, where catalogue and signed orders are; null: none. */
  readonly boxUrl: string | null
}

/** A sale that waits for its payment. */
export interface SaleCode {
  readonly domain: MarketDomain
  readonly offerId: OfferId
  /** Block in which the offer was made; 0 where that is not known. */
  readonly offerBlock: number
  readonly quantity: number
  /** uint64: of the order that pays it. */
  readonly nonce: bigint
  /** uint40, Unix seconds: afterwards the kiosk takes no payment. */
  readonly until: number
  readonly ways: { readonly order: boolean; readonly instant: boolean }
  /** Where a signed order is handed in; null: at no box. */
  readonly boxUrl: string | null
  /** Ed25519, 32 bytes: the kiosk's node, which takes signed orders itself (/fob/order/1.0.0); null: it can't be met. */
  readonly peerKey: Bytes | null
}

/** An order against a prepaid balance, as its payer signed it. */
export interface SignedOrderCode {
  readonly domain: MarketDomain
  readonly order: Order
  /** 65 bytes, of `PrepaidOrder`. */
  readonly consent: Bytes
}

/** The machine's word, for the customer to keep. */
export interface SoldCode {
  readonly domain: MarketDomain
  /** x || y, 64 bytes. */
  readonly devicePublicKey: Bytes
  readonly receipt: Omit<SaleReceipt, 'deviceId'>
  /** r || s, 64 bytes. */
  readonly signature: Bytes
}

const MAX_URL = 255

/** Chain id (6), Market (20), device id (32), key's hash (32), gas address (20), name (1 + n), in `writeCode`'s frame. */
export const encodeKioskCode = ({ domain, deviceId, kioskKeyHash, gasAddress, name }: KioskCode): string =>
  writeCode('KIOSK', marketBytes(domain), word(deviceId), word(kioskKeyHash), address(gasAddress), text(name))

/** undefined for anything that the encoder does not make, as all of these. */
export const decodeKioskCode = (from: string): KioskCode | undefined =>
  readCode('KIOSK', from, reader => {
    const domain = readMarket(reader)
    const deviceId = readWord(reader)
    const kioskKeyHash = readWord(reader)
    const gasAddress = readAddress(reader)
    const name = readText(reader)
    return name === undefined ? undefined : { domain, deviceId, kioskKeyHash, gasAddress, name }
  })

/**
 * Chain id (6), Market (20), the grant's Market (20), device id (32), kiosk key's hash (32), not before (5), not after (5), weekly
 * hours (21), uses (2), actions (1), epoch (4), seq (4), grant's signature (64), use (1), slots (32), per day (2), terms'
 * signature (64), owner key (64), box's URL (1 + n).
 */
export const encodeKioskGrantCode = (code: KioskGrantCode): string => {
  const { domain, grantMarket, grant, signature, terms, ownerKey, boxUrl } = code
  return writeCode(
    'SELLER',
    marketBytes(domain),
    address(grantMarket),
    word(grant.deviceId),
    sized(grant.userKeyHash, 32),
    uintBytes(grant.notBefore, 5),
    uintBytes(grant.notAfter, 5),
    sized(grant.weeklyHours, 21),
    uintBytes(grant.maxUses, 2),
    uintBytes(grant.actions, 1),
    uintBytes(grant.epoch, 4),
    uintBytes(grant.seq, 4),
    sized(signature, 64),
    termsBytes(terms),
    sized(ownerKey, 64),
    urlBytes(boxUrl),
  )
}

/** No signature is checked here. The order of such a grant is 0: it is a free one. */
export const decodeKioskGrantCode = (from: string): KioskGrantCode | undefined =>
  readCode('SELLER', from, reader => {
    const domain = readMarket(reader)
    const grantMarket = readAddress(reader)
    const grant: Grant = {
      deviceId: readWord(reader),
      orderId: 0n,
      userKeyHash: reader.bytes(32),
      notBefore: reader.uint(5),
      notAfter: reader.uint(5),
      weeklyHours: reader.bytes(21),
      maxUses: reader.uint(2),
      actions: reader.uint(1),
      epoch: reader.uint(4),
      seq: reader.uint(4),
    }
    const signature = reader.bytes(64)
    const terms = readTerms(reader)
    const ownerKey = reader.bytes(64)
    const boxUrl = readUrl(reader)
    if (terms === undefined || boxUrl === undefined) return undefined
    return { domain, grantMarket, grant, signature, terms, ownerKey, boxUrl }
  })

/**
 * Chain id (6), Market (20), offer (32), its block (6), quantity (2), nonce (8), until (5), ways (1: 1 order, 2 instant, 4: a
 * peer's key follows), URL (1 + n), peer's key (32, or none).
 */
export const encodeSaleCode = ({ domain, offerId, offerBlock, ways, ...sale }: SaleCode): string =>
  writeCode(
    'SALE',
    marketBytes(domain),
    word(offerId),
    uintBytes(offerBlock, 6),
    uintBytes(sale.quantity, 2),
    uint64(sale.nonce),
    uintBytes(sale.until, 5),
    uintBytes((ways.order ? 1 : 0) + (ways.instant ? 2 : 0) + (sale.peerKey ? 4 : 0), 1),
    urlBytes(sale.boxUrl),
    sale.peerKey ? sized(sale.peerKey, 32) : new Uint8Array(),
  )

export const decodeSaleCode = (from: string): SaleCode | undefined =>
  readCode('SALE', from, reader => {
    const domain = readMarket(reader)
    const offerId = readWord(reader)
    const offerBlock = reader.uint(6)
    const quantity = reader.uint(2)
    const nonce = uintOf(reader.bytes(8))
    const until = reader.uint(5)
    const bits = reader.uint(1)
    const boxUrl = readUrl(reader)
    const peerKey = (bits & 4) === 0 ? null : reader.bytes(32)
    if ((bits & 3) === 0 || bits > 7 || boxUrl === undefined || quantity === 0) return undefined
    const ways = { order: (bits & 1) !== 0, instant: (bits & 2) !== 0 }
    return { domain, offerId, offerBlock, quantity, nonce, until, ways, boxUrl, peerKey }
  })

/** Chain id (6), Market (20), offer (32), payer (20), quantity (2), nonce (8), valid until (5), consent (65). Of products alone. */
export const encodeSignedOrderCode = ({ domain, order, consent }: SignedOrderCode): string =>
  writeCode(
    'PAY',
    marketBytes(domain),
    word(order.offerId),
    address(order.payer),
    uintBytes(order.quantity, 2),
    uint64(order.nonce),
    uintBytes(order.validUntil, 5),
    sized(consent, 65),
  )

export const decodeSignedOrderCode = (from: string): SignedOrderCode | undefined =>
  readCode('PAY', from, reader => {
    const domain = readMarket(reader)
    const offerId = readWord(reader)
    const payer = readAddress(reader)
    const quantity = reader.uint(2)
    const nonce = uintOf(reader.bytes(8))
    const validUntil = reader.uint(5)
    const order: Order = { offerId, payer, userKeyHash: NO_KEY, start: 0, quantity, nonce, validUntil }
    return { domain, order, consent: reader.bytes(65) }
  })

/** Chain id (6), Market (20), device key (64), order id (32), slot (2), quantity (2), outcome (1), counter (6), signature (64). */
export const encodeSoldCode = ({ domain, devicePublicKey, receipt, signature }: SoldCode): string =>
  writeCode(
    'SOLD',
    marketBytes(domain),
    sized(devicePublicKey, 64),
    uint256Bytes(receipt.orderId),
    uintBytes(receipt.slot, 2),
    uintBytes(receipt.quantity, 2),
    uintBytes(receipt.outcome, 1),
    uintBytes(receipt.counter, 6),
    sized(signature, 64),
  )

export const decodeSoldCode = (from: string): SoldCode | undefined =>
  readCode('SOLD', from, reader => {
    const domain = readMarket(reader)
    const devicePublicKey = reader.bytes(64)
    const orderId = uintOf(reader.bytes(32))
    const slot = reader.uint(2)
    const quantity = reader.uint(2)
    const code = reader.uint(1)
    const outcome = Object.values(SaleOutcome).find(each => each === code)
    const counter = reader.uint(6)
    if (outcome === undefined) return undefined
    const receipt = { orderId, slot, quantity, outcome, counter }
    return { domain, devicePublicKey, receipt, signature: reader.bytes(64) }
  })

const NO_KEY: Hex = `0x${'00'.repeat(32)}`

const marketBytes = ({ chainId, market }: MarketDomain): Bytes =>
  concat(uintBytes(chainId, 6), address(market))
const readMarket = (reader: ByteReader): MarketDomain => ({
  chainId: reader.uint(6),
  market: readAddress(reader),
})
const word = (of: Hex): Uint8Array => sized(fromHex(of) ?? new Uint8Array(), 32)
const readWord = (reader: ByteReader): Hex => toHex(reader.bytes(32))

function uint64(value: bigint): Uint8Array {
  const bytes = uint256Bytes(value)
  if (value >= 1n << 64n) throw new RangeError(`${value} does not fit 8 bytes`)
  return bytes.subarray(24)
}

function urlBytes(url: string | null): Bytes {
  const bytes = utf8(url ?? '')
  if (bytes.length > MAX_URL) throw new RangeError(`a URL of ${bytes.length} bytes`)
  return concat(Uint8Array.of(bytes.length), bytes)
}

/** http(s) without credentials; undefined for anything else. */
function readUrl(reader: ByteReader): string | null | undefined {
  const length = reader.uint(1)
  if (length === 0) return null
  const url = decodeUtf8(reader.bytes(length))
  return url !== undefined && /^https?:\/\/[^/?#@\s]+([/?#][^\s]*)?$/.test(url) ? url : undefined
}
