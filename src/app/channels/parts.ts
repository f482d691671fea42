// What the use cases of payment channels share.
import type { NetworkConfig } from '../../core/network.ts'
import { fail } from '../../core/result.ts'
import type { ChannelDomain, ChannelId } from '../../core/voucher/channel.ts'
import type { ReadChannel } from '../../core/voucher/payeeLedger.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { ChannelChain } from '../ports/channelChain.ts'
import type { ChannelStores } from '../ports/channelStore.ts'
import type { BlockTrade } from '../ports/firmware.ts'
import type { Platform } from '../ports/platform.ts'
import type { SessionKeys } from '../ports/sessionKeys.ts'
import type { WalletChain } from '../ports/walletChain.ts'
import type { WalletInside } from '../wallet/createWallet.ts'
import type { AccountId } from '../wallet/wallet.ts'
import { coinUnit } from '../wallet/walletNetwork.ts'

export interface ChannelParts {
  readonly platform: Platform
  /** The network that counts now. */
  readonly config: () => NetworkConfig
  readonly stores: ChannelStores
  readonly sessionKeys: SessionKeys
  readonly wallet: WalletInside
  /** Both follow `config`. */
  readonly chain: () => Promise<ChannelChain>
  readonly walletChain: () => Promise<WalletChain>
  readonly firmware: () => Promise<BlockTrade>
}

/** The contract that this network's channels are of; null where it has none. */
export function channelDomain({ config }: Pick<ChannelParts, 'config'>): ChannelDomain | null {
  const { id, contracts } = config().chain
  return contracts?.paymentChannels ? { chainId: id, paymentChannels: contracts.paymentChannels } : null
}

export const networkOfChannels = (parts: Pick<ChannelParts, 'config'>): string => {
  const domain = channelDomain(parts)
  return domain ? `${domain.chainId}/${domain.paymentChannels}` : 'none'
}

export const coins = ({ config }: Pick<ChannelParts, 'config'>, value: bigint): Amount => ({
  ...coinUnit(config()),
  value,
})

/** The account that pays and is paid. */
export const ownerAccount = ({ wallet }: Pick<ChannelParts, 'wallet'>): AccountId =>
  wallet.owner.get()?.kind === 'external' ? 'external' : 'owner'

/** Nothing is handed out or signed on a reading that is not proven. */
export function provenReader(parts: Pick<ChannelParts, 'chain'>): ReadChannel {
  return async (channelId: ChannelId) => {
    const read = await (await parts.chain()).read([channelId], null)
    if (!read.ok) return fail({ kind: 'unproven', detail: read.error.kind })
    const { evidence, channels } = read.value
    const onChain = channels.get(channelId)
    if (evidence.level !== 'proven' || !onChain) return fail({ kind: 'unproven', detail: 'unproven' })
    return { ok: true, value: onChain }
  }
}
