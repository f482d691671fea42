// What was sent and is to be sent, as it is stored and as it is shown: written down before anything leaves.
import type { NetworkConfig } from '../../core/network.ts'
import { Observable } from '../observable.ts'
import type { PaymentRecord } from '../ports/walletStore.ts'
import type { WalletParts } from './parts.ts'
import type { PaymentView } from './wallet.ts'
import { coinUnit, networkOf } from './walletNetwork.ts'

/** Seconds after which one that still waits is offered to be made faster, or cancelled. */
const STUCK_AFTER = 120
const SHOWN_SETTLED = 100

/** Whether the chain may still change what became of it, left to itself. */
export const isUnderWay = ({ state }: PaymentRecord): boolean =>
  state.kind === 'stored' || state.kind === 'waiting' || state.kind === 'mined'

/** Of one account on one chain only one payment with a nonce is ever mined. */
export const areRivals = (a: PaymentRecord, b: PaymentRecord): boolean =>
  a.id !== b.id && a.nonce !== null && a.nonce === b.nonce && a.from === b.from && a.chainId === b.chainId

export class Payments {
  /** Of the present network, newest first. */
  readonly records = new Observable<readonly PaymentRecord[]>([])
  readonly views = new Observable<readonly PaymentView[]>([])
  readonly #parts: Pick<WalletParts, 'stores' | 'platform' | 'config'>
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: Pick<WalletParts, 'stores' | 'platform' | 'config'>) {
    this.#parts = parts
  }

  /** Reads what is stored, which another tab may have changed. */
  async load(): Promise<void> {
    await this.#inOrder(async () => {
      const network = networkOf(this.#parts.config())
      this.#show((await this.#parts.stores.payments.all()).filter(record => record.network === network))
    })
  }

  get(id: string): PaymentRecord | undefined {
    return this.records.get().find(record => record.id === id)
  }

  /** As stored, whatever network is shown now. */
  async view(id: string): Promise<PaymentView | undefined> {
    const record = this.get(id) ?? (await this.#parts.stores.payments.get(id))
    return record && viewOf(record, this.#parts.config(), this.#parts.platform.unixNow())
  }

  /** As stored by any tab, of every network of this chain: nonces count by chain. */
  async ofChain(): Promise<readonly PaymentRecord[]> {
    const { id } = this.#parts.config().chain
    return (await this.#parts.stores.payments.all()).filter(({ chainId }) => chainId === id)
  }

  /** Resolves once it is on the disk. Rejects where it is not: then nothing may be sent. */
  async write(record: PaymentRecord): Promise<void> {
    await this.#inOrder(async () => {
      await this.#parts.stores.payments.put(record)
      this.#showOne(record)
    })
  }

  /** Over what is stored; undefined where it is not there any more. */
  change(
    id: string,
    next: (present: PaymentRecord) => Partial<PaymentRecord>,
  ): Promise<PaymentRecord | undefined> {
    return this.#inOrder(async () => {
      const stored = await this.#parts.stores.payments.get(id)
      if (!stored) return undefined
      const changed = { ...stored, ...next(stored) }
      if (changed.state === stored.state && changed.hash === stored.hash) return stored
      this.#showOne(changed)
      // What the chain says can be asked again; a disk that is full only forgets it until then, and says so itself.
      await this.#parts.stores.payments.put(changed).catch(() => {})
      return changed
    })
  }

  /** Of what was certainly not sent. */
  async discard(id: string): Promise<void> {
    await this.#inOrder(async () => {
      await this.#parts.stores.payments.delete(id)
      this.#show(this.records.get().filter(record => record.id !== id))
    })
  }

  /** Of what an injected wallet never answered for; false for every other. */
  forgetUnanswered(id: string): Promise<boolean> {
    return this.#inOrder(async () => {
      const record = await this.#parts.stores.payments.get(id)
      // What the vault signed is sent again by itself, and may not be forgotten before the chain has it.
      if (record?.state.kind !== 'stored' || record.hash !== null || record.raw !== null) return false
      await this.#parts.stores.payments.delete(id)
      this.#show(this.records.get().filter(other => other.id !== id))
      return true
    })
  }

  /** The vault is gone: what its accounts sent can't be followed up any more, on any network. */
  async forgetVault(): Promise<void> {
    for (const { id, accountId } of await this.#parts.stores.payments.all()) {
      if (accountId !== 'external') await this.discard(id)
    }
  }

  /** Whether one waits for too long changes by itself. */
  refreshViews(): void {
    const settled = this.records.get().filter(record => !isUnderWay(record))
    const oldest = settled[SHOWN_SETTLED - 1]?.createdAt ?? Number.NEGATIVE_INFINITY
    const config = this.#parts.config()
    const now = this.#parts.platform.unixNow()
    const shown = this.records.get().filter(record => isUnderWay(record) || record.createdAt >= oldest)
    this.views.set(shown.map(record => viewOf(record, config, now)))
  }

  #showOne(record: PaymentRecord): void {
    if (record.network !== networkOf(this.#parts.config())) return
    this.#show([record, ...this.records.get().filter(({ id }) => id !== record.id)])
  }

  #show(records: readonly PaymentRecord[]): void {
    // Of two in the same second the greater nonce is the newer one; the older of two rivals is the one that is replaced.
    const isReplacing = (a: PaymentRecord, b: PaymentRecord) => (a.replaces === b.id ? -1 : 0)
    const sorted = [...records].sort(
      (a, b) =>
        b.createdAt - a.createdAt || (b.nonce ?? 0) - (a.nonce ?? 0) || isReplacing(a, b) - isReplacing(b, a),
    )
    this.records.set(sorted)
    this.refreshViews()
  }

  /** One after the other: a change reads what the one before has written. */
  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task)
    this.#queue = run.catch(() => {})
    return run
  }
}

function viewOf(record: PaymentRecord, config: NetworkConfig, now: number): PaymentView {
  const { id, accountId, hash, sentence, createdAt, state, raw } = record
  const since = state.kind === 'waiting' ? state.since : state.kind === 'stored' ? createdAt : now
  const view = viewState(state, config)
  // What an injected wallet has sent is made faster there.
  return {
    id,
    from: accountId,
    hash,
    sentence,
    createdAt,
    state: view,
    isStuck: raw !== null && now - since > STUCK_AFTER,
  }
}

function viewState(state: PaymentRecord['state'], config: NetworkConfig): PaymentView['state'] {
  if (state.kind !== 'mined' && state.kind !== 'final') return state
  const { block } = state
  const fee = { ...coinUnit(config), value: BigInt(state.fee) }
  if (!state.succeeded) return { kind: 'reverted', block, fee, isFinal: state.kind === 'final' }
  return state.kind === 'final'
    ? { kind: 'final', block, fee, evidence: state.evidence }
    : { kind: 'mined', block }
}
