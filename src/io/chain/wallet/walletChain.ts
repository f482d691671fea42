// The wallet's chain: what decides is verified against a block that independent endpoints agree on, the rest says what it is.
import type { WalletChain } from '../../../app/ports/walletChain.ts'
import { readAccount } from './account.ts'
import { readFees } from './fees.ts'
import { broadcast, nextNonce } from './send.ts'
import { ChainWorld, type WalletChainOptions, type WalletChainSettings } from './world.ts'

export function createWalletChain(
  settings: WalletChainSettings,
  options: WalletChainOptions,
): Pick<WalletChain, 'readAccount' | 'readFees' | 'nextNonce' | 'broadcast'> {
  const world = new ChainWorld(settings, options)
  return {
    readAccount: (address, tokens) => readAccount(world, address, tokens),
    readFees: () => readFees(world),
    nextNonce: address => nextNonce(world, address),
    broadcast: raw => broadcast(world, raw),
  }
}
