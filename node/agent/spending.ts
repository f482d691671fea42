// What one device account pays through the agent: asked of the rules, and written down before anything leaves.
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import {
  type AccountRules,
  decide,
  entryOf,
  type Payment,
  type RuleRefusal,
  type SpendingEntry,
  spendingEntrySchema,
} from '../../src/core/wallet/rules.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'

interface LoggedPayment extends SpendingEntry {
  readonly id: string
  /** What for, in words for the owner. */
  readonly what: string
  /** While it is false, `amount` is the most that may leave; afterwards it is what has left. */
  readonly isSettled: boolean
}

/** A limit that was taken from the day's allowance for one job. */
export interface Reservation {
  readonly id: string
  readonly amount: bigint
  /** What has really left: the rest of the allowance is free again. Throws RangeError for more than was reserved. */
  settle(spent: bigint): void
}

type SpendingRefusal = RuleRefusal | { readonly kind: 'agentStopped' }

export interface Spending {
  reserve(payment: Payment, what: string): Result<Reservation, SpendingRefusal>
  log(): readonly LoggedPayment[]
}

export interface SpendingOptions {
  readonly file: string
  readonly rules: () => AccountRules
  readonly isStopped: () => boolean
  /** Unix seconds, of a clock that never falls. */
  readonly now: () => number
}

const schema = v.array(
  v.object({ ...spendingEntrySchema.entries, id: v.string(), what: v.string(), isSettled: v.boolean() }),
)

/** Fails where the log can't be read: without it no day's limit means anything. */
export function openSpending(options: SpendingOptions): Result<Spending, Failure> {
  const { file, rules, isStopped, now } = options
  const json = readJsonIfThere(file)
  const stored = v.safeParse(schema, json === undefined ? [] : json)
  if (!stored.success) return fail({ kind: 'spendingUnreadable', detail: file })
  let log: readonly LoggedPayment[] = stored.output
  const keep = (next: readonly LoggedPayment[]) => {
    writeFileDurably(file, `${JSON.stringify(next, null, 1)}\n`, 0o600)
    log = next
  }
  return ok({
    log: () => log,
    reserve(payment, what) {
      if (isStopped()) return fail({ kind: 'agentStopped' })
      const at = now()
      const decision = decide(rules(), log, payment, at)
      if (!decision.ok) return decision
      const id = randomUUID()
      keep([...log, { ...entryOf(payment, log, at), id, what, isSettled: false }])
      return ok({
        id,
        amount: payment.amount,
        settle(spent) {
          if (spent < 0n || spent > payment.amount) throw new RangeError(`${spent} of ${payment.amount}`)
          keep(
            log.map(entry => (entry.id === id ? { ...entry, amount: `${spent}`, isSettled: true } : entry)),
          )
        },
      })
    },
  })
}
