// The right to act on a device in a time window: what an offline lock checks, and what Market.sol rebuilds from an order.
import type { Address, Bytes } from '../bytes.ts'
import { hashTypedData, type TypedData } from '../eip712.ts'
import type { DeviceId } from '../identity.ts'

/** Bits of `Grant.actions`. */
export const GrantAction = {
  open: 0x01,
  vend: 0x02,
  /** Firmware, reset, settings: everything that manages the device. */
  manage: 0x04,
  /** What only the owner does: have claims and hand-overs signed. Holds only where the owner key itself signed the grant. */
  own: 0x08,
  /** Holds also while the device does not know the time; `maxUses` is then not 0, and each use is counted. */
  withoutTime: 0x80,
} as const

/** Times are Unix seconds. */
export interface Grant {
  readonly deviceId: DeviceId
  /** uint256; 0n for a free grant, which no order paid for. */
  readonly orderId: bigint
  /** keccak256 of the user's P-256 key (x || y, 64 bytes): who may act. */
  readonly userKeyHash: Bytes
  /** uint40: the first second. */
  readonly notBefore: number
  /** uint40: the first second after it. */
  readonly notAfter: number
  /**
   * 21 bytes, one bit for each hour of the week, in UTC: hour 0 is Monday 00:00 and the most significant bit of the
   * first byte. All zero: at any hour.
   */
  readonly weeklyHours: Bytes
  /** uint16; 0: as often as the holder likes. */
  readonly maxUses: number
  /** uint8, of `GrantAction`. */
  readonly actions: number
  /** uint32: void where it is lower than the epoch of the device's Config. */
  readonly epoch: number
  /** uint32: of the grants of one order (not 0) the device holds only to that with the highest. */
  readonly seq: number
}

/** Which Market a grant or receipt is for; the zero address where the device's Config names none. */
export interface MarketDomain {
  readonly chainId: number
  readonly market: Address
}

const GRANT_TYPES = {
  Grant: [
    { name: 'deviceId', type: 'bytes32' },
    { name: 'orderId', type: 'uint256' },
    { name: 'userKeyHash', type: 'bytes32' },
    { name: 'notBefore', type: 'uint40' },
    { name: 'notAfter', type: 'uint40' },
    { name: 'weeklyHours', type: 'bytes21' },
    { name: 'maxUses', type: 'uint16' },
    { name: 'actions', type: 'uint8' },
    { name: 'epoch', type: 'uint32' },
    { name: 'seq', type: 'uint32' },
  ],
} as const

/**
 * In the domain {name: 'Fob', version: '1', chainId, verifyingContract: market}:
 * `Grant(bytes32 deviceId,uint256 orderId,bytes32 userKeyHash,uint40 notBefore,uint40 notAfter,bytes21 weeklyHours,
 * uint16 maxUses,uint8 actions,uint32 epoch,uint32 seq)`, without the line break.
 */
export function grantTypedData({ chainId, market }: MarketDomain, grant: Grant): TypedData {
  const { deviceId, orderId, userKeyHash, notBefore, notAfter, weeklyHours, maxUses, actions, epoch, seq } =
    grant
  return {
    domain: { name: 'Fob', version: '1', chainId, verifyingContract: market },
    types: GRANT_TYPES,
    primaryType: 'Grant',
    message: {
      deviceId,
      orderId,
      userKeyHash,
      notBefore,
      notAfter,
      weeklyHours,
      maxUses,
      actions,
      epoch,
      seq,
    },
  }
}

/** The 32-byte digest that the issuer key or the owner key signs (P-256). Throws Eip712Error where a field does not fit. */
export const grantDigest = (domain: MarketDomain, grant: Grant): Bytes =>
  hashTypedData(grantTypedData(domain, grant))
