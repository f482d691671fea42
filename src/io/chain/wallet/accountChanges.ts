// In which blocks an account changed, without an indexer: by halving the chain wherever its ends differ.
import type { Address } from '../../../core/bytes.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { countOf, hexNumber, quantityOf } from './ask.ts'

export interface AccountState {
  readonly balance: bigint
  readonly nonce: number
}

/** What one block did to the account. */
export interface AccountChange {
  readonly block: number
  readonly before: AccountState
  readonly after: AccountState
}

export interface ChangesReading {
  readonly changes: readonly AccountChange[]
  /** All blocks from here on were searched. */
  readonly completeFrom: number
}

interface Span {
  readonly low: number
  readonly before: AccountState
  readonly high: number
  readonly after: AccountState
}

/** Questions at a time: enough to hide how far away the endpoint is, and few enough not to be turned away by it. */
const AT_ONCE = 8
/** More than a person reads; the newest are found first. */
const MAX_CHANGES = 400

/**
 * Blocks after `low` up to `high`, where the account is as `after` says. The endpoint may have no state as old as `low`: then
 * from its oldest on. An account without code spends by its own transactions alone, so that between two blocks with the same
 * count of them nothing left, and the same balance means that nothing came.
 */
export async function findChanges(
  endpoint: Endpoint,
  address: Address,
  { low, high, after }: { readonly low: number; readonly high: number; readonly after: AccountState },
  hasTime: () => boolean,
): Promise<ChangesReading> {
  const base = await oldestState(endpoint, address, low, high)
  if (!base) return { changes: [], completeFrom: high + 1 }
  const changes: AccountChange[] = []
  let open: Span[] = [{ low: base.block, before: base.state, high, after }]
  let failed = -1
  while (open.length > 0 && hasTime() && changes.length < MAX_CHANGES) {
    // The newest first, for these are wanted most where there is no time for all.
    const now = open.splice(0, AT_ONCE)
    const halves = await Promise.all(now.map(span => halve(endpoint, address, span)))
    const next: Span[] = []
    for (const half of halves) {
      if (half.kind === 'change') changes.push(half.change)
      else if (half.kind === 'halves') next.push(...half.spans)
      else if (half.kind === 'unreadable') failed = Math.max(failed, half.high)
    }
    open = [...next, ...open].sort((a, b) => b.high - a.high).filter(span => span.high > failed)
  }
  const unsearched = Math.max(failed, ...open.map(({ high: last }) => last))
  // From block 0 on everything is known once its own state is.
  const start = base.block === 0 ? 0 : base.block + 1
  const completeFrom = Math.max(start, unsearched + 1)
  return { changes: changes.filter(({ block }) => block >= completeFrom), completeFrom }
}

type Half =
  | { readonly kind: 'same' }
  | { readonly kind: 'change'; readonly change: AccountChange }
  | { readonly kind: 'halves'; readonly spans: readonly Span[] }
  | { readonly kind: 'unreadable'; readonly high: number }

async function halve(endpoint: Endpoint, address: Address, span: Span): Promise<Half> {
  const { low, before, high, after } = span
  if (isSame(before, after)) return { kind: 'same' }
  if (high - low === 1) return { kind: 'change', change: { block: high, before, after } }
  const middle = Math.floor((low + high) / 2)
  const state = (await readState(endpoint, address, middle)) ?? (await readState(endpoint, address, middle))
  if (!state) return { kind: 'unreadable', high }
  return {
    kind: 'halves',
    spans: [
      { low: middle, before: state, high, after },
      { low, before, high: middle, after: state },
    ].filter(half => !isSame(half.before, half.after)),
  }
}

const isSame = (a: AccountState, b: AccountState): boolean => a.balance === b.balance && a.nonce === b.nonce

/** At `low` where the endpoint has its state, else at the oldest block that it has. */
async function oldestState(
  endpoint: Endpoint,
  address: Address,
  low: number,
  high: number,
): Promise<{ readonly block: number; readonly state: AccountState } | undefined> {
  // Once more: what is cut off here by a lost answer is never looked for again.
  const wanted = (await readState(endpoint, address, low)) ?? (await readState(endpoint, address, low))
  if (wanted) return { block: low, state: wanted }
  let missing = low
  let found: { readonly block: number; readonly state: AccountState } | undefined
  while ((found?.block ?? high + 1) - missing > 1) {
    const block = Math.floor((missing + (found?.block ?? high + 1)) / 2)
    const state = await readState(endpoint, address, block)
    if (state) found = { block, state }
    else missing = block
  }
  return found
}

/** At the endpoint's word; undefined where it has no state of that block. */
export async function readState(
  endpoint: Endpoint,
  address: Address,
  block: number,
): Promise<AccountState | undefined> {
  const [balanceAnswer, nonceAnswer] = await Promise.all([
    endpoint.call('eth_getBalance', [address, hexNumber(block)]),
    endpoint.call('eth_getTransactionCount', [address, hexNumber(block)]),
  ])
  const balance = balanceAnswer.ok ? quantityOf(balanceAnswer.value) : undefined
  const nonce = nonceAnswer.ok ? countOf(nonceAnswer.value) : undefined
  return balance === undefined || nonce === undefined ? undefined : { balance, nonce }
}
