// What a payee has handed out and was paid, channel by channel: stored before anything goes out.
import * as v from 'valibot'
import { fail, ok, type Result } from '../result.ts'
import {
  type ChannelDomain,
  type ChannelId,
  type ChannelTerms,
  channelIdOf,
  type Voucher,
  type VoucherSignature,
} from './channel.ts'
import {
  accept,
  agreeToClose,
  askToClose,
  type CloseRefusal,
  type LendRefusal,
  lend,
  newPayee,
  type PayeeState,
  paidTo,
  payeeFromStore,
  payeeToStore,
  type VoucherRefusal,
  withChain,
} from './payee.ts'
import {
  type ChannelDemand,
  type ChannelOnChain,
  type ChannelRefusal,
  checkChannel,
  type SignedVoucher,
} from './standing.ts'
import { termsSchema, termsToStore } from './storedTerms.ts'

/** The endpoints do not suffice for a proof. */
interface Unproven {
  readonly kind: 'unproven'
  readonly detail: string
}

/** Asks the chain for a channel. */
export type ReadChannel = (channelId: ChannelId) => Promise<Result<ChannelOnChain, Unproven>>

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
  /**
   * The payer asks for the end of the channel: the consent with what the payee has in all then, written before it is given;
   * null where the payee's account can't sign just now, and the wish is written down instead.
   */
  close(
    terms: ChannelTerms,
    request: SignedVoucher,
  ): Promise<Result<SignedVoucher | null, CloseRefusal | MeetFailure>>
  /** All channels, for claiming. */
  earnings(): readonly Earning[]
  /** In all, over all channels. */
  paid(): bigint
}

export interface LedgerOptions {
  /** What `store` was given last for each channel; what can't be read is left alone, and its channel refused. */
  readonly stored: ReadonlyMap<string, unknown>
  /** Resolves once JSON of it is written for good. */
  readonly store: (channelId: ChannelId, document: unknown) => Promise<void>
  readonly domain: ChannelDomain
  readonly demand: ChannelDemand
  readonly read: ReadChannel
  /** Milliseconds, of a clock that never goes back. */
  readonly monotonic: () => number
  /** `closeDigest` signed by the payee's account; null where its person has not agreed. Absent: it never does. */
  readonly consent?: (close: Voucher) => Promise<VoucherSignature | null>
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

const documentSchema = v.object({ terms: termsSchema, state: v.unknown() })

export function createPayeeLedger(options: LedgerOptions): PayeeLedger {
  const { domain, demand, read, monotonic, freshMs = 60_000 } = options
  const entries = new Map<ChannelId, Entry>()
  const unreadable = new Set<string>()
  const turns = new Map<ChannelId, Promise<unknown>>()
  let reading = 0

  for (const [name, document] of options.stored) {
    const parsed = v.safeParse(documentSchema, document)
    const state = parsed.success ? payeeFromStore(parsed.output.state) : undefined
    const channelId = parsed.success ? channelIdOf(parsed.output.terms) : undefined
    if (parsed.success && state?.ok === true && channelId === name) {
      const { terms } = parsed.output
      entries.set(channelId, { terms, state: state.value, readAt: Number.NEGATIVE_INFINITY })
    } else unreadable.add(name)
  }

  async function store(entry: Entry, state: PayeeState): Promise<void> {
    await options.store(state.channelId, { terms: termsToStore(entry.terms), state: payeeToStore(state) })
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
    if (unreadable.has(channelId)) {
      return fail({ kind: 'ledgerUnreadable', detail: `what was stored of ${channelId}` })
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
        if (entry.ok) return ok(entry.value.state)
        // Whoever leaves can still settle, and ask for an earlier end; nothing is lent to him.
        const known = entry.error.kind === 'channelExiting' ? entries.get(channelIdOf(terms)) : undefined
        return known ? ok(known.state) : entry
      }),
    lend: (terms, item, price) =>
      inTurn(channelIdOf(terms), async () => {
        const entry = await fresh(terms)
        if (!entry.ok) return entry
        const lent = lend(entry.value.state, item, price)
        if (lent.ok) await store(entry.value, lent.value)
        return lent
      }),
    accept: (terms, voucher) =>
      inTurn(channelIdOf(terms), async () => {
        const entry = await fresh(terms)
        // A voucher is worth taking even where the chain can't be asked just now, or the payer is leaving.
        const known = entry.ok ? entry.value : entries.get(channelIdOf(terms))
        if (known !== undefined) {
          const accepted = accept(domain, terms, known.state, voucher)
          if (accepted.ok) await store(known, accepted.value)
          return accepted
        }
        return entry.ok ? ok(entry.value.state) : entry
      }),
    close: (terms, request) =>
      inTurn(channelIdOf(terms), async () => {
        const channelId = channelIdOf(terms)
        const fetched = await fresh(terms)
        const isLeaving = !fetched.ok && fetched.error.kind === 'channelExiting'
        const entry = fetched.ok ? fetched.value : isLeaving ? entries.get(channelId) : undefined
        if (!entry) return fetched.ok ? ok(null) : fetched
        const asked = askToClose(domain, terms, entry.state, request)
        if (!asked.ok) return asked
        if (asked.value !== entry.state) await store(entry, asked.value)
        const { amount } = request
        const kept = entry.state.closing?.consent
        if (kept) return ok({ amount, signature: kept })
        const signature = await options.consent?.({ channelId, amount })
        if (!signature) return ok(null)
        const agreed = agreeToClose(domain, terms, entry.state, { amount, signature })
        if (!agreed.ok) return agreed
        await store(entry, agreed.value)
        return ok({ amount, signature })
      }),
    earnings: () => [...entries].map(([channelId, { terms, state }]) => ({ channelId, terms, state })),
    paid: () => [...entries.values()].reduce((sum, { state }) => sum + paidTo(state), 0n),
  }
}
