// What the use cases of the wallet share.
import type { NetworkConfig } from '../../core/network.ts'
import type { Platform } from '../ports/platform.ts'
import type { WalletChain } from '../ports/walletChain.ts'
import type { WalletPorts } from '../ports.ts'

export interface WalletParts
  extends Pick<WalletPorts, 'vault' | 'stores' | 'injected' | 'abis' | 'page' | 'postJson'> {
  readonly platform: Platform
  /** The network that counts now. */
  readonly config: () => NetworkConfig
  /** Follows `config`. */
  readonly chain: () => Promise<WalletChain>
}
