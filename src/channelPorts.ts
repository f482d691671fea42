// What payment channels need of the browser and the chain, put together on first use: main.tsx loads it lazily.
import { paymentChannelsAbi } from '../contracts/generated/PaymentChannels.ts'
import type { Platform } from './app/ports/platform.ts'
import type { ChannelPorts } from './app/ports.ts'
import { createChannelChain } from './io/chain/channels/channelChain.ts'
import { openKeyStore } from './io/keys/keyDatabase.ts'
import { createSessionKeys } from './io/keys/sessionKeys.ts'
import { createChannelStores } from './io/store/channelStores.ts'
import type { StoreProblem } from './io/store/table.ts'

export function createChannelPorts({
  platform,
  onProblem,
}: {
  readonly platform: Platform
  readonly onProblem: (problem: StoreProblem) => void
}): ChannelPorts {
  return {
    stores: createChannelStores({ onProblem }),
    sessionKeys: createSessionKeys(openKeyStore(), crypto.subtle, length => platform.randomBytes(length)),
    async chain({ chain }) {
      const { id, endpoints, minAgreeing, maxAgeSeconds, contracts } = chain
      const { paymentChannels } = contracts ?? {}
      if (!paymentChannels) throw new Error('this network has no PaymentChannels')
      return createChannelChain(
        { chainId: id, endpoints, minAgreeing, maxAgeSeconds, paymentChannels },
        { unixNow: platform.unixNow, abis: [paymentChannelsAbi] },
      )
    },
  }
}
