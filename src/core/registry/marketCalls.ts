// Call data of what is asked of Market.sol and Till.sol: offers, calendar, orders, grants, keys, receipts, refunds, earnings.
import { type Address, type Bytes, concat, fromHex, type Hex } from '../bytes.ts'
import type { DeviceId } from '../identity.ts'
import { uint256Bytes } from '../lock/layout.ts'
import type { SaleReceipt } from '../lock/saleReceipt.ts'
import { selectorOf } from '../wallet/abiShape.ts'
import { NOBODY } from '../wallet/contracts.ts'
import { type OfferTerms, type Order, termsArgument } from './marketStatements.ts'

const TERMS =
  '(bytes32,address,address,uint96,uint8,bool,uint16,uint16,uint16,uint8,int16,uint32,bytes21,uint16,uint8,bytes32,(address,uint96)[])'
const ORDER = '(address,bytes32,uint40,uint16,uint64,uint40)'
const PERMIT = '(uint256,uint256,uint8,bytes32,bytes32)'
const RECEIPT = '(uint16,uint8,uint48)'
const SIGNATURE = '(bytes32,bytes32,bytes32,bytes32)'

/** Hours for sale, as `openingOf` gives them: 128 to a word, from `firstWord` on. */
export interface Opening {
  readonly firstWord: number
  readonly open: readonly bigint[]
}

/** An ERC-2612 permit of whoever sends the order, for the Market. */
export interface Permit {
  readonly value: bigint
  /** Unix seconds. */
  readonly deadline: bigint
  /** r || s || v, 65 bytes. */
  readonly signature: Uint8Array
}

/** By the device's owner; `opening` empty leaves the calendar as it is. All functions here throw for fields that do not fit. */
export const makeOfferCall = (terms: OfferTerms, { firstWord, open }: Opening): Bytes =>
  call(`makeOffer(${TERMS},uint32,uint128[])`, tail(termsBytes(terms)), uint(firstWord), tail(list(open)))

export const setPausedCall = (terms: OfferTerms, isPaused: boolean): Bytes =>
  call(`setPaused(${TERMS},bool)`, tail(termsBytes(terms)), uint(isPaused ? 1 : 0))

export const openHoursCall = (deviceId: DeviceId, { firstWord, open }: Opening): Bytes =>
  call('openHours(bytes32,uint32,uint128[])', word(deviceId), uint(firstWord), tail(list(open)))

export const orderCall = (terms: OfferTerms, order: Order): Bytes =>
  call(`order(${TERMS},${ORDER})`, tail(termsBytes(terms)), orderWords(order))

export const orderWithPermitCall = (terms: OfferTerms, order: Order, permit: Permit): Bytes =>
  call(
    `orderWithPermit(${TERMS},${ORDER},${PERMIT})`,
    tail(termsBytes(terms)),
    orderWords(order),
    permitWords(permit),
  )

/** By the order's payer himself. `seq`: one more than the order's present. */
export const rebindCall = (terms: OfferTerms, order: Order, userKeyHash: Hex, seq: number): Bytes =>
  call(
    `rebind(${TERMS},${ORDER},bytes32,uint32,bytes)`,
    tail(termsBytes(terms)),
    orderWords(order),
    word(userKeyHash),
    uint(seq),
    tail(uint256Bytes(0n)),
  )

export const refundCall = (terms: OfferTerms, order: Order): Bytes =>
  call(`refund(${TERMS},${ORDER})`, tail(termsBytes(terms)), orderWords(order))

/** `signature`: the issuer's, r || s, 64 bytes, of the order's grant with `seq` 0 and the filed epoch. */
export const fulfilCall = (terms: OfferTerms, order: Order, signature: Uint8Array): Bytes =>
  call(
    `fulfil(${TERMS},${ORDER},bytes32,bytes32)`,
    tail(termsBytes(terms)),
    orderWords(order),
    pair(signature),
  )

/** `signature`: the device's, r || s, 64 bytes, over the receipt; `devicePublicKey` x || y, 64 bytes. */
export const handInCall = (
  terms: OfferTerms,
  order: Order,
  receipt: SaleReceipt,
  signature: Uint8Array,
  devicePublicKey: Uint8Array,
): Bytes =>
  call(
    `handIn(${TERMS},${ORDER},${RECEIPT},${SIGNATURE})`,
    tail(termsBytes(terms)),
    orderWords(order),
    receiptWords(receipt),
    head(concat(pair(devicePublicKey).bytes, pair(signature).bytes)),
  )

/** As `handInCall`, of an order that is paid from the payer's prepaid balance; `consent` is his, 65 bytes. */
export const settleCall = (
  terms: OfferTerms,
  order: Order,
  consent: Uint8Array,
  receipt: SaleReceipt,
  signature: Uint8Array,
  devicePublicKey: Uint8Array,
): Bytes =>
  call(
    `settle(${TERMS},${ORDER},bytes,${RECEIPT},${SIGNATURE})`,
    tail(termsBytes(terms)),
    orderWords(order),
    tail(sizedBytes(consent)),
    receiptWords(receipt),
    head(concat(pair(devicePublicKey).bytes, pair(signature).bytes)),
  )

