// What is offered, ordered and signed at the Market: ids of offers and orders, the grant that an order asks for, EIP-712.
import { type Address, type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { hashStruct, hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { Grant, MarketDomain } from '../lock/grant.ts'
import { type KnownMessage, NOBODY } from '../wallet/contracts.ts'

/** EIP-712's hashStruct of the terms, 32 bytes: the same on every chain, while what is signed about it is not. */
export type OfferId = Hex
/** EIP-712's hashStruct of the order: known before the order is on chain. */
export type OrderId = Hex

/** What the price is for one of; as the contract's enum counts them. */
const UNITS = { hour: 0, night: 1, stay: 2, product: 3 } as const
export type OfferUnit = keyof typeof UNITS

export interface Share {
  readonly payee: Address
  /** uint96: what the payee gets of the price of one unit. */
  readonly amount: bigint
}

/** What a device sells; immutable, for its id is its hash. Fields that the unit does not use are zero. */
export interface OfferTerms {
  readonly deviceId: DeviceId
  /** Who makes it; it ends when the device changes hands. */
  readonly owner: Address
  /** null for the chain's coin. */
  readonly token: Address | null
  /** uint96: of one unit, in the token's smallest. */
  readonly price: bigint
  readonly unit: OfferUnit
  /** Paid at once, and never refunded: the lock takes a chain proof. Not for products. */
  readonly isInstant: boolean
  /** uint16: of the machine. Products only. */
  readonly slot: number
  /** uint16: units in one order; 1 for a stay. */
  readonly maxQuantity: number
  /** uint16: 1 for an hour; at most 24, from a night's beginning to its end; the hours of a stay. */
  readonly slotHours: number
  /** uint8: hour of the day, by `utcOffset`, at which a night begins. */
  readonly startHour: number
  /** int16: the offer's time zone, in minutes to be added to UTC; a multiple of 15 from -720 to 840. */
  readonly utcOffset: number
  /** uint32: seconds from the order to its deadline, which for times is not after they begin; 0 for instant offers. */
  readonly fulfilWithin: number
  /** As in Grant: 21 bytes. */
  readonly weeklyHours: Uint8Array
  /** As in Grant: uint16. */
  readonly maxUses: number
  /** As in Grant: uint8, of `open`, `vend` and `withoutTime`. */
  readonly actions: number
  /** SHA-256 of the legal terms' document; 32 zeros for none. */
  readonly legalHash: Hex
  /** At most 16, which add up to the price. */
  readonly shares: readonly Share[]
}

export interface Order {
  readonly offerId: OfferId
  /** Who gets refunds, and may bind the order to another key. */
  readonly payer: Address
  /** keccak256 of the user's P-256 key (x || y), 32 bytes; zeros for products. */
  readonly userKeyHash: Hex
  /** uint40, Unix seconds: when the first hour or night, or the stay, begins; 0 for products. */
  readonly start: number
  /** uint16. */
  readonly quantity: number
  /** uint64: chosen by the buyer, so that the same can be ordered again. */
  readonly nonce: bigint
  /**
   * uint40, Unix seconds: the last at which an order that is signed for a prepaid balance can be settled. 0 for an order
   * that is paid by whoever sends it.
   */
  readonly validUntil: number
}

const SHARE_FIELDS = [
  { name: 'payee', type: 'address' },
  { name: 'amount', type: 'uint96' },
] as const

const TERMS_TYPES = {
  Terms: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'owner', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'price', type: 'uint96' },
    { name: 'unit', type: 'uint8' },
    { name: 'isInstant', type: 'bool' },
    { name: 'slot', type: 'uint16' },
    { name: 'maxQuantity', type: 'uint16' },
    { name: 'slotHours', type: 'uint16' },
    { name: 'startHour', type: 'uint8' },
    { name: 'utcOffset', type: 'int16' },
    { name: 'fulfilWithin', type: 'uint32' },
    { name: 'weeklyHours', type: 'bytes21' },
    { name: 'maxUses', type: 'uint16' },
    { name: 'actions', type: 'uint8' },
    { name: 'legalHash', type: 'bytes32' },
    { name: 'shares', type: 'Share[]' },
  ],
  Share: SHARE_FIELDS,
} as const

const ORDER_TYPES = {
  Order: [
    { name: 'offerId', type: 'bytes32' },
    { name: 'payer', type: 'address' },
    { name: 'userKeyHash', type: 'bytes32' },
    { name: 'start', type: 'uint40' },
    { name: 'quantity', type: 'uint16' },
    { name: 'nonce', type: 'uint64' },
    { name: 'validUntil', type: 'uint40' },
  ],
} as const

const PREPAID_ORDER_TYPES = {
  PrepaidOrder: [
    { name: 'orderId', type: 'bytes32' },
    { name: 'deviceId', type: 'bytes32' },
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
    { name: 'validUntil', type: 'uint40' },
  ],
} as const

const KEY_REBINDING_TYPES = {
  KeyRebinding: [
    { name: 'orderId', type: 'bytes32' },
    { name: 'userKeyHash', type: 'bytes32' },
    { name: 'seq', type: 'uint32' },
  ],
} as const

