// What the chain says of a channel, proven: two endpoints must agree before anything is handed out for a voucher.
import { paymentChannelsLayout as layout } from '../../contracts/generated/PaymentChannels.ts'
import { mappingSlot, memberOf, slotHex } from '../../src/core/proof/slot.ts'
import { fail, ok } from '../../src/core/result.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import { type AgreementRule, type ChainLocation, readProvenWords } from '../chain/provenStorage.ts'

/** `now` gives Unix seconds. */
export function channelReader(
  domain: ChannelDomain,
  { endpoints }: Pick<ChainLocation, 'endpoints'>,
  rule: Omit<AgreementRule, 'now'>,
  now: () => number,
): ReadChannel {
  const { chainId, paymentChannels } = domain
  const { deposit, claimed, exitAt } = layout.channels.value.members
  return async channelId => {
    const slot = slotHex(mappingSlot(channelId, BigInt(layout.channels.slot)))
    const read = await readProvenWords({ chainId, endpoints }, paymentChannels, [slot], {
      ...rule,
      now: now(),
    })
    if (!read.ok) return fail({ kind: 'unproven', detail: read.error.detail ?? '' })
    const [word = 0n] = read.value.words
    return ok({
      deposit: memberOf(word, deposit.offset, deposit.bytes),
      claimed: memberOf(word, claimed.offset, claimed.bytes),
      exitAt: Number(memberOf(word, exitAt.offset, exitAt.bytes)),
    })
  }
}
