// Codes about locks: an offer, a phone that asks for a key, a key, an order that moved to another phone, a box that signs.
import { type Address, type Bytes, concat, fromHex, type Hex, toHex, utf8 } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import type { Grant, MarketDomain } from '../lock/grant.ts'
import { sized, uint256Bytes, uintOf } from '../lock/layout.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import type { OfferId, Order } from '../registry/marketStatements.ts'
import type { SignedVendTerms } from '../vending/vendTerms.ts'
import { readTerms, termsBytes } from '../vending/vendTermsBytes.ts'
import { decodeUtf8 } from './abiShape.ts'
import { type ByteReader, uintBytes } from './byteReader.ts'
import {
  address,
  domainBytes,
  readAddress,
  readCode,
  readDomain,
  readText,
  text,
  writeCode,
} from './codeText.ts'

export interface OfferCode {
  readonly domain: MarketDomain
  readonly offerId: OfferId
  /** Block in which it was made; 0 where that is not known. */
  readonly block: number
}

/** A phone asks for a key to this device, or to any. */
export interface AskCode {
  readonly domain: StatementDomain
  /** 32 bytes: keccak256 of the phone's P-256 key (x || y). */
  readonly userKeyHash: Hex
}

/** A grant with what authorises it: of use to the phone alone that has the key. */
export interface KeyCode {
  readonly domain: StatementDomain
  /** The zero address where the owner key has signed for a device without a Market. */
  readonly market: Address
  /** The lender's word for the device. */
  readonly deviceName: string
  /** Of the lock, in minutes to be added to UTC. */
  readonly utcOffset: number
  readonly grant: Grant
  readonly by: 'issuer' | 'owner'
  /** r || s, 64 bytes. */
  readonly signature: Bytes
  /** What a grant to vend allows, of staff's; null of every other key. */
  readonly terms: SignedVendTerms | null
}

/** An order whose key moved to another phone: what that one needs to find its grant. */
export interface OrderCode {
  readonly domain: MarketDomain
  readonly order: Order
  /** Block in which the offer was made; 0 where that is not known. */
  readonly offerBlock: number
}

const BY = { issuer: 1, owner: 2 } as const
/** Offsets are from -720 to 840. */
const OFFSET_BIAS = 1440
const MAX_URL = 255

/** Chain id (6 bytes), Market (20), offer id (32), block (6), in `writeCode`'s frame. All of these throw for fields of another size. */
export const encodeOfferCode = ({ domain, offerId, block }: OfferCode): string =>
  writeCode('OFFER', marketBytes(domain), word(offerId), uintBytes(block, 6))

/** undefined for anything that the encoder does not make, as all of these. */
export const decodeOfferCode = (from: string): OfferCode | undefined =>
  readCode('OFFER', from, reader => ({
    domain: readMarket(reader),
    offerId: readWord(reader),
    block: reader.uint(6),
  }))

/** Chain id (6), DeviceRegistry (20), key's hash (32). */
export const encodeAskCode = ({ domain, userKeyHash }: AskCode): string =>
  writeCode('ASK', domainBytes(domain), word(userKeyHash))

export const decodeAskCode = (from: string): AskCode | undefined =>
  readCode('ASK', from, reader => ({ domain: readDomain(reader), userKeyHash: readWord(reader) }))

/**
 * Chain id (6), DeviceRegistry (20), Market (20), device id (32), device's name (1 + n), time zone + 1440 (2), order id (32),
 * user key's hash (32), not before (5), not after (5), weekly hours (21), uses (2), actions (1), epoch (4), seq (4), by (1: 1
 * the issuer, 2 the owner), signature (64). As kind `STAFF` the terms follow: use (1), slots (32), per day (2), signature (64).
 */
export function encodeKeyCode(code: KeyCode): string {
  const { terms } = code
  return terms === null
    ? writeCode('KEY', keyBytes(code))
    : writeCode('STAFF', keyBytes(code), termsBytes(terms))
}

/** No signature is checked here: the lock does, and nobody else has to be shown that it holds. */
export const decodeKeyCode = (from: string): KeyCode | undefined =>
  readCode('KEY', from, reader => readKey(reader, () => null)) ??
  readCode('STAFF', from, reader => readKey(reader, readTerms))

