// Readings of the Market at each depth, made once for each and following network.json.
import type { Depth } from '../../core/kiosk/sale.ts'
import type { NetworkConfig } from '../../core/network.ts'
import { unreachableMarket } from '../market/unreachableMarket.ts'
import type { KioskPorts } from '../ports/kiosk.ts'
import type { MarketChain } from '../ports/marketChain.ts'
import { Part } from '../world.ts'

export function depthChains(
  ports: Pick<KioskPorts, 'chain'>,
  config: () => NetworkConfig,
): (depth: Depth) => Promise<MarketChain> {
  const chains = new Map<Depth, Part<MarketChain>>()
  return depth => {
    const part =
      chains.get(depth) ??
      new Part(
        made => ports.chain(made, depth),
        ({ chain }) => chain,
      )
    chains.set(depth, part)
    return part.of(config()).catch(() => unreachableMarket)
  }
}
