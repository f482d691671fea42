// Where a transaction is: waiting, in a block, or in a block that is final, with its outcome proven from the block's roots.
import * as v from 'valibot'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { TransactionStatus } from '../../../app/ports/walletChain.ts'
import { bytesEqual, type Hex } from '../../../core/bytes.ts'
import { type ProvenTransaction, verifyBlockBody } from '../../../core/proof/blockBody.ts'
import type { Endpoint } from '../../../core/proof/endpoint.ts'
import { type Header, headerFromRpc } from '../../../core/proof/header.ts'
import type { HeaderReading } from '../../../core/proof/headerSource.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import type { Log } from '../logs.ts'
import { askAll, failureOf, hexNumber, reachedBy } from './ask.ts'
import type { ChainWorld } from './world.ts'

interface Seen {
  /** null: it waits. */
  readonly block: number | null
  readonly succeeded: boolean
  readonly fee: bigint
}

export async function transactionStatus(
  world: ChainWorld,
  hash: Hex,
): Promise<Result<TransactionStatus, ChainFailure>> {
  const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
    const receipt = await endpoint.call('eth_getTransactionReceipt', [hash])
    if (!receipt.ok) return receipt
    if (receipt.value !== null) return ok(readReceipt(receipt.value, hash))
    const transaction = await endpoint.call('eth_getTransactionByHash', [hash])
    if (!transaction.ok) return transaction
    return ok<Seen | null>(transaction.value === null ? null : { block: null, succeeded: false, fee: 0n })
  })
  if (!asked.ok) return asked
  const seen = asked.value.answers.map(({ value }) => value).filter(value => value !== null)
  const mined = seen.filter(each => each.block !== null)
  if (seen.length === 0) {
    if (asked.value.answers.length > 0) return ok({ kind: 'unknown' })
    for (const { endpoint, error } of asked.value.refusals)
      asked.value.verdicts.set(endpoint, 'unreachable', error.detail)
    return fail(failureOf(asked.value.verdicts))
  }
  const [first] = mined
  if (!first) return ok({ kind: 'pending' })
  return finalStatus(world, hash, mined)
}

/** In the first place where it is proven to be; reported where it is not final yet. */
async function finalStatus(
  world: ChainWorld,
  hash: Hex,
  mined: readonly Seen[],
): Promise<Result<TransactionStatus, ChainFailure>> {
  const newest = await world.newest()
  if (!newest.ok) return newest
  const { header } = newest.value
  const heights = [...new Set(mined.map(({ block }) => block ?? 0))]
  for (const height of heights.filter(number => number <= header.number)) {
    const verdicts = new Verdicts(newest.value.endpoints)
    const block = await headerAt(world, height, newest.value, verdicts)
    if (!block) continue
    const proven = await proveInBlock(world, hash, block, verdicts)
    if (proven === 'absent') continue
    const said = mined.find(each => each.block === height)
    const outcome = proven ?? (isSaidByEnough(world, mined, height, newest.value) ? said : undefined)
    if (!outcome) continue
    const { succeeded, fee } = outcome
    const evidence = world.evidence(newest.value, proven !== undefined, verdicts)
    return ok({ kind: 'final', block: height, succeeded, fee, evidence })
  }
  // What one said of a final block was not so; others may know of a later one.
  const later = heights.filter(number => number > header.number)
  const block = reachedBy(later, world.needed)
  const said = mined.find(each => each.block === block)
  if (block !== undefined && said)
    return ok({ kind: 'mined', block, succeeded: said.succeeded, fee: said.fee })
  // Its block is final elsewhere, and nobody shows it there: what was said of it is worth nothing.
  return ok({ kind: 'pending' })
}

function isSaidByEnough(
  world: ChainWorld,
  mined: readonly Seen[],
  height: number,
  { doubt }: HeaderReading,
): boolean {
  const same = mined.filter(({ block }) => block === height)
  const outcomes = new Set(same.map(({ succeeded }) => succeeded))
  return outcomes.size === 1 && same.length >= (doubt === 'oneEndpoint' ? 1 : world.needed)
}

/** The header at a height below the agreed one, as enough of those who agreed say it. */
export async function headerAt(
  world: ChainWorld,
  height: number,
  { header, doubt }: HeaderReading,
  verdicts: Verdicts,
): Promise<Header | undefined> {
  if (height === header.number) return header
  const said = await Promise.all(
    verdicts.usable(world.endpoints).map(async endpoint => {
      const block = await endpoint.call('eth_getBlockByNumber', [hexNumber(height), false])
      const read = block.ok ? headerFromRpc(block.value) : undefined
      return read?.ok && read.value.number === height ? read.value : undefined
    }),
  )
  const needed = doubt === 'oneEndpoint' ? 1 : world.needed
  return said.find(
    candidate => candidate && said.filter(other => other?.hash === candidate.hash).length >= needed,
  )
}

/** `absent`: the whole block is known, and it is not in it. undefined: no endpoint hands out what proves it. */
async function proveInBlock(
  world: ChainWorld,
  hash: Hex,
  header: Header,
  verdicts: Verdicts,
): Promise<ProvenTransaction | 'absent' | undefined> {
  for (const endpoint of verdicts.usable(world.endpoints)) {
    const body = await readBody(endpoint, header, verdicts)
    if (body) return body.find(transaction => transaction.hash === hash) ?? 'absent'
  }
  return undefined
}

/** Whether a final block holds this event, by its roots: what an endpoint tells of an event is its word alone. */
export async function isEventProven(
  world: ChainWorld,
  log: Log,
  newest: HeaderReading,
  verdicts: Verdicts,
): Promise<boolean> {
  const header = await headerAt(world, log.blockNumber, newest, verdicts)
  const proven = header && (await proveInBlock(world, log.transaction, header, verdicts))
  if (!proven || proven === 'absent') return false
  return proven.logs.some(
    ({ address, topics, data }) =>
      address === log.address && topics.join() === log.topics.join() && bytesEqual(data, log.data),
  )
}

/** undefined where the endpoint does not hand it out, or lies, which is noted in `verdicts`. */
async function readBody(
  endpoint: Endpoint,
  header: Header,
  verdicts: Verdicts,
): Promise<readonly ProvenTransaction[] | undefined> {
  const block = hexNumber(header.number)
  const [whole, receipts] = await Promise.all([
    endpoint.call('eth_getBlockByNumber', [block, true]),
    endpoint.call('eth_getBlockReceipts', [block]),
  ])
  if (!whole.ok || !receipts.ok) return undefined
  const { value } = whole
  const transactions =
    typeof value === 'object' && value !== null && 'transactions' in value ? value.transactions : []
  const body = verifyBlockBody(header, transactions, receipts.value)
  if (body.ok) return body.value
  if (body.error.kind === 'badProof') verdicts.set(endpoint, 'badProof', body.error.detail)
  return undefined
}

const quantity = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{1,32}$/),
  v.transform(text => BigInt(text)),
)
const receiptSchema = v.object({
  transactionHash: v.string(),
  blockNumber: quantity,
  status: v.picklist(['0x0', '0x1']),
  gasUsed: quantity,
  effectiveGasPrice: quantity,
})

function readReceipt(receipt: unknown, hash: Hex): Seen | undefined {
  const parsed = v.safeParse(receiptSchema, receipt)
  if (!parsed.success || parsed.output.transactionHash !== hash) return undefined
  const { blockNumber, status, gasUsed, effectiveGasPrice } = parsed.output
  if (blockNumber >= 1n << 48n) return undefined
  return { block: Number(blockNumber), succeeded: status === '0x1', fee: gasUsed * effectiveGasPrice }
}
