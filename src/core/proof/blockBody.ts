// A block's transactions and receipts as JSON-RPC gives them, verified against the roots in its header.
// Sources: execution-apis, "Transaction object" and "Receipt object"; EIP-2718, 2930, 1559, 4844, 7702.
import { keccak_256 } from '@noble/hashes/sha3.js'
import * as v from 'valibot'
import { type Address, type Bytes, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Header } from './header.ts'
import { orderedTrieRoot } from './orderedTrie.ts'
import { encodeRlp, quantityBytes, type RlpItem } from './rlp.ts'
import type { BadProof } from './trie.ts'

interface ProvenLog {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Bytes
}

/** A transaction and what came of it. */
export interface ProvenTransaction {
  readonly hash: Hex
  /** null: it creates a contract. */
  readonly to: Address | null
  readonly value: bigint
  readonly nonce: bigint
  readonly succeeded: boolean
  readonly gasUsed: bigint
  /** Wei that were paid for gas; without that for blobs. */
  readonly fee: bigint
  readonly logs: readonly ProvenLog[]
}

export type BlockBodyFailure =
  | BadProof
  /** A kind of transaction that chains of their own have, or a receipt without a status (before Byzantium). */
  | { readonly kind: 'bodyUnsupported'; readonly detail: string }

/**
 * `transactions`: of `eth_getBlockByNumber` with whole transactions; `receipts`: of `eth_getBlockReceipts`. In the order of
 * the block. Who sent each is not in what is hashed, but in its signature: it is not told here. `header` itself must be
 * trusted already.
 */
export function verifyBlockBody(
  header: Pick<Header, 'transactionsRoot' | 'receiptsRoot' | 'baseFeePerGas'>,
  transactions: unknown,
  receipts: unknown,
): Result<readonly ProvenTransaction[], BlockBodyFailure> {
  const sent = v.safeParse(v.array(transactionSchema), transactions)
  const outcomes = v.safeParse(v.array(receiptSchema), receipts)
  if (!sent.success) return unsupported(`transactions: ${sent.issues[0].message}`)
  if (!outcomes.success) return unsupported(`receipts: ${outcomes.issues[0].message}`)
  if (sent.output.length !== outcomes.output.length) return bad('not as many receipts as transactions')
  const encoded = sent.output.map(encodeTransaction)
  if (orderedTrieRoot(encoded) !== header.transactionsRoot) return bad('transactions with another root')
  if (orderedTrieRoot(outcomes.output.map(encodeReceipt)) !== header.receiptsRoot)
    return bad('receipts with another root')
  let gasBefore = 0n
  const proven: ProvenTransaction[] = []
  for (const [i, transaction] of sent.output.entries()) {
    const bytes = encoded[i]
    const receipt = outcomes.output[i]
    if (!bytes || !receipt) return bad('a hole in the list')
    const gasUsed = receipt.cumulativeGasUsed - gasBefore
    gasBefore = receipt.cumulativeGasUsed
    proven.push({
      hash: toHex(keccak_256(bytes)),
      to: transaction.to === null ? null : toHex(transaction.to),
      value: transaction.value,
      nonce: transaction.nonce,
      succeeded: receipt.status === 1n,
      gasUsed,
      fee: gasUsed * priceOf(transaction, header.baseFeePerGas ?? 0n),
      logs: receipt.logs.map(({ address, topics, data }) => ({
        address: toHex(address),
        topics: topics.map(toHex),
        data,
      })),
    })
  }
  return ok(proven)
}

/** Each receipt as it is hashed, of the result of `eth_getBlockReceipts`: to prove one of them to others. */
export function receiptsFromRpc(receipts: unknown): Result<readonly Bytes[], BlockBodyFailure> {
  const read = v.safeParse(v.array(receiptSchema), receipts)
  return read.success
    ? ok(read.output.map(encodeReceipt))
    : unsupported(`receipts: ${read.issues[0].message}`)
}

const data = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-fA-F]{2})*$/),
  v.transform(text => fromHex(text) ?? new Uint8Array()),
)
const bytes = (length: number) =>
  v.pipe(
    data,
    v.check(value => value.length === length, `needs ${length} bytes`),
  )
