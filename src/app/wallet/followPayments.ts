// What became of the payments: asked of the chain until it is final, and sent again where the chain does not know them.
import { type Address, fromHex } from '../../core/bytes.ts'
import type { BroadcastFailure, TransactionStatus, WalletChain } from '../ports/walletChain.ts'
import type { PaymentRecord } from '../ports/walletStore.ts'
import type { WalletParts } from './parts.ts'
import { areRivals, isUnderWay, type Payments } from './payments.ts'

type State = PaymentRecord['state']

/**
 * Milliseconds between two looks that both have to say that a nonce was used by something else: it is the end of a payment,
 * and endpoints may be apart for a moment.
 */
const LOOK_TWICE_AFTER = 10_000

export class FollowPayments {
  readonly #parts: Pick<WalletParts, 'platform' | 'chain'>
  readonly #payments: Payments
  /** By payment: when its nonce was first seen to be used up, on the steady clock. */
  readonly #firstSpent = new Map<string, number>()
  #running: Promise<void> | null = null

  constructor(parts: Pick<WalletParts, 'platform' | 'chain'>, payments: Payments) {
    this.#parts = parts
    this.#payments = payments
  }

  /** One look at everything that is not settled. In one tab at a time: the others hear of what it writes. */
  follow(): Promise<void> {
    this.#running ??= this.#followAll().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Sends a stored payment: the same bytes however often, so that it can't be paid twice. */
  async broadcast(record: PaymentRecord): Promise<void> {
    const raw = record.raw === null ? undefined : fromHex(record.raw)
    if (!raw) return
    const sent = await this.#send(raw)
    const now = this.#parts.platform.unixNow()
    await this.#payments.change(record.id, ({ state }) => {
      // The chain was asked meanwhile, and knows more.
      if (state.kind !== 'stored' && state.kind !== 'waiting') return {}
      if (sent === null) return { state: waiting(state, now) }
      // Its nonce is gone: to whom, the chain tells.
      if (state.kind === 'waiting' && sent.kind === 'nonceTooLow') return {}
      const isKnown = state.kind === 'stored' && state.lastFailure?.kind === sent.kind
      return isKnown ? {} : { state: { kind: 'stored', lastFailure: sent } }
    })
  }

  async #send(raw: Uint8Array<ArrayBuffer>): Promise<BroadcastFailure | null> {
    try {
      const sent = await (await this.#parts.chain()).broadcast(raw)
      return sent.ok ? null : sent.error
    } catch (error) {
      // It is written down, and whether it has left is not known: it goes on like any other that was not taken.
      return { kind: 'broadcastRefused', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  async #followAll(): Promise<void> {
    await this.#parts.platform.withLock('fob-follow-payments', async () => {
      await this.#payments.load()
      const accounts = new Set(this.#open().map(({ from }) => from))
      if (accounts.size === 0) return
      const chain = await this.#parts.chain()
      for (const account of accounts) await this.#followAccount(chain, account)
    })
    this.#payments.refreshViews()
  }

  /** Also those whose place was taken in a block that is not final yet. */
  #open(): readonly PaymentRecord[] {
    return this.#payments.records.get().filter(record => {
      const { state } = record
      if (state.kind !== 'replaced') return isUnderWay(record)
      return this.#payments.get(state.by)?.state.kind !== 'final'
    })
  }

  async #followAccount(chain: WalletChain, account: Address): Promise<void> {
    const unknown: string[] = []
    for (const { id, from, hash } of this.#open()) {
      if (from !== account || hash === null) continue
      const status = await chain.transactionStatus(hash)
      // Without an answer everything stays as it was.
      if (!status.ok) return
      if (status.value.kind === 'unknown') unknown.push(id)
      else await this.#note(id, status.value)
    }
    for (const id of unknown) await this.#followUnknown(chain, id)
  }

  async #note(id: string, status: Exclude<TransactionStatus, { kind: 'unknown' }>): Promise<void> {
    this.#firstSpent.delete(id)
    const now = this.#parts.platform.unixNow()
    await this.#payments.change(id, ({ state }) => ({ state: stateOf(state, status, now) }))
  }

  /** Nobody knows it, or nobody does any more. */
  async #followUnknown(chain: WalletChain, id: string): Promise<void> {
    const record = this.#payments.get(id)
    if (!record) return
    const rivals = this.#payments.records.get().filter(other => areRivals(other, record))
    const winner = rivals.find(({ state }) => state.kind === 'mined' || state.kind === 'final')
    if (winner) {
      await this.#payments.change(id, ({ state }) =>
        state.kind === 'replaced' && state.by === winner.id
          ? {}
          : { state: { kind: 'replaced', by: winner.id } },
      )
      return
    }
    const isUsed = await this.#isNonceUsed(chain, record)
    if (isUsed === null) return
    if (isUsed) return this.#noteSpent(chain, record)
    this.#firstSpent.delete(id)
    if (record.state.kind !== 'stored') {
      const now = this.#parts.platform.unixNow()
      // A block that held it, or the one in its place, was dropped.
      await this.#payments.change(id, ({ state }) => ({ state: waiting(state, now) }))
    }
    // Endpoints may differ in which of two they know: the one that was to be replaced is not sent again.
    if (!rivals.some(rival => rival.replaces === id && isHopeful(rival))) await this.broadcast(record)
  }

  async #isNonceUsed(chain: WalletChain, { from, nonce }: PaymentRecord): Promise<boolean | null> {
    if (nonce === null) return false
    const counted = await chain.nextNonce(from)
    return counted.ok ? counted.value.mined > nonce : null
  }

  /** Final only by the account's proven nonce, which no reorganisation takes back, and seen twice. */
  async #noteSpent(chain: WalletChain, { id, from, nonce }: PaymentRecord): Promise<void> {
    if (nonce === null) return
    const account = await chain.readAccount(from, [])
    if (!account.ok || account.value.evidence.level !== 'proven' || account.value.nonce <= nonce) return
    const now = this.#parts.platform.timer.now()
    const first = this.#firstSpent.get(id)
    if (first === undefined) this.#firstSpent.set(id, now)
    else if (now - first >= LOOK_TWICE_AFTER)
      await this.#payments.change(id, () => ({ state: { kind: 'overtaken' } }))
  }
}

/** Taken, or at least not refused. */
function isHopeful({ state }: PaymentRecord): boolean {
  if (state.kind !== 'stored') return state.kind === 'waiting'
  return state.lastFailure === null || !refusals.includes(state.lastFailure.kind)
}

const refusals: readonly BroadcastFailure['kind'][] = [
  'insufficientFunds',
  'replacementUnderpriced',
  'broadcastRefused',
  'nonceTooLow',
]

const waiting = (state: State, now: number): State =>
  state.kind === 'waiting' ? state : { kind: 'waiting', since: now }

function stateOf(state: State, status: Exclude<TransactionStatus, { kind: 'unknown' }>, now: number): State {
  switch (status.kind) {
    case 'pending':
      return waiting(state, now)
    case 'mined': {
      const { block, succeeded, fee } = status
      const isSame = state.kind === 'mined' && state.block === block && state.succeeded === succeeded
      return isSame ? state : { kind: 'mined', block, succeeded, fee: fee.toString() }
    }
    case 'final': {
      const { block, succeeded, fee, evidence } = status
      return { kind: 'final', block, succeeded, fee: fee.toString(), evidence }
    }
  }
}