/** Puts `amount` of the coin (null; sent along) or a token (allowed before) down for orders that the sender signs. */
export const depositCall = (token: Address | null, amount: bigint): Bytes =>
  call('deposit(address,uint256)', address(token ?? NOBODY), uint(amount))

/** Asks for the sender's prepaid balance back, which he has after the Market's delay. */
export const requestReturnCall = (token: Address | null): Bytes =>
  call('requestReturn(address)', address(token ?? NOBODY))

/** After that delay. */
export const takePrepaidBackCall = (token: Address | null, to: Address): Bytes =>
  call('takeBack(address,address)', address(token ?? NOBODY), address(to))

/** At a device's Till, by its owner. */
export const setProductCall = (product: number, terms: OfferTerms): Bytes =>
  call(`setProduct(uint8,${TERMS})`, uint(product), tail(termsBytes(terms)))

/** Shares out what these offers have earned, and pays `account` all that is kept for it of `token` (null: the coin). */
export const payOutCall = (earned: readonly OfferTerms[], token: Address | null, account: Address): Bytes =>
  call(
    `payOut(${TERMS}[],address,address)`,
    tail(concat(uint(earned.length).bytes, sequence(earned.map(terms => tail(termsBytes(terms)))))),
    address(token ?? NOBODY),
    address(account),
  )

/** Static values stand in place; of a tail its place stands there, and it comes after all heads. */
type Piece = { readonly kind: 'head' | 'tail'; readonly bytes: Uint8Array }

const tail = (bytes: Uint8Array): Piece => ({ kind: 'tail', bytes })
const head = (bytes: Uint8Array): Piece => ({ kind: 'head', bytes })

function call(signature: string, ...pieces: readonly Piece[]): Bytes {
  const selector = fromHex(selectorOf(signature))
  if (!selector) throw new TypeError(signature)
  return concat(selector, sequence(pieces))
}

function sequence(pieces: readonly Piece[]): Bytes {
  let offset = pieces.reduce((sum, { kind, bytes }) => sum + (kind === 'tail' ? 32 : bytes.length), 0)
  const heads: Uint8Array[] = []
  const tails: Uint8Array[] = []
  for (const { kind, bytes } of pieces) {
    heads.push(kind === 'tail' ? uint256Bytes(BigInt(offset)) : bytes)
    if (kind === 'head') continue
    tails.push(bytes)
    offset += bytes.length
  }
  return concat(...heads, ...tails)
}

const uint = (value: number | bigint): Piece => head(uint256Bytes(BigInt(value)))
/** Two's complement. */
const int = (value: number): Piece => uint(BigInt.asUintN(256, BigInt(value)))
const word = (of: Hex): Piece => head(exact(of, 32))
const address = (of: Address): Piece => head(concat(new Uint8Array(12), exact(of, 20)))

function pair(bytes: Uint8Array): Piece {
  if (bytes.length !== 64) throw new RangeError(`${bytes.length} bytes, not 64`)
  return head(bytes)
}

const list = (values: readonly bigint[]): Bytes =>
  concat(uint256Bytes(BigInt(values.length)), ...values.map(uint256Bytes))

function termsBytes(terms: OfferTerms): Bytes {
  const { token, unit, weeklyHours, shares } = termsArgument(terms)
  return sequence([
    word(terms.deviceId),
    address(terms.owner),
    address(token),
    uint(terms.price),
    uint(unit),
    uint(terms.isInstant ? 1 : 0),
    uint(terms.slot),
    uint(terms.maxQuantity),
    uint(terms.slotHours),
    uint(terms.startHour),
    int(terms.utcOffset),
    uint(terms.fulfilWithin),
    head(concat(exact(weeklyHours, 21), new Uint8Array(11))),
    uint(terms.maxUses),
    uint(terms.actions),
    word(terms.legalHash),
    tail(
      concat(
        uint256Bytes(BigInt(shares.length)),
        ...shares.flatMap(({ payee, amount }) => [address(payee).bytes, uint256Bytes(amount)]),
      ),
    ),
  ])
}

const orderWords = ({ payer, userKeyHash, start, quantity, nonce, validUntil }: Order): Piece =>
  head(
    concat(
      address(payer).bytes,
      exact(userKeyHash, 32),
      ...[start, quantity, nonce, validUntil].map(value => uint(value).bytes),
    ),
  )

const receiptWords = ({ quantity, outcome, counter }: SaleReceipt): Piece =>
  head(concat(...[quantity, outcome, counter].map(value => uint(value).bytes)))

/** Length and content, filled up to whole words. */
const sizedBytes = (bytes: Uint8Array): Bytes =>
  concat(uint256Bytes(BigInt(bytes.length)), bytes, new Uint8Array((32 - (bytes.length % 32)) % 32))

function permitWords({ value, deadline, signature }: Permit): Piece {
  if (signature.length !== 65) throw new RangeError(`${signature.length} bytes, not 65`)
  return head(
    concat(
      uint256Bytes(value),
      uint256Bytes(deadline),
      uint(signature[64] ?? 0).bytes,
      signature.subarray(0, 64),
    ),
  )
}

function exact(hex: Hex, length: number): Bytes {
  const bytes = fromHex(hex)
  if (bytes?.length !== length) throw new TypeError(`expected ${length} bytes of hexadecimal, got ${hex}`)
  return bytes
}
