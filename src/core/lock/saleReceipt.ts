// A device's word on a sale: one terminal statement per order, which Market.sol takes from anybody.
import type { Bytes } from '../bytes.ts'
import { hashTypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'
import type { MarketDomain } from './grant.ts'

/** uint8 of `SaleReceipt.outcome`. */
export const SaleOutcome = { dropped: 1, failed: 2 } as const

export interface SaleReceipt {
  readonly deviceId: DeviceId
  /** uint256. */
  readonly orderId: bigint
  /** uint16: which product. */
  readonly slot: number
  /** uint16. */
  readonly quantity: number
  readonly outcome: (typeof SaleOutcome)[keyof typeof SaleOutcome]
  /** uint48: of the device's receipts, one more with each. */
  readonly counter: number
}

const RECEIPT_TYPES = {
  SaleReceipt: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'orderId', type: 'uint256' },
    { name: 'slot', type: 'uint16' },
    { name: 'quantity', type: 'uint16' },
    { name: 'outcome', type: 'uint8' },
    { name: 'counter', type: 'uint48' },
  ],
} as const

/**
 * The 32-byte digest that the device signs (P-256), in the domain {name: 'Fob', version: '1', chainId,
 * verifyingContract: market}, of `SaleReceipt(bytes32 deviceId,uint256 orderId,uint16 slot,uint16 quantity,uint8 outcome,
 * uint48 counter)`, without the line break. Throws Eip712Error where a field does not fit its type.
 */
export function saleReceiptDigest({ chainId, market }: MarketDomain, receipt: SaleReceipt): Bytes {
  const { deviceId, orderId, slot, quantity, outcome, counter } = receipt
  return hashTypedData({
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: RECEIPT_TYPES,
    primaryType: 'SaleReceipt',
    message: { deviceId, orderId, slot, quantity, outcome, counter },
  })
}
