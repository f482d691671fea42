// What owning devices needs of the rest of the wallet and of the app.
import type { Address, Bytes, Hex } from '../../../core/bytes.ts'
import type { TypedData } from '../../../core/eip712.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import type { Result } from '../../../core/result.ts'
import type { SigningContext } from '../../../core/wallet/contracts.ts'
import type { WriteSizes } from '../../deviceSession.ts'
import type { Devices } from '../../devices.ts'
import type { Readable } from '../../observable.ts'
import type { DevicePort, DeviceSource } from '../../ports/device.ts'
import type { Platform } from '../../ports/platform.ts'
import type { LockKeys, VaultLocked, VaultPort } from '../../ports/vault.ts'
import type { WalletChain } from '../../ports/walletChain.ts'
import type { WalletStores } from '../../ports/walletStore.ts'
import type { ConfirmFailure, OwnerView, PaymentView, Proposal, ProposeFailure } from '../wallet.ts'

/** The accounts of devices: an index is stored as used before anybody hears of it. */
interface DeviceAccounts {
  /** The lowest index that was never used, from now on used; its account is in the list of accounts. */
  allocateDevice(): Promise<Result<{ readonly index: number; readonly address: Address }, VaultLocked>>
  /** An index that the chain shows to be used: its account is in the list from now on. */
  adoptDevice(index: number): Promise<Result<{ readonly address: Address }, VaultLocked>>
  /** No index up to this one is given out any more: the chain shows that they were used, or may have been. */
  reserveDevices(upTo: number): Promise<void>
  /** The owner account; null before there is a wallet. */
  readonly owner: Readable<OwnerView | null>
  /** Whether this is our owner account: the vault's, or that of the wallet which stands in for it. */
  isOwn(address: Address): boolean
}

interface Proposals {
  /** A transaction of the owner account to a contract of ours. */
  proposeTransaction(call: {
    readonly to: Address
    readonly data: Bytes
  }): Promise<Result<Proposal, ProposeFailure>>
  /** A statement of the owner account. */
  proposeStatement(typedData: TypedData): Promise<Result<Proposal, ProposeFailure>>
  /** The signature of a statement that was proposed: 65 bytes, or what a contract's wallet gives. */
  confirmStatement(proposal: Proposal): Promise<Result<Hex, ConfirmFailure>>
  readonly payments: Readable<readonly PaymentView[]>
}

export interface OwnershipParts {
  readonly platform: Platform
  readonly config: () => NetworkConfig
  readonly stores: WalletStores
  readonly vault: Pick<VaultPort, 'state' | 'address' | 'ownerPublicKey' | 'signWithOwnerKey'>
  readonly lockKeys: LockKeys
  readonly chain: () => Promise<WalletChain>
  readonly accounts: DeviceAccounts
  readonly proposals: Proposals
  readonly signingContext: () => SigningContext
  /** The app's devices: records, links, and how to reach them. */
  readonly devices: Devices
  readonly port: (source: DeviceSource) => Promise<DevicePort>
  readonly writeSizes: WriteSizes
}
