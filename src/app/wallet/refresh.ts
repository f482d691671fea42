// Reads what the accounts hold, what became of payments, and, where something changed, what came and went.
import { Observable } from '../observable.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { Accounts } from './accounts.ts'
import type { Activity } from './activity.ts'
import type { FollowPayments } from './followPayments.ts'
import type { WalletParts } from './parts.ts'
import type { Payments } from './payments.ts'
import type { AccountId } from './wallet.ts'
import { everyBlock, tokensOf } from './walletNetwork.ts'
import { WhileWatched } from './whileWatched.ts'

/** Milliseconds. */
const EVERY = 15_000
/** While a payment is under way: what somebody waits for. */
const EVERY_UNDER_WAY = 3_000
/** How long something is expected that this wallet did not send. */
const EXPECTING = 30_000
/** Devices change hands rarely, and each takes proofs of its own. */
const DEVICES_EVERY = 60_000
/** Accounts that are read at the same time: endpoints count requests. */
const AT_ONCE = 4

export interface RefreshParts extends Pick<WalletParts, 'platform' | 'page' | 'config' | 'chain'> {
  readonly accounts: Accounts
  readonly payments: Payments
  readonly following: FollowPayments
  readonly activity: Activity
  readonly refreshDevices: () => Promise<void>
  /** Whether a device was given away and its new owner, who stands here most likely, has not taken it yet. */
  readonly isGivingAway: () => boolean
}

export class Refresh {
  /** Why the last reading of balances failed, if it did. */
  readonly lastFailure = new Observable<ChainFailure | null>(null)
  readonly watching: WhileWatched
  readonly #parts: RefreshParts
  #lastAll = Number.NEGATIVE_INFINITY
  #lastDevices = Number.NEGATIVE_INFINITY
  #expectingUntil = Number.NEGATIVE_INFINITY
  #running: Promise<void> | null = null
  /** What each account held when its movements were last read. */
  readonly #heldAtReading = new Map<AccountId, string>()

  constructor(parts: RefreshParts) {
    this.#parts = parts
    this.watching = new WhileWatched(parts.platform, parts.page, {
      everyMs: () =>
        this.#isAnyUnderWay || this.#isExpecting ? everyBlock(parts.config(), EVERY_UNDER_WAY) : EVERY,
      run: () => this.#tick(),
    })
    parts.payments.records.subscribe(() => this.watching.soon())
  }

  /** Never rejects: what failed is told by `lastFailure`. */
  all(): Promise<void> {
    this.#running ??= this.#readAll()
      .catch(() => this.#noteUnreachable())
      .finally(() => {
        this.#running = null
        this.#lastAll = this.#parts.platform.timer.now()
      })
    return this.#running
  }

  /** At once, and not with a look that has begun before: there are accounts that it has not seen. */
  async afresh(): Promise<void> {
    await this.#running
    await this.all()
  }

  /** The next look is at everything: something has moved, or the network is another one. */
  again(): void {
    this.#lastAll = Number.NEGATIVE_INFINITY
    this.#lastDevices = Number.NEGATIVE_INFINITY
    this.watching.soon()
  }

  /** Money is on its way that this wallet did not send: it is looked for as often as a payment of its own. */
  expect(): void {
    this.#expectingUntil = this.#parts.platform.timer.now() + EXPECTING
    this.again()
  }

  async #tick(): Promise<void> {
    const now = this.#parts.platform.timer.now()
    if (this.#isExpecting || now - this.#lastAll >= EVERY) return this.all()
    const before = this.#settledCount
    await this.#parts.following.follow().catch(() => {})
    // What was mined has moved money.
    if (this.#settledCount !== before) await this.all()
  }

  async #readAll(): Promise<void> {
    const { accounts, following, platform, refreshDevices, isGivingAway } = this.#parts
    // A store that fails says so itself.
    await following.follow().catch(() => {})
    const ids = [...accounts.records.get().keys()]
    let failure: ChainFailure | null = null
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const read = await Promise.all(ids.slice(start, start + AT_ONCE).map(id => this.#readAccount(id)))
      failure ??= read.find(each => each !== null) ?? null
    }
    this.lastFailure.set(failure)
    // What could not be read would not be read a second later either.
    if (failure) return
    for (const id of ids) await this.#readActivity(id)
    if (!isGivingAway() && platform.timer.now() - this.#lastDevices < DEVICES_EVERY) return
    this.#lastDevices = platform.timer.now()
    await refreshDevices().catch(() => {})
  }

  async #readAccount(id: AccountId): Promise<ChainFailure | null> {
    const { accounts, chain, config } = this.#parts
    const record = accounts.get(id)
    if (!record) return null
    const reading = await (await chain()).readAccount(record.address, tokensOf(config()))
    if (!reading.ok) return reading.error
    await accounts.noteReading(id, reading.value)
    return null
  }

  /** Nothing has come or gone where the account holds what it held. */
  async #readActivity(id: AccountId): Promise<void> {
    const record = this.#parts.accounts.get(id)
    const held = JSON.stringify([record?.key, record?.balances])
    if (this.#heldAtReading.get(id) === held) return
    await this.#parts.activity.read(id)
    if (this.#parts.activity.view(id).get().lastFailure === null) this.#heldAtReading.set(id, held)
  }

  get #isExpecting(): boolean {
    return this.#parts.platform.timer.now() < this.#expectingUntil
  }

  /** An injected wallet that never answered is not waited for. */
  get #isAnyUnderWay(): boolean {
    return this.#parts.payments.records
      .get()
      .some(({ state, hash }) => hash !== null && ['stored', 'waiting', 'mined'].includes(state.kind))
  }

  get #settledCount(): number {
    const moved = ['mined', 'final']
    return this.#parts.payments.records.get().filter(({ state }) => moved.includes(state.kind)).length
  }

  #noteUnreachable(): void {
    this.lastFailure.set({ kind: 'chainUnreachable', endpoints: [] })
  }
}
