// The statement by which a kiosk's catalogue is signed, for the wallet's list of what it may be asked to sign.
import type { KnownMessage } from '../wallet/contracts.ts'

/** Under the Market, whose offers it is about. */
export const catalogueMessage: KnownMessage = {
  type: 'KioskCatalogue(address owner,bytes32 deviceId,uint48 version,uint16 products,bytes32 contentHash)',
  signer: 'account',
  signerField: 'owner',
}
