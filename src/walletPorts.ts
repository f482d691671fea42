// What the wallet needs of the browser and the chain, put together on its first use: main.tsx loads it lazily.
import { anchorsAbi } from '../contracts/generated/Anchors.ts'
import { deviceRegistryAbi } from '../contracts/generated/DeviceRegistry.ts'
import { firmwareRegistryAbi } from '../contracts/generated/FirmwareRegistry.ts'
import { marketAbi } from '../contracts/generated/Market.ts'
import { paymentChannelsAbi } from '../contracts/generated/PaymentChannels.ts'
import type { Platform } from './app/ports/platform.ts'
import type { WalletAbis, WalletPorts } from './app/ports.ts'
import { createWalletChain } from './io/chain/wallet/walletChain.ts'
import { createInjectedWallets } from './io/injected/injectedWallets.ts'
import { createLockKeys } from './io/keys/lockKeys.ts'
import { createVault } from './io/keys/vault.ts'
import { browserWorld } from './io/keys/world.ts'
import { createPostJson } from './io/postJson.ts'
import type { StoreProblem } from './io/store/table.ts'
import { createWalletStores } from './io/store/walletStores.ts'

export interface WalletPortsOptions {
  readonly platform: Platform
  /** Where the app is: what relative addresses are resolved against. */
  readonly appUrl: string
  readonly onProblem: (problem: StoreProblem) => void
}

export function createWalletPorts({ platform, appUrl, onProblem }: WalletPortsOptions): WalletPorts {
  const world = browserWorld(platform.timer)
  const abis: WalletAbis = {
    registry: firmwareRegistryAbi,
    deviceRegistry: deviceRegistryAbi,
    market: marketAbi,
    anchors: anchorsAbi,
    paymentChannels: paymentChannelsAbi,
  }
  return {
    vault: createVault(world),
    lockKeys: createLockKeys(world.store, crypto.subtle),
    stores: createWalletStores({ onProblem }),
    injected: createInjectedWallets(window),
    abis,
    async chain({ chain }) {
      const { id, endpoints, minAgreeing, maxAgeSeconds, contracts } = chain
      return createWalletChain(
        { chainId: id, endpoints, minAgreeing, maxAgeSeconds, deviceRegistry: contracts?.deviceRegistry },
        { unixNow: platform.unixNow, abis: Object.values(abis) },
      )
    },
    page: {
      isHidden: () => document.visibilityState === 'hidden',
      onVisibilityChange(listener) {
        document.addEventListener('visibilitychange', listener)
        return () => document.removeEventListener('visibilitychange', listener)
      },
    },
    postJson: createPostJson(appUrl),
  }
}
