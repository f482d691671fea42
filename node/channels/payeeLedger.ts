// What a payee has handed out and was paid, channel by channel, on its disk: written before anything goes out.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/core/result.ts'
import {
  type ChannelDomain,
  type ChannelId,
  type ChannelTerms,
  channelIdOf,
} from '../../src/core/voucher/channel.ts'
import {
  accept,
  type LendRefusal,
  lend,
  newPayee,
  type PayeeState,
  paidTo,
  payeeFromStore,
  payeeToStore,
  type VoucherRefusal,
  withChain,
} from '../../src/core/voucher/payee.ts'
import {
  type ChannelDemand,
  type ChannelRefusal,
  checkChannel,
  type SignedVoucher,
} from '../../src/core/voucher/standing.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import type { ReadChannel, Unproven } from './readChannel.ts'
import { termsSchema, termsToStore } from './termsFile.ts'

type MeetFailure =
  | ChannelRefusal
  | Unproven
  /** What is remembered of this channel can't be read. */
  | { readonly kind: 'ledgerUnreadable'; readonly detail: string }

export interface Earning {
  readonly channelId: ChannelId
  readonly terms: ChannelTerms
  readonly state: PayeeState
}

export interface PayeeLedger {
  /** The standing of a channel that is offered; new ones begin where the chain says. */
  meet(terms: ChannelTerms): Promise<Result<PayeeState, MeetFailure>>
  /** Resolves once it is written that the item goes out: only then may it. */
  lend(
    terms: ChannelTerms,
    item: string,
    price: bigint,
  ): Promise<Result<PayeeState, LendRefusal | MeetFailure>>
  /** Resolves once the voucher is written. */
  accept(
    terms: ChannelTerms,
    voucher: SignedVoucher,
  ): Promise<Result<PayeeState, VoucherRefusal | MeetFailure>>
  /** All channels, for claiming. */
  earnings(): readonly Earning[]
  /** In all, over all channels. */
  paid(): bigint
}

export interface LedgerOptions {
  readonly directory: string
  readonly domain: ChannelDomain
  readonly demand: ChannelDemand
  readonly read: ReadChannel
  /** Milliseconds, of a clock that never goes back. */
  readonly monotonic: () => number
  /** Milliseconds for which the chain's word on a channel holds: far below any exit delay. Default one minute. */
  readonly freshMs?: number
}

interface Entry {
  readonly terms: ChannelTerms
  state: PayeeState
  readAt: number
}

/** Anybody may name channels, and each costs us several calls to the chain. */
const maxReads = 8

const fileSchema = v.object({ terms: termsSchema, state: v.unknown() })

/** Throws where the directory can't be made. A file that can't be read is left alone, and its channel refused. */
export function openPayeeLedger(options: LedgerOptions): PayeeLedger {
  const { directory, domain, demand, read, monotonic, freshMs = 60_000 } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const entries = new Map<ChannelId, Entry>()
  const turns = new Map<ChannelId, Promise<unknown>>()
  let reading = 0
  const fileOf = (channelId: ChannelId) => join(directory, `${channelId}.json`)

  for (const name of readdirSync(directory)) {
    const parsed = v.safeParse(fileSchema, readJsonIfThere(join(directory, name)))
    if (!parsed.success) continue
    const state = payeeFromStore(parsed.output.state)
    const { terms } = parsed.output
    if (state.ok && `${channelIdOf(terms)}.json` === name) {
      entries.set(channelIdOf(terms), { terms, state: state.value, readAt: Number.NEGATIVE_INFINITY })
    }
  }

  function store(entry: Entry, state: PayeeState): void {
    const document = { terms: termsToStore(entry.terms), state: payeeToStore(state) }
    writeFileDurably(fileOf(state.channelId), `${JSON.stringify(document)}\n`, 0o600)
    entry.state = state
  }

  /** One after the other for each channel: two streams of one payer must not both get an item on credit. */
  function inTurn<T>(channelId: ChannelId, task: () => Promise<T>): Promise<T> {
    const turn = (turns.get(channelId) ?? Promise.resolve()).then(task, task)
    const settled = turn.catch(() => {})
    turns.set(channelId, settled)
    void settled.then(() => {
      if (turns.get(channelId) === settled) turns.delete(channelId)
    })
    return turn
  }

  async function fresh(terms: ChannelTerms): Promise<Result<Entry, MeetFailure>> {
    const channelId = channelIdOf(terms)
    const known = entries.get(channelId)
    if (known !== undefined && monotonic() - known.readAt < freshMs) return ok(known)
    if (known === undefined && readJsonIfThere(fileOf(channelId)) !== undefined) {
      return fail({ kind: 'ledgerUnreadable', detail: `the file of ${channelId}` })
    }
    if (reading >= maxReads) return fail({ kind: 'unproven', detail: 'too many channels at once' })
    reading++
    const onChain = await read(channelId).finally(() => {
      reading--
    })
    if (!onChain.ok) return onChain
    const checked = checkChannel(terms, onChain.value, demand)
    if (!checked.ok) return checked
    const entry = known ?? { terms, state: newPayee(channelId, onChain.value), readAt: 0 }
    entry.state = withChain(entry.state, onChain.value)
    entry.readAt = monotonic()
    entries.set(channelId, entry)
    return ok(entry)
  }

  return {
    meet: terms =>
      inTurn(channelIdOf(terms), async () => {
        const entry = await fresh(terms)
        return entry.ok ? ok(entry.value.state) : entry
      }),
    lend: (terms, item, price) =>
      inTurn(channelIdOf(terms), async () => {
        const entry = await fresh(terms)
        if (!entry.ok) return entry
        const lent = lend(entry.value.state, item, price)
        if (lent.ok) store(entry.value, lent.value)
        return lent
      }),
    accept: (terms, voucher) =>
      inTurn(channelIdOf(terms), async () => {
        const entry = await fresh(terms)
        // A voucher is worth taking even where the chain can't be asked just now, or the payer is leaving.
        const known = entry.ok ? entry.value : entries.get(channelIdOf(terms))
        if (known !== undefined) {
          const accepted = accept(domain, terms, known.state, voucher)
          if (accepted.ok) store(known, accepted.value)
          return accepted
        }
        return entry.ok ? ok(entry.value.state) : entry
      }),
    earnings: () => [...entries].map(([channelId, { terms, state }]) => ({ channelId, terms, state })),
    paid: () => [...entries.values()].reduce((sum, { state }) => sum + paidTo(state), 0n),
  }
}
