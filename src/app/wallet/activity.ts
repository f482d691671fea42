// What came to and left the accounts: read piece by piece, kept, and added up.
import type { Amount } from '../../core/wallet/sentence.ts'
import { Observable } from '../observable.ts'
import type { Movement, MovementsReading } from '../ports/walletChain.ts'
import type { AccountRecord, ActivityRecord } from '../ports/walletStore.ts'
import type { WalletParts } from './parts.ts'
import type { AccountId, ActivityView } from './wallet.ts'
import { networkOf, tokensOf, type Unit } from './walletNetwork.ts'

const nothingYet: ActivityView = { movements: [], since: null, readAt: null, lastFailure: null }

export class Activity {
  readonly #parts: Pick<WalletParts, 'stores' | 'platform' | 'config' | 'chain'>
  readonly #accountOf: (id: AccountId) => AccountRecord | undefined
  /** By account id: the same object each time, for whoever subscribes. */
  readonly #views = new Map<AccountId, Observable<ActivityView>>()
  readonly #reading = new Map<AccountId, Promise<void>>()
  /** Told when any of the views changed. */
  readonly changed = new Observable(0)

  constructor(
    parts: Pick<WalletParts, 'stores' | 'platform' | 'config' | 'chain'>,
    accountOf: (id: AccountId) => AccountRecord | undefined,
  ) {
    this.#parts = parts
    this.#accountOf = accountOf
  }

  view(id: AccountId): Observable<ActivityView> {
    const known = this.#views.get(id)
    if (known) return known
    const view = new Observable(nothingYet)
    this.#views.set(id, view)
    view.subscribe(() => this.changed.update(count => count + 1))
    // What can't be read from the store is read from the chain.
    void this.#showStored(id).catch(() => {})
    return view
  }

  /** All that is shown now: of the present network. */
  movements(): readonly Movement[] {
    return [...this.#views.values()].flatMap(view => view.get().movements)
  }

  /** Shows what is stored: another tab may have read more, or the network is another one. */
  async reload(): Promise<void> {
    for (const id of this.#views.keys()) await this.#showStored(id)
  }

  /** Newer movements than those that are known; all that can be had where none are. */
  read(id: AccountId): Promise<void> {
    const running = this.#reading.get(id)
    if (running) return running
    const reading = this.#read(id).finally(() => this.#reading.delete(id))
    this.#reading.set(id, reading)
    return reading
  }

  /** Of accounts that the wallet has no key of any more. */
  async forget(isForgotten: (address: string) => boolean): Promise<void> {
    const { activity } = this.#parts.stores
    for (const { key } of await activity.all()) {
      if (isForgotten(key.slice(key.lastIndexOf('/') + 1))) await activity.delete(key)
    }
    await this.reload()
  }

  async #read(id: AccountId): Promise<void> {
    const account = this.#accountOf(id)
    if (!account) return
    const view = this.view(id)
    const { address } = account
    const key = this.#keyOf(address)
    const tokens = tokensOf(this.#parts.config())
    const stored = await this.#parts.stores.activity.get(key)
    const known = stored && tokens.every(token => stored.tokens.includes(token)) ? stored : undefined
    const chain = await this.#parts.chain()
    let reading = await chain.movementsOf(address, tokens, known ? known.toBlock + 1 : null)
    // The chain is shorter than it was: it began anew, and what is known of it never happened.
    const isAnew = known && reading.ok && reading.value.toBlock < known.toBlock
    if (isAnew) reading = await chain.movementsOf(address, tokens, null)
    // The network may have changed meanwhile.
    if (this.#keyOf(address) !== key || this.#accountOf(id)?.address !== address) return
    if (!reading.ok) {
      const { error } = reading
      view.update(shown => ({ ...shown, lastFailure: error }))
      return
    }
    const record: ActivityRecord = {
      key,
      tokens,
      ...joined(isAnew ? undefined : known, reading.value),
      readAt: this.#parts.platform.unixNow(),
    }
    view.set(viewOf(record))
    await this.#parts.stores.activity.put(record)
  }

  async #showStored(id: AccountId): Promise<void> {
    const account = this.#accountOf(id)
    const record = account && (await this.#parts.stores.activity.get(this.#keyOf(account.address)))
    const view = this.view(id)
    if (record) {
      // A reading of this tab may have been quicker than the store.
      if ((view.get().readAt ?? 0) <= record.readAt) view.set(viewOf(record))
    } else if (view.get() !== nothingYet && !this.#reading.has(id)) view.set(nothingYet)
  }

  #keyOf(address: string): string {
    return `${networkOf(this.#parts.config())}/${address}`
  }
}

/** Newest first, each once. Where endpoints lost the blocks in between, the record is whole from the later one on only. */
function joined(
  known: ActivityRecord | undefined,
  { movements, fromBlock, toBlock }: MovementsReading,
): Pick<ActivityRecord, 'movements' | 'fromBlock' | 'toBlock'> {
  const all = new Map<string, Movement>()
  for (const movement of [...movements, ...(known?.movements ?? [])]) {
    if (!all.has(movement.id)) all.set(movement.id, movement)
  }
  const sorted = [...all.values()].sort((a, b) => b.block - a.block)
  const isWhole = known !== undefined && fromBlock <= known.toBlock + 1
  return {
    movements: sorted,
    fromBlock: isWhole ? known.fromBlock : fromBlock,
    toBlock: Math.max(toBlock, known?.toBlock ?? 0),
  }
}

const viewOf = ({ movements, fromBlock, readAt }: ActivityRecord): ActivityView => ({
  movements,
  since: { block: fromBlock, isFirst: fromBlock === 0 },
  readAt,
  lastFailure: null,
})

/** What came in, and what went out with the fees, in each of the units. */
export function sumsOf(
  movements: readonly Movement[],
  units: readonly Unit[],
): { readonly earned: readonly Amount[]; readonly spent: readonly Amount[] } {
  const earned = new Map<string | null, bigint>()
  const spent = new Map<string | null, bigint>()
  const add = (sums: Map<string | null, bigint>, unit: string | null, amount: bigint) =>
    sums.set(unit, (sums.get(unit) ?? 0n) + amount)
  for (const { direction, token, amount, fee, succeeded } of movements) {
    if (succeeded) add(direction === 'in' ? earned : spent, token, amount)
    add(spent, null, fee)
  }
  const amounts = (sums: ReadonlyMap<string | null, bigint>) =>
    units.map(unit => ({ ...unit, value: sums.get(unit.token) ?? 0n }))
  return { earned: amounts(earned), spent: amounts(spent) }
}

/** As the account's record says; null before it was read. Tokens that no endpoint told of are left out. */
export function balancesOf({ balances }: AccountRecord, units: readonly Unit[]): readonly Amount[] | null {
  if (!balances) return null
  return units.flatMap(unit => {
    const value = balances[unit.token ?? 'coin']
    return value === undefined ? [] : [{ ...unit, value: BigInt(value) }]
  })
}
