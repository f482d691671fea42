// What was proposed and may still be confirmed, in this tab: the very object that was shown, and what it stands for.
import type { TypedData } from '../../core/eip712.ts'
import type { Signable } from '../../core/wallet/door.ts'
import type { Platform } from '../ports/platform.ts'
import type { AccountRecord } from '../ports/walletStore.ts'
import type { BareCall } from './calls.ts'
import type { PricedChoice } from './fees.ts'
import type { Proposal } from './wallet.ts'

/** Seconds for which what was tried out says something of now. */
export const VALID_FOR = 120

export interface TransactionDraft {
  readonly kind: 'transaction'
  readonly proposal: Proposal
  readonly network: string
  readonly account: AccountRecord
  readonly call: BareCall
  readonly gasLimit: bigint
  /** Empty where an injected wallet chooses. */
  readonly choices: readonly PricedChoice[]
  /** Its nonce is used again. */
  readonly replaces: { readonly id: string; readonly nonce: number } | null
}

interface StatementDraft {
  readonly kind: 'statement'
  readonly proposal: Proposal
  readonly network: string
  readonly account: AccountRecord
  readonly typedData: TypedData
  readonly signable: Signable
}

export type Draft = TransactionDraft | StatementDraft

export class Drafts {
  readonly #timer: Platform['timer']
  readonly #kept = new Map<string, { readonly draft: Draft; readonly until: number }>()

  constructor({ timer }: Pick<Platform, 'timer'>) {
    this.#timer = timer
  }

  keep(draft: Draft): void {
    const now = this.#timer.now()
    for (const [id, { until }] of this.#kept) if (until <= now) this.#kept.delete(id)
    this.#kept.set(draft.proposal.id, { draft, until: now + VALID_FOR * 1000 })
  }

  /** undefined for one that is too old by the steady clock, or that is not the very object that was made here. */
  find(proposal: Proposal): Draft | undefined {
    const kept = this.#kept.get(proposal.id)
    return kept && kept.draft.proposal === proposal && kept.until > this.#timer.now() ? kept.draft : undefined
  }

  delete(id: string): void {
    this.#kept.delete(id)
  }

  /** The network is another one: nothing that was tried out there says anything here. */
  clear(): void {
    this.#kept.clear()
  }
}
