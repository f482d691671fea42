// What paid unlocks need of the browser, the chain and those who sign, put together on first use: main.tsx loads it lazily.
import { deviceRegistryAbi } from '../contracts/generated/DeviceRegistry.ts'
import { marketAbi } from '../contracts/generated/Market.ts'
import type { Platform } from './app/ports/platform.ts'
import type { MarketPorts } from './app/ports.ts'
import { createMarketChain } from './io/chain/market/marketChain.ts'
import { createSignerServices } from './io/services/signerServices.ts'
import { createMarketStores } from './io/store/marketStores.ts'
import type { StoreProblem } from './io/store/table.ts'

export function createMarketPorts({
  platform,
  onProblem,
}: {
  readonly platform: Platform
  readonly onProblem: (problem: StoreProblem) => void
}): MarketPorts {
  return {
    stores: createMarketStores({ onProblem }),
    services: createSignerServices(),
    async chain({ chain }) {
      const { id, endpoints, minAgreeing, maxAgeSeconds, contracts } = chain
      const { market, deviceRegistry, anchors } = contracts ?? {}
      if (!market) throw new Error('this network has no Market')
      return createMarketChain(
        { chainId: id, endpoints, minAgreeing, maxAgeSeconds, deviceRegistry, market, anchors },
        { unixNow: platform.unixNow, abis: [marketAbi, deviceRegistryAbi] },
      )
    },
  }
}
