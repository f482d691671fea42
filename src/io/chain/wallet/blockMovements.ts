// What one block did to an account, transaction by transaction, and what no transaction explains.
import * as v from 'valibot'
import type { Movement } from '../../../app/ports/walletChain.ts'
import type { Address, Hex } from '../../../core/bytes.ts'
import { verifyBlockBody } from '../../../core/proof/blockBody.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import type { Header } from '../../../core/proof/header.ts'
import type { Verdicts } from '../../../core/proof/verdicts.ts'
import type { AccountChange } from './accountChanges.ts'
import { hexNumber } from './ask.ts'
import type { TokenTransfer } from './tokenTransfers.ts'

/** A transaction that names the account as its sender or receiver, and what came of it. */
export interface OwnTransaction {
  readonly hash: Hex
  readonly from: Address
  /** null: it creates a contract. */
  readonly to: Address | null
  readonly value: bigint
  readonly succeeded: boolean
  readonly fee: bigint
}

const address = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{40}$/),
  v.transform((text): Address => `0x${text.slice(2).toLowerCase()}`),
)
const quantity = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{1,64}$/),
  v.transform(text => BigInt(text)),
)
const blockSchema = v.object({
  transactions: v.array(
    v.looseObject({ hash: v.string(), from: address, to: v.nullish(address, null), value: quantity }),
  ),
})
const receiptSchema = v.object({
  transactionHash: v.string(),
  status: v.picklist(['0x0', '0x1']),
  gasUsed: quantity,
  effectiveGasPrice: quantity,
  /** What rollups take for the data besides. */
  l1Fee: v.nullish(quantity, '0x0'),
})

export type OwnTransactionsReading =
  | { readonly kind: 'read'; readonly transactions: readonly OwnTransaction[] }
  /** It does not keep them any more, or lies, which is noted. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable' }

/**
 * In the order of the block, with value, outcome and fee verified against `header` wherever its transactions are of the usual
 * kinds. Who sent them is what the endpoint says.
 */
export async function ownTransactions(
  endpoint: Endpoint,
  account: Address,
  header: Header,
  verdicts: Verdicts,
): Promise<OwnTransactionsReading> {
  const block = hexNumber(header.number)
  const [whole, receipts] = await Promise.all([
    endpoint.call('eth_getBlockByNumber', [block, true]),
    endpoint.call('eth_getBlockReceipts', [block]),
  ])
  if (!whole.ok) return { kind: whole.error.kind === 'rpcRefused' ? 'refused' : 'unreachable' }
  const parsed = v.safeParse(blockSchema, whole.value)
  if (!parsed.success) return { kind: 'refused' }
  const { transactions } = parsed.output
  const body = receipts.ok ? verifyBlockBody(header, asGiven(whole.value), receipts.value) : undefined
  if (body && !body.ok && body.error.kind === 'badProof') {
    verdicts.set(endpoint, 'badProof', body.error.detail)
    return { kind: 'refused' }
  }
  const own: OwnTransaction[] = []
  for (const [i, { hash, from, to, value }] of transactions.entries()) {
    if (from !== account && to !== account) continue
    const proven = body?.ok ? body.value[i] : undefined
    if (proven) {
      const { succeeded, fee } = proven
      own.push({ hash: proven.hash, from, to: proven.to, value: proven.value, succeeded, fee })
      continue
    }
    const outcome = await reportedOutcome(endpoint, hash)
    if (!outcome) return { kind: 'unreachable' }
    own.push({ hash: outcome.hash, from, to, value, succeeded: outcome.succeeded, fee: outcome.fee })
  }
  return { kind: 'read', transactions: own }
}

const asGiven = (block: unknown): unknown =>
  typeof block === 'object' && block !== null && 'transactions' in block ? block.transactions : []

/** At the endpoint's word. */
async function reportedOutcome(
  endpoint: Endpoint,
  hash: string,
): Promise<Pick<OwnTransaction, 'hash' | 'succeeded' | 'fee'> | undefined> {
  const answer = await endpoint.call('eth_getTransactionReceipt', [hash])
  const receipt = answer.ok ? v.safeParse(receiptSchema, answer.value) : undefined
  if (!receipt?.success || !/^0x[0-9a-f]{64}$/.test(hash)) return undefined
  const { transactionHash, status, gasUsed, effectiveGasPrice, l1Fee } = receipt.output
  if (transactionHash !== hash) return undefined
  const fee = gasUsed * effectiveGasPrice + BigInt(l1Fee)
  return { hash: `0x${hash.slice(2)}`, succeeded: status === '0x1', fee }
}

/** The last first. `transfers`: of tokens, in this block; `change`: null where coin and count stayed the same. */
export function movementsIn(
  account: Address,
  { number: block, timestamp: at }: Pick<Header, 'number' | 'timestamp'>,
  change: AccountChange | null,
  transactions: readonly OwnTransaction[],
  transfers: readonly TokenTransfer[],
): readonly Movement[] {
  const movements: Movement[] = []
  let explained = 0n
  const feeLeft = new Map<Hex, bigint>()
  for (const { hash, from, to, value, succeeded, fee } of transactions) {
    const isOurs = from === account
    const isToSelf = isOurs && to === account
    // What goes from us to us moves nothing.
    const amount = isToSelf ? 0n : value
    const paid = isOurs ? fee : 0n
    if (succeeded) explained += isOurs ? -amount : amount
    explained -= paid
    const isTokenAlone = isOurs && amount === 0n && transfers.some(({ transaction }) => transaction === hash)
    if (isTokenAlone) feeLeft.set(hash, paid)
    else if (isOurs || (succeeded && amount > 0n)) {
      movements.push({
        id: hash,
        at,
        block,
        transaction: hash,
        direction: isOurs ? 'out' : 'in',
        token: null,
        amount,
        counterparty: isOurs ? to : from,
        fee: paid,
        succeeded,
      })
    }
  }
  for (const { transaction, index, token, from, to, amount } of transfers) {
    const isOut = from === account
    movements.push({
      id: `${transaction}/${index}`,
      at,
      block,
      transaction,
      direction: isOut ? 'out' : 'in',
      token,
      amount: isOut && to === account ? 0n : amount,
      counterparty: isOut ? to : from,
      fee: feeLeft.get(transaction) ?? 0n,
      succeeded: true,
    })
    // Paid once, however many tokens it moved.
    feeLeft.delete(transaction)
  }
  const rest = change ? change.after.balance - change.before.balance - explained : 0n
  if (rest !== 0n) {
    movements.push({
      id: `block/${block}`,
      at,
      block,
      transaction: null,
      direction: rest > 0n ? 'in' : 'out',
      token: null,
      amount: rest > 0n ? rest : -rest,
      counterparty: null,
      fee: 0n,
      succeeded: true,
    })
  }
  return movements.reverse()
}
