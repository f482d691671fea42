// The statement by which an owner asks something of his kiosk, for the wallet's list of what it may be asked to sign.
import type { KnownMessage } from '../wallet/contracts.ts'

/** The uint8 of `KioskRequest.act` is its place here, from 1. */
export const OWNER_ACTS = ['fill', 'open', 'close', 'test'] as const
/**
 * `fill`: so much is in the slot now; `open`: somebody has looked at it and it works, or it was closed and is no more;
 * `close`: nothing comes out of it; `test`: it gives out one unit for nothing.
 */
export type OwnerAct = (typeof OWNER_ACTS)[number]

/** Under the Market, in which the kiosk sells. */
export const ownerRequestMessage: KnownMessage = {
  type: 'KioskRequest(address owner,bytes32 deviceId,uint48 number,uint40 until,uint8 act,uint16 slot,uint16 stock,bytes32 grantHash)',
  signer: 'account',
  signerField: 'owner',
}
