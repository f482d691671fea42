// Channels as the ui shows them: what is stored of each, with the chain's word.

import * as v from 'valibot'
import type { ChannelId, ChannelTerms } from '../../core/voucher/channel.ts'
import { claimAdvice, paidTo, payeeFromStore } from '../../core/voucher/payee.ts'
import type { ChannelOnChain } from '../../core/voucher/standing.ts'
import type { ChannelsReading } from '../ports/channelChain.ts'
import type { LedgerRecord, PurseRecord } from '../ports/channelStore.ts'
import type { ChannelState, ChannelView } from './channels.ts'
import { type ChannelParts, coins } from './parts.ts'
import { termsOf, totalIn } from './purses.ts'

/** What was read of the chain, and what claiming would cost, by channel. */
export interface Facts {
  readonly reading: ChannelsReading | null
  readonly costs: ReadonlyMap<ChannelId, bigint>
  /** Amounts with which this browser's person has agreed to end a channel. */
  readonly agreed: ReadonlyMap<ChannelId, bigint>
  /** Unix seconds. */
  readonly now: number
}

/** null where what is stored can't be read. */
export function purseView(parts: ChannelParts, record: PurseRecord, facts: Facts): ChannelView | null {
  const terms = termsOf(record.terms)
  if (!terms) return null
  const onChain = facts.reading?.channels.get(record.channelId)
  const claimed = onChain?.claimed ?? 0n
  const signed = totalIn(record.document) ?? 0n
  return {
    ...common(parts, record.channelId, terms, onChain, facts),
    role: 'payer',
    other: terms.payee,
    promised: coins(parts, signed > claimed ? signed : claimed),
    claim: null,
    closing: !record.closing ? 'none' : record.closing.consent ? 'agreed' : 'asked',
    canPay: record.keyName !== null,
  }
}

export interface ReadLedger {
  readonly terms: ChannelTerms
  readonly state: Extract<ReturnType<typeof payeeFromStore>, { ok: true }>['value']
}

const documentSchema = v.object({ terms: v.unknown(), state: v.unknown() })

/** undefined where what is stored can't be read. */
export function readLedger(record: LedgerRecord): ReadLedger | undefined {
  const parsed = v.safeParse(documentSchema, record.document)
  if (!parsed.success) return undefined
  const terms = termsOf(parsed.output.terms)
  const state = payeeFromStore(parsed.output.state)
  return terms && state.ok ? { terms, state: state.value } : undefined
}

export function ledgerView(parts: ChannelParts, record: LedgerRecord, facts: Facts): ChannelView | null {
  const read = readLedger(record)
  if (!read) return null
  const { terms, state } = read
  const onChain = facts.reading?.channels.get(record.channelId)
  const view = common(parts, record.channelId, terms, onChain, facts)
  const cost = facts.costs.get(record.channelId) ?? null
  const { gain, isWorthIt } = claimAdvice(state, onChain?.claimed ?? state.floor, cost)
  const isClaimable = gain > 0n && state.accepted !== null && view.state.kind !== 'closed'
  return {
    ...view,
    role: 'payee',
    other: terms.payer,
    promised: coins(parts, paidTo(state)),
    claim: isClaimable
      ? {
          gain: coins(parts, gain),
          cost: cost === null ? null : coins(parts, cost),
          isWorthIt: cost !== null && isWorthIt,
        }
      : null,
    closing: closingOf(state, facts.agreed.get(record.channelId)),
    canPay: false,
  }
}

/** A wish of before something else was sold is none any more. */
function closingOf({ closing, ...state }: ReadLedger['state'], agreed: bigint | undefined) {
  if (closing?.consent) return 'agreed'
  if (closing?.amount !== paidTo({ ...state, closing })) return 'none'
  return agreed === closing.amount ? 'agreed' : 'asked'
}

function common(
  parts: ChannelParts,
  channelId: ChannelId,
  terms: ChannelTerms,
  onChain: ChannelOnChain | undefined,
  { reading, now }: Facts,
) {
  return {
    channelId,
    deposit: coins(parts, onChain?.deposit ?? 0n),
    claimed: coins(parts, onChain?.claimed ?? 0n),
    exitDelay: terms.exitDelay,
    state: stateOf(onChain, now),
    evidence: onChain === undefined ? null : (reading?.evidence ?? null),
  }
}

export function stateOf(onChain: ChannelOnChain | undefined, now: number): ChannelState {
  if (onChain === undefined) return { kind: 'unread' }
  const { deposit, exitAt } = onChain
  if (deposit === 0n) return { kind: 'opening' }
  if (exitAt === 1) return { kind: 'closed' }
  if (exitAt === 0) return { kind: 'open' }
  return exitAt <= now ? { kind: 'ready' } : { kind: 'leaving', until: exitAt }
}