/** What a wallet may be asked to sign for the Market, for its list of known contracts; by the order's payer. */
export const marketMessages: readonly KnownMessage[] = [
  {
    type: 'PrepaidOrder(bytes32 orderId,bytes32 deviceId,address token,uint256 amount,uint40 validUntil)',
    signer: 'account',
  },
  { type: 'KeyRebinding(bytes32 orderId,bytes32 userKeyHash,uint32 seq)', signer: 'account' },
]

/** The terms as the contract's struct, and as the typed data's message: `token` zero for the coin, `unit` a number. */
export const termsArgument = (terms: OfferTerms) => ({
  ...terms,
  token: terms.token ?? NOBODY,
  unit: UNITS[terms.unit],
  weeklyHours: toHex(terms.weeklyHours),
  shares: terms.shares.map(({ payee, amount }) => ({ payee, amount })),
})

/** Throws Eip712Error where a term does not fit its type, as do all functions here that hash. */
export const offerIdOf = (terms: OfferTerms): OfferId =>
  toHex(hashStruct('Terms', termsArgument(terms), TERMS_TYPES))

export const orderIdOf = (order: Order): OrderId => toHex(hashStruct('Order', { ...order }, ORDER_TYPES))

/** What was ordered costs that much, in the token's smallest unit. */
export const amountOf = (terms: OfferTerms, { quantity }: Order): bigint => terms.price * BigInt(quantity)

/** Hours from the beginning of what was ordered to its end: of nights, the days between included. */
const lengthOf = ({ unit, slotHours }: OfferTerms, quantity: number): number =>
  unit === 'night' ? (quantity - 1) * 24 + slotHours : quantity * slotHours

/** Unix seconds: the first one, and the first one after it. Times only. */
export const timesOf = (terms: OfferTerms, { start, quantity }: Order) => ({
  notBefore: start,
  notAfter: start + lengthOf(terms, quantity) * 3600,
})

/**
 * The grant that `fulfil` wants the issuer's signature of, and that an instant order is granted: every field from the order
 * and its offer but the epoch, which is the filed Config's. After the order was bound to another key, with that key and its `seq`.
 */
export function grantOfOrder(
  terms: OfferTerms,
  order: Order,
  {
    epoch,
    seq = 0,
    userKeyHash = order.userKeyHash,
  }: { readonly epoch: number; readonly seq?: number; readonly userKeyHash?: Hex },
): Grant {
  const { deviceId, weeklyHours, maxUses, actions } = terms
  const hash = fromHex(userKeyHash)
  if (hash?.length !== 32) throw new TypeError(`a key’s hash has 32 bytes: ${userKeyHash}`)
  return {
    deviceId,
    orderId: BigInt(orderIdOf(order)),
    userKeyHash: hash,
    ...timesOf(terms, order),
    weeklyHours: Uint8Array.from(weeklyHours),
    maxUses,
    actions,
    epoch,
    seq,
  }
}

/**
 * What the payer signs so that an order is paid from his prepaid balance:
 * `PrepaidOrder(bytes32 orderId,bytes32 deviceId,address token,uint256 amount,uint40 validUntil)`. At most `amount` is
 * charged, once.
 */
export function prepaidOrderTypedData(domain: MarketDomain, terms: OfferTerms, order: Order): TypedData {
  return typedData(domain, PREPAID_ORDER_TYPES, 'PrepaidOrder', {
    orderId: orderIdOf(order),
    deviceId: terms.deviceId,
    token: terms.token ?? NOBODY,
    amount: amountOf(terms, order),
    validUntil: order.validUntil,
  })
}

/** The 32-byte digest of `prepaidOrderTypedData`. */
export const prepaidOrderDigest = (domain: MarketDomain, terms: OfferTerms, order: Order): Bytes =>
  hashTypedData(prepaidOrderTypedData(domain, terms, order))

export interface KeyRebinding {
  readonly orderId: OrderId
  /** keccak256 of the new P-256 key (x || y), 32 bytes. */
  readonly userKeyHash: Hex
  /** uint32: one more than the order's present. */
  readonly seq: number
}

/** What the payer signs to bind an order to another key: `KeyRebinding(bytes32 orderId,bytes32 userKeyHash,uint32 seq)`. */
export const keyRebindingTypedData = (
  domain: MarketDomain,
  { orderId, userKeyHash, seq }: KeyRebinding,
): TypedData => typedData(domain, KEY_REBINDING_TYPES, 'KeyRebinding', { orderId, userKeyHash, seq })

/** The 32-byte digest of `keyRebindingTypedData`. */
export const keyRebindingDigest = (domain: MarketDomain, rebinding: KeyRebinding): Bytes =>
  hashTypedData(keyRebindingTypedData(domain, rebinding))

function typedData(
  { chainId, market }: MarketDomain,
  types: TypedData['types'],
  primaryType: string,
  message: TypedData['message'],
): TypedData {
  const domain = { name: 'Fob', version: '1', chainId, verifyingContract: market }
  return { domain, types, primaryType, message }
}