function keyBytes({ domain, market, deviceName, utcOffset, grant, by, signature }: KeyCode): Bytes {
  return concat(
    domainBytes(domain),
    address(market),
    word(grant.deviceId),
    text(deviceName),
    uintBytes(utcOffset + OFFSET_BIAS, 2),
    uint256Bytes(grant.orderId),
    sized(grant.userKeyHash, 32),
    uintBytes(grant.notBefore, 5),
    uintBytes(grant.notAfter, 5),
    sized(grant.weeklyHours, 21),
    uintBytes(grant.maxUses, 2),
    uintBytes(grant.actions, 1),
    uintBytes(grant.epoch, 4),
    uintBytes(grant.seq, 4),
    uintBytes(BY[by], 1),
    sized(signature, 64),
  )
}

function readKey(
  reader: ByteReader,
  readRest: (reader: ByteReader) => KeyCode['terms'] | undefined,
): KeyCode | undefined {
  const domain = readDomain(reader)
  const market = readAddress(reader)
  const deviceId: DeviceId = readWord(reader)
  const deviceName = readText(reader)
  if (deviceName === undefined) return undefined
  const utcOffset = reader.uint(2) - OFFSET_BIAS
  const grant: Grant = {
    deviceId,
    orderId: uintOf(reader.bytes(32)),
    userKeyHash: reader.bytes(32),
    notBefore: reader.uint(5),
    notAfter: reader.uint(5),
    weeklyHours: reader.bytes(21),
    maxUses: reader.uint(2),
    actions: reader.uint(1),
    epoch: reader.uint(4),
    seq: reader.uint(4),
  }
  const code = reader.uint(1)
  if (code !== BY.issuer && code !== BY.owner) return undefined
  const by = code === BY.issuer ? 'issuer' : 'owner'
  const signature = reader.bytes(64)
  const terms = readRest(reader)
  return terms === undefined
    ? undefined
    : { domain, market, deviceName, utcOffset, grant, by, signature, terms }
}

/**
 * Chain id (6), Market (20), offer id (32), offer's block (6), payer (20), first user key's hash (32), start (5), quantity (2),
 * nonce (8), valid until (5).
 */
export const encodeOrderCode = ({ domain, order, offerBlock }: OrderCode): string =>
  writeCode(
    'ORDER',
    marketBytes(domain),
    word(order.offerId),
    uintBytes(offerBlock, 6),
    address(order.payer),
    word(order.userKeyHash),
    uintBytes(order.start, 5),
    uintBytes(order.quantity, 2),
    sized(uint256Bytes(order.nonce).subarray(24), 8),
    uintBytes(order.validUntil, 5),
  )

export const decodeOrderCode = (from: string): OrderCode | undefined =>
  readCode('ORDER', from, reader => {
    const domain = readMarket(reader)
    const offerId = readWord(reader)
    const offerBlock = reader.uint(6)
    const order: Order = {
      offerId,
      payer: readAddress(reader),
      userKeyHash: readWord(reader),
      start: reader.uint(5),
      quantity: reader.uint(2),
      nonce: uintOf(reader.bytes(8)),
      validUntil: reader.uint(5),
    }
    return { domain, order, offerBlock }
  })

/** Length (1) and the URL in UTF-8: where a box of one's own is reached. */
export function encodeBoxCode(url: string): string {
  const bytes = utf8(url)
  if (bytes.length === 0 || bytes.length > MAX_URL) throw new RangeError(`a URL of ${bytes.length} bytes`)
  return writeCode('BOX', concat(Uint8Array.of(bytes.length), bytes))
}

/** http(s) without credentials, or nothing. */
export const decodeBoxCode = (from: string): string | undefined =>
  readCode('BOX', from, reader => {
    const url = decodeUtf8(reader.bytes(reader.uint(1)))
    return url !== undefined && /^https?:\/\/[^/?#@\s]+([/?#][^\s]*)?$/.test(url) ? url : undefined
  })

const marketBytes = ({ chainId, market }: MarketDomain): Bytes =>
  concat(uintBytes(chainId, 6), address(market))
const readMarket = (reader: ByteReader): MarketDomain => ({
  chainId: reader.uint(6),
  market: readAddress(reader),
})
const word = (of: Hex): Uint8Array => sized(fromHex(of) ?? new Uint8Array(), 32)
const readWord = (reader: ByteReader): Hex => toHex(reader.bytes(32))
