// What a machine is asked to give out, for which order, and until when.
import type { Bytes } from '../bytes.ts'
import { uint256Bytes, uintOf } from '../lock/layout.ts'
import { type CborMap, readBytes, readUint } from '../smp/cbor.ts'

export interface VendOrder {
  /** uint256, not 0. Of a sale the Market's; of a free vend a random one, new for each thing that is asked for. */
  readonly orderId: bigint
  /** uint16: which product. */
  readonly slot: number
  /** uint16, not 0: units. */
  readonly quantity: number
  /**
   * uint40, Unix seconds, always the same for the same order: of one in escrow its deadline on chain, of a signed one its
   * `validUntil`.
   */
  readonly notAfter: number
}

/** Seconds before `notAfter` from which a machine gives nothing out any more: its receipt has to reach the chain in time. */
export const VEND_MARGIN_S = 60
/** A machine takes no order whose deadline is further ahead: what it has forgotten is told by deadlines. */
export const LONGEST_ORDER_S = 86_400

const UINT16 = 2 ** 16
const UINT40 = 2 ** 40

/** `{id: bytes32 order id, sl: slot, q: quantity, na: not after}` */
export function vendOrderBody({ orderId, slot, quantity, notAfter }: VendOrder): CborMap {
  return { ...orderIdBody(orderId), sl: slot, q: quantity, na: notAfter }
}

/** undefined where a field is missing, out of range, or says nothing (order 0, or less than `least` units). */
export function parseVendOrder(body: CborMap, least = 1): VendOrder | undefined {
  const orderId = parseOrderId(body)
  const slot = readUint(body, 'sl')
  const quantity = readUint(body, 'q')
  const notAfter = readUint(body, 'na')
  if (orderId === undefined || slot === undefined || quantity === undefined || notAfter === undefined) {
    return undefined
  }
  if (slot >= UINT16 || quantity < least || quantity >= UINT16 || notAfter >= UINT40) return undefined
  return { orderId, slot, quantity, notAfter }
}

/** `{id: bytes32}`; throws RangeError for what is no uint256. */
export const orderIdBody = (orderId: bigint): { readonly id: Bytes } => ({
  id: Uint8Array.from(uint256Bytes(orderId)),
})

/** undefined for anything but 32 bytes that are not all zero. */
export function parseOrderId(body: CborMap): bigint | undefined {
  const id = readBytes(body, 'id')
  if (id?.length !== 32) return undefined
  return uintOf(id) || undefined
}

export const isSameOrder = (a: VendOrder, b: VendOrder): boolean =>
  a.orderId === b.orderId && a.slot === b.slot && a.quantity === b.quantity && a.notAfter === b.notAfter
