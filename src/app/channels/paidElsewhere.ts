// What an account pays with no app open: its channels whose key is elsewhere, with its agent's box for one, as the chain tells of them.
import type { Address } from '../../core/bytes.ts'
import { ok, type Result } from '../../core/result.ts'
import { channelIdOf } from '../../core/voucher/channel.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import type { ChainFailure } from '../ports/chain.ts'
import { unitOf } from '../wallet/walletNetwork.ts'
import type { PaidElsewhere } from './channels.ts'
import { stateOf } from './channelViews.ts'
import { type ChannelParts, channelDomain } from './parts.ts'
import { pursesHere } from './purses.ts'

/**
 * Who opened them is as far as any endpoint tells; what they hold is proven. A voucher that nobody has claimed is on no
 * chain, so what was paid is at least `claimed`.
 */
export async function paidElsewhere(
  parts: ChannelParts,
  payer: Address,
): Promise<Result<PaidElsewhere, ChainFailure>> {
  if (!channelDomain(parts)) return ok({ channels: [], evidence: null })
  const chain = await parts.chain()
  const opened = await chain.openedBy(payer)
  if (!opened.ok) return opened
  const purses = await pursesHere(parts)
  const own = new Set(purses.flatMap(({ keyName, channelId }) => (keyName === null ? [] : [channelId])))
  const terms = new Map(
    opened.value.map(each => [channelIdOf(each), each] as const).filter(([id]) => !own.has(id)),
  )
  if (terms.size === 0) return ok({ channels: [], evidence: null })
  const read = await chain.read([...terms.keys()], null)
  if (!read.ok) return read
  const { channels, evidence } = read.value
  const now = parts.platform.unixNow()
  const listed = [...terms].map(([channelId, { payee, token }]) => {
    const onChain = channels.get(channelId)
    const amount = (value: bigint): Amount => ({ ...unitFor(parts, token), value })
    return {
      channelId,
      payee,
      deposit: amount(onChain?.deposit ?? 0n),
      claimed: amount(onChain?.claimed ?? 0n),
      state: stateOf(onChain, now),
    }
  })
  return ok({ channels: listed, evidence })
}

/** A token that this network does not list is called by its address, and counted in its smallest unit. */
const unitFor = ({ config }: Pick<ChannelParts, 'config'>, token: Address | null): Omit<Amount, 'value'> =>
  unitOf(config(), token) ?? { token, symbol: token ?? '', decimals: 0 }
