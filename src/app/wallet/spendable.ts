// What an account can still spend: what is proven to be there, less what its own payments will take from it.
import { fromHex } from '../../core/bytes.ts'
import { parseTransaction } from '../../core/wallet/transaction.ts'
import type { AccountReading } from '../ports/walletChain.ts'
import type { PaymentRecord } from '../ports/walletStore.ts'
import { unitKey } from './walletNetwork.ts'

export type Holdings = ReadonlyMap<string, bigint>

/**
 * By unit (`coin` or a token's address). Of payments with one nonce only one is ever mined, so only the dearest of them
 * counts, and none of `exceptNonce`: a replacement takes their place. Never below zero.
 */
export function spendable(
  reading: AccountReading,
  payments: readonly PaymentRecord[],
  exceptNonce: number | null,
): Holdings {
  const held = new Map<string, bigint>([['coin', reading.balance], ...reading.tokens])
  const open = payments.filter(
    record => record.from === reading.address && !isReflected(record, reading.evidence.block.number),
  )
  for (const rivals of byNonce(open).values()) {
    if (exceptNonce !== null && rivals.some(({ nonce }) => nonce === exceptNonce)) continue
    for (const [unit, amount] of dearest(rivals)) {
      const left = (held.get(unit) ?? 0n) - amount
      if (held.has(unit)) held.set(unit, left > 0n ? left : 0n)
    }
  }
  return held
}

/** Whether its outcome is in what was read, or it has none any more. */
function isReflected({ state, raw, hash }: PaymentRecord, block: number): boolean {
  switch (state.kind) {
    case 'mined':
    case 'final':
      return state.block <= block
    case 'replaced':
    case 'overtaken':
      return true
    default:
      // Whether an injected wallet has sent it is not known: nothing is kept back for it.
      return raw === null && hash === null
  }
}

/** What an injected wallet sent has no nonce here, and stands for itself. */
function byNonce(records: readonly PaymentRecord[]): ReadonlyMap<string, readonly PaymentRecord[]> {
  const groups = new Map<string, PaymentRecord[]>()
  for (const record of records) {
    const key = record.nonce === null ? record.id : String(record.nonce)
    groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return groups
}

function dearest(rivals: readonly PaymentRecord[]): Holdings {
  const taken = new Map<string, bigint>()
  for (const record of rivals) {
    for (const [unit, amount] of costOf(record)) {
      if (amount > (taken.get(unit) ?? 0n)) taken.set(unit, amount)
    }
  }
  return taken
}

function costOf({ raw, sentence, state }: PaymentRecord): Holdings {
  const cost = new Map<string, bigint>()
  const hasFailed = state.kind === 'mined' && !state.succeeded
  if (
    'amount' in sentence &&
    sentence.kind !== 'tokenApproval' &&
    sentence.kind !== 'tokenPermit' &&
    !hasFailed
  )
    cost.set(unitKey(sentence.amount.token), sentence.amount.value)
  cost.set('coin', (cost.get('coin') ?? 0n) + feeOf(raw, state))
  return cost
}

function feeOf(raw: PaymentRecord['raw'], state: PaymentRecord['state']): bigint {
  if (state.kind === 'mined' || state.kind === 'final') return BigInt(state.fee)
  const parsed = raw === null ? undefined : parseTransaction(fromHex(raw) ?? new Uint8Array())
  if (!parsed?.ok) return 0n
  return parsed.value.transaction.gasLimit * parsed.value.transaction.maxFeePerGas
}
