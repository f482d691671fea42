// Payment channels of the app: made of its ports, the wallet and the network that counts now.
import type { Platform } from '../ports/platform.ts'
import type { ChannelPorts, WalletPorts } from '../ports.ts'
import type { WalletInside } from '../wallet/createWallet.ts'
import { unreachableChain } from '../wallet/unreachableChain.ts'
import { Part, type World } from '../world.ts'
import { type ChannelsInside, createChannels } from './createChannels.ts'
import { channelDomain } from './parts.ts'
import { unreachableChannels } from './unreachableChannels.ts'

export function openChannels(
  platform: Platform,
  world: World,
  ports: ChannelPorts,
  walletPorts: WalletPorts,
  wallet: WalletInside,
): Promise<ChannelsInside> {
  const config = () => world.config
  const channelPart = new Part(
    made => ports.chain(made),
    ({ chain }) => chain,
  )
  const walletPart = new Part(
    made => walletPorts.chain(made),
    ({ chain }) => chain,
  )
  return createChannels({
    platform,
    config,
    stores: ports.stores,
    sessionKeys: ports.sessionKeys,
    wallet,
    chain: async () =>
      channelDomain({ config })
        ? channelPart.of(config()).catch(() => unreachableChannels)
        : unreachableChannels,
    walletChain: () => walletPart.of(config()).catch(() => unreachableChain),
    firmware: () => world.firmware(),
    page: walletPorts.page,
    values: walletPorts.stores.values,
  })
}