const quantity = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{1,64}$/),
  v.transform(text => BigInt(text)),
)
const common = {
  nonce: quantity,
  gas: quantity,
  to: v.nullish(bytes(20), null),
  value: quantity,
  input: data,
  r: quantity,
  s: quantity,
}
const accessList = v.array(v.object({ address: bytes(20), storageKeys: v.array(bytes(32)) }))
const typed = {
  ...common,
  chainId: quantity,
  accessList,
  yParity: v.optional(quantity),
  v: v.optional(quantity),
}
const feeMarket = { ...typed, maxPriorityFeePerGas: quantity, maxFeePerGas: quantity }
const authorization = v.object({
  chainId: quantity,
  address: bytes(20),
  nonce: quantity,
  yParity: quantity,
  r: quantity,
  s: quantity,
})

const transactionSchema = v.variant('type', [
  v.object({ ...common, type: v.literal('0x0'), gasPrice: quantity, v: quantity }),
  v.object({ ...typed, type: v.literal('0x1'), gasPrice: quantity }),
  v.object({ ...feeMarket, type: v.literal('0x2') }),
  v.object({
    ...feeMarket,
    type: v.literal('0x3'),
    maxFeePerBlobGas: quantity,
    blobVersionedHashes: v.array(bytes(32)),
  }),
  v.object({ ...feeMarket, type: v.literal('0x4'), authorizationList: v.array(authorization) }),
])
type RpcTransaction = v.InferOutput<typeof transactionSchema>

const number = quantityBytes

/** As it is hashed: RLP, behind its type where that is not 0. */
function encodeTransaction(transaction: RpcTransaction): Bytes {
  const { type, gas, value, input, nonce, r, s } = transaction
  const to = transaction.to ?? new Uint8Array()
  const body = [number(gas), to, number(value), input]
  if (type === '0x0') {
    const { gasPrice } = transaction
    return encodeRlp([number(nonce), number(gasPrice), ...body, number(transaction.v), number(r), number(s)])
  }
  const lists: RlpItem[] = [transaction.accessList.map(({ address, storageKeys }) => [address, storageKeys])]
  if (type === '0x3') lists.push(number(transaction.maxFeePerBlobGas), transaction.blobVersionedHashes)
  if (type === '0x4') {
    lists.push(
      transaction.authorizationList.map(each => [
        number(each.chainId),
        each.address,
        number(each.nonce),
        number(each.yParity),
        number(each.r),
        number(each.s),
      ]),
    )
  }
  const fees =
    type === '0x1'
      ? [number(transaction.gasPrice)]
      : [number(transaction.maxPriorityFeePerGas), number(transaction.maxFeePerGas)]
  const parity = transaction.yParity ?? transaction.v ?? 0n
  const fields = [number(transaction.chainId), number(nonce), ...fees, ...body, ...lists, number(parity)]
  return concat(Uint8Array.of(Number(type)), encodeRlp([...fields, number(r), number(s)]))
}

function priceOf(transaction: RpcTransaction, baseFee: bigint): bigint {
  if (transaction.type === '0x0' || transaction.type === '0x1') return transaction.gasPrice
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction
  const asked = baseFee + maxPriorityFeePerGas
  if (asked < maxFeePerGas) return asked
  return maxFeePerGas
}

const receiptSchema = v.object({
  type: v.picklist(['0x0', '0x1', '0x2', '0x3', '0x4']),
  status: v.pipe(
    quantity,
    v.check(status => status <= 1n, 'no status'),
  ),
  cumulativeGasUsed: quantity,
  logsBloom: bytes(256),
  logs: v.array(v.object({ address: bytes(20), topics: v.pipe(v.array(bytes(32)), v.maxLength(4)), data })),
})

function encodeReceipt({
  type,
  status,
  cumulativeGasUsed,
  logsBloom,
  logs,
}: v.InferOutput<typeof receiptSchema>): Bytes {
  const entries = logs.map(log => [log.address, log.topics, log.data])
  const encoded = encodeRlp([number(status), number(cumulativeGasUsed), logsBloom, entries])
  return type === '0x0' ? encoded : concat(Uint8Array.of(Number(type)), encoded)
}

const bad = (detail: string) => fail<BlockBodyFailure>({ kind: 'badProof', detail })
const unsupported = (detail: string) => fail<BlockBodyFailure>({ kind: 'bodyUnsupported', detail })
